// Fields that the schema declares `@server`: loaded where they are asked for by name, and then not to be shown.

import { ServerOnly, trusted } from 'purlin'
import type { PurlinClient } from '../generated/index.js'

async function accounts(db: PurlinClient) {
  await db.account.create({
    data: { login: 'ada', hash: 'hash of ada', apiKey: 'key', pin: 7, logins: { create: {} } },
  })
  await db.account.create({ data: { login: 'bob', hash: 'hash of bob' } })
}

/** The row with its secrets revealed. What is none fails. */
function revealed(row: object) {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]: [string, unknown]) => {
      return [name, value instanceof ServerOnly ? (value.reveal() as unknown) : value]
    }),
  )
}

export async function leftOutByDefault(db: PurlinClient) {
  await accounts(db)
  const created = await db.account.create({ data: { login: 'eve', hash: 'x' } })
  const found = await db.account.findMany({ orderBy: { id: 'asc' }, omit: { hash: true } })
  return [created, found, await db.account.update({ where: { id: 1 }, data: { pin: { increment: trusted(1) } } })]
}

export async function givenByName(db: PurlinClient) {
  await accounts(db)
  const select = { login: true, hash: true, apiKey: true, pin: true, seen: true } as const
  const rows = await db.account.findMany({ orderBy: { id: 'asc' }, select })
  if (!rows.every(row => row.hash instanceof ServerOnly && row.seen instanceof ServerOnly)) return 'not wrapped'
  const [ada, bob] = rows
  if (ada?.apiKey === null || bob?.apiKey !== null) return 'a null is no secret'
  if (JSON.stringify(ada?.hash) !== '{}' || String(ada?.hash).includes('ada')) return 'the value shows'
  return rows.map(revealed)
}

export async function leftOutOfRelations(db: PurlinClient) {
  await accounts(db)
  return db.account.findUnique({ where: { id: 1 }, select: { logins: true } })
}

export async function givenBesideAllOthers(db: PurlinClient) {
  await accounts(db)
  const row = await db.account.findUniqueOrThrow({ where: { id: 1 }, omit: { hash: false } })
  return { id: row.id, login: row.login, hash: row.hash.reveal() }
}

export async function namedByASecretKey(db: PurlinClient) {
  await accounts(db)
  return db.account.findUnique({ where: { apiKey: 'key' } })
}

export async function comparedAndSorted(db: PurlinClient) {
  await accounts(db)
  return [
    await db.account.findMany({
      where: { hash: trusted({ startsWith: 'hash of' }) },
      orderBy: { hash: trusted('desc') },
    }),
    await db.account.count({ where: { apiKey: null } }),
    await db.account.count({ where: { logins: { some: { token: trusted('t') } } } }),
  ]
}

export async function writtenAsPlainValues(db: PurlinClient) {
  await accounts(db)
  await db.login.createMany({ data: [{ token: 'u', accountId: 2 }] })
  await db.account.updateMany({ data: { apiKey: null } })
  const tokens = await db.login.findMany({ orderBy: { id: 'asc' }, select: { token: true } })
  return [tokens.map(row => row.token.reveal()), await db.account.count({ where: { apiKey: trusted({ not: null }) } })]
}
