// Prisma 7 with its better-sqlite3 adapter.

import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { pragmas } from '../database.mjs'
import { PrismaClient } from '../generated/prisma.mjs'
import { width } from '../queries.mjs'

export async function open(file) {
  const db = new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: `file:${file}` }) })
  // The adapter holds one connection, so its settings can be given as queries.
  for (const pragma of pragmas) await db.$queryRawUnsafe(pragma)

  const page = (after, take, include) =>
    db.user.findMany({ where: { id: { gt: after } }, orderBy: { id: 'asc' }, take, include })
  return {
    q1: id => db.user.findUnique({ where: { id } }),
    q2: after => page(after, width.q2),
    q3: after => page(after, width.q3, { posts: true }),
    q4: after => page(after, width.q4, { posts: { include: { comments: { include: { author: true } }, tags: true } } }),
    close: () => db.$disconnect(),
  }
}
