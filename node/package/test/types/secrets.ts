// What stays on the server, what is only read, what is never written, and lists: of a schema for PostgreSQL.

import { ServerOnly, trusted } from 'purlin'
import { Prisma, type PurlinClient, type Account, type Total } from '../generated-secrets/index.js'

declare const db: PurlinClient
declare function Component(props: { text: string | null }): void

export async function secrets(): Promise<unknown[]> {
  const row = await db.account.findFirstOrThrow()
  // @ts-expect-error a row has no field that stays on the server
  Component({ text: row.hash })
  const { hash, pin, codes } = await db.account.findFirstOrThrow({ select: { hash: true, pin: true, codes: true } })
  // @ts-expect-error a secret is no text
  Component({ text: hash })
  Component({ text: hash.reveal() })
  const secret: ServerOnly<string> = hash
  const number: number | undefined = pin?.reveal()
  const list: string[] = codes.reveal()
  const beside = await db.account.findFirstOrThrow({ omit: { hash: false, email: true } })
  const [again, domain]: [ServerOnly<string>, string] = [beside.hash, beside.domain]
  // @ts-expect-error it is left out
  const email: unknown = beside.email
  // @ts-expect-error `true` leaves it out as well
  const none: unknown = (await db.account.findFirstOrThrow({ omit: { hash: true } })).hash
  const related = await db.usage.findFirstOrThrow({ include: { account: { omit: { hash: false } } } })
  const theirs: ServerOnly<string> = related.account.hash
  // @ts-expect-error only what is asked for
  const others: unknown = related.account.pin
  const found = await db.account.findUnique({ where: { pin: 7, hash: trusted({ not: 'x' }) } })
  await db.account.findMany({
    where: { hash: trusted({ in: ['x'] }), codes: trusted({ has: '1' }) },
    orderBy: { hash: trusted('asc') },
  })
  await db.usage.findMany({ where: { account: { hash: Prisma.trusted('x') } } })
  // @ts-expect-error a trusted condition is checked as any other
  await db.account.findMany({ where: { hash: trusted({ startsWith: 5 }) } })
  // @ts-expect-error a trusted condition is checked as any other
  await db.account.findMany({ where: { hash: trusted({ startsWidth: 'x' }) } })
  await db.account.create({ data: { email: 'a', hash: 'plain', pin: 1 } })
  const selection = { hash: true } satisfies Prisma.AccountSelect
  const payload: Prisma.AccountGetPayload<{ select: typeof selection }> = { hash: new ServerOnly('x') }
  return [secret, number, list, again, domain, email, none, theirs, others, found, payload, row satisfies Account]
}

export async function lists(): Promise<unknown[]> {
  const where = { tags: { has: 'a', hasEvery: ['a'], hasSome: ['b'], isEmpty: false, equals: ['c'] } }
  const rows = await db.account.findMany({ where: { ...where, rights: { has: 'READ' }, codes: ['1'] } })
  const tags: string[] | undefined = rows[0]?.tags
  const rights: ('READ' | 'WRITE')[] | undefined = rows[0]?.rights
  await db.account.create({ data: { email: 'a', hash: 'b', tags: ['a'], rights: { set: ['READ'] } } })
  await db.account.update({ where: { id: 1 }, data: { tags: { push: 'a' }, rights: { push: ['WRITE'] }, codes: [] } })
  // @ts-expect-error not a value of the enum
  await db.account.findMany({ where: { rights: { has: 'read' } } })
  // @ts-expect-error a list has no `contains`
  await db.account.findMany({ where: { tags: { contains: 'a' } } })
  return [tags, rights]
}

export async function reads(): Promise<unknown[]> {
  const total: Total | null = await db.total.findFirst({ where: { count: { gt: 1 } } })
  // @ts-expect-error nothing names a row of it
  db.total.findUnique
  const usage = await db.usage.findUnique({
    where: { accountId: 1 },
    include: { account: { include: { usage: true } } },
  })
  const days: Date[] | undefined = usage?.account.usage?.days
  // @ts-expect-error a view is only read
  db.usage.create
  // @ts-expect-error a view is only read
  db.usage.updateMany
  // @ts-expect-error a view is only read
  db.usage.deleteMany
  // @ts-expect-error a view is only read
  await db.account.update({ where: { id: 1 }, data: { usage: { connect: { accountId: 1 } } } })
  // @ts-expect-error the database computes it
  await db.account.update({ where: { id: 1 }, data: { domain: 'x' } })
  // @ts-expect-error the database computes it
  await db.account.create({ data: { email: 'a', hash: 'b', domain: 'x' } })
  // @ts-expect-error clients cannot create it
  db.shape.create
  // @ts-expect-error clients cannot create it
  await db.account.update({ where: { id: 1 }, data: { shapes: { create: { id: 1 } } } })
  await db.account.update({ where: { id: 1 }, data: { shapes: { connect: [{ id: 1 }] } } })
  await db.shape.update({ where: { id: 1 }, data: { name: 'x', account: { connect: { domain: 'x' } } } })
  await db.shape.deleteMany()
  return [total, days]
}
