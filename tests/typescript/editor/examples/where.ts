// Conditions.
import { db } from './db.js'

export async function columns() {
  await db.user.findMany({ where: { /*where*/ } })
  // where completes AND, OR, NOT, id, email, posts, manager
  await db.user.findMany({ where: { id: 1, cre/*where-half*/ } })
  // where-half completes createdAt
  await db.user.findMany({ where: { /*where-before-select*/ }, select: { id: true } })
  // where-before-select completes AND, email, posts
  await db.user.findMany({ where: { email: { /*text*/ } } })
  // text completes equals, not, in, notIn, contains, startsWith, endsWith, lt
  await db.user.findMany({ where: { score: { /*number*/ } } })
  // number completes equals, not, in, notIn, lt, lte, gt, gte
  await db.user.findMany({ where: { createdAt: { /*date*/ } } })
  // date completes equals, not, in, lt, lte, gt, gte
  await db.user.findMany({ where: { email: { not: { /*not*/ } } } })
  // not completes equals, contains, startsWith
  await db.user.findMany({ where: { role: '/*enum*/' } })
  // enum completes only ADMIN, MEMBER
  await db.user.findMany({ where: { role: { in: ['/*enum-in*/'] } } })
  // enum-in completes only ADMIN, MEMBER
  await db.user.findMany({ where: { settings: { /*json*/ } } })
  // json completes equals, not, path, string_contains
}

export async function relations() {
  await db.user.findMany({ where: { posts: { /*many*/ } } })
  // many completes only some, every, none
  await db.user.findMany({ where: { posts: { some: { /*many-some*/ } } } })
  // many-some completes AND, title, author, topics
  await db.user.findMany({ where: { manager: { /*one*/ } } })
  // one completes is, isNot, email, posts
  await db.user.findMany({ where: { manager: { is: { /*one-is*/ } } } })
  // one-is completes AND, email, posts
  await db.user.findMany({ where: { posts: { every: { topics: { none: { /*third-level*/ } } } } } })
  // third-level completes AND, name, posts
}

export async function logic() {
  await db.user.findMany({ where: { AND: [{ /*and*/ }] } })
  // and completes AND, OR, NOT, email, posts
  await db.user.findMany({ where: { OR: [{ id: 1 }, { em/*or-half*/ }] } })
  // or-half completes email
  await db.user.findMany({ where: { NOT: { /*not-object*/ } } })
  // not-object completes AND, email, posts
  await db.user.findMany({ where: { OR: [{ posts: { some: { NOT: [{ /*deep*/ }] } } }] } })
  // deep completes AND, title, author
}

export async function keys() {
  await db.user.findUnique({ where: { /*unique*/ } })
  // unique completes id, email
  await db.post.findUnique({ where: { /*compound*/ } })
  // compound completes id, slug_language
  await db.post.findUnique({ where: { slug_language: { /*compound-members*/ } } })
  // compound-members completes only slug, language
  await db.user.delete({ where: { /*delete*/ } })
  // delete completes id, email
  await db.user.deleteMany({ where: { /*delete-many*/ } })
  // delete-many completes AND, id, email, posts
  await db.user.findMany({ cursor: { /*cursor*/ } })
  // cursor completes id, email
}
