// What must not check, one rule a statement.

import { Prisma, PurlinClient, type User } from '../generated/index.js'

declare const db: PurlinClient

export async function results(): Promise<void> {
  const users = await db.user.findMany({ include: { posts: true } })
  // @ts-expect-error a field that the model has not, say because it was renamed
  users[0]!.fullName
  // @ts-expect-error a relation that is not included
  users[0]!.comments
  // @ts-expect-error a relation that may be absent
  ;(await db.user.findFirstOrThrow({ include: { manager: true } })).manager.email
  // @ts-expect-error a column that is not selected
  ;(await db.user.findFirstOrThrow({ select: { id: true } })).email
  // @ts-expect-error a column that is omitted
  ;(await db.user.findFirstOrThrow({ omit: { email: true } })).email
  // @ts-expect-error a row that may be absent
  ;(await db.user.findUnique({ where: { id: 1 } })).email
  // @ts-expect-error null where the column may be null
  const name: string = users[0]!.name
  // @ts-expect-error text of a number
  const id: string = users[0]!.id
  // @ts-expect-error a count that was not asked for
  ;(await db.user.findFirstOrThrow({ select: { _count: { select: { posts: true } } } }))._count.comments
  void [name, id]
}

export async function selections(): Promise<void> {
  // @ts-expect-error an unknown relation
  await db.user.findMany({ include: { articles: true } })
  // @ts-expect-error an unknown relation beside a known one
  await db.user.findMany({ include: { posts: true, articles: true } })
  // @ts-expect-error an unknown column, further down
  await db.user.findMany({ select: { posts: { select: { title: true, subject: true } } } })
  // @ts-expect-error a column is not included
  await db.user.findMany({ include: { email: true } })
  // @ts-expect-error either select or include
  await db.user.findMany({ select: { id: true }, include: { posts: true } })
  // @ts-expect-error either select or omit
  await db.user.findMany({ select: { id: true }, omit: { name: true } })
  // @ts-expect-error pages of a to-one relation
  await db.post.findMany({ include: { author: { take: 1 } } })
  // @ts-expect-error a condition on a relation that is always there
  await db.post.findMany({ include: { author: { where: { id: 1 } } } })
  // @ts-expect-error a number of rows that are no list
  await db.user.findMany({ include: { _count: { select: { profile: true } } } })
}

export async function conditions(): Promise<void> {
  // @ts-expect-error an unknown column
  await db.user.findMany({ where: { fullName: 'a' } })
  // @ts-expect-error an unknown column beside a known one
  await db.user.findMany({ where: { email: 'a', fullName: 'a' } })
  // @ts-expect-error an unknown column, further down
  await db.user.findMany({ where: { posts: { some: { title: 'a', subject: 'a' } } } })
  // @ts-expect-error an unknown operator
  await db.user.findMany({ where: { email: { like: 'a' } } })
  // @ts-expect-error an operator of text on a number
  await db.user.findMany({ where: { id: { contains: 'a' } } })
  // @ts-expect-error another type of value
  await db.user.findMany({ where: { email: 1 } })
  // @ts-expect-error another type of value, in an operator
  await db.user.findMany({ where: { email: { contains: 1 } } })
  // @ts-expect-error null of a column that is never null
  await db.user.findMany({ where: { email: null } })
  // @ts-expect-error an unknown enum value
  await db.user.findMany({ where: { role: 'OWNER' } })
  // @ts-expect-error a list quantifier on a to-one relation
  await db.user.findMany({ where: { manager: { some: {} } } })
  // @ts-expect-error a list is quantified
  await db.user.findMany({ where: { posts: { title: 'a' } } })
  // @ts-expect-error an unknown argument
  await db.user.findMany({ where: {}, limit: 1 })
  // @ts-expect-error what is not there yet
  await db.user.findMany({ cursor: { id: 1 } })
  // @ts-expect-error no key
  await db.user.findUnique({ where: { name: 'a' } })
  // @ts-expect-error half a key
  await db.membership.findUnique({ where: { team_member: { team: 'a' } } })
  // @ts-expect-error an unknown sort key
  await db.user.findMany({ orderBy: { fullName: 'asc' } })
  // @ts-expect-error an unknown direction
  await db.user.findMany({ orderBy: { email: 'up' } })
  // @ts-expect-error nulls of a column that is never null
  await db.user.findMany({ orderBy: { email: { sort: 'asc', nulls: 'last' } } })
}

