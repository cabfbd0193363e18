// Links that are taken from a changed row.

import type { PurlinClient } from '../generated/index.js'
import { refused } from '../refused.js'

const ids = { orderBy: { id: 'asc' }, select: { id: true } } as const

export async function theRowThatARowRefersTo(db: PurlinClient) {
  const comment = await db.comment.update({ where: { id: 1 }, data: { text: 'kept', author: { disconnect: true } } })
  return [comment, await db.user.count()]
}

export async function theRowThatRefersToARow(db: PurlinClient) {
  const user = await db.user.update({
    where: { id: 1 },
    data: { badge: { disconnect: true } },
    select: { badge: true },
  })
  return [user, await db.badge.findMany({ orderBy: { code: 'asc' } })]
}

export async function aToOneRelationWithoutARowStaysSo(db: PurlinClient) {
  return [
    await db.user.update({ where: { id: 2 }, data: { badge: { disconnect: true } }, select: { badge: true } }),
    await db.comment.update({ where: { id: 2 }, data: { author: { disconnect: true } }, select: { authorId: true } }),
  ]
}

export async function theRowOfAToOneRelationWhereItMatches(db: PurlinClient) {
  const part = (code: string) =>
    db.user.update({ where: { id: 1 }, data: { badge: { disconnect: { code } } }, select: { badge: true } })
  const forget = (name: string) =>
    db.comment.update({ where: { id: 1 }, data: { author: { disconnect: { name } } }, select: { authorId: true } })
  return [await part('silver'), await part('gold'), await forget('Ada'), await forget('Bob')]
}

export async function aRowThatTakesThePlaceOfTheOther(db: PurlinClient) {
  const user = await db.user.update({
    where: { id: 1 },
    data: { badge: { disconnect: true, create: { code: 'bronze' } } },
    select: { badge: true },
  })
  return [user, await db.badge.findMany({ orderBy: { code: 'asc' } })]
}

export async function whatAChangedRowRefersToWhereItMatches(db: PurlinClient) {
  const forget = (name: string) =>
    db.post.update({
      where: { id: 1 },
      data: { comments: { update: { where: { id: 1 }, data: { author: { disconnect: { name } } } } } },
      select: { comments: { where: { id: 1 }, select: { authorId: true } } },
    })
  return [await forget('Ada'), await forget('Bob')]
}

export async function falseDisconnectsNothing(db: PurlinClient) {
  return [
    await db.user.update({ where: { id: 1 }, data: { badge: { disconnect: false } }, select: { badge: true } }),
    await db.comment.update({ where: { id: 1 }, data: { author: { disconnect: false } }, select: { authorId: true } }),
  ]
}

export async function aRowThatNeedsItIsRefused(db: PurlinClient) {
  return [
    await refused(db.user.update({ where: { id: 1 }, data: { profile: { disconnect: true } } })),
    await refused(db.user.update({ where: { id: 5 }, data: { profile: { disconnect: true } } })),
    await refused(db.user.update({ where: { id: 1 }, data: { posts: { disconnect: { id: 1 } } } })),
    await refused(db.user.update({ where: { id: 1 }, data: { posts: { disconnect: [{ id: 5 }] } } })),
    await db.profile.count({ where: { userId: 1 } }),
  ]
}

export async function rowsOfAList(db: PurlinClient) {
  await db.user.update({ where: { id: 2 }, data: { comments: { disconnect: [{ id: 1 }, { id: 4 }] } } })
  await db.user.update({ where: { id: 1 }, data: { comments: { disconnect: { id: 3 } } } })
  return db.comment.findMany({ orderBy: { id: 'asc' }, select: { id: true, authorId: true } })
}

export async function aRowThatIsNotRelatedIsLeftAlone(db: PurlinClient) {
  await db.user.update({ where: { id: 2 }, data: { comments: { disconnect: [{ id: 3 }, { id: 99 }, { id: 4 }] } } })
  return db.comment.findMany({ orderBy: { id: 'asc' }, select: { id: true, authorId: true } })
}

export async function aRowOfAListNarrowedByAnotherCondition(db: PurlinClient) {
  const part = (text: string) =>
    db.user.update({
      where: { id: 2 },
      data: { comments: { disconnect: { id: 1, text } } },
      select: { comments: ids },
    })
  return [await part('second'), await part('first')]
}

export async function rowsOfAJoinTable(db: PurlinClient) {
  const post = await db.post.update({
    where: { id: 1 },
    data: { tags: { disconnect: [{ name: 'rust' }, { id: 't3' }, { id: 'none' }] } },
    select: { tags: { select: { id: true } } },
  })
  return [post, await db.tag.count(), await db.post.count({ where: { tags: { some: { id: 't1' } } } })]
}

export async function rowsOfItsOwnModel(db: PurlinClient) {
  await db.user.update({ where: { id: 1 }, data: { reports: { disconnect: { id: 2 } } } })
  await db.user.update({ where: { id: 4 }, data: { manager: { disconnect: true } } })
  return db.user.findMany({ orderBy: { id: 'asc' }, select: { id: true, managerId: true } })
}

export async function rowsOfAJoinTableWithItsOwnModel(db: PurlinClient) {
  const narrower = { narrower: { orderBy: { id: 'asc' }, select: { id: true } } } as const
  await db.tag.update({
    where: { id: 't1' },
    data: { narrower: { connect: [{ id: 't1' }, { id: 't2' }, { id: 't3' }] }, broader: { connect: { id: 't2' } } },
  })
  const tag = await db.tag.update({
    where: { id: 't1' },
    data: { narrower: { disconnect: [{ id: 't1' }, { id: 't2' }] } },
    select: narrower,
  })
  return [tag, await db.tag.findUnique({ where: { id: 't2' }, select: narrower })]
}

export async function aForeignKeyOfSeveralColumns(db: PurlinClient) {
  const booking = await db.booking.update({ where: { id: 1 }, data: { seat: { disconnect: true } } })
  const seat = await db.seat.update({
    where: { row_number: { row: 1, number: 2 } },
    data: { bookings: { disconnect: [{ id: 2 }, { id: 4 }] } },
    select: { bookings: ids },
  })
  return [booking, seat, await db.booking.findMany({ where: { id: { in: [2, 4] } }, orderBy: { id: 'asc' } })]
}

export async function operationsOfOneRelationRunInTheirOrder(db: PurlinClient) {
  const row = { id: 3 }
  const first = await db.user.update({
    where: { id: 2 },
    data: { comments: { connect: row, disconnect: row } },
    select: { comments: ids },
  })
  const second = await db.user.update({
    where: { id: 2 },
    data: { comments: { disconnect: row, connect: row } },
    select: { comments: ids },
  })
  return [first, second]
}

export async function operationsOnOneRowRunInTheirOrder(db: PurlinClient) {
  const connect = { code: 'silver' }
  const select = { badge: { select: { code: true } } } as const
  const first = await db.user.update({ where: { id: 1 }, data: { badge: { disconnect: true, connect } }, select })
  const second = await db.user.update({ where: { id: 2 }, data: { badge: { connect, disconnect: true } }, select })
  return [first, second, await db.badge.findMany({ orderBy: { code: 'asc' } })]
}

export async function aFailureAfterwardsLeavesNothing(db: PurlinClient) {
  const refusal = await refused(
    db.user.update({
      where: { id: 2 },
      data: { comments: { disconnect: { id: 1 }, update: { where: { id: 1 }, data: { text: 'changed' } } } },
    }),
  )
  return [refusal, await db.comment.findUnique({ where: { id: 1 }, select: { text: true, authorId: true } })]
}
