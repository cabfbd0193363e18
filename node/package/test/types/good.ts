// What must check: results have the types that the arguments ask for.

import {
  Prisma,
  type PrismaClient,
  type Purlin,
  PurlinClient,
  Role,
  type Models,
  type TransactionClient,
  type User,
} from '../generated/index.js'
import * as browser from '../generated/browser.js'

declare const db: PurlinClient

/** Checks that two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function same<A, B>(_: Same<A, B>): void {}
/** An intersection as one object type. */
type Flat<T> = { [P in keyof T]: T[P] } & {}

export async function reads(): Promise<void> {
  const users = await db.user.findMany()
  same<typeof users, User[]>(true)

  const included = await db.user.findMany({ include: { posts: { include: { tags: true } }, manager: true } })
  const tag: string | undefined = included[0]?.posts[0]?.tags[0]?.name
  const manager: User | null | undefined = included[0]?.manager

  const selected = await db.user.findUnique({
    where: { email: 'a' },
    select: {
      id: true,
      name: true,
      posts: { select: { title: true }, where: { views: { gt: 1 } }, orderBy: { id: 'asc' } },
    },
  })
  same<Flat<NonNullable<typeof selected>>, { id: number; name: string | null; posts: Flat<{ title: string }>[] }>(
    true as never,
  )
  const title: string | undefined = selected?.posts[0]?.title

  const counted = await db.user.findFirstOrThrow({ include: { _count: true } })
  const posts: number = counted._count.posts + counted._count.comments
  const filtered = await db.user.findFirstOrThrow({
    select: { _count: { select: { posts: { where: { views: 1 } } } } },
  })
  same<Flat<typeof filtered._count>, { posts: number }>(true)

  const omitted = await db.user.findFirstOrThrow({ omit: { name: true } })
  same<keyof typeof omitted, 'id' | 'email' | 'role' | 'managerId'>(true)

  const all = await db.user.count()
  same<typeof all, number>(true)
  const some = await db.user.count({ select: { _all: true, name: true } })
  same<Flat<typeof some>, { _all: number; name: number }>(true)

  await db.user.findMany({
    where: {
      OR: [{ name: null }, { name: { not: null } }, { email: { in: ['a'], contains: 'b' } }],
      NOT: { posts: { some: { tags: { none: {} } } } },
      manager: { isNot: null },
      role: { in: [Role.ADMIN, 'READER'] },
    },
    orderBy: [{ posts: { _count: 'desc' } }, { manager: { email: 'asc' } }, { name: { sort: 'asc', nulls: 'last' } }],
    take: -5,
    skip: 1,
  })
  await db.membership.findUnique({ where: { team_member: { team: 'a', member: 1 }, since: { not: null } } })
  await db.everything.findMany({ where: { id: 1n, at: { gt: '2024-01-01T00:00:00Z' }, decimal: { lt: '1.5' } } })
  void [tag, manager, title, posts]
}

export async function writes(): Promise<void> {
  const user = await db.user.create({
    data: {
      email: 'a',
      posts: { create: [{ title: 't', tags: { connect: { name: 'x' } } }] },
      profile: { create: { bio: '' } },
    },
    include: { profile: true },
  })
  const bio: string | undefined = user.profile?.bio
  await db.post.create({ data: { title: 't', authorId: 1 } })
  // Members of a type that refuse a value leave those that are given as they are.
  const found = { where: { title: { contains: 'a' } }, take: 1, select: { id: true } } satisfies Prisma.PostFindManyArgs
  same<Flat<Prisma.PostGetPayload<typeof found>>, { id: number }>(true)
  // A condition that is left out where there is nothing to search for.
  const search = async (q?: string) =>
    db.post.findMany({ where: { ...(q && { title: { contains: q } }) }, orderBy: { id: 'desc' }, take: 20 })
  same<Awaited<ReturnType<typeof search>>[number]['title'], string>(true)
  const tags = { connect: [{ name: 'x' }], create: { name: 'y' } } satisfies Prisma.PostUpdateInput['tags']
  await db.post.update({ where: { id: 1 }, data: { tags } })
  await db.post.create({ data: { title: 't', author: { connect: { email: 'a' } } } })
  await db.post.createMany({ data: [{ title: 't', authorId: 1 }] })
  await db.post.update({
    where: { id: 1 },
    data: { views: { increment: 1 }, title: { set: 'x' }, author: { create: { email: 'b' } } },
  })
  await db.post.updateMany({ where: { authorId: 1 }, data: { authorId: 2, content: null } })
  await db.everything.update({ where: { id: 1 }, data: { jsonN: Prisma.DbNull, json: { a: [1, null] }, big: 5n } })
  const { count } = await db.post.deleteMany()
  void [bio, count]
}

