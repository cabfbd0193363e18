// Relations by texts that the database compares in ways of their own: a foreign key leads to what its key says is equal.

import type { Prisma, PurlinClient } from '../generated/index.js'

const ids = { orderBy: { id: 'asc' }, select: { id: true } } as const

const related = {
  email: true,
  purchases: ids,
  parcels: { orderBy: { id: 'desc' }, take: 2, select: { id: true } },
  lists: { orderBy: { name: 'asc' }, select: { name: true } },
  card: { select: { holder: true } },
} as const

async function customers(db: PurlinClient, where: Prisma.CustomerWhereInput) {
  const rows = await db.customer.findMany({ where, orderBy: { email: 'asc' } })
  return rows.map(customer => customer.email)
}

async function purchases(db: PurlinClient, where: Prisma.PurchaseWhereInput) {
  const rows = await db.purchase.findMany({ where, orderBy: { id: 'asc' } })
  return rows.map(purchase => purchase.id)
}

/** The relations from each side. */
async function read(db: PurlinClient) {
  const counts = { purchases: true, parcels: true, lists: true }
  const counted = await db.customer.findMany({ orderBy: { email: 'asc' }, select: { _count: { select: counts } } })
  const byCount = await db.customer.findMany({ orderBy: [{ purchases: { _count: 'desc' } }, { email: 'asc' }] })
  const byNick = await db.purchase.findMany({ orderBy: [{ customer: { nick: 'asc' } }, { id: 'asc' }] })
  return {
    down: await db.customer.findMany({ orderBy: { email: 'asc' }, select: related }),
    counts: counted.map(({ _count }) => [_count.purchases, _count.parcels, _count.lists]),
    up: await db.purchase.findMany({
      orderBy: { id: 'asc' },
      select: { id: true, customer: { select: { email: true } } },
    }),
    twice: await db.mailingList.findMany({
      orderBy: { name: 'asc' },
      select: { name: true, customers: { orderBy: { email: 'asc' }, select: { email: true, purchases: ids } } },
    }),
    some: await customers(db, { purchases: { some: {} } }),
    none: await customers(db, { purchases: { none: {} } }),
    every: await customers(db, { purchases: { every: { id: { lt: 4 } } } }),
    indexed: await customers(db, { parcels: { some: { id: 3 } } }),
    joined: await customers(db, { lists: { some: { name: 'Red' } } }),
    unjoined: await customers(db, { lists: { none: {} } }),
    card: await customers(db, { card: { is: {} } }),
    noCard: await customers(db, { card: null }),
    is: await purchases(db, { customer: { is: { nick: 'Ann' } } }),
    isNot: await purchases(db, { customer: { isNot: { email: 'Ann@x' } } }),
    byCount: byCount.map(customer => customer.email),
    byNick: byNick.map(purchase => purchase.id),
  }
}

export const aKeyThatIgnoresCase = read
export const aForeignKeyThatIgnoresCase = read
export const aKeyThatIgnoresSpacesAtItsEnd = read

/** Changes of related rows. */
async function write(db: PurlinClient) {
  const update = (data: Prisma.CustomerUpdateInput) => db.customer.update({ where: { email: 'Ann@x' }, data })
  await update({ purchases: { set: [{ id: 1 }] } })
  await update({ parcels: { updateMany: { where: {}, data: { note: 'new' } } } })
  await update({ parcels: { update: { where: { id: 2 }, data: { note: 'newer' } } } })
  const parcels = await db.parcel.findMany({ orderBy: { id: 'asc' }, select: { id: true, note: true } })
  await update({ parcels: { delete: { id: 2 } } })
  await update({ parcels: { deleteMany: {} } })
  await update({ lists: { set: [] } })
  await db.customer.update({ where: { email: 'bob@x' }, data: { lists: { disconnect: { name: 'red' } } } })
  const bought = await db.purchase.findMany({ orderBy: { id: 'asc' }, select: { id: true, buyer: true } })
  await update({ purchases: { disconnect: { id: 1 } } })
  const nothing = { purchases: { none: {} }, parcels: { none: {} }, lists: { none: {} }, card: null }
  const { count } = await db.customer.deleteMany({ where: nothing })
  return {
    parcels,
    bought,
    kept: await db.parcel.findMany({ orderBy: { id: 'asc' }, select: { id: true } }),
    joined: await customers(db, { lists: { some: {} } }),
    deleted: count,
    left: await customers(db, {}),
  }
}

export const writesWhereAKeyIgnoresCase = write
export const writesWhereAForeignKeyIgnoresCase = write
