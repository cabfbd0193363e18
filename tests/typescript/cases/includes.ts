// Related rows.

import type { PurlinClient } from '../generated/index.js'

export async function besideAllColumns(db: PurlinClient) {
  return db.profile.findUnique({ where: { id: 2 }, include: { user: { select: { name: true } } } })
}

export async function oneToOneFromBothSides(db: PurlinClient) {
  return [
    await db.user.findMany({ orderBy: { id: 'asc' }, take: 3, select: { id: true, profile: true, badge: true } }),
    await db.profile.findMany({ orderBy: { id: 'asc' }, select: { bio: true, user: { select: { name: true } } } }),
  ]
}

export async function toManyMayBeEmpty(db: PurlinClient) {
  return db.user.findMany({
    orderBy: { id: 'asc' },
    select: { id: true, posts: { orderBy: { id: 'asc' }, select: { title: true } } },
  })
}

export async function toManyFilteredAndSorted(db: PurlinClient) {
  return db.user.findMany({
    orderBy: { id: 'desc' },
    select: {
      id: true,
      posts: { where: { published: true }, orderBy: [{ views: 'desc' }, { id: 'asc' }], select: { title: true } },
    },
  })
}

export async function toOneFiltered(db: PurlinClient) {
  return db.user.findMany({
    orderBy: { id: 'asc' },
    select: { id: true, manager: { where: { visits: { lt: 5 } }, select: { name: true } } },
  })
}

export async function oneRowSharedByMany(db: PurlinClient) {
  return db.post.findMany({ orderBy: { id: 'asc' }, select: { id: true, author: { select: { name: true } } } })
}

export async function aRelationToItsOwnModelInBothDirections(db: PurlinClient) {
  return db.user.findMany({
    where: { id: { lte: 2 } },
    orderBy: { id: 'asc' },
    select: {
      name: true,
      manager: { select: { name: true } },
      reports: {
        orderBy: { id: 'asc' },
        select: { id: true, reports: { orderBy: { id: 'asc' }, select: { name: true } } },
      },
    },
  })
}

export async function manyToManyInBothDirections(db: PurlinClient) {
  return db.tag.findMany({
    orderBy: { name: 'asc' },
    select: {
      name: true,
      posts: {
        orderBy: { id: 'asc' },
        select: { id: true, tags: { orderBy: { name: 'asc' }, select: { name: true } } },
      },
    },
  })
}

export async function aForeignKeyOfTwoColumnsInBothDirections(db: PurlinClient) {
  return [
    await db.booking.findMany({ orderBy: { id: 'asc' }, select: { id: true, seat: true } }),
    await db.seat.findMany({
      orderBy: [{ row: 'asc' }, { number: 'asc' }],
      select: {
        row: true,
        number: true,
        bookings: { orderBy: { id: 'asc' }, select: { guest: true, day: true } },
      },
    }),
  ]
}

const deep = {
  email: true,
  posts: {
    where: { published: true },
    orderBy: { id: 'asc' },
    select: {
      id: true,
      comments: {
        orderBy: { id: 'desc' },
        take: 2,
        select: { text: true, author: { select: { name: true, profile: true } } },
      },
    },
  },
} as const

export async function fiveLevelsDeep(db: PurlinClient) {
  return db.user.findMany({ orderBy: { id: 'asc' }, take: 3, select: deep })
}

export async function ofOneRow(db: PurlinClient) {
  return db.user.findUnique({
    where: { id: 2 },
    select: { id: true, posts: { orderBy: { id: 'asc' }, select: { title: true } } },
  })
}

export async function ofNoRows(db: PurlinClient) {
  return db.user.findMany({ where: { id: { gt: 99 } }, select: deep })
}
