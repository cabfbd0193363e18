// What is loaded of a row: columns and numbers of related rows.

import type { PurlinClient } from '../generated/index.js'

export async function allColumns(db: PurlinClient) {
  return db.user.findUnique({ where: { id: 2 } })
}

export async function someColumns(db: PurlinClient) {
  return db.user.findMany({ orderBy: { id: 'asc' }, take: 3, select: { name: true, email: true, role: true } })
}

export async function allColumnsButSome(db: PurlinClient) {
  return db.profile.findMany({ orderBy: { id: 'asc' }, omit: { userId: true } })
}

export async function counts(db: PurlinClient) {
  return db.user.findMany({
    orderBy: { id: 'asc' },
    select: { id: true, _count: { select: { posts: true, comments: true } } },
  })
}

export async function countsOfSome(db: PurlinClient) {
  return db.user.findMany({
    orderBy: { id: 'asc' },
    select: { id: true, _count: { select: { posts: { where: { published: true } } } } },
  })
}

export async function countsInRelations(db: PurlinClient) {
  return db.user.findUnique({
    where: { id: 1 },
    select: {
      id: true,
      posts: { orderBy: { id: 'asc' }, select: { title: true, _count: true } },
    },
  })
}

export async function countsOfSomeManyToMany(db: PurlinClient) {
  return db.tag.findMany({
    orderBy: { name: 'asc' },
    select: { name: true, _count: { select: { posts: { where: { author: { name: 'Bob' } } } } } },
  })
}

export async function namesOfTheSchemaNotOfTheDatabase(db: PurlinClient) {
  return [
    await db.profile.findFirst({ where: { userId: 2 } }),
    await db.booking.findFirst({ where: { seatNumber: 2 } }),
  ]
}
