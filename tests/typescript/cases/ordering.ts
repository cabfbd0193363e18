// Sort keys.

import type { Prisma, PurlinClient } from '../generated/index.js'

async function users(
  db: PurlinClient,
  orderBy: Prisma.UserOrderByWithRelationInput | Prisma.UserOrderByWithRelationInput[],
) {
  const rows = await db.user.findMany({ orderBy })
  return rows.map(user => user.id)
}

async function posts(
  db: PurlinClient,
  orderBy: Prisma.PostOrderByWithRelationInput | Prisma.PostOrderByWithRelationInput[],
) {
  const rows = await db.post.findMany({ orderBy })
  return rows.map(post => post.id)
}

export async function byOneColumn(db: PurlinClient) {
  return users(db, { email: 'desc' })
}

export async function bySeveralColumns(db: PurlinClient) {
  return users(db, [{ visits: 'desc' }, { id: 'desc' }])
}

export async function textByCodePointWithNullsFirst(db: PurlinClient) {
  return users(db, { name: 'asc' })
}

export async function nullsLast(db: PurlinClient) {
  return users(db, [{ score: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }])
}

export async function nullsFirst(db: PurlinClient) {
  return users(db, [{ score: { sort: 'desc', nulls: 'first' } }, { id: 'asc' }])
}

export async function nullsLastDescending(db: PurlinClient) {
  return users(db, [{ score: 'desc' }, { id: 'asc' }])
}

export async function instants(db: PurlinClient) {
  return posts(db, [{ publishedAt: 'desc' }, { id: 'asc' }])
}

export async function byARelatedRow(db: PurlinClient) {
  return posts(db, [{ author: { name: 'desc' } }, { id: 'asc' }])
}

export async function byARelatedRowTwoLevelsUp(db: PurlinClient) {
  return posts(db, [{ author: { manager: { name: { sort: 'desc', nulls: 'last' } } } }, { id: 'desc' }])
}

export async function byTheNumberOfRelatedRows(db: PurlinClient) {
  return users(db, [{ posts: { _count: 'desc' } }, { id: 'asc' }])
}

export async function byTheNumberOfRelatedRowsManyToMany(db: PurlinClient) {
  return posts(db, [{ tags: { _count: 'asc' } }, { id: 'desc' }])
}

export async function byTheNumberOfRowsOfARelatedRow(db: PurlinClient) {
  return posts(db, [{ author: { comments: { _count: 'desc' } } }, { id: 'asc' }])
}
