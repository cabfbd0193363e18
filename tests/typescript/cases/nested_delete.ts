// Removal of the rows that are related to a changed row.

import type { PurlinClient } from '../generated/index.js'
import { code, refused } from '../refused.js'

const ids = { orderBy: { id: 'asc' }, select: { id: true } } as const

export async function aRowOfAList(db: PurlinClient) {
  return db.user.update({
    where: { id: 1 },
    data: { posts: { delete: { id: 1 } } },
    select: { posts: ids, _count: { select: { posts: true } } },
  })
}

export async function severalRowsOfAList(db: PurlinClient) {
  await db.user.update({ where: { id: 2 }, data: { posts: { delete: [{ id: 4 }, { id: 3 }] } } })
  return [await db.post.findMany(ids), await db.comment.findMany(ids)]
}

export async function aRowThatIsNotRelatedIsRefused(db: PurlinClient) {
  const refusal = await refused(
    db.user.update({ where: { id: 1 }, data: { name: 'Lady', posts: { delete: [{ id: 2 }, { id: 5 }] } } }),
  )
  return [refusal, await db.post.count(), await db.user.count({ where: { name: 'Lady' } })]
}

export async function aMissingRowIsRefused(db: PurlinClient) {
  return refused(db.user.update({ where: { id: 1 }, data: { posts: { delete: { id: 99 } } } }))
}

export async function aRowOfAListNarrowedByAnotherCondition(db: PurlinClient) {
  const remove = (title: string) =>
    db.user.update({ where: { id: 1 }, data: { posts: { delete: { id: 1, title } } }, select: { posts: ids } })
  return [await refused(remove('beta')), await remove('Alpha')]
}

export async function theRowThatRefersToARow(db: PurlinClient) {
  const user = await db.user.update({
    where: { id: 1 },
    data: { profile: { delete: true }, badge: { delete: true } },
    select: { profile: true, badge: true },
  })
  return [user, await db.profile.count(), await db.badge.count()]
}

export async function theRowThatARowRefersTo(db: PurlinClient) {
  const comment = await db.comment.update({
    where: { id: 5 },
    data: { author: { delete: true } },
    select: { authorId: true },
  })
  return [comment, await db.user.findMany(ids)]
}

export async function aToOneRelationWithoutARowIsNotFound(db: PurlinClient) {
  return [
    await refused(db.user.update({ where: { id: 5 }, data: { profile: { delete: true } } })),
    await refused(db.comment.update({ where: { id: 2 }, data: { author: { delete: true } } })),
  ]
}

export async function theRowOfAToOneRelationWhereItMatches(db: PurlinClient) {
  const remove = (bio: string) =>
    db.user.update({ where: { id: 2 }, data: { profile: { delete: { bio } } }, select: { profile: true } })
  return [await refused(remove('Counts')), await remove('Builds'), await db.profile.count()]
}

export async function falseDeletesNothing(db: PurlinClient) {
  return db.user.update({
    where: { id: 1 },
    data: { profile: { delete: false }, badge: { delete: false } },
    select: { profile: { select: { id: true } }, badge: true },
  })
}

export async function aRowThatTakesThePlaceOfTheDeletedOne(db: PurlinClient) {
  return [
    await db.user.update({
      where: { id: 1 },
      data: { profile: { delete: true, create: { bio: 'New' } }, badge: { delete: true, connect: { code: 'silver' } } },
      select: { profile: true, badge: true },
    }),
    await db.profile.count(),
    await db.badge.count(),
  ]
}

export async function aRowOfAJoinTable(db: PurlinClient) {
  const remove = (id: string) =>
    db.post.update({
      where: { id: 1 },
      data: { tags: { delete: { id } } },
      select: { tags: { orderBy: { id: 'asc' }, select: { id: true } } },
    })
  return [
    await remove('t1'),
    await refused(remove('t3')),
    await db.tag.count(),
    await db.post.count({ where: { tags: { some: {} } } }),
  ]
}

export async function rowsOfItsOwnModel(db: PurlinClient) {
  const user = await db.user.update({
    where: { id: 1 },
    data: { reports: { delete: { id: 3 } } },
    select: { reports: ids },
  })
  return [user, await db.comment.findUnique({ where: { id: 5 }, select: { authorId: true } })]
}

export async function aRowThatOthersNeedStays(db: PurlinClient) {
  return [
    await refused(db.user.update({ where: { id: 1 }, data: { reports: { delete: { id: 2 } } } })),
    await db.user.count(),
  ]
}

export async function byACompoundKey(db: PurlinClient) {
  const booking = await db.booking.update({
    where: { id: 1 },
    data: { seat: { delete: true } },
    select: { guest: true, seatRow: true, seatNumber: true },
  })
  const seat = await db.seat.update({
    where: { row_number: { row: 1, number: 2 } },
    data: { bookings: { delete: { guestDay: { guest: 'Ann', day: 2 } } } },
    select: { bookings: true },
  })
  return [booking, seat, await db.seat.count(), await db.booking.count()]
}

