// Conditions on related rows.

import type { Prisma, PurlinClient } from '../generated/index.js'
import { refused } from '../refused.js'

async function users(db: PurlinClient, where: Prisma.UserWhereInput) {
  const rows = await db.user.findMany({ where, orderBy: { id: 'asc' } })
  return rows.map(user => user.id)
}

async function posts(db: PurlinClient, where: Prisma.PostWhereInput) {
  const rows = await db.post.findMany({ where, orderBy: { id: 'asc' } })
  return rows.map(post => post.id)
}

async function comments(db: PurlinClient, where: Prisma.CommentWhereInput) {
  const rows = await db.comment.findMany({ where, orderBy: { id: 'asc' } })
  return rows.map(comment => comment.id)
}

async function tags(db: PurlinClient, where: Prisma.TagWhereInput) {
  const rows = await db.tag.findMany({ where, orderBy: { name: 'asc' } })
  return rows.map(tag => tag.name)
}

async function bookings(db: PurlinClient, where: Prisma.BookingWhereInput) {
  const rows = await db.booking.findMany({ where, orderBy: { id: 'asc' } })
  return rows.map(booking => booking.id)
}

export async function some(db: PurlinClient) {
  return users(db, { posts: { some: { published: true } } })
}

export async function someOfAnythingHasRelatedRows(db: PurlinClient) {
  return users(db, { posts: { some: {} } })
}

export async function everyHoldsWhereThereIsNone(db: PurlinClient) {
  return users(db, { posts: { every: { published: true } } })
}

export async function none(db: PurlinClient) {
  return users(db, { posts: { none: { published: true } } })
}

export async function noneOfAnythingHasNoRelatedRows(db: PurlinClient) {
  return users(db, { posts: { none: {} } })
}

export async function quantifiersCombine(db: PurlinClient) {
  return users(db, { posts: { some: { views: { gte: 5 } }, none: { published: false } } })
}

export async function is(db: PurlinClient) {
  return comments(db, { author: { is: { name: 'Bob' } } })
}

export async function isNotHoldsWhereThereIsNone(db: PurlinClient) {
  return comments(db, { author: { isNot: { name: 'Bob' } } })
}

export async function isNull(db: PurlinClient) {
  return comments(db, { author: null })
}

export async function isNotNull(db: PurlinClient) {
  return comments(db, { author: { isNot: null } })
}

export async function isNotOfARequiredRelation(db: PurlinClient) {
  return posts(db, { author: { isNot: { name: 'Ada' } } })
}

export async function aConditionOnARelationThatIsNullLeavesOutTheRow(db: PurlinClient) {
  return users(db, { manager: { email: { not: 'ada@acme.io' } } })
}

export async function oneToOneFromTheSideWithoutTheKey(db: PurlinClient) {
  return {
    counts: await users(db, { profile: { bio: { contains: 'Count' } } }),
    absent: await users(db, { profile: { is: null } }),
    gold: await users(db, { badge: { code: 'gold' } }),
  }
}

export async function manyToMany(db: PurlinClient) {
  return {
    some: await posts(db, { tags: { some: { name: 'rust' } } }),
    every: await posts(db, { tags: { every: { name: 'rust' } } }),
    none: await posts(db, { tags: { none: { name: 'rust' } } }),
    back: await tags(db, { posts: { some: { author: { name: 'Bob' } } } }),
  }
}

export async function manyToManyWithItself(db: PurlinClient) {
  await db.tag.update({ where: { name: 'data' }, data: { narrower: { connect: { name: 'rust' } } } })
  return {
    narrower: await tags(db, { narrower: { some: { name: 'rust' } } }),
    broader: await tags(db, { broader: { some: { name: 'data' } } }),
  }
}

export async function aRelationToItsOwnModel(db: PurlinClient) {
  return {
    down: await users(db, { reports: { some: { name: 'Dan' } } }),
    up: await users(db, { manager: { manager: { name: 'Ada' } } }),
  }
}

export async function fiveLevelsDeep(db: PurlinClient) {
  return users(db, {
    posts: { some: { comments: { some: { author: { manager: { profile: { bio: 'Counts' } } } } } } },
  })
}

export async function underOrAndNot(db: PurlinClient) {
  return users(db, {
    OR: [{ posts: { some: { views: { gt: 50 } } } }, { manager: { name: 'Bob' } }],
    NOT: { comments: { some: { text: 'nice' } } },
  })
}

