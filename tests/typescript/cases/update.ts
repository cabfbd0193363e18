// Changes of rows.

import type { Prisma, PurlinClient } from '../generated/index.js'
import { refused } from '../refused.js'

const author = { id: true, posts: { orderBy: { id: 'asc' }, select: { title: true } } } as const
const tagged = { id: true, tags: { orderBy: { name: 'asc' }, select: { name: true } } } as const
const managed = { id: true, manager: { select: { name: true } } } as const
const seededAt = new Date('2024-01-01')

export async function someColumns(db: PurlinClient) {
  return db.user.update({ where: { email: 'bob@acme.io' }, data: { name: 'Robert', role: { set: 'POWER_USER' } } })
}

export async function toNull(db: PurlinClient) {
  return db.user.update({ where: { id: 2 }, data: { name: null, managerId: { set: null } } })
}

export async function nothing(db: PurlinClient) {
  return db.user.update({ where: { id: 3 }, data: {} })
}

export async function incrementsAndDecrements(db: PurlinClient) {
  const where = { id: 1 }
  const more = await db.user.update({ where, data: { visits: { increment: 5 }, score: { increment: 0.25 } } })
  const less = await db.user.update({ where, data: { visits: { decrement: 20 }, score: { decrement: 4.75 } } })
  return [more, less].map(user => [user.visits, user.score])
}

export async function multiplicationAndDivision(db: PurlinClient) {
  const where = { id: 1 }
  const more = await db.user.update({ where, data: { visits: { multiply: -3 }, score: { multiply: 2 } } })
  const less = await db.user.update({ where, data: { visits: { divide: 10 }, score: { divide: 4 } } })
  return [more, less].map(user => [user.visits, user.score])
}

export async function divisionOfIntegersDropsTheRest(db: PurlinClient) {
  const where = { id: 1 }
  const positive = await db.user.update({ where, data: { visits: { divide: 4 } } })
  await db.user.update({ where, data: { visits: -7 } })
  const negative = await db.user.update({ where, data: { visits: { divide: 2 } } })
  return [positive.visits, negative.visits]
}

export async function arithmeticOnNullIsNull(db: PurlinClient) {
  const user = await db.user.update({ where: { id: 2 }, data: { score: { increment: 1 } } })
  return user.score
}

export async function bigIntegersStayExact(db: PurlinClient) {
  const { id } = await db.sample.create({ data: { bigInt: 9007199254740993n } })
  const up = await db.sample.update({ where: { id }, data: { bigInt: { increment: 9000000000000000000n } } })
  const down = await db.sample.update({ where: { id }, data: { bigInt: { increment: -2 } } })
  return [up.bigInt, down.bigInt]
}

export async function theKeyItself(db: PurlinClient) {
  return [
    await db.tag.update({ where: { id: 't1' }, data: { id: 't9' } }),
    await db.post.findUnique({ where: { id: 3 }, select: tagged }),
  ]
}

export async function onlyWhileAVersionIsCurrent(db: PurlinClient) {
  const args = { where: { id: 1, visits: 10 }, data: { visits: { increment: 1 } } }
  const current = await db.user.update(args)
  return [current.visits, await refused(db.user.update(args))]
}

export async function updatedAtMovesWithEachChange(db: PurlinClient) {
  const post = await db.post.update({ where: { id: 1 }, data: { views: { increment: 1 } } })
  return { moved: post.updatedAt > seededAt, created: post.createdAt.getTime() === seededAt.getTime() }
}

export async function updatedAtMovesWithAConnection(db: PurlinClient) {
  await db.user.update({ where: { id: 1 }, data: { posts: { connect: { id: 3 } } } })
  await db.user.create({ data: { email: 'new@acme.io', posts: { connect: { id: 4 } } } })
  const posts = await db.post.findMany({ where: { updatedAt: { gt: seededAt } }, orderBy: { id: 'asc' } })
  return posts.map(post => post.id)
}

export async function updatedAtCanBeGiven(db: PurlinClient) {
  const given = new Date('2001-02-03T04:05:06Z')
  const post = await db.post.update({ where: { id: 1 }, data: { updatedAt: given } })
  return post.updatedAt.getTime() === given.getTime()
}

export async function childrenAreAdded(db: PurlinClient) {
  return db.user.update({
    where: { id: 4 },
    data: { posts: { create: [{ title: 'One' }, { title: 'Two' }] } },
    select: author,
  })
}

