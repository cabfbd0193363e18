// Decimals are numbers, in whatever form the file holds them.

import type { Prisma, PurlinClient } from '../generated/index.js'
import { code } from '../refused.js'

async function fees(db: PurlinClient, where: Prisma.FeeWhereInput) {
  const rows = await db.fee.findMany({ where, orderBy: { label: 'asc' } })
  return rows.map(fee => fee.label).join('')
}

/** The fees that a condition finds by each of the columns: by the key, by a unique one, and without an index. */
async function byEachColumn(db: PurlinClient, condition: Prisma.DecimalFilter | string) {
  return [
    await fees(db, { amount: condition }),
    await fees(db, { code: condition }),
    await fees(db, { plain: condition }),
  ]
}

export async function decimalsCompareAsNumbers(db: PurlinClient) {
  const some = ['2.00', '-2.5', '7']
  return {
    equals: await byEachColumn(db, '2'),
    zero: await byEachColumn(db, '-0'),
    long: await byEachColumn(db, '12345678901234567890.123'),
    not: await byEachColumn(db, { not: '10' }),
    gt: await byEachColumn(db, { gt: '2.0' }),
    gte: await byEachColumn(db, { gte: '2.0' }),
    lt: await byEachColumn(db, { lt: '3.250' }),
    lte: await byEachColumn(db, { lte: '3.250' }),
    in: await byEachColumn(db, { in: some }),
    notIn: await byEachColumn(db, { notIn: some }),
  }
}

export async function decimalsSortAsNumbers(db: PurlinClient) {
  const labels = (rows: { label: string }[]) => rows.map(fee => fee.label).join('')
  return [
    labels(await db.fee.findMany({ orderBy: { amount: 'asc' } })),
    labels(await db.fee.findMany({ orderBy: { code: 'desc' } })),
    labels(await db.fee.findMany({ orderBy: { plain: 'asc' }, skip: 1, take: 3 })),
  ]
}

export async function aUniqueDecimalIsFoundInAnyForm(db: PurlinClient) {
  const found = []
  for (const text of ['-2.5', '0', '1.50', '2', '3.25', '10', '12345678901234567890.123', '11']) {
    const byKey = await db.fee.findUnique({ where: { amount: text } })
    const byCode = await db.fee.findUnique({ where: { code: text } })
    found.push([byKey, byCode].map(fee => fee && fee.amount.toString()))
  }
  return found
}

export async function relatedRowsAreFoundByDecimalsInAnyForm(db: PurlinClient) {
  const ids = (rows: { id: number }[]) => rows.map(charge => charge.id)
  return {
    some: await fees(db, { charges: { some: { id: { gt: 0 } } } }),
    none: await fees(db, { charges: { none: { id: { gt: 0 } } } }),
    grouped: await fees(db, { groups: { some: { id: 1 } } }),
    is: ids(await db.charge.findMany({ where: { fee: { plain: { gt: '1.5' } } }, orderBy: { id: 'asc' } })),
    sorted: ids(await db.charge.findMany({ orderBy: [{ fee: { amount: 'desc' } }, { id: 'asc' }] })),
  }
}

export async function aUniqueDecimalIsUniqueInAnyForm(db: PurlinClient) {
  const fee = (amount: string, number: string) => ({ amount, code: number, label: 'new' })
  const created = []
  for (const [amount, number] of [
    ['2', '20'],
    ['20', '2'],
    ['-2.5', '21'],
    ['21', '0'],
    ['22', '10'],
    ['23', '23'],
  ]) {
    created.push(await code(db.fee.create({ data: fee(amount!, number!) })))
  }
  return {
    created,
    taken: await code(db.fee.update({ where: { amount: '1.5' }, data: { code: '10' } })),
    own: await code(db.fee.update({ where: { amount: '2' }, data: { code: '2' } })),
    many: await code(db.fee.createMany({ data: [fee('30', '31'), fee('32', '3.25')] })),
    others: (await db.fee.createMany({ data: [fee('33', '34'), fee('35', '36')] })).count,
    count: await db.fee.count(),
  }
}

export async function aForeignKeyTakesTheFormOfItsDecimal(db: PurlinClient) {
  await db.charge.create({ data: { feeAmount: '10' } })
  await db.charge.create({ data: { fee: { connect: { amount: '0' } } } })
  await db.charge.createMany({ data: [{ feeAmount: '-2.5' }] })
  await db.charge.update({ where: { id: 5 }, data: { feeAmount: '3.25' } })
  await db.fee.update({ where: { amount: '10' }, data: { groups: { connect: { id: 2 } } } })
  await db.fee.update({ where: { amount: '10' }, data: { charges: { create: {} } } })
  const nowhere = await code(db.charge.create({ data: { feeAmount: '11' } }))
  const charges = []
  for (const text of ['-2.5', '0', '1.5', '2', '3.25', '10']) {
    charges.push(await db.charge.count({ where: { feeAmount: text } }))
  }
  return { charges, grouped: await fees(db, { groups: { some: { id: 2 } } }), nowhere }
}

export async function rowsAreChangedAndDeletedByDecimalsInAnyForm(db: PurlinClient) {
  const changed = await db.fee.update({ where: { amount: '2' }, data: { plain: { increment: '0.5' } } })
  const many = await db.fee.updateMany({ where: { code: { gt: '3' } }, data: { label: 'new' } })
  const gone = await db.fee.delete({ where: { amount: '0' } })
  const deleted = await db.fee.deleteMany({ where: { code: '3.25' } })
  return {
    changed: changed.plain && changed.plain.toString(),
    many: many.count,
    gone: gone.label,
    deleted: deleted.count,
    left: await db.fee.count(),
  }
}

export async function pagesOfRelatedRowsGoByTheValue(db: PurlinClient) {
  const pages = (page: { take?: number; skip?: number }) =>
    db.fee.findMany({
      where: { charges: { some: {} } },
      orderBy: { label: 'asc' },
      select: { label: true, charges: { ...page, orderBy: { id: 'asc' }, select: { id: true } } },
    })
  return [await pages({}), await pages({ take: 2 }), await pages({ skip: 1, take: 3 })]
}
