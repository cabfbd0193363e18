// Places of one-to-one relations: what is connected to one that is taken, and by what it is named.

import type { PurlinClient } from '../generated/index.js'
import { refused } from '../refused.js'

/** The code and the user of each badge. */
const badges = async (db: PurlinClient) =>
  (await db.badge.findMany({ orderBy: { code: 'asc' } })).map(badge => [badge.code, badge.userId])

/** The user of each profile. */
const profiles = async (db: PurlinClient) =>
  (await db.profile.findMany({ orderBy: { id: 'asc' } })).map(profile => profile.userId)

/** Whom each runner passes to. */
const relay = async (db: PurlinClient) =>
  (await db.runner.findMany({ orderBy: { id: 'asc' } })).map(runner => [runner.id, runner.nextId])

/** The lane of each runner. */
const lanes = async (db: PurlinClient) =>
  (await db.runner.findMany({ orderBy: { id: 'asc' } })).map(runner => [runner.laneRound, runner.laneNumber])

/** The key of each member. */
const members = async (db: PurlinClient) =>
  (await db.member.findMany({ orderBy: [{ tenantId: 'asc' }, { number: 'asc' }] })).map(member => [
    member.tenantId,
    member.number,
  ])

/** The keys of the members of each duo. */
const duos = async (db: PurlinClient) =>
  (await db.duo.findMany({ orderBy: [{ tenantId: 'asc' }, { leaderNumber: 'asc' }] })).map(duo => [
    duo.tenantId,
    duo.leaderNumber,
    duo.helperNumber,
  ])

const bronze = { code: 'bronze' }

export async function theRowThatHasThePlaceKeepsIt(db: PurlinClient) {
  const where = { id: 1 }
  const states = []
  await db.user.update({ where, data: { badge: { connect: { userId: 1 } } } })
  states.push(await badges(db))
  await db.user.update({ where, data: { badge: { connect: { code: 'gold', userId: 1 } } } })
  states.push(await badges(db))
  const ofAda = { code: 'gold', user: { email: 'ada@acme.io' } }
  await db.user.update({ where, data: { badge: { connect: ofAda } } })
  states.push(await badges(db))
  await db.user.update({ where, data: { badge: { connectOrCreate: { where: { userId: 1 }, create: bronze } } } })
  states.push(await badges(db))
  await db.user.update({ where, data: { badge: { connectOrCreate: { where: ofAda, create: bronze } } } })
  states.push(await badges(db))
  return states
}

export async function theRowThatCannotBeWithoutItsPlaceKeepsIt(db: PurlinClient) {
  const where = { id: 1 }
  const create = { bio: 'New' }
  await db.user.update({ where, data: { profile: { connect: { userId: 1 } } } })
  await db.user.update({ where, data: { profile: { connectOrCreate: { where: { userId: 1 }, create } } } })
  const kept = await profiles(db)
  const other = await refused(db.user.update({ where, data: { profile: { connect: { userId: 2 } } } }))
  const missing = await refused(
    db.user.update({ where, data: { profile: { connectOrCreate: { where: { userId: 3 }, create } } } }),
  )
  return [kept, other, missing, await profiles(db)]
}

export async function aRowIsNamedByThePlaceThatItLeaves(db: PurlinClient) {
  await db.user.update({ where: { id: 2 }, data: { badge: { connect: { userId: 1 } } } })
  const connected = await badges(db)
  await db.user.update({
    where: { id: 3 },
    data: { badge: { connectOrCreate: { where: { userId: 2 }, create: bronze } } },
  })
  return [connected, await badges(db)]
}

export async function aRowThatIsMissingChangesNothing(db: PurlinClient) {
  const where = { id: 1 }
  const byItsKey = await refused(db.user.update({ where, data: { badge: { connect: { code: 'none' } } } }))
  const byItsPlace = await refused(db.user.update({ where, data: { badge: { connect: { userId: 2 } } } }))
  return [byItsKey, byItsPlace, await badges(db)]
}

export async function theRowThatHasThePlaceMayLackWhatNamesTheOther(db: PurlinClient) {
  await db.runner.update({ where: { id: 3 }, data: { previous: { connect: { name: 'Ann' } } } })
  return relay(db)
}

export async function byAForeignKeyOfTwoColumns(db: PurlinClient) {
  const first = { laneRound_laneNumber: { laneRound: 1, laneNumber: 1 } }
  const where = { round_number: { round: 1, number: 1 } }
  await db.lane.update({ where, data: { runner: { connect: first } } })
  await db.lane.update({ where, data: { runner: { connectOrCreate: { where: first, create: { id: 9 } } } } })
  const kept = await lanes(db)
  await db.lane.update({
    where: { round_number: { round: 1, number: 2 } },
    data: { runner: { connect: first } },
  })
  return [kept, await lanes(db)]
}

