// Dates are instants, in whatever form the file holds them.

import type { Prisma, PurlinClient } from '../generated/index.js'
import { code } from '../refused.js'

const at = (text: string) => new Date(text)

/** Of the first of March 2024. */
const hour = (hour: number) => at(`2024-03-01T${String(hour).padStart(2, '0')}:00:00Z`)

const ids = (rows: { id: number }[]) => rows.map(row => row.id)

async function visits(db: PurlinClient, where: Prisma.VisitWhereInput) {
  return ids(await db.visit.findMany({ where, orderBy: { id: 'asc' } }))
}

/** The visits that a condition finds by each of the columns: without an index, with a unique one, and with a plain one. */
async function byEachColumn(db: PurlinClient, condition: Prisma.VisitWhereInput['at']) {
  return [
    await visits(db, { at: condition }),
    await visits(db, { opened: condition }),
    await visits(db, { closed: condition }),
  ]
}

export async function datesCompareAsInstants(db: PurlinClient) {
  const some = [hour(8), hour(14), at('2024-03-02T00:00:00Z')]
  return {
    equals: await byEachColumn(db, hour(12)),
    not: await byEachColumn(db, { not: hour(12) }),
    gt: await byEachColumn(db, { gt: hour(10) }),
    gte: await byEachColumn(db, { gte: hour(10) }),
    lt: await byEachColumn(db, { lt: hour(10) }),
    lte: await byEachColumn(db, { lte: hour(10) }),
    in: await byEachColumn(db, { in: some }),
    notIn: await byEachColumn(db, { notIn: some }),
    between: await byEachColumn(db, { gt: hour(8), lt: hour(11) }),
    none: await byEachColumn(db, at('2024-03-01T12:00:00.001Z')),
    null: await byEachColumn(db, null),
  }
}

export async function datesSortAsInstants(db: PurlinClient) {
  return [
    ids(await db.visit.findMany({ orderBy: { at: 'asc' } })),
    ids(await db.visit.findMany({ orderBy: { at: 'desc' } })),
    ids(await db.visit.findMany({ orderBy: { opened: 'asc' } })),
    ids(await db.visit.findMany({ orderBy: { opened: 'desc' } })),
    ids(await db.visit.findMany({ orderBy: { closed: 'asc' } })),
    ids(await db.visit.findMany({ orderBy: { closed: 'desc' } })),
  ]
}

export async function pagesOfDates(db: PurlinClient) {
  const page = await db.visit.findMany({ orderBy: { opened: 'desc' }, skip: 1, take: 3 })
  const last = await db.visit.findMany({ orderBy: { closed: 'asc' }, take: -2 })
  const first = await db.visit.findFirst({ where: { at: { gt: hour(9) } }, orderBy: { at: 'asc' } })
  return [ids(page), ids(last), first && first.id]
}

export async function aUniqueDateIsFoundInAnyForm(db: PurlinClient) {
  const hours = [8, 9, 10, 11, 12, 13, 14].map(hour)
  const found = []
  for (const opened of [...hours, at('2024-03-02T00:00:00Z'), at('2024-03-02T01:00:00Z'), hour(15)]) {
    const visit = await db.visit.findUnique({ where: { opened } })
    found.push(visit && visit.id)
  }
  return found
}

export async function relatedRowsAreFoundByDatesInAnyForm(db: PurlinClient) {
  return db.slot.findMany({
    orderBy: { start: 'asc' },
    select: {
      room: true,
      visits: { orderBy: { id: 'asc' }, select: { id: true, slot: { select: { room: true } } } },
    },
  })
}

export async function conditionsOnDatesOfRelatedRows(db: PurlinClient) {
  const rooms = async (where: Prisma.SlotWhereInput) => {
    const rows = await db.slot.findMany({ where, orderBy: { room: 'asc' } })
    return rows.map(slot => slot.room)
  }
  return {
    is: await visits(db, { slot: { is: { start: { gt: hour(8) } } } }),
    some: await rooms({ visits: { some: { at: hour(12) } } }),
    every: await rooms({ visits: { every: { closed: { lte: hour(12) } } } }),
    none: await rooms({ visits: { none: { opened: { gt: hour(14) } } } }),
  }
}

export async function rowsSortByTheDatesOfRelatedRows(db: PurlinClient) {
  const where = { slotStart: { not: null } }
  return ids(await db.visit.findMany({ where, orderBy: [{ slot: { start: 'desc' } }, { id: 'asc' }] }))
}