export async function childrenMoveFromAnotherParent(db: PurlinClient) {
  return [
    await db.user.update({ where: { id: 4 }, data: { posts: { connect: { id: 1 } } }, select: author }),
    await db.user.findUnique({ where: { id: 1 }, select: author }),
  ]
}

export async function aParentIsReplaced(db: PurlinClient) {
  return db.user.update({
    where: { id: 2 },
    data: { manager: { connect: { email: 'eve@acme.io' } } },
    select: managed,
  })
}

export async function aParentIsCreated(db: PurlinClient) {
  return db.user.update({
    where: { id: 1 },
    data: { manager: { create: { email: 'new@acme.io', name: 'New' } } },
    select: managed,
  })
}

export async function manyToManyConnectionsAreAddedOnce(db: PurlinClient) {
  return db.post.update({
    where: { id: 3 },
    data: { tags: { connect: [{ name: 'rust' }, { name: 'unused' }], create: { name: 'fresh' } } },
    select: tagged,
  })
}

export async function aOneToOneChildReplacesTheOldOne(db: PurlinClient) {
  await db.user.update({ where: { id: 1 }, data: { badge: { connect: { code: 'silver' } } } })
  return db.badge.findMany({ orderBy: { code: 'asc' } })
}

export async function aOneToOneChildIsCreated(db: PurlinClient) {
  await db.user.update({ where: { id: 3 }, data: { profile: { create: { bio: 'Sails' } } } })
  return db.profile.findUnique({ where: { userId: 3 } })
}

export async function aOneToOneChildThatIsConnectedAgainStays(db: PurlinClient) {
  const where = { id: 1 }
  await db.user.update({ where, data: { profile: { connect: { id: 1 } } } })
  await db.user.update({ where, data: { badge: { connect: { code: 'gold' } } } })
  return [await db.profile.findUnique({ where: { id: 1 } }), await db.badge.findUnique({ where: { code: 'gold' } })]
}

export async function manyRows(db: PurlinClient) {
  const { count: changed } = await db.user.updateMany({ where: { visits: 3 }, data: { visits: { multiply: 10 } } })
  const rows = await db.user.findMany({ orderBy: { id: 'asc' } })
  return { changed, visits: rows.map(user => user.visits) }
}

export async function manyRowsByAConditionOnRelations(db: PurlinClient) {
  const { count } = await db.post.updateMany({
    where: { author: { manager: { isNot: null } }, tags: { some: { name: 'data' } } },
    data: { published: false, rating: 1.5 },
  })
  const post = await db.post.findUniqueOrThrow({ where: { id: 4 } })
  return [count, post.published, post.rating]
}

export async function manyRowsCountWhatMatchedNotWhatDiffers(db: PurlinClient) {
  const { count } = await db.user.updateMany({ where: { visits: 3 }, data: { visits: 3 } })
  return count
}

export async function manyRowsOfNone(db: PurlinClient) {
  const { count } = await db.user.updateMany({ where: { id: { gt: 99 } }, data: { visits: 1 } })
  return count
}

export async function allRows(db: PurlinClient) {
  const { count } = await db.user.updateMany({ data: { score: null } })
  return [count, await db.user.count({ where: { score: null } })]
}

export async function manyRowsMoveUpdatedAt(db: PurlinClient) {
  await db.post.updateMany({ where: { id: { lte: 2 } }, data: { views: 0 } })
  const moved = await db.post.findMany({ where: { updatedAt: { gt: seededAt } }, orderBy: { id: 'asc' } })
  return {
    moved: moved.map(post => post.id),
    atOneInstant: moved.every(post => post.updatedAt.getTime() === moved[0]?.updatedAt.getTime()),
  }
}

export async function connectingTakesAPlaceOfOneToOne(db: PurlinClient) {
  const badges = async () => {
    const badges = await db.badge.findMany({ orderBy: { code: 'asc' } })
    return badges.map(badge => [badge.code, badge.userId])
  }
  const connect = (code: string) => db.badge.update({ where: { code }, data: { user: { connect: { id: 1 } } } })
  await connect('silver')
  const taken = await badges()
  await connect('silver')
  const kept = await badges()
  await db.badge.update({ where: { userId: 1 }, data: { user: { connect: { email: 'ada@acme.io' } } } })
  const byTheKeyItself = await badges()
  const profile = (id: number, user: number) =>
    db.profile.update({ where: { id }, data: { user: { connect: { id: user } } } })
  const own = await refused(profile(1, 1))
  const other = await refused(profile(2, 1))
  const free = (await profile(2, 3)).userId
  return [taken, kept, byTheKeyItself, own, other, free]
}

