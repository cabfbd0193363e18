// Related rows that are replaced by others.

import type { PurlinClient } from '../generated/index.js'
import { refused } from '../refused.js'

const ids = { orderBy: { id: 'asc' }, select: { id: true } } as const

export async function rowsThatReferToARow(db: PurlinClient) {
  await db.user.update({ where: { id: 2 }, data: { comments: { set: [{ id: 1 }, { id: 5 }, { id: 2 }] } } })
  return db.comment.findMany({ orderBy: { id: 'asc' }, select: { id: true, authorId: true } })
}

export async function aSingleRow(db: PurlinClient) {
  return db.user.update({ where: { id: 2 }, data: { comments: { set: { id: 3 } } }, select: { comments: ids } })
}

export async function noRows(db: PurlinClient) {
  await db.user.update({ where: { id: 2 }, data: { comments: { set: [] } } })
  return db.comment.findMany({ orderBy: { id: 'asc' }, select: { id: true, authorId: true } })
}

export async function rowsThatNeedTheirRowStay(db: PurlinClient) {
  const set = (rows: { id: number }[]) =>
    db.user.update({ where: { id: 1 }, data: { posts: { set: rows } }, select: { posts: ids } })
  return [
    await refused(set([])),
    await refused(set([{ id: 1 }, { id: 3 }])),
    await set([{ id: 1 }, { id: 2 }]),
    await set([{ id: 5 }, { id: 2 }, { id: 1 }]),
    await db.user.update({ where: { id: 5 }, data: { posts: { set: [] } }, select: { posts: ids } }),
  ]
}

export async function aMissingRowLeavesTheOthers(db: PurlinClient) {
  const refusal = await refused(
    db.user.update({ where: { id: 2 }, data: { comments: { set: [{ id: 3 }, { id: 99 }] } } }),
  )
  return [refusal, await db.comment.count({ where: { authorId: 2 } })]
}

export async function rowsOfAJoinTable(db: PurlinClient) {
  const set = (rows: { id: string }[]) =>
    db.post.update({ where: { id: 1 }, data: { tags: { set: rows } }, select: { tags: ids } })
  const results = [await set([{ id: 't2' }, { id: 't3' }]), await set([]), await set([{ id: 't1' }, { id: 't1' }])]
  return [...results, await db.tag.count(), await db.post.count({ where: { tags: { some: { id: 't1' } } } })]
}

export async function rowsOfItsOwnModel(db: PurlinClient) {
  await db.user.update({
    where: { id: 1 },
    data: { reports: { set: [{ id: 4 }, { id: 1 }, { email: 'cy@navy.mil' }] } },
  })
  return db.user.findMany({ orderBy: { id: 'asc' }, select: { id: true, managerId: true } })
}

export async function rowsOfAJoinTableWithItsOwnModel(db: PurlinClient) {
  await db.tag.update({ where: { id: 't1' }, data: { narrower: { connect: [{ id: 't1' }, { id: 't2' }] } } })
  await db.tag.update({ where: { id: 't1' }, data: { broader: { set: [{ id: 't3' }] } } })
  return db.tag.findMany({ orderBy: { id: 'asc' }, select: { id: true, narrower: ids } })
}

export async function aForeignKeyOfSeveralColumns(db: PurlinClient) {
  await db.seat.update({
    where: { row_number: { row: 1, number: 1 } },
    data: { bookings: { set: [{ guestDay: { guest: 'Ben', day: 1 } }, { id: 2 }] } },
  })
  return db.booking.findMany({ orderBy: { id: 'asc' }, select: { id: true, seatRow: true, seatNumber: true } })
}

export async function operationsOfOneRelationRunInTheirOrder(db: PurlinClient) {
  const create = { text: 'new', postId: 1 }
  const set = [{ id: 2 }]
  const texts = { comments: { orderBy: { id: 'asc' }, select: { text: true } } } as const
  const first = await db.user.update({ where: { id: 5 }, data: { comments: { create, set } }, select: texts })
  const second = await db.user.update({ where: { id: 5 }, data: { comments: { set, create } }, select: texts })
  return [first, second]
}

export async function aFailureAfterwardsLeavesNothing(db: PurlinClient) {
  const refusal = await refused(db.post.update({ where: { id: 1 }, data: { tags: { set: [], delete: { id: 't1' } } } }))
  return [refusal, await db.tag.count({ where: { posts: { some: { id: 1 } } } })]
}

export async function moreRowsThanAConditionMayBeDeep(db: PurlinClient) {
  await db.comment.createMany({ data: Array.from({ length: 1_500 }, () => ({ text: 'many', postId: 1 })) })
  const rows = await db.comment.findMany({ where: { text: 'many' }, select: { id: true } })
  const counts: number[] = []
  for (const set of [rows, rows.slice(0, 1_200)]) {
    await db.user.update({ where: { id: 5 }, data: { comments: { set } } })
    counts.push(await db.comment.count({ where: { authorId: 5 } }))
  }
  return counts
}

export async function keysOfTwoColumnsNameNoOtherRows(db: PurlinClient) {
  const set = [{ region_code: { region: 1, code: 'b' } }, { region_code: { region: 2, code: 'a' } }]
  await db.office.update({ where: { region_code: { region: 2, code: 'b' } }, data: { parts: { set } } })
  const offices = await db.office.findMany({ orderBy: [{ region: 'asc' }, { code: 'asc' }] })
  return offices.map(office => [office.name, office.upRegion, office.upCode])
}
