// A row is changed, or created where it is not there.

import type { PurlinClient } from '../generated/index.js'
import { refused } from '../refused.js'

const shown = { id: true, email: true, name: true, visits: true } as const
const posts = { orderBy: { id: 'asc' }, select: { title: true } } as const

export async function createsARowThatIsMissing(db: PurlinClient) {
  const tag = await db.tag.upsert({
    where: { name: 'new' },
    create: { id: 't9', name: 'new' },
    update: { name: 'changed' },
  })
  return [tag, await db.tag.count()]
}

export async function changesARowThatIsThere(db: PurlinClient) {
  const tag = await db.tag.upsert({
    where: { name: 'rust' },
    create: { id: 't9', name: 'rust' },
    update: { name: 'Rust' },
  })
  return [tag, await db.tag.count()]
}

export async function withoutChangesItGetsOrCreates(db: PurlinClient) {
  const get = () =>
    db.user.upsert({ where: { email: 'new@acme.io' }, create: { email: 'new@acme.io' }, update: {}, select: shown })
  return [await get(), await get(), await db.user.count()]
}

export async function arithmeticCountsFromTheSecondTimeOn(db: PurlinClient) {
  const count = () =>
    db.user.upsert({
      where: { email: 'new@acme.io' },
      create: { email: 'new@acme.io', visits: 1 },
      update: { visits: { increment: 1 } },
      select: { visits: true },
    })
  return [await count(), await count(), await count()]
}

export async function byACompoundKey(db: PurlinClient) {
  const upsert = (day: number) =>
    db.booking.upsert({
      where: { guestDay: { guest: 'Ann', day } },
      create: { guest: 'Ann', day, seatRow: 2, seatNumber: 1 },
      update: { seatRow: null, seatNumber: null },
      omit: { id: true },
    })
  return [await upsert(1), await upsert(3)]
}

export async function narrowedByAnotherCondition(db: PurlinClient) {
  const upsert = (name: string) =>
    db.user.upsert({
      where: { email: 'ada@acme.io', name },
      create: { email: 'ada@acme.io' },
      update: { visits: 11 },
      select: shown,
    })
  return [await upsert('Ada'), await refused(upsert('Bob')), await db.user.count()]
}

export async function changesItsOwnKey(db: PurlinClient) {
  return db.user.upsert({
    where: { id: 5 },
    create: { email: 'new@acme.io' },
    update: { id: 50, email: 'eve@navy.mil' },
    select: shown,
  })
}

export async function createsRelatedRowsWithANewRow(db: PurlinClient) {
  const user = await db.user.upsert({
    where: { email: 'new@acme.io' },
    create: {
      email: 'new@acme.io',
      manager: { connect: { id: 3 } },
      posts: { create: [{ title: 'One', tags: { connect: { id: 't3' } } }, { title: 'Two' }] },
    },
    update: { posts: { deleteMany: {} } },
    select: { email: true, manager: { select: { id: true } }, posts },
  })
  return [user, await db.post.count({ where: { tags: { some: { id: 't3' } } } })]
}

export async function changesRelatedRowsOfARowThatIsThere(db: PurlinClient) {
  const user = await db.user.upsert({
    where: { id: 2 },
    create: { email: 'new@acme.io' },
    update: {
      name: 'Robert',
      posts: { create: { title: 'Third' }, update: { where: { id: 3 }, data: { title: 'Gamma' } } },
    },
    select: { name: true, posts },
  })
  return [user, await db.user.count()]
}

export async function createsNothingWhereARowToConnectIsMissing(db: PurlinClient) {
  const refusal = await refused(
    db.post.upsert({
      where: { id: 99 },
      create: { title: 'New', author: { connect: { id: 99 } } },
      update: {},
    }),
  )
  return [refusal, await db.post.count()]
}

export async function connectsOnlyInTheBranchThatRuns(db: PurlinClient) {
  return db.post.upsert({
    where: { id: 5 },
    create: { title: 'New', author: { connect: { id: 99 } } },
    update: { author: { connect: { id: 5 } } },
    select: { title: true, author: { select: { email: true } } },
  })
}

export async function aValueThatAnotherRowHasIsRefused(db: PurlinClient) {
  return [
    await refused(
      db.user.upsert({ where: { id: 1 }, create: { email: 'new@acme.io' }, update: { email: 'bob@acme.io' } }),
    ),
    await refused(
      db.user.upsert({ where: { id: 99 }, create: { email: 'bob@acme.io' }, update: { email: 'new@acme.io' } }),
    ),
    await db.user.count({ where: { email: 'ada@acme.io' } }),
  ]
}

export async function loadsRelationsAndCounts(db: PurlinClient) {
  const select = { name: true, profile: { select: { bio: true } }, _count: { select: { posts: true } } } as const
  return [
    await db.user.upsert({ where: { id: 1 }, create: { email: 'new@acme.io' }, update: { name: 'Lady' }, select }),
    await db.user.upsert({
      where: { id: 99 },
      create: { email: 'new@acme.io', name: 'New', profile: { create: { bio: 'Writes' } } },
      update: {},
      select,
    }),
  ]
}
