// Removal of rows, and what happens to the rows that refer to them.

import type { PurlinClient } from '../generated/index.js'
import { refused } from '../refused.js'

async function comments(db: PurlinClient) {
  const rows = await db.comment.findMany({ orderBy: { id: 'asc' } })
  return rows.map(comment => comment.id)
}

export async function givesTheRowAsItWas(db: PurlinClient) {
  return [await db.comment.delete({ where: { id: 2 } }), await db.comment.count()]
}

export async function givesRelatedRowsAsTheyWere(db: PurlinClient) {
  return [
    await db.post.delete({
      where: { id: 1 },
      select: {
        title: true,
        comments: { orderBy: { id: 'asc' }, select: { text: true } },
        _count: { select: { tags: true } },
      },
    }),
    await db.user.delete({ where: { id: 5 }, select: { email: true, profile: true, badge: true } }),
  ]
}

export async function narrowedByOtherConditions(db: PurlinClient) {
  const stale = await refused(db.comment.delete({ where: { id: 1, text: 'edited' } }))
  const current = await db.comment.delete({ where: { id: 1, text: 'first' } })
  return [stale, current.id]
}

export async function cascades(db: PurlinClient) {
  await db.post.delete({ where: { id: 3 } })
  return comments(db)
}

export async function setsNull(db: PurlinClient) {
  await db.user.delete({ where: { id: 3 } })
  return db.comment.findUnique({ where: { id: 5 } })
}

export async function joinRowsGoWithEitherSide(db: PurlinClient) {
  await db.tag.delete({ where: { name: 'rust' } })
  await db.post.delete({ where: { id: 4 } })
  return [
    await db.post.count({ where: { tags: { some: {} } } }),
    await db.tag.count({ where: { posts: { some: {} } } }),
  ]
}

export async function aRowThatOthersNeedStays(db: PurlinClient) {
  return [
    await refused(db.user.delete({ where: { id: 4 } })),
    await refused(db.user.deleteMany()),
    await db.user.count(),
  ]
}

export async function manyRows(db: PurlinClient) {
  const { count: deleted } = await db.comment.deleteMany({ where: { id: { in: [1, 2, 99] } } })
  return { deleted, left: await comments(db) }
}

export async function manyRowsByAConditionOnRelations(db: PurlinClient) {
  const { count: deleted } = await db.comment.deleteMany({ where: { post: { author: { name: 'Ada' } } } })
  return { deleted, left: await comments(db) }
}

export async function manyRowsOfNone(db: PurlinClient) {
  const { count } = await db.comment.deleteMany({ where: { text: 'none' } })
  return count
}

export async function allRows(db: PurlinClient) {
  const { count } = await db.comment.deleteMany({})
  return [count, await db.comment.count()]
}