export async function bulkWritesFindDatesInAnyForm(db: PurlinClient) {
  const changed = await db.visit.updateMany({ where: { at: { lt: hour(10) } }, data: { at: hour(20) } })
  const moved = await visits(db, { at: hour(20) })
  const old = await db.visit.deleteMany({ where: { closed: { lt: at('2024-01-01T00:00:00Z') } } })
  const deleted = await db.visit.deleteMany({ where: { closed: { lt: hour(10) } } })
  return {
    changed: changed.count,
    moved,
    old: old.count,
    deleted: deleted.count,
    left: await db.visit.count(),
  }
}

export async function aUniqueDateIsUniqueInAnyForm(db: PurlinClient) {
  const created = []
  for (const opened of [8, 9, 10, 11, 12, 13, 14, 15].map(hour)) {
    created.push(await code(db.visit.create({ data: { opened } })))
  }
  return {
    created,
    taken: await code(db.visit.update({ where: { id: 10 }, data: { opened: hour(9) } })),
    own: await code(db.visit.update({ where: { id: 5 }, data: { opened: hour(12) } })),
    many: await code(db.visit.createMany({ data: [{ opened: hour(16) }, { opened: hour(13) }] })),
    all: await code(db.visit.updateMany({ data: { opened: hour(17) } })),
    others: (await db.visit.createMany({ data: [{ opened: hour(18) }, { opened: hour(19) }, {}] })).count,
    moved: (await db.visit.updateMany({ where: { id: 10 }, data: { opened: hour(21) } })).count,
    key: await code(db.slot.create({ data: { start: hour(9), room: 'south' } })),
    count: await db.visit.count(),
  }
}

export async function aForeignKeyTakesTheFormOfItsKey(db: PurlinClient) {
  await db.visit.create({ data: { slot: { connect: { start: hour(9) } } } })
  await db.visit.create({ data: { slotStart: hour(8) } })
  await db.visit.createMany({ data: [{ slotStart: hour(11) }] })
  await db.visit.update({ where: { id: 3 }, data: { slot: { connect: { start: hour(9) } } } })
  await db.slot.create({ data: { start: hour(20), room: 'south', visits: { create: {} } } })
  const nowhere = await code(db.visit.create({ data: { slotStart: hour(21) } }))
  const rows = await db.slot.findMany({ orderBy: { start: 'asc' }, include: { visits: true } })
  return { visits: rows.map(slot => [slot.room, slot.visits.length]), nowhere }
}

export async function datesThatNoColumnHoldsAreBounds(db: PurlinClient) {
  const late = new Date(8.64e15)
  const early = new Date(-8.64e15)
  // The last millisecond of the year 9999, and the one after it; the first of the year 0, and the one before it.
  const edges = [253402300799999, 253402300800000, -62167219200000, -62167219200001].map(time => new Date(time))
  for (const [index, dateTime] of [edges[0]!, edges[2]!, hour(12)].entries()) {
    const key = index + 1
    await db.wide.create({ data: { bigInt: key, decimal: key, dateTime, bytes: new Uint8Array([key]) } })
  }
  const wide = []
  for (const date of [late, early, edges[1]!, edges[3]!]) {
    const count = (dateTime: Prisma.DateTimeFilter | Date) => db.wide.count({ where: { dateTime } })
    wide.push([
      await count({ lt: date }),
      await count({ lte: date }),
      await count({ gt: date }),
      await count({ gte: date }),
      await count(date),
      await count({ not: date }),
      await count({ in: [date, hour(12)] }),
    ])
  }
  return {
    'lt late': await byEachColumn(db, { lt: late }),
    'gt late': await byEachColumn(db, { gt: late }),
    'gte early': await byEachColumn(db, { gte: early }),
    'lte early': await byEachColumn(db, { lte: early }),
    in: await byEachColumn(db, { in: [late, hour(12), early] }),
    key: (await db.visit.findUnique({ where: { opened: late } })) === null,
    wide,
  }
}

export async function aDateBeyondTheYearsIsNotStored(db: PurlinClient) {
  const late = new Date(253402300800000)
  const failed = (write: Promise<unknown>) =>
    write.then(
      () => false,
      () => true,
    )
  return [
    await failed(db.visit.create({ data: { at: late } })),
    await failed(db.visit.createMany({ data: [{ closed: late }] })),
    await failed(db.visit.update({ where: { id: 1 }, data: { opened: late } })),
    await db.visit.count(),
  ]
}
