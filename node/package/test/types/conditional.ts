// Selections that the program decides on, and models that it chooses.

import type { Models, Prisma, PurlinClient, User } from '../generated/index.js'

declare const db: PurlinClient
declare const isAdmin: boolean

/** Checks that two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function same<A, B>(_: Same<A, B>): void {}

export async function selections(): Promise<void> {
  const some = await db.user.findFirstOrThrow({ select: { id: true, name: isAdmin } })
  same<typeof some, { id: number; name?: string | null }>(true)
  const spread = await db.user.findFirstOrThrow({ select: { id: true, ...(isAdmin ? { name: true } : {}) } })
  same<typeof spread, { id: number; name?: string | null }>(true)
  const off = await db.user.findFirstOrThrow({ select: { id: true, name: false } })
  same<typeof off, { id: number }>(true)
  const omitted = await db.user.findFirstOrThrow({ omit: { name: true, email: false }, include: { profile: false } })
  same<keyof typeof omitted, 'id' | 'email' | 'role' | 'managerId'>(true)
  // TypeScript forgets which members of a constant are true; all of them are taken to be.
  const select = { id: true, email: true }
  const constant = await db.user.findFirstOrThrow({ select })
  same<typeof constant, { id: number; email: string }>(true)
  const exact = { id: true, email: true } satisfies Prisma.UserSelect
  const [user] = await db.user.findMany({ select: exact })
  const email: string | undefined = user?.email
  void email
}

export async function generics<T extends Prisma.UserFindManyArgs>(
  args: Prisma.SelectSubset<T, Prisma.UserFindManyArgs>,
) {
  return db.user.findMany(args)
}

// Layers of an application that pass a selection on.

export const selected = <S extends Prisma.UserSelect>(select: S) => db.user.findMany({ select })
export const included = <I extends Prisma.UserInclude>(include: I) => db.user.findMany({ include })
export const found = <I extends Prisma.UserInclude>(id: number, include: I) =>
  db.user.findUnique({ where: { id }, include })

export async function layers(): Promise<void> {
  const names = await selected({ name: true })
  same<(typeof names)[number], { name: string | null }>(true)
  const posts = await included({ posts: { select: { title: true } } })
  const title: string | undefined = posts[0]?.posts[0]?.title
  void [title, await found(1, { profile: true })]
}

/** A page of related rows has the fields that are selected. */
export async function pages(): Promise<void> {
  const users = await db.user.findMany({
    include: {
      posts: { select: { title: true }, where: { views: 1 }, orderBy: { id: 'asc' }, take: 3, skip: 1 },
      comments: { omit: { body: true }, take: 1 },
    },
  })
  same<(typeof users)[number]['posts'], { title: string }[]>(true)
  // @ts-expect-error a column that is not selected
  void users[0]?.posts[0]?.id
  // @ts-expect-error a column that is omitted
  void users[0]?.comments[0]?.body
}

export async function calls(): Promise<void> {
  const users = await generics({ select: { id: true } })
  same<(typeof users)[number], { id: number }>(true)
  const rows: User[] = await generics({ where: { email: 'a' } })
  // One of several models.
  const model: 'user' | 'post' = isAdmin ? 'user' : 'post'
  const found = await db[model].findMany({ where: { id: 1 }, select: { id: true } })
  const id: number | undefined = found[0]?.id
  const name: keyof Models = 'User'
  void [rows, id, name]
}