export async function aForeignKeyOfTwoColumns(db: PurlinClient) {
  const seats = await db.seat.findMany({
    where: { bookings: { some: { guest: 'Ann' } } },
    orderBy: [{ row: 'asc' }, { number: 'asc' }],
  })
  return {
    held: await bookings(db, { seat: { holder: 'Ann' } }),
    seats: seats.map(seat => [seat.row, seat.number]),
  }
}

export async function halfOfAForeignKeyRefersToNothing(db: PurlinClient) {
  return bookings(db, { seat: null })
}

export async function whatIsUnknownOfARowIsNotNegated(db: PurlinClient) {
  const score = { gt: 3 }
  return {
    isNot: await comments(db, { author: { isNot: { score } } }),
    not: await comments(db, { NOT: { author: { score } } }),
    twice: await comments(db, { NOT: { author: { is: { NOT: { score } } } } }),
    notOfIsNot: await comments(db, { NOT: { author: { isNot: { score } } } }),
    required: await posts(db, { NOT: { author: { score } } }),
    every: await posts(db, { comments: { every: { author: { score } } } }),
    none: await posts(db, { comments: { none: { author: { isNot: { score } } } } }),
    itsOwnModel: await users(db, { manager: { isNot: { score: { gt: 1 } } } }),
    throughAnother: await comments(db, { NOT: { author: { manager: { score: { gt: 5 } } } } }),
    theOtherSide: await users(db, { NOT: { badge: { userId: { gt: 5 } } } }),
  }
}

export async function anyOfNothingOnRelatedRows(db: PurlinClient) {
  return {
    some: await users(db, { posts: { some: { OR: [] } } }),
    every: await users(db, { posts: { every: { OR: [{}] } } }),
    none: await users(db, { posts: { none: { OR: [{ OR: [] }] } } }),
    not: await users(db, { NOT: { posts: { some: { OR: [] } } } }),
    is: await comments(db, { author: { OR: [] } }),
    isNot: await comments(db, { author: { isNot: { OR: [{ name: {} }] } } }),
    required: await posts(db, { author: { is: { OR: [] } } }),
    deep: await users(db, { posts: { some: { comments: { every: { author: { OR: [] } } } } } }),
    manyToMany: await posts(db, { tags: { every: { OR: [] } } }),
  }
}

export async function aRequiredReferenceThatLeadsNowhere(db: PurlinClient) {
  const parcels = async (where: Prisma.ParcelWhereInput) => {
    const rows = await db.parcel.findMany({ where, orderBy: { id: 'asc' } })
    return rows.map(parcel => parcel.id)
  }
  const purchases = async (where: Prisma.PurchaseWhereInput) => {
    const rows = await db.purchase.findMany({ where, orderBy: { id: 'asc' } })
    return rows.map(purchase => purchase.id)
  }
  const cards = async (where: Prisma.LoyaltyCardWhereInput) => {
    const rows = await db.loyaltyCard.findMany({ where, orderBy: { holder: 'asc' } })
    return rows.map(card => card.holder)
  }
  return {
    is: await parcels({ customer: { is: {} } }),
    isNot: await parcels({ customer: { isNot: {} } }),
    notIs: await parcels({ NOT: { customer: { is: {} } } }),
    either: await parcels({ OR: [{ id: 3 }, { customer: { is: {} } }] }),
    optional: await purchases({ customer: { is: {} } }),
    notNull: await purchases({ customer: { isNot: null } }),
    isNull: await purchases({ customer: null }),
    byKey: await cards({ customer: { is: {} } }),
    changed: await db.parcel.updateMany({ where: { id: { gt: 1 }, customer: { is: {} } }, data: { note: 'x' } }),
    deleted: await db.parcel.deleteMany({ where: { customer: { isNot: {} } } }),
    left: await parcels({}),
  }
}

export async function anUpdateAndAConnectMeanTheRowsThatAReadFinds(db: PurlinClient) {
  // The score of the manager of 4 is not known.
  const manager = { score: { gt: 1 } }
  const updated = db.user.update({ where: { id: 4, manager: { isNot: manager } }, data: { visits: 9 } })
  const connect = { id: 4, NOT: { manager } }
  const connected = db.user.update({ where: { id: 3 }, data: { reports: { connect } } })
  return [await refused(updated), await refused(connected)]
}
