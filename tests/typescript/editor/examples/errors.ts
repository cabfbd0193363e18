// Errors at misspelt members: they begin at the member, name it and the one that was meant, and have readable types.
import { db, type Prisma } from './db.js'

export async function reads() {
  await db.user.findMany({ /*arguments*/wher: { id: 1 } })
  // arguments reports 'wher' does not exist in type 'UserFindManyArgs...'. Did you mean to write 'where'?
  await db.user.findMany({ select: { /*select*/emial: true } })
  // select reports 'emial' does not exist in type 'UserSelect...'. Did you mean to write 'email'?
  await db.user.findMany({ include: { /*include*/post: true } })
  // include reports 'post' does not exist in type 'UserInclude...'. Did you mean to write 'posts'?
  await db.user.findMany({ omit: { /*omit*/emial: true } })
  // omit reports 'emial' does not exist in type 'UserOmit...'. Did you mean to write 'email'?
  await db.user.findMany({ include: { posts: { select: { /*select-nested*/titel: true } } } })
  // select-nested reports 'titel' does not exist in type 'PostSelect...'. Did you mean to write 'title'?
  await db.user.findMany({ include: { posts: { include: { author: { select: { /*select-third-level*/emial: true } } } } } })
  // select-third-level reports 'emial' does not exist in type 'UserSelect...'. Did you mean to write 'email'?
  await db.user.findMany({ include: { _count: { select: { /*count*/post: true } } } })
  // count reports 'post' does not exist in type 'UserCountOutputTypeSelect...'. Did you mean to write 'posts'?
}

export async function both() {
  await db.user.findMany({ select: { id: true }, /*select-and-include*/include: { posts: true } })
  // select-and-include reports choose either `select` or `include`
  await db.user.findMany({ where: { id: 1 }, take: 1, select: { id: true }, /*and-others*/include: { posts: true } })
  // and-others reports choose either `select` or `include`
  await db.user.findFirst({ select: { id: true }, /*select-and-omit*/omit: { name: true } })
  // select-and-omit reports choose either `select` or `omit`
  await db.user.update({ where: { id: 1 }, data: {}, select: { id: true }, /*in-a-write*/include: { posts: true } })
  // in-a-write reports choose either `select` or `include`
}

export async function conditions() {
  await db.user.findMany({ where: { /*where*/emial: '' } })
  // where reports 'emial' does not exist in type 'UserWhereInput'. Did you mean to write 'email'?
  await db.user.findMany({ where: { AND: [{ /*where-and*/emial: '' }] } })
  // where-and reports 'emial' does not exist in type 'UserWhereInput'. Did you mean to write 'email'?
  await db.user.findMany({ where: { posts: { some: { /*where-some*/titel: '' } } } })
  // where-some reports 'titel' does not exist in type 'PostWhereInput'. Did you mean to write 'title'?
  await db.user.findMany({ where: { email: { /*operator*/contians: '' } } })
  // operator reports 'contians' does not exist in type ... Did you mean to write 'contains'?
  await db.user.findMany({ orderBy: [{ /*order-list*/emial: 'asc' }] })
  // order-list reports 'emial' does not exist in type 'UserOrderByWithRelationInput...'. Did you mean to write 'email'?
  await db.user.findMany({ orderBy: [{ /*direction*/email: 'up' }] })
  // direction reports Type '"up"' is not assignable to type 'SortOrder | undefined'.
  // Where a list may stand too, TypeScript suggests no name.
  await db.user.findMany({ orderBy: { /*order*/emial: 'asc' } })
  // order reports 'emial' does not exist in type '...UserOrderByWithRelationInput...'
  await db.user.findMany({ where: { /*wrong-type*/email: 1 } })
  // wrong-type reports Type 'number' is not assignable to type 'string | StringFilter...
}

export async function writes() {
  await db.user.create({ data: { email: '', /*create*/nmae: '' } })
  // create reports 'nmae' does not exist in type ...UserCreateInput...
  await db.user.create({ data: { email: '', posts: { /*nested*/conect: { id: 1 } } } })
  // nested reports 'conect' does not exist in type ... Did you mean to write 'connect'?
  await db.user.create({ data: { email: '', posts: { create: { slug: '', language: '', title: '', /*nested-create*/view: 1 } } } })
  // nested-create reports 'view' does not exist in type ...
  await db.user.update({ where: { id: 1 }, data: { score: { /*arithmetic*/incremnt: 1 } } })
  // arithmetic reports 'incremnt' does not exist in type ... Did you mean to write 'increment'?
  await db.user.createMany({ data: [{ email: '', /*create-many*/nmae: '' }] })
  // create-many reports 'nmae' does not exist in type 'UserCreateManyInput'...
  await db.user.upsert({ where: { id: 1 }, create: { email: '' }, update: { /*upsert*/nmae: '' } })
  // upsert reports 'nmae' does not exist in type ...UserUpdateInput...
  await db.user.update({ /*key*/where: { name: '' }, data: {} })
  // key reports Type '{ name: string; }' is not assignable to type 'UserWhereUniqueInput...'.
  await db.user.create({ /*missing*/data: { name: '' } })
  // missing reports Property 'email' is missing in type
}

export const where = { /*satisfies*/emial: '' } satisfies Prisma.UserWhereInput
// satisfies reports 'emial' does not exist in type 'UserWhereInput'. Did you mean to write 'email'?

export async function results() {
  const user = await db.user.findFirstOrThrow({ select: { id: true } })
  user./*result*/email
  // result reports Property 'email' does not exist on type '{ id: number; }'.
  const all = await db.user.findMany({ include: { posts: true } })
  all[0]?.posts[0]?./*result-nested*/titel
  // result-nested reports Property 'titel' does not exist on type ... Did you mean 'title'?
}

declare const model: 'user' | 'post'

export async function accepted() {
  await db[model]./*union-of-models*/count()
  // union-of-models is accepted
  await db[model].findMany({ /*union-of-models-arguments*/take: 1 })
  // union-of-models-arguments is accepted
}