export async function upserts(): Promise<void> {
  const args = { where: { email: 'a' }, create: { email: 'a' }, update: { name: null } } satisfies Prisma.UserUpsertArgs
  const user = await db.user.upsert(args)
  same<typeof user, User>(true)
  const selected = await db.user.upsert({ ...args, select: { id: true, posts: { select: { title: true } } } })
  same<Flat<typeof selected>, { id: number; posts: Flat<{ title: string }>[] }>(true as never)
  const included = await db.user.upsert({ ...args, include: { manager: true }, omit: { name: true } })
  const email: string | undefined = included.manager?.email
  await db.post.upsert({
    where: { id: 1 },
    create: { title: 'a', authorId: 1, tags: { connectOrCreate: { where: { name: 'a' }, create: { name: 'a' } } } },
    update: { author: { update: { name: 'b' } }, views: { increment: 1 } },
  })
  await db.membership.upsert({
    where: { team_member: { team: 'a', member: 1 } },
    create: { team: 'a', member: 1 },
    update: { since: '2024-01-01T00:00:00Z' },
  })
  void email
}

export async function related(): Promise<void> {
  const where = { id: 1 }
  await db.user.create({
    data: {
      email: 'a',
      manager: { connectOrCreate: { where: { email: 'b' }, create: { email: 'b' } } },
      posts: {
        createMany: { data: [{ title: 'a' }, { title: 'b', views: 1 }] },
        connectOrCreate: [{ where, create: { title: 'c', comments: { createMany: { data: { body: 'x' } } } } }],
      },
    },
  })
  await db.user.update({
    where,
    data: {
      manager: { update: { where: { name: 'a' }, data: { name: { set: 'b' } } } },
      reports: {
        set: [{ id: 2 }, { email: 'c' }],
        disconnect: { id: 3 },
        updateMany: { where: {}, data: { name: 'x' } },
      },
      profile: { upsert: { create: { bio: 'a' }, update: { bio: 'b' }, where: { bio: { not: 'c' } } } },
      posts: {
        create: { title: 'a' },
        update: [
          {
            where: { id: 1, title: 'a' },
            data: { views: { increment: 1 }, tags: { set: [], connect: { name: 'a' } }, comments: { deleteMany: {} } },
          },
        ],
        updateMany: { where: { views: { gt: 1 } }, data: { published: true } },
        upsert: { where, create: { title: 'a' }, update: { title: 'b' } },
        delete: [{ id: 2 }],
        deleteMany: [{ title: 'a' }, { title: { startsWith: 'b' } }],
      },
    },
  })
  await db.comment.update({ where, data: { author: { disconnect: true }, post: { update: { title: 'a' } } } })
  await db.comment.update({ where, data: { author: { delete: { name: 'a' } } } })
  await db.user.update({ where, data: { profile: { delete: true, create: { bio: 'a' } } } })
  await db.user.update({ where, data: { profile: { update: { bio: 'a' } } } })
  await db.tag.update({ where: { name: 'a' }, data: { posts: { disconnect: where, delete: [where] } } })
  const posts = { deleteMany: {} } satisfies Prisma.UserUpdateInput['posts']
  await db.user.update({ where, data: { posts } })
}

export async function transactions(): Promise<void> {
  const [user, count] = await db.$transaction([db.user.create({ data: { email: 'a' } }), db.user.count()])
  const email: string = user.email
  const total: number = count
  const title = await db.$transaction(async (tx: TransactionClient) => (await tx.post.findFirstOrThrow()).title, {
    timeout: 9,
  })
  same<typeof title, string>(true)
  void [email, total]
}

// The names of Prisma's users.