export async function writes(): Promise<void> {
  // @ts-expect-error a required column is missing
  await db.user.create({ data: { name: 'a' } })
  // @ts-expect-error a required relation is missing
  await db.post.create({ data: { title: 'a' } })
  // @ts-expect-error a relation beside its foreign key
  await db.post.create({ data: { title: 'a', authorId: 1, author: { connect: { id: 1 } } } })
  // @ts-expect-error an unknown column
  await db.user.create({ data: { email: 'a', fullName: 'a' } })
  // @ts-expect-error another type of value
  await db.user.create({ data: { email: 1 } })
  // @ts-expect-error null for a required column
  await db.user.create({ data: { email: null } })
  // @ts-expect-error a required column of a nested row is missing
  await db.user.create({ data: { email: 'a', posts: { create: [{ content: 'a' }] } } })
  // @ts-expect-error a nested row cannot name another parent
  await db.user.create({ data: { email: 'a', posts: { create: { title: 'a', authorId: 2 } } } })
  // @ts-expect-error what is not there yet
  await db.user.createMany({ data: [], skipDuplicates: true })
  // @ts-expect-error an unknown operation
  await db.post.update({ where: { id: 1 }, data: { tags: { disconnects: { name: 'a' } } } })
  // @ts-expect-error relations in createMany
  await db.user.createMany({ data: [{ email: 'a', posts: {} }] })
  // @ts-expect-error arithmetic on text
  await db.user.update({ where: { id: 1 }, data: { email: { increment: 1 } } })
  // @ts-expect-error no condition
  await db.user.delete({})
  // @ts-expect-error a plain null of Json does not say which
  await db.everything.update({ where: { id: 1 }, data: { jsonN: null } })
}

export async function related(): Promise<void> {
  const where = { id: 1 }
  // @ts-expect-error a new row has no rows yet
  await db.user.create({ data: { email: 'a', posts: { deleteMany: {} } } })
  // @ts-expect-error a new row has no row yet
  await db.user.create({ data: { email: 'a', manager: { disconnect: true } } })
  // @ts-expect-error a new nested row has no rows yet
  await db.user.update({ where, data: { posts: { create: { title: 'a', tags: { set: [] } } } } })
  // @ts-expect-error a row that is required stays
  await db.post.update({ where, data: { author: { disconnect: true } } })
  // @ts-expect-error a row that is required is not deleted
  await db.post.update({ where, data: { author: { delete: true } } })
  // @ts-expect-error rows of a list have keys
  await db.user.update({ where, data: { posts: { delete: true } } })
  // @ts-expect-error no key
  await db.user.update({ where, data: { posts: { disconnect: { title: 'a' } } } })
  // @ts-expect-error no key
  await db.user.update({ where, data: { posts: { set: [{}] } } })
  // @ts-expect-error one row is no list
  await db.user.update({ where, data: { profile: { set: [] } } })
  // @ts-expect-error one row is no list
  await db.user.update({ where, data: { profile: { update: [{ bio: 'a' }] } } })
  // @ts-expect-error no row of a list is named
  await db.user.update({ where, data: { posts: { update: { title: 'a' } } } })
  // @ts-expect-error nothing to change
  await db.user.update({ where, data: { posts: { update: { where } } } })
  // @ts-expect-error a changed row keeps its author
  await db.user.update({ where, data: { posts: { update: { where, data: { authorId: 2 } } } } })
  // @ts-expect-error a changed row keeps its author
  await db.user.update({ where, data: { posts: { update: { where, data: { author: { connect: { id: 2 } } } } } } })
  // @ts-expect-error changed rows keep their author
  await db.user.update({ where, data: { posts: { updateMany: { where: {}, data: { authorId: 2 } } } } })
  // @ts-expect-error relations of many rows
  await db.user.update({ where, data: { posts: { updateMany: { where: {}, data: { tags: { set: [] } } } } } })
  // @ts-expect-error which rows must be said
  await db.user.update({ where, data: { posts: { updateMany: { data: { title: 'a' } } } } })
  // @ts-expect-error a required column of the new row is missing
  await db.user.update({ where, data: { posts: { upsert: { where, create: {}, update: {} } } } })
  // @ts-expect-error no changes
  await db.user.update({ where, data: { profile: { upsert: { create: { bio: 'a' } } } } })
  // @ts-expect-error the new row names no other user
  await db.user.update({ where, data: { profile: { upsert: { create: { bio: 'a', userId: 2 }, update: {} } } } })
  // @ts-expect-error no new row
  await db.user.create({ data: { email: 'a', posts: { connectOrCreate: { where } } } })
  // @ts-expect-error an unknown column of a row of createMany
  await db.user.update({ where, data: { posts: { createMany: { data: [{ title: 'a', authorId: 1 }] } } } })
  // @ts-expect-error a relation of a row of createMany
  await db.user.update({ where, data: { posts: { createMany: { data: [{ title: 'a', tags: {} }] } } } })
  // @ts-expect-error a list of calls of createMany
  await db.user.update({ where, data: { posts: { createMany: [] } } })
  // @ts-expect-error what is not there yet
  await db.user.update({ where, data: { posts: { createMany: { data: [], skipDuplicates: true } } } })
  // @ts-expect-error no createMany of a many-to-many relation
  await db.post.update({ where, data: { tags: { createMany: { data: [{ name: 'a' }] } } } })
  // @ts-expect-error an unknown column in a condition
  await db.user.update({ where, data: { posts: { deleteMany: { titel: 'a' } } } })
  // @ts-expect-error a relation beside its foreign key
  await db.comment.update({ where, data: { authorId: 1, author: { disconnect: true } } })
  // @ts-expect-error nothing of the arguments
  await db.user.upsert({})
  // @ts-expect-error no changes
  await db.user.upsert({ where, create: { email: 'a' } })
  // @ts-expect-error no key
  await db.user.upsert({ where: { name: 'a' }, create: { email: 'a' }, update: {} })
  // @ts-expect-error a required column of the new row is missing
  await db.user.upsert({ where, create: {}, update: {} })
  // @ts-expect-error `select` and `include`
  await db.user.upsert({ where, create: { email: 'a' }, update: {}, select: { id: true }, include: { posts: true } })
  // @ts-expect-error what is not selected
  void (await db.user.upsert({ where, create: { email: 'a' }, update: {}, select: { id: true } })).email
}

