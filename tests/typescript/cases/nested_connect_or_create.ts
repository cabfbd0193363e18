// Related rows that are connected, or created where they are not there.

import type { PurlinClient } from '../generated/index.js'
import { refused } from '../refused.js'

const ids = { orderBy: { id: 'asc' }, select: { id: true } } as const

export async function theRowThatANewRowRefersTo(db: PurlinClient) {
  const create = (email: string) =>
    db.post.create({
      data: { title: 'New', author: { connectOrCreate: { where: { email }, create: { email, name: 'New' } } } },
      select: { author: { select: { name: true } } },
    })
  return [await create('ada@acme.io'), await create('new@acme.io'), await create('new@acme.io'), await db.user.count()]
}

export async function theRowThatARowRefersTo(db: PurlinClient) {
  const change = (id: number, email: string) =>
    db.comment.update({
      where: { id },
      data: { author: { connectOrCreate: { where: { email }, create: { email } } } },
      select: { author: { select: { email: true } } },
    })
  return [await change(2, 'eve@acme.io'), await change(2, 'new@acme.io'), await db.user.count()]
}

export async function rowsThatReferToARow(db: PurlinClient) {
  const user = await db.user.update({
    where: { id: 1 },
    data: {
      posts: {
        connectOrCreate: [
          { where: { id: 5 }, create: { title: 'Never' } },
          { where: { id: 99 }, create: { title: 'New', tags: { connect: { id: 't3' } } } },
          { where: { id: 1 }, create: { title: 'Never' } },
        ],
      },
    },
    select: { posts: { orderBy: { id: 'asc' }, select: { title: true } } },
  })
  return [user, await db.post.count()]
}

export async function rowsOfANewRow(db: PurlinClient) {
  const user = await db.user.create({
    data: {
      email: 'new@acme.io',
      comments: {
        connectOrCreate: [
          { where: { id: 2 }, create: { text: 'never', postId: 1 } },
          { where: { id: 99 }, create: { text: 'new', post: { connect: { id: 4 } } } },
        ],
      },
    },
    select: { comments: { orderBy: { id: 'asc' }, select: { text: true, postId: true } } },
  })
  return [user, await db.comment.count()]
}

export async function theRowThatRefersToARow(db: PurlinClient) {
  const change = (id: number, code: string) =>
    db.user.update({
      where: { id },
      data: { badge: { connectOrCreate: { where: { code }, create: { code } } } },
      select: { badge: { select: { code: true } } },
    })
  const changed = [
    await change(1, 'silver'),
    await change(2, 'gold'),
    await change(2, 'bronze'),
    await change(5, 'silver'),
  ]
  return [changed, await db.badge.findMany({ orderBy: { code: 'asc' } })]
}

export async function theRowThatNeedsARow(db: PurlinClient) {
  const change = (id: number) =>
    db.user.update({
      where: { id },
      data: { profile: { connectOrCreate: { where: { id: 2 }, create: { bio: 'New' } } } },
      select: { profile: { select: { id: true } } },
    })
  return [await refused(change(1)), await change(2), await change(5), await db.profile.count()]
}

export async function rowsOfAJoinTable(db: PurlinClient) {
  const post = await db.post.update({
    where: { id: 4 },
    data: {
      tags: {
        connectOrCreate: ['rust', 'data', 'new', 'new'].map(name => ({
          where: { name },
          create: { id: `of ${name}`, name },
        })),
      },
    },
    select: { tags: { orderBy: { id: 'asc' } } },
  })
  return [post, await db.tag.count()]
}

export async function rowsOfItsOwnModel(db: PurlinClient) {
  return db.user.update({
    where: { id: 5 },
    data: {
      manager: { connectOrCreate: { where: { email: 'new@acme.io' }, create: { email: 'new@acme.io', name: 'New' } } },
      reports: { connectOrCreate: { where: { email: 'dan_1@acme.io' }, create: { email: 'dan_1@acme.io' } } },
    },
    select: { manager: { select: { name: true } }, reports: ids },
  })
}

export async function byACompoundKey(db: PurlinClient) {
  const change = (number: number) =>
    db.booking.update({
      where: { id: 3 },
      data: { seat: { connectOrCreate: { where: { row_number: { row: 2, number } }, create: { row: 2, number } } } },
      select: { seatRow: true, seatNumber: true },
    })
  const changed = [await change(1), await change(2)]
  const seat = await db.seat.create({
    data: {
      row: 3,
      number: 1,
      bookings: {
        connectOrCreate: [
          { where: { guestDay: { guest: 'Cat', day: 1 } }, create: { guest: 'Cat', day: 1 } },
          { where: { guestDay: { guest: 'Cat', day: 2 } }, create: { guest: 'Cat', day: 2 } },
        ],
      },
    },
    select: { bookings: { orderBy: { id: 'asc' }, select: { guest: true, day: true } } },
  })
  return [changed, seat, await db.seat.count(), await db.booking.count()]
}

export async function narrowedByAnotherCondition(db: PurlinClient) {
  const refusal = await refused(
    db.post.update({
      where: { id: 1 },
      data: {
        title: 'New',
        author: { connectOrCreate: { where: { email: 'bob@acme.io', name: 'Ada' }, create: { email: 'bob@acme.io' } } },
      },
    }),
  )
  return [refusal, await db.post.findUnique({ where: { id: 1 }, select: { title: true, authorId: true } })]
}

export async function threeLevelsDeep(db: PurlinClient) {
  return db.tag.create({
    data: {
      id: 't9',
      name: 'new',
      posts: {
        connectOrCreate: {
          where: { id: 99 },
          create: {
            title: 'New',
            author: {
              connectOrCreate: {
                where: { email: 'new@acme.io' },
                create: {
                  email: 'new@acme.io',
                  manager: { connectOrCreate: { where: { id: 1 }, create: { email: 'never@acme.io' } } },
                },
              },
            },
          },
        },
      },
    },
    select: { posts: { select: { title: true, author: { select: { email: true, managerId: true } } } } },
  })
}
