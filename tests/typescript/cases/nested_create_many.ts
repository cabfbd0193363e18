// Many new rows that refer to a written row.

import type { PurlinClient } from '../generated/index.js'
import { refused } from '../refused.js'

const posts = { orderBy: { id: 'asc' }, select: { id: true, title: true, views: true, published: true } } as const

export async function rowsOfANewRow(db: PurlinClient) {
  return db.user.create({
    data: { email: 'new@acme.io', posts: { createMany: { data: [{ title: 'One' }, { title: 'Two' }] } } },
    select: { posts },
  })
}

export async function rowsOfARowThatIsThere(db: PurlinClient) {
  const user = await db.user.update({
    where: { id: 4 },
    data: {
      posts: {
        createMany: {
          data: [
            { title: 'One', views: 1 },
            { title: 'Two', views: 2 },
          ],
        },
      },
    },
    select: { posts },
  })
  return [user, await db.post.count()]
}

export async function rowsOfDifferentColumnsInTheirOrder(db: PurlinClient) {
  return db.user.update({
    where: { id: 5 },
    data: {
      posts: {
        createMany: {
          data: [
            { title: 'One', views: 1 },
            { views: 2, title: 'Two' },
            { title: 'Three', published: true },
            { title: 'Four' },
            { title: 'Five', views: 5 },
          ],
        },
      },
    },
    select: { posts },
  })
}

export async function aSingleRow(db: PurlinClient) {
  return db.user.update({
    where: { id: 5 },
    data: { posts: { createMany: { data: { title: 'One' } } } },
    select: { posts },
  })
}

export async function noRows(db: PurlinClient) {
  return db.user.update({
    where: { id: 5 },
    data: { name: 'Eve', posts: { createMany: { data: [] } } },
    select: { name: true, posts },
  })
}

export async function aForeignKeyOfSeveralColumns(db: PurlinClient) {
  const day = (day: number) => ({ guest: 'Dora', day })
  const seat = await db.seat.update({
    where: { row_number: { row: 2, number: 1 } },
    data: { bookings: { createMany: { data: [day(1), day(2)] } } },
    select: { bookings: { orderBy: { id: 'asc' }, select: { id: true, day: true } } },
  })
  const created = await db.seat.create({
    data: { row: 3, number: 1, bookings: { createMany: { data: [day(3)] } } },
    select: { bookings: { select: { id: true, seatRow: true, seatNumber: true } } },
  })
  return [seat, created]
}

export async function rowsOfItsOwnModel(db: PurlinClient) {
  return db.user.update({
    where: { id: 4 },
    data: { reports: { createMany: { data: [{ email: 'one@acme.io' }, { email: 'two@acme.io', name: 'Two' }] } } },
    select: { reports: { orderBy: { id: 'asc' }, select: { email: true, name: true } } },
  })
}

export async function otherForeignKeysAreGiven(db: PurlinClient) {
  return db.post.update({
    where: { id: 5 },
    data: { comments: { createMany: { data: [{ text: 'one', authorId: 1 }, { text: 'two' }] } } },
    select: { comments: { orderBy: { id: 'asc' }, select: { text: true, authorId: true } } },
  })
}

export async function aValueThatAnotherRowHasLeavesNothing(db: PurlinClient) {
  const refusal = await refused(
    db.user.update({
      where: { id: 4 },
      data: {
        name: 'Daniel',
        reports: { createMany: { data: [{ email: 'one@acme.io' }, { email: 'ada@acme.io' }] } },
      },
    }),
  )
  return [refusal, await db.user.count(), await db.user.count({ where: { name: 'Daniel' } })]
}

export async function operationsOfOneRelationRunInTheirOrder(db: PurlinClient) {
  const createMany = { data: [{ title: 'Many', views: 1 }] }
  const create = { title: 'One', views: 1 }
  const updateMany = { where: {}, data: { views: { increment: 1 } } }
  const shown = { posts: { orderBy: { id: 'asc' }, select: { title: true, views: true } } } as const
  const first = await db.user.update({
    where: { id: 3 },
    data: { posts: { createMany, updateMany, create } },
    select: shown,
  })
  const second = await db.user.update({
    where: { id: 5 },
    data: { posts: { create, updateMany, createMany } },
    select: shown,
  })
  return [first, second]
}

export async function rowsOfARowOfAList(db: PurlinClient) {
  return db.user.update({
    where: { id: 4 },
    data: {
      posts: {
        update: { where: { id: 5 }, data: { comments: { createMany: { data: [{ text: 'one' }, { text: 'two' }] } } } },
        create: { title: 'New', comments: { createMany: { data: [{ text: 'three' }] } } },
      },
    },
    select: {
      posts: {
        orderBy: { id: 'asc' },
        select: { comments: { orderBy: { id: 'asc' }, select: { text: true } } },
      },
    },
  })
}