export async function manyRowsThatMatch(db: PurlinClient) {
  await db.user.update({ where: { id: 1 }, data: { posts: { deleteMany: { published: true } } } })
  return db.post.findMany(ids)
}

export async function manyRowsByAListOfConditions(db: PurlinClient) {
  await db.user.update({
    where: { id: 2 },
    data: { posts: { deleteMany: [{ id: 1 }, { title: 'snake_case' }, { views: { gt: 1000 } }] } },
  })
  return db.post.findMany(ids)
}

export async function allRelatedRows(db: PurlinClient) {
  await db.user.update({ where: { id: 2 }, data: { posts: { deleteMany: {} } } })
  await db.user.update({ where: { id: 1 }, data: { posts: { deleteMany: [] } } })
  return [await db.post.findMany(ids), await db.comment.findMany(ids)]
}

export async function allRowsOfAJoinTable(db: PurlinClient) {
  await db.post.update({ where: { id: 4 }, data: { tags: { deleteMany: {} } } })
  return [await db.tag.findMany(ids), await db.post.count({ where: { tags: { some: {} } } })]
}

export async function allRowsOfItsOwnModel(db: PurlinClient) {
  await db.user.update({ where: { id: 2 }, data: { posts: { deleteMany: {} } } })
  await db.post.deleteMany({ where: { authorId: 4 } })
  const user = await db.user.update({
    where: { id: 1 },
    data: { reports: { deleteMany: { id: { gt: 1 } } } },
    select: { reports: true, _count: { select: { reports: true } } },
  })
  return [user, await db.user.findMany({ orderBy: { id: 'asc' }, select: { id: true, managerId: true } })]
}

export async function operationsOfOneRelationRunInTheirOrder(db: PurlinClient) {
  const create = { title: 'New' }
  const titles = { posts: { orderBy: { id: 'asc' }, select: { title: true } } } as const
  const first = await db.user.update({
    where: { id: 1 },
    data: { posts: { deleteMany: {}, create } },
    select: titles,
  })
  const second = await db.user.update({
    where: { id: 2 },
    data: { posts: { create, deleteMany: {} } },
    select: titles,
  })
  return [first, second]
}

export async function threeLevelsDeep(db: PurlinClient) {
  await db.user.update({
    where: { id: 1 },
    data: {
      posts: {
        update: {
          where: { id: 1 },
          data: {
            comments: { delete: { id: 1 }, update: { where: { id: 5 }, data: { author: { delete: true } } } },
            tags: { delete: { id: 't2' } },
          },
        },
      },
    },
  })
  return [
    await db.comment.findMany({ orderBy: { id: 'asc' }, select: { id: true, authorId: true } }),
    await db.user.count(),
    await db.tag.findMany(ids),
  ]
}

export async function aFailureAfterwardsLeavesNothing(db: PurlinClient) {
  const refusal = await refused(
    db.user.update({
      where: { id: 1 },
      data: { posts: { deleteMany: {}, connect: { id: 99 } } },
    }),
  )
  return [refusal, await db.post.count(), await db.comment.count()]
}

export async function aRowThatTheCallReturnsIsNotTakenAlong(db: PurlinClient) {
  const byCascade = await refused(db.runner.update({ where: { id: 1 }, data: { lane: { delete: true } } }))
  await db.user.update({ where: { id: 5 }, data: { manager: { connect: { id: 5 } } } })
  const itself = await refused(db.user.update({ where: { id: 5 }, data: { manager: { delete: true } } }))
  return [byCascade, itself, await db.lane.count(), await db.runner.count(), await db.user.count()]
}

export async function aRowThatOthersKeepStays(db: PurlinClient) {
  const kept = await code(db.runner.update({ where: { id: 2 }, data: { next: { delete: true } } }))
  const runner = await db.runner.findUniqueOrThrow({ where: { id: 2 } })
  return [kept, runner.nextId, await db.runner.count()]
}

export async function aRowThatIsDeletedIsNotConnected(db: PurlinClient) {
  // It is named by its whole key, of which the foreign key is a part.
  const all = await code(
    db.tenant.update({
      where: { id: 1 },
      data: {
        members: { deleteMany: { number: { gt: 0 } }, connect: { tenantId_number: { tenantId: 1, number: 2 } } },
      },
    }),
  )
  await db.tenant.update({
    where: { id: 2 },
    data: { members: { deleteMany: { number: 1 }, connect: { tenantId_number: { tenantId: 1, number: 2 } } } },
  })
  const members = await db.member.findMany({ orderBy: [{ tenantId: 'asc' }, { number: 'asc' }] })
  return [all, members.map(member => [member.tenantId, member.number])]
}
