// Rows named by their unique keys.

import type { PurlinClient } from '../generated/index.js'
import { refused } from '../refused.js'

export async function byThePrimaryKey(db: PurlinClient) {
  return db.tag.findUnique({ where: { id: 't2' } })
}

export async function byAnotherUniqueColumn(db: PurlinClient) {
  const user = await db.user.findUnique({ where: { email: 'ada@acme.io' } })
  return user && user.id
}

export async function byAKeyOfTwoColumns(db: PurlinClient) {
  return db.seat.findUnique({ where: { row_number: { row: 1, number: 1 } } })
}

export async function byAKeyWithAName(db: PurlinClient) {
  return db.booking.findUnique({ where: { guestDay: { guest: 'Ann', day: 2 } } })
}

export async function aRowThatIsNotThereIsNull(db: PurlinClient) {
  return [
    await db.user.findUnique({ where: { id: 99 } }),
    await db.seat.findUnique({ where: { row_number: { row: 1, number: 99 } } }),
  ]
}

export async function aKeyNarrowedByOtherConditions(db: PurlinClient) {
  const users = [
    await db.user.findUnique({ where: { id: 1, visits: { gt: 5 } } }),
    await db.user.findUnique({ where: { id: 1, OR: [{ visits: { gt: 50 } }, { name: null }] } }),
    await db.user.findUnique({ where: { id: 1, posts: { some: { views: 5 } } } }),
  ]
  return users.map(user => user && user.id)
}

export async function requiredRows(db: PurlinClient) {
  const found = await db.user.findUniqueOrThrow({ where: { id: 3 } })
  return [found.id, await refused(db.user.findUniqueOrThrow({ where: { id: 99 } }))]
}

export async function theFirstRowRequired(db: PurlinClient) {
  const found = await db.post.findFirstOrThrow({ where: { views: 7 } })
  return [found.id, await refused(db.post.findFirstOrThrow({ where: { views: 8 } }))]
}

export async function updatesAndDeletesByAKeyOfTwoColumns(db: PurlinClient) {
  return [
    await db.seat.update({ where: { row_number: { row: 1, number: 2 } }, data: { holder: 'Zoe' } }),
    await db.seat.create({ data: { row: 3, number: 1 } }),
    await db.seat.delete({ where: { row_number: { row: 3, number: 1 } } }),
    await db.seat.count(),
  ]
}

export async function zeroAndNegativeKeys(db: PurlinClient) {
  await db.seat.createMany({
    data: [
      { row: 0, number: 0 },
      { row: -1, number: -2147483648 },
    ],
  })
  return [
    await db.seat.findUnique({ where: { row_number: { row: 0, number: 0 } } }),
    await db.seat.findUnique({ where: { row_number: { row: -1, number: -2147483648 } } }),
  ]
}