export async function clients(): Promise<void> {
  // @ts-expect-error promises of other things
  await db.$transaction([Promise.resolve(1)])
  // @ts-expect-error no transaction inside a transaction
  await db.$transaction(async tx => tx.$transaction([]))
  // @ts-expect-error an unknown option
  new PurlinClient({ urll: 'file:x' })
  // @ts-expect-error an option of Prisma's that has no use here
  new PurlinClient({ adapter: {} })
  // @ts-expect-error no such limit
  new PurlinClient({ limits: { node: 1 } })
  // @ts-expect-error a limit is a number
  new PurlinClient({ limits: { nodes: '1' } })
  // @ts-expect-error no such meaning
  new PurlinClient({ emptyWhere: 'deny' })
  // @ts-expect-error options of Prisma's that are not there yet
  new PurlinClient({ log: ['query'] })
  // @ts-expect-error options of Prisma's that are not there yet
  new PurlinClient({ errorFormat: 'pretty' })
  // @ts-expect-error an unknown model
  await db.users.findMany()
}

export async function nulls(): Promise<void> {
  // @ts-expect-error null for a list of a column that is never null
  await db.user.findMany({ where: { email: { in: null } } })
  // @ts-expect-error arithmetic on text
  await db.user.updateMany({ data: { email: { increment: '1' } } })
}

// @ts-expect-error an unknown member of arguments
export const args = { where: {}, nope: true } satisfies Prisma.UserFindManyArgs
export const props = (user: Prisma.UserGetPayload<{ include: { posts: true } }>): User => user
// @ts-expect-error a relation that the payload has not
export const wrong = (user: Prisma.UserGetPayload<{ include: { posts: true } }>) => user.comments

// A payload of what is no selection.
// @ts-expect-error a misspelled relation
export type Misspelled = Prisma.UserGetPayload<{ include: { pots: true } }>
// @ts-expect-error a misspelled column
export type MisspelledColumn = Prisma.UserGetPayload<{ select: { nam: true } }>
// @ts-expect-error a misspelled relation of a relation
export type MisspelledBelow = Prisma.UserGetPayload<{ include: { posts: { include: { tgs: true } } } }>
// @ts-expect-error a column is not included
export type IncludedColumn = Prisma.UserGetPayload<{ include: { email: true } }>
// @ts-expect-error the arguments of a call that loads nothing
export type NoSelection = Prisma.UserGetPayload<{ where: { id: 1 } }>
// @ts-expect-error a number
export type NumberSelection = Prisma.UserGetPayload<{ select: { id: 1 } }>
// @ts-expect-error a condition on what is not a field
export type WrongCondition = Prisma.UserGetPayload<{ include: { posts: { where: { titel: 'a' } } } }>

// What Prisma has and is not there: the message is the type of the argument.
export async function absent(): Promise<void> {
  // @ts-expect-error raw SQL
  await db.$queryRaw`SELECT 1`
  // @ts-expect-error raw SQL, with the type of its rows
  const [row] = await db.$queryRaw<{ n: number }[]>`SELECT 1 AS n WHERE 1 = ${1}`
  row!.n.toFixed()
  // @ts-expect-error raw SQL as text
  ;(await db.$executeRawUnsafe('DELETE FROM users')).toFixed()
  // @ts-expect-error fragments of raw SQL
  void Prisma.sql`SELECT 1`
  // @ts-expect-error extensions; what is written with the result is checked all the same
  const extended = db.$extends({ name: 'x' })
  ;(await extended.user.findMany())[0]!.email.trim()
  // @ts-expect-error events
  db.$on('query', event => void event)
  // @ts-expect-error groups
  await db.user.groupBy({ by: ['role'] })
  // @ts-expect-error sums
  await db.post.aggregate({ _sum: { views: true } })
  // @ts-expect-error rows of createMany
  ;(await db.user.createManyAndReturn({ data: [{ email: 'a' }] }))[0]!.email.trim()
  // @ts-expect-error references to fields
  await db.post.findMany({ where: { views: { gt: db.post.fields.views } } })
  await db.$transaction(async tx => {
    // @ts-expect-error raw SQL in a transaction
    await tx.$executeRaw`DELETE FROM users`
    // @ts-expect-error transactions do not nest
    await tx.$transaction([])
  })
}
