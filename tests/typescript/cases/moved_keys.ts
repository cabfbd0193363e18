// Rows that get another key while a nested write runs: the call goes on with the row that it meant, whoever has its old key or
// a part of it.

import type { PurlinClient } from '../generated/index.js'
import { refused } from '../refused.js'

/** The key of each office, that of the one that it is a part of, and the name of its twin. */
const offices = async (db: PurlinClient) =>
  (await db.office.findMany({ orderBy: [{ region: 'asc' }, { code: 'asc' }] })).map(office => [
    office.region,
    office.code,
    office.upRegion,
    office.upCode,
    office.twinName,
  ])

/** The key of each desk. */
const desks = async (db: PurlinClient) =>
  (await db.desk.findMany({ orderBy: [{ region: 'asc' }, { code: 'asc' }, { number: 'asc' }] })).map(desk => [
    desk.region,
    desk.code,
    desk.number,
  ])

/** The id of each drawer, and the key of its desk. */
const drawers = async (db: PurlinClient) =>
  (await db.drawer.findMany({ orderBy: { id: 'asc' } })).map(drawer => [
    drawer.id,
    drawer.region,
    drawer.code,
    drawer.number,
  ])

const ofOffice = (region: number, code: string) => ({ region_code: { region, code } })
const ofDesk = (region: number, code: string, number: number) => ({ region_code_number: { region, code, number } })

export async function aRowIsNamedByAKeyOfWhichBothColumnsChange(db: PurlinClient) {
  const connected = await refused(
    db.office.update({
      where: ofOffice(1, 'a'),
      data: { region: 95, code: 'b', desks: { deleteMany: { number: 2 }, connect: ofDesk(1, 'a', 2) } },
    }),
  )
  await db.office.update({
    where: ofOffice(1, 'a'),
    data: {
      region: 95,
      code: 'b',
      desks: {
        deleteMany: { number: 2 },
        connectOrCreate: { where: ofDesk(1, 'a', 2), create: { number: 9 } },
      },
    },
  })
  const created = await desks(db)
  const itself = await db.office.update({
    where: ofOffice(95, 'b'),
    data: { region: 1, code: 'c', parts: { set: [ofOffice(95, 'b')] } },
  })
  return [connected, created, [itself.upRegion, itself.upCode], await offices(db)]
}

export async function aKeyChangesWithARowThatAnotherRelationLeadsTo(db: PurlinClient) {
  const filled = await db.desk.update({
    where: ofDesk(1, 'a', 1),
    data: {
      occupant: { update: { office: { update: { region: 95, code: 'b' } } } },
      drawers: { create: { id: 77 } },
    },
  })
  const full = await drawers(db)
  const emptied = await db.desk.update({
    where: ofDesk(95, 'b', 1),
    data: {
      occupant: { update: { office: { update: { region: 1, code: 'c' } } } },
      drawers: { deleteMany: { id: { gt: 0 } } },
    },
  })
  const keys = [filled, emptied].map(desk => [desk.region, desk.code, desk.number])
  return [keys, full, await drawers(db)]
}

export async function aKeyDoesNotChangeWithARowThatHasAPartOfIt(db: PurlinClient) {
  const emptied = await db.desk.update({
    where: ofDesk(2, 'a', 3),
    data: {
      occupant: { update: { office: { update: { region: 0 } } } },
      drawers: { deleteMany: { id: { gt: 0 } } },
    },
  })
  return [[emptied.region, emptied.code, emptied.number], await drawers(db)]
}

export async function anotherRowGetsTheKeyThatARowHad(db: PurlinClient) {
  const follows = { update: { where: ofOffice(2, 'b'), data: { region: 1, code: 'a' } } }
  const filled = await db.desk.update({
    where: ofDesk(1, 'a', 1),
    data: {
      occupant: { update: { office: { update: { region: 95, parts: follows } } } },
      drawers: { create: { id: 77 } },
    },
  })
  return [[filled.region, filled.code, filled.number], await drawers(db), await desks(db)]
}

export async function rowsOfAListAreNamedBeforeAPlaceIsFreed(db: PurlinClient) {
  await db.office.update({
    where: ofOffice(2, 'a'),
    data: { twin: { connect: { name: 'east' } }, parts: { connect: { twinName: 'east' } } },
  })
  return offices(db)
}

export async function whatConnectOrCreateNamesMayBeDeletedBefore(db: PurlinClient) {
  const create = { region: 7, code: 'n', name: 'new' }
  await db.office.update({
    where: ofOffice(1, 'a'),
    data: {
      code: 'z',
      parts: { deleteMany: { region: { gt: 0 } }, connectOrCreate: { where: ofOffice(1, 'b'), create } },
    },
  })
  return offices(db)
}

export async function aRowThatAKeyBesidesThePrimaryOneLeadsTo(db: PurlinClient) {
  const occupant = await db.occupant.update({
    where: { id: 1 },
    data: { office: { update: { twinOf: { update: { region: 24 } } } } },
  })
  return [[occupant.officeRegion, occupant.officeCode], await offices(db)]
}

export async function aRowGetsItsKeyFromARowThatItLeadsTo(db: PurlinClient) {
  const office = await db.office.update({
    where: ofOffice(1, 'a'),
    data: { twinOf: { update: { up: { update: { region: 24 } } } } },
  })
  return [[office.region, office.code], await offices(db)]
}

export async function aKeyThatSeveralRowsComputeIsNotFollowed(db: PurlinClient) {
  const where = ofOffice(1, 'a')
  const parts = { updateMany: { where: { code: { not: 'z' } }, data: { region: { increment: 10 } } } }
  const spread = () => db.office.update({ where, data: { parts, desks: { create: { number: 9 } } } })
  await spread()
  const others = await desks(db)
  // A part of itself.
  await db.office.update({ where, data: { up: { connect: where } } })
  return [others, await refused(spread()), await desks(db)]
}