export async function decimalsAreComputedExactly(db: PurlinClient) {
  const { id } = await db.sample.create({ data: { decimal: '0.1' } })
  const results: string[] = []
  for (const decimal of [
    { increment: '0.2' },
    { decrement: 0.4 },
    { multiply: '12345678901234567890.12345678901234567890' },
    { divide: 8 },
    { set: 1 },
    { divide: 3n },
  ]) {
    results.push((await db.sample.update({ where: { id }, data: { decimal } })).decimal)
  }
  const nothing = await db.sample.update({ where: { id }, data: { optionalDecimal: { increment: 1 } } })
  const zero = await refused(db.sample.update({ where: { id }, data: { decimal: { divide: '0.0' } } }))
  const many = await db.sample.updateMany({ data: { decimal: { multiply: -3 } } })
  const after = await db.sample.findUniqueOrThrow({ where: { id } })
  return [results, nothing.optionalDecimal === null, zero, many.count, after.decimal]
}

export async function aRowThatIsConnectedToItselfShowsIt(db: PurlinClient) {
  const updated = await db.user.update({ where: { id: 3 }, data: { reports: { connect: [{ id: 2 }, { id: 3 }] } } })
  const created = await db.user.create({ data: { id: 9, email: 'new@acme.io', reports: { connect: { id: 9 } } } })
  const report = { email: 'report@acme.io', reports: { connect: { id: 2 } } }
  const deeper = await db.user.update({ where: { id: 2 }, data: { reports: { create: report } } })
  return [updated.managerId, created.managerId, deeper.managerId]
}

export async function whatConnectNamesIsFoundBeforeAnyIsConnected(db: PurlinClient) {
  await db.user.updateMany({ where: { id: 4 }, data: { managerId: 3 } })
  const connect = (managerId: number) =>
    db.user.update({
      where: { id: 1 },
      data: { reports: { connect: [{ id: 3 }, { id: 4, manager: { reports: { some: { id: 4 } }, managerId } }] } },
      select: { reports: { select: { id: true }, orderBy: { id: 'asc' } } },
    })
  await db.user.updateMany({ where: { id: 3 }, data: { managerId: 2 } })
  // The manager of 4 is 3, whose manager is 2, and 1 only once it is connected.
  return [await refused(connect(1)), await connect(2)]
}

export async function aRowThatIsNamedTwiceIsConnectedOnce(db: PurlinClient) {
  const reports = { select: { id: true }, orderBy: { id: 'asc' } } as const
  const eve = (connect: Prisma.UserWhereUniqueInput[]) =>
    db.user.update({ where: { id: 5 }, data: { reports: { connect } }, select: { reports } })
  return [
    await eve([{ id: 4 }, { id: 4 }, { email: 'dan_1@acme.io' }]),
    await db.post.update({
      where: { id: 5 },
      data: { tags: { connect: [{ id: 't1' }, { id: 't1' }, { name: 'rust' }] } },
      select: tagged,
    }),
    await eve([{ id: 5 }, { id: 5 }]),
    await db.tag.update({
      where: { id: 't3' },
      data: { narrower: { connect: [{ id: 't3' }, { name: 'unused' }] } },
      select: { name: true, narrower: { select: { name: true } } },
    }),
    await refused(eve([{ id: 99 }, { id: 99 }])),
  ]
}

export async function aCreatedRowOfOneToOneWithAParentOfItsOwnIsConnected(db: PurlinClient) {
  const where = { round_number: { round: 2, number: 1 } }
  const connected = { id: 8, next: { connect: { id: 1 } } }
  await db.lane.update({ where, data: { runner: { create: connected } } })
  const created = { id: 9, next: { connectOrCreate: { where: { id: 10 }, create: { id: 10 } } } }
  await db.lane.update({ where, data: { runner: { create: created } } })
  return db.runner.findMany({
    where: { id: { gt: 7 } },
    orderBy: { id: 'asc' },
    select: { id: true, laneRound: true, laneNumber: true, nextId: true },
  })
}