export async function withinAModel(db: PurlinClient) {
  const where = { id: 2 }
  const create = { id: 9 }
  await db.runner.update({ where, data: { previous: { connect: { nextId: 2 } } } })
  await db.runner.update({ where, data: { previous: { connectOrCreate: { where: { nextId: 2 }, create } } } })
  const kept = await relay(db)
  // Who is named by those that follow, of whom one loses the place.
  await db.runner.update({
    where: { id: 3 },
    data: { previous: { connectOrCreate: { where: { id: 1, next: { next: { id: 3 } } }, create } } },
  })
  return [kept, await relay(db)]
}

export async function ofTheRowThatAnUpsertChanges(db: PurlinClient) {
  await db.user.upsert({
    where: { email: 'ada@acme.io' },
    create: { email: 'ada@acme.io' },
    update: { badge: { connectOrCreate: { where: { userId: 1 }, create: bronze } } },
  })
  return badges(db)
}

export async function ofARowThatIsChangedItself(db: PurlinClient) {
  await db.profile.update({
    where: { id: 1 },
    data: { user: { update: { badge: { connectOrCreate: { where: { userId: 1 }, create: bronze } } } } },
  })
  return badges(db)
}

export async function ofARowWhoseKeyChanges(db: PurlinClient) {
  await db.user.update({ where: { id: 1 }, data: { id: 70, badge: { connect: { userId: 1 } } } })
  const connected = await badges(db)
  await db.user.update({
    where: { id: 70 },
    data: { id: 71, badge: { connectOrCreate: { where: { userId: 70 }, create: bronze } } },
  })
  return [connected, await badges(db)]
}

export async function aRowThatRefersToItselfShowsItsNewKey(db: PurlinClient) {
  const runner = await db.runner.update({ where: { id: 4 }, data: { id: 40 } })
  return [runner.id, runner.nextId]
}

export async function aRowThatGetsAnotherKeyThereMayBeNamedTwice(db: PurlinClient) {
  const second = { tenantId_number: { tenantId: 1, number: 2 } }
  await db.tenant.update({ where: { id: 2 }, data: { members: { connect: [second, second] } } })
  const members = await db.member.findMany({ orderBy: [{ tenantId: 'asc' }, { number: 'asc' }] })
  return members.map(member => [member.tenantId, member.number])
}

export async function aRowIsNamedByThePlaceThatANewRowTakes(db: PurlinClient) {
  // Between the first two.
  await db.runner.create({ data: { id: 9, next: { connect: { id: 2 } }, previous: { connect: { nextId: 2 } } } })
  const inserted = await relay(db)
  // Nobody passes to the first one.
  const first = db.runner.create({
    data: { id: 10, next: { connect: { id: 1 } }, previous: { connect: { nextId: 1 } } },
  })
  const refusedFirst = await refused(first)
  // Nobody has the number that the new one gets.
  const itself = db.runner.create({ data: { id: 10, previous: { connect: { id: 10 } } } })
  return [inserted, refusedFirst, await refused(itself), await relay(db)]
}

export async function aRowIsNamedByThePlaceThatAnotherRowOfTheModelTakes(db: PurlinClient) {
  await db.runner.update({
    where: { id: 3 },
    data: { next: { connect: { id: 2 } }, previous: { connect: { nextId: 2 } } },
  })
  return relay(db)
}

export async function aRowThatNamesItselfByAKeyThatItLoses(db: PurlinClient) {
  await db.runner.update({ where: { id: 1 }, data: { name: 'Eve', previous: { connect: { name: 'Ann' } } } })
  return relay(db)
}

export async function aRowGetsItsNewKeyFromItself(db: PurlinClient) {
  const next = await db.runner.update({ where: { id: 4 }, data: { next: { update: { id: 40 } } } })
  const previous = await db.runner.update({ where: { id: 40 }, data: { previous: { update: { id: 41 } } } })
  const upsert = await db.runner.update({
    where: { id: 41 },
    data: { next: { upsert: { create: { id: 50 }, update: { id: 42 } } } },
  })
  const other = await db.runner.update({ where: { id: 1 }, data: { next: { update: { id: 20 } } } })
  const keys = [next, previous, upsert, other].map(runner => [runner.id, runner.nextId])
  return [keys, await relay(db)]
}

/** The keys of each handover. */
async function handovers(db: PurlinClient) {
  const handovers = await db.handover.findMany({ orderBy: [{ fromId: 'asc' }, { toId: 'asc' }] })
  return handovers.map(handover => [handover.fromId, handover.toId])
}

export async function aRowGetsBothColumnsOfItsKeyFromOneRow(db: PurlinClient) {
  for (const [fromId, toId] of [
    [4, 4],
    [4, 1],
    [1, 4],
    [1, 1],
  ] as const) {
    await db.handover.create({ data: { fromId, toId } })
  }
  const both = await db.handover.update({
    where: { fromId_toId: { fromId: 4, toId: 4 } },
    data: { from: { update: { id: 40 } } },
  })
  const second = await db.handover.update({
    where: { fromId_toId: { fromId: 40, toId: 40 } },
    data: { to: { upsert: { create: { id: 50 }, update: { id: 41 } } } },
  })
  const first = await db.handover.update({
    where: { fromId_toId: { fromId: 41, toId: 1 } },
    data: { from: { update: { id: 42 } }, to: { update: { id: 10 } } },
  })
  const other = await db.handover.update({
    where: { fromId_toId: { fromId: 10, toId: 42 } },
    data: { from: { update: { id: 11 } }, to: { update: { id: 43 } } },
  })
  const keys = [both, second, first, other].map(handover => [handover.fromId, handover.toId])
  return [keys, await handovers(db)]
}

