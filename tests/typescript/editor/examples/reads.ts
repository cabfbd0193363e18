// Arguments of reads, from an empty place to three levels deep.
import { db } from './db.js'

declare const wanted: boolean

export async function argumentsOfCalls() {
  await db.user.findMany({ /*arguments*/ })
  // arguments completes select, include, omit, where, orderBy, take, skip, cursor, distinct
  await db.user.findFirst({ where: { id: 1 }, /*arguments-beside*/ })
  // arguments-beside completes select, include, omit, orderBy, take, skip
  await db.user.findUnique({ /*arguments-unique*/ })
  // arguments-unique completes select, include, omit, where
  await db.user.findMany({ wh/*arguments-half*/ })
  // arguments-half completes where
}

export async function select() {
  await db.user.findMany({ select: { /*select*/ } })
  // select completes id, email, name, role, posts, manager, profile, _count
  await db.user.findMany({ select: { id: true, /*select-beside*/ } })
  // select-beside completes email, posts
  await db.user.findMany({ select: { id: true, em/*select-half*/ } })
  // select-half completes email
  await db.user.findUnique({ where: { id: 1 }, select: { /*select-unique*/ } })
  // select-unique completes id, email, posts, manager
  await db.user.findMany({ select: { id: true, posts: { select: { author: { select: { /*select-third-level*/ } } } } } })
  // select-third-level completes id, email, posts, _count
  await db.user.findMany({ select: { id: true, ...(wanted ? { /*select-conditional*/ } : {}) } })
  // select-conditional completes email, posts
  await db.user.findMany({
    select: {
      id: true,
      /*select-own-line*/
    },
  })
  // select-own-line completes email, posts
  await db.user.findMany({ select: { /*select-before*/ id: true } })
  // select-before completes email, posts
  await db.user.findFirstOrThrow({ select: { profile: { select: { /*select-to-one*/ } } } })
  // select-to-one completes id, bio, user
  await db.user.findUniqueOrThrow({ where: { email: '' }, include: { /*include-or-throw*/ } })
  // include-or-throw completes posts, manager, _count
}

export async function include() {
  await db.user.findMany({ include: { /*include*/ } })
  // include completes only posts, manager, reports, profile, _count
  await db.user.findMany({ include: { posts: true, man/*include-half*/ } })
  // include-half completes manager
  await db.user.findMany({ include: { posts: { /*include-arguments*/ } } })
  // include-arguments completes select, include, omit, where, orderBy, take, skip
  await db.user.findMany({ include: { manager: { /*include-to-one*/ } } })
  // include-to-one completes select, include, omit, where
  await db.user.findMany({ include: { posts: { where: { /*include-where*/ } } } })
  // include-where completes AND, title, author, topics
  await db.user.findMany({ include: { posts: { orderBy: { /*include-order*/ } } } })
  // include-order completes title, author, topics
  await db.user.findMany({ include: { posts: { select: { /*include-select*/ } } } })
  // include-select completes id, title, author, topics, _count
  await db.user.findMany({ include: { posts: { omit: { /*include-omit*/ } } } })
  // include-omit completes id, title, views
  await db.user.findMany({ include: { posts: { include: { author: { include: { /*include-third-level*/ } } } } } })
  // include-third-level completes posts, manager, profile, _count
}

export async function omit() {
  await db.user.findMany({ omit: { /*omit*/ } })
  // omit completes only id, email, name, role, score, settings, createdAt, managerId
  await db.user.findMany({ omit: { id: true, cre/*omit-half*/ } })
  // omit-half completes createdAt
}

export async function counts() {
  await db.user.findMany({ select: { _count: { /*count*/ } } })
  // count completes select
  await db.user.findMany({ include: { _count: { select: { /*count-select*/ } } } })
  // count-select completes only posts, reports
  await db.user.findMany({ select: { _count: { select: { posts: { /*count-arguments*/ } } } } })
  // count-arguments completes where
  await db.user.findMany({ select: { _count: { select: { posts: { where: { /*count-where*/ } } } } } })
  // count-where completes AND, title, author
  await db.user.count({ select: { /*count-columns*/ } })
  // count-columns completes _all, id, email
}

export async function transactions() {
  await db.$transaction(async tx => tx.user.findMany({ select: { /*transaction*/ } }))
  // transaction completes id, email, posts, _count
  await db.$transaction([db.user.count(), db.post.findMany({ where: { /*transaction-list*/ } })])
  // transaction-list completes AND, title, author
}

export function models() {
  db./*models*/
  // models completes user, profile, post, topic, $transaction
}

export function operations() {
  db.user./*operations*/
  // operations completes findMany, findFirst, findUnique, findUniqueOrThrow, create, createMany, update, upsert, delete, count
}