export const where = { posts: { some: { published: true } } } satisfies Prisma.UserWhereInput
export const args = { where, include: { posts: true } } satisfies Prisma.UserFindManyArgs
export type WithPosts = Prisma.UserGetPayload<typeof args>
export type OfCall<A extends Prisma.UserFindManyArgs> = Prisma.UserGetPayload<A>
export type Plain =
  | Prisma.UserGetPayload<true>
  | Prisma.UserGetPayload<{}>
  | Prisma.UserGetPayload<Prisma.UserDefaultArgs>
export type WithPostsToo = Purlin.UserGetPayload<{ include: { posts: { select: { id: true } } } }>
export const total = (user: WithPosts, other: WithPostsToo): number => user.posts.length + (other.posts[0]?.id ?? 0)
export const select = Prisma.validator<Prisma.UserSelect>()({ id: true, posts: { select: { title: true } } })
export const data: Prisma.PostUncheckedCreateInput = { title: 't', authorId: 1, comments: { create: { body: 'x' } } }
export const order: Prisma.SortOrder = Prisma.SortOrder.asc
export const limited = new PurlinClient({
  limits: { rows: Infinity, nodes: 100, jsonDepth: 5 },
  statementTimeout: 1000,
  queueTimeout: 1000,
  queueLength: 10,
  queueBytes: 1_000_000,
  emptyWhere: 'allow',
})
export const client: PrismaClient = new PurlinClient({
  datasources: { db: { url: 'file:x' } },
  transactionOptions: { maxWait: 1 },
})
export const role: browser.Role = browser.Role.ADMIN
export const row = (user: browser.User): Models['User']['row'] => user
export function code(error: unknown): string | undefined {
  if (error instanceof Prisma.PrismaClientKnownRequestError) return error.code
  return undefined
}
export const field: Prisma.UserScalarFieldEnum = Prisma.UserScalarFieldEnum.email

export async function nulls(): Promise<void> {
  await db.user.findMany({ where: { name: { in: null, not: { notIn: null } }, role: { in: ['ADMIN'] } } })
  await db.everything.updateMany({ data: { decimal: { increment: '0.1' }, decimalN: { divide: 3 } } })
}

export async function dynamic(args: Prisma.UserFindManyArgs): Promise<User[]> {
  return db.user.findMany(args)
}

/** Bytes have a buffer of their own, which the interfaces of the platform ask for. */
export async function bytes(): Promise<Blob> {
  const row = await db.everything.findFirstOrThrow()
  const written: Uint8Array = row.bytes
  await db.everything.updateMany({
    data: { bytes: new Uint8Array(new SharedArrayBuffer(1)), bytesN: Buffer.from('a') },
  })
  return new Blob([row.bytes, written.slice()])
}

/** What may have to be left out. */
export async function skipping(email?: string, take?: number): Promise<void> {
  await db.user.findMany({
    where: { email: email ?? Prisma.skip },
    take: take ?? Prisma.skip,
    select: { id: true, name: Prisma.skip },
  })
  await db.user.update({ where: { id: 1 }, data: { name: email ?? Prisma.skip } })
}

/** The namespace of client components has the types of the client's, and names. */
export function clientComponent(
  props: browser.Prisma.UserGetPayload<{ include: { posts: { include: { tags: true } } } }>,
  args: browser.Purlin.PostGetPayload<{ select: { id: true } }>,
): browser.Prisma.JsonValue {
  same<typeof props, Prisma.UserGetPayload<{ include: { posts: { include: { tags: true } } } }>>(true)
  same<browser.Prisma.UserWhereInput, Prisma.UserWhereInput>(true)
  same<browser.Prisma.Decimal, string>(true)
  const sort: browser.Prisma.SortOrder = browser.Prisma.SortOrder.asc
  const column: browser.Prisma.UserScalarFieldEnum = browser.Prisma.UserScalarFieldEnum.email
  const model: browser.Prisma.ModelName = browser.Purlin.ModelName.Post
  // @ts-expect-error a transaction is of the server
  type Absent = browser.Prisma.TransactionClient
  return [sort, column, model, props.posts[0]?.tags[0]?.name ?? null, args.id]
}