export async function aRowGetsItsKeyFromARowThatGetsItsKeyFromAnother(db: PurlinClient) {
  await db.handover.create({ data: { fromId: 4, toId: 4, signals: { create: { number: 1 } } } })
  const signal = await db.signal.update({
    where: { fromId_toId_number: { fromId: 4, toId: 4, number: 1 } },
    data: { handover: { update: { to: { update: { id: 40 } } } } },
  })
  return [[signal.fromId, signal.toId, signal.number], await handovers(db)]
}

export async function aRowGetsItsKeyTogetherWithARelatedRow(db: PurlinClient) {
  const task = await db.task.create({ data: { title: 'Sort', tenantId: 1, memberNumber: 1 } })
  const member = await db.member.update({
    where: { tenantId_number: { tenantId: 1, number: 1 } },
    data: { tasks: { update: { where: { id: task.id }, data: { tenant: { update: { id: 9 } } } } } },
  })
  return [[member.tenantId, member.number], await members(db)]
}

export async function aRowNamesItselfWhileItGetsAnotherKey(db: PurlinClient) {
  const byItsKey = await db.runner.update({ where: { id: 1 }, data: { id: 10, previous: { connect: { id: 1 } } } })
  const previous = { connectOrCreate: { where: { name: 'Cat' }, create: { id: 30 } } }
  const byAnother = await db.runner.update({ where: { id: 3 }, data: { id: 20, previous } })
  const runners = [byItsKey, byAnother].map(runner => [runner.id, runner.nextId])
  const connected = await db.user.update({ where: { id: 1 }, data: { id: 70, reports: { connect: { id: 1 } } } })
  const both = await db.user.update({
    where: { id: 2 },
    data: { id: 80, reports: { set: [{ id: 2 }, { id: 70 }] } },
  })
  const users = [connected, both].map(user => [user.id, user.managerId])
  const report = await db.user.findUnique({ where: { id: 70 } })
  return [runners, await relay(db), users, report?.managerId]
}

export async function rowsAreNamedByKeysThatTheyGetFromTheRow(db: PurlinClient) {
  const keys = (tenantId: number) => [1, 2].map(number => ({ tenantId_number: { tenantId, number } }))
  await db.tenant.update({ where: { id: 1 }, data: { id: 5, members: { connect: keys(1) } } })
  const connected = await members(db)
  // By a foreign key that changes with the row, beside a key that does not.
  await db.user.update({ where: { id: 1 }, data: { id: 70, posts: { connect: { id: 1, authorId: 1 } } } })
  await db.tenant.update({ where: { id: 5 }, data: { id: 6, members: { set: keys(5) } } })
  return [connected, await members(db)]
}

export async function rowsThatOneRowRefersToAreConnectedTogether(db: PurlinClient) {
  await db.duo.create({ data: { tenantId: 1, leaderNumber: 1, helperNumber: 2 } })
  const keys = (tenantId: number) => [2, 1].map(number => ({ tenantId_number: { tenantId, number } }))
  await db.tenant.create({ data: { id: 3, members: { connect: keys(1) } } })
  const connected = await duos(db)
  await db.tenant.create({ data: { id: 4 } })
  await db.tenant.update({ where: { id: 4 }, data: { members: { set: keys(3) } } })
  return [connected, await duos(db), await members(db)]
}

export async function rowsThatGoWithOneAnotherAreDeletedTogether(db: PurlinClient) {
  await db.duo.create({ data: { tenantId: 1, leaderNumber: 1, helperNumber: 2 } })
  const where = { id: 1 }
  // The helper is held by the duo until the leader takes it along.
  const keys = (tenantId: number, numbers: number[]) =>
    numbers.map(number => ({ tenantId_number: { tenantId, number } }))
  await db.tenant.update({ where, data: { members: { delete: keys(1, [2, 1]) } } })
  const tasks: number[] = []
  for (const partOf of [-1, 0, 1]) {
    const task = await db.task.create({ data: { title: 'Sort', tenantId: 1, partOfId: tasks[partOf] ?? null } })
    tasks.push(task.id)
  }
  // The parts go with the first.
  await db.tenant.update({ where, data: { tasks: { delete: tasks.map(id => ({ id })) } } })
  const missing = await refused(db.tenant.update({ where, data: { members: { delete: keys(2, [1, 9]) } } }))
  return [await members(db), await duos(db), await db.task.count(), missing]
}

export async function aRowIsNamedThatAnOperationBeforeCreated(db: PurlinClient) {
  const key = { tenantId: 1, leaderNumber: 1, helperNumber: 2 }
  await db.member.update({
    where: { tenantId_number: { tenantId: 1, number: 1 } },
    data: {
      leads: { create: { helperNumber: 2 } },
      helps: { connect: { tenantId_leaderNumber_helperNumber: key } },
    },
  })
  return await duos(db)
}
