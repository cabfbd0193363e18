// Parts of a list: `take` and `skip`, of the rows of a query and of the related rows of each row.

import type { Prisma, PurlinClient } from '../generated/index.js'

async function ids(db: PurlinClient, args: Pick<Prisma.UserFindManyArgs, 'orderBy' | 'take' | 'skip'>) {
  const rows = await db.user.findMany(args)
  return rows.map(user => user.id)
}

export async function take(db: PurlinClient) {
  return ids(db, { orderBy: { id: 'asc' }, take: 2 })
}

export async function takeNothing(db: PurlinClient) {
  return ids(db, { take: 0 })
}

export async function takeMoreThanThereIs(db: PurlinClient) {
  return ids(db, { orderBy: { id: 'asc' }, take: 99 })
}

export async function skip(db: PurlinClient) {
  return ids(db, { orderBy: { id: 'asc' }, skip: 3 })
}

export async function skipAll(db: PurlinClient) {
  return ids(db, { skip: 5 })
}

export async function skipAndTake(db: PurlinClient) {
  return ids(db, { orderBy: { id: 'desc' }, skip: 1, take: 2 })
}

export async function theLastInTheOrderAskedFor(db: PurlinClient) {
  return ids(db, { orderBy: [{ visits: 'desc' }, { id: 'asc' }], take: -3 })
}

export async function theLastByKeyWhenNoOrderIsAskedFor(db: PurlinClient) {
  return ids(db, { take: -2 })
}

export async function skipCountsFromTheEndWithTheLast(db: PurlinClient) {
  return ids(db, { orderBy: { id: 'asc' }, take: -2, skip: 1 })
}

export async function theFirstAfterSome(db: PurlinClient) {
  const second = await db.user.findFirst({ orderBy: { id: 'desc' }, skip: 1 })
  const none = await db.user.findFirst({ where: { visits: { gt: 1000 } } })
  return [second && second.id, none && none.id]
}

export async function countWithinBounds(db: PurlinClient) {
  return [
    await db.user.count(),
    await db.user.count({ where: { visits: { gt: 0 } } }),
    await db.user.count({ skip: 2 }),
    await db.user.count({ skip: 2, take: 1 }),
  ]
}

export async function takeOfEachRow(db: PurlinClient) {
  return db.user.findMany({
    orderBy: { id: 'asc' },
    select: { id: true, posts: { select: { id: true }, orderBy: { id: 'desc' }, take: 1 } },
  })
}

export async function theLastOfEachRow(db: PurlinClient) {
  return db.user.findMany({
    where: { posts: { some: { id: { gt: 0 } } } },
    orderBy: { id: 'asc' },
    select: { id: true, posts: { select: { id: true }, orderBy: { id: 'asc' }, take: -1 } },
  })
}

export async function skipOfEachRow(db: PurlinClient) {
  return db.user.findMany({
    orderBy: { id: 'asc' },
    take: 3,
    select: { id: true, posts: { select: { id: true }, orderBy: { id: 'asc' }, skip: 1 } },
  })
}

export async function takeOfEachRowManyToMany(db: PurlinClient) {
  return db.tag.findMany({
    orderBy: { name: 'asc' },
    select: {
      name: true,
      posts: { select: { id: true }, orderBy: [{ views: 'desc' }, { id: 'asc' }], take: 1 },
    },
  })
}