export async function aRowIsFoundBeforeANewRowTakesIt(db: PurlinClient) {
  const create = { region: 7, code: 'n', name: 'new', parts: { connect: ofOffice(1, 'b') } }
  await db.office.update({
    where: ofOffice(1, 'a'),
    data: { parts: { update: { where: ofOffice(1, 'b'), data: { twin: { create } } } } },
  })
  return offices(db)
}

export async function aRowThatWasDeletedIsNoOther(db: PurlinClient) {
  // Another row of the model gets a new key after the deletion.
  await db.office.update({
    where: ofOffice(1, 'a'),
    data: {
      code: 'z',
      parts: {
        deleteMany: { name: 'west' },
        update: { where: ofOffice(2, 'b'), data: { region: 9 } },
        connectOrCreate: { where: ofOffice(1, 'b'), create: { region: 7, code: 'n', name: 'new' } },
      },
    },
  })
  return offices(db)
}

export async function aConditionOnARowThatGivesWayIsLookedAtBefore(db: PurlinClient) {
  // The second office has the place at the twin of the first.
  await db.office.update({
    where: { ...ofOffice(2, 'b'), up: { twinOf: { name: 'west' } } },
    data: { twin: { connect: { name: 'east' } } },
  })
  return offices(db)
}

/** The key of each node of the tree, and the id of its parent. */
const nodes = async (db: PurlinClient) =>
  (await db.node.findMany({ orderBy: [{ treeId: 'asc' }, { id: 'asc' }] })).map(node => [node.id, node.parentId])

export async function rowsOfATreeWhoseKeysShareAColumn(db: PurlinClient) {
  const key = (id: number) => ({ treeId_id: { treeId: 1, id } })
  for (const id of [1, 2, 3, 4]) await db.node.create({ data: { treeId: 1, id } })
  await db.node.update({ where: key(1), data: { children: { connect: [key(2), key(3)] } } })
  const connected = await nodes(db)
  await db.node.update({ where: key(4), data: { children: { set: [key(2), key(3)] } } })
  const set = await nodes(db)
  // The row is its own child then.
  await db.node.update({ where: key(4), data: { id: 40, children: { connect: [key(4), key(1)] } } })
  const itself = await nodes(db)
  await db.node.update({
    where: key(2),
    data: {
      parent: { upsert: { create: { id: 50, treeId: 1 }, update: { id: 41 } } },
      children: { create: { id: 60 } },
    } as object,
  })
  return [connected, set, itself, await nodes(db)]
}

export async function aListNamesRowsThatWereCreatedBefore(db: PurlinClient) {
  const duo = { tenantId_leaderNumber_helperNumber: { tenantId: 1, leaderNumber: 1, helperNumber: 2 } }
  await db.member.update({
    where: { tenantId_number: { tenantId: 1, number: 1 } },
    data: { leads: { create: { helperNumber: 2 } }, helps: { connect: [duo, duo] } } as object,
  })
  const duos = await db.duo.findMany({ orderBy: { leaderNumber: 'asc' } })
  return duos.map(duo => [duo.tenantId, duo.leaderNumber, duo.helperNumber])
}

export async function whatAnUpsertCreatesMayTakeTheRow(db: PurlinClient) {
  const office = { region: 9, code: 'z', name: 'new', desks: { connect: ofDesk(1, 'a', 2) } }
  const create = { id: 9, office: { create: office } }
  const desk = await db.desk.update({
    where: ofDesk(1, 'a', 2),
    data: { occupant: { upsert: { create, update: { id: 10 } } } },
  })
  return [desk.region, desk.code, desk.number, desk.occupantId]
}

export async function aRowThatRefersToItselfIsRelatedToItselfUnderItsNewKey(db: PurlinClient) {
  await db.office.update({ where: ofOffice(1, 'a'), data: { up: { connect: ofOffice(1, 'a') } } })
  const create = { region: 7, code: 'n', name: 'new' }
  const renamed = await db.office.update({
    where: ofOffice(1, 'a'),
    data: { region: 95, up: { upsert: { create, update: { name: 'self' } } } },
  })
  return [[renamed.region, renamed.name, renamed.upRegion], await offices(db)]
}

export async function twoRelationsMayNameOneNewRow(db: PurlinClient) {
  const connectOrCreate = { where: { id: 50 }, create: { id: 50 } }
  const handover = await db.handover.create({ data: { from: { connectOrCreate }, to: { connectOrCreate } } })
  return [handover.fromId, handover.toId, await db.runner.count({ where: { id: { gt: 40 } } })]
}

export async function aListMayNameTheRowThatItCreates(db: PurlinClient) {
  const occupant = { where: { id: 77 }, create: { id: 77 } }
  await db.office.update({
    where: ofOffice(1, 'a'),
    data: { region: 95, staff: { connectOrCreate: [occupant, occupant] } },
  })
  const occupants = await db.occupant.findMany({ orderBy: { id: 'asc' } })
  return occupants.map(occupant => [occupant.id, occupant.officeRegion, occupant.officeCode])
}

export async function aNewRowWithTheKeyOfADeletedOneIsAnother(db: PurlinClient) {
  const create = { region: 1, code: 'b', name: 'new' }
  await db.office.update({
    where: ofOffice(1, 'a'),
    data: {
      code: 'z',
      parts: {
        delete: ofOffice(1, 'b'),
        update: { where: ofOffice(2, 'b'), data: { parts: { create } } },
        connectOrCreate: { where: { name: 'west' }, create: { region: 7, code: 'n', name: 'newer' } },
      },
    },
  })
  return offices(db)
}
