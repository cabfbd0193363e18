// What an application has that checks without `strictNullChecks`: the rows are usable, and what they have not is an error.

import type { Prisma, PurlinClient, User } from '../generated/index.js'
declare const db: PurlinClient
export async function loose() {
  const made = await db.user.create({ data: { email: 'a' } })
  const id: number = made.id
  // @ts-expect-error a column is what it is
  made.id.trim()
  const n: number = (await db.user.count()) + 1
  const some: number = (await db.user.count({ select: { _all: true } }))._all
  const users = await db.user.findMany({ include: { posts: { select: { title: true } }, manager: true } })
  users[0].posts[0].title.trim()
  users[0].manager.email.trim()
  // @ts-expect-error not selected
  users[0].posts[0].views
  // @ts-expect-error not included
  users[0].comments
  const one = await db.user.findUnique({ where: { id: 1 } })
  one.email.trim()
  const picked = await db.user.findFirst({ select: { id: true } })
  // @ts-expect-error not selected
  picked.email
  const left = await db.user.findFirst({ omit: { email: true } })
  left.id.toFixed()
  // @ts-expect-error omitted
  left.email
  // @ts-expect-error either of them
  await db.user.findMany({ select: { id: true }, include: { posts: true } })
  // @ts-expect-error an unknown relation
  await db.user.findMany({ include: { articles: true } })
  // @ts-expect-error an unknown column
  await db.user.findMany({ where: { fullName: 'a' } })
  // @ts-expect-error a required value
  await db.user.create({ data: { name: 'a' } })
  await db.user.update({ where: { id: 1 }, data: { name: null } })
  await db.user.updateMany({ data: { name: 'x' } })
  const [a, b] = await db.$transaction([db.user.count(), db.user.findMany({ select: { id: true } })])
  a.toFixed()
  b[0].id.toFixed()
  const row: User = made
  const payload: Prisma.UserGetPayload<{ include: { posts: true } }> = await db.user.findFirstOrThrow({
    include: { posts: true },
  })
  payload.posts[0].title.trim()
  return [id, n, some, row, payload]
}
