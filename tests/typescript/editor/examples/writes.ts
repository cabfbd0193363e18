// Writes, with rows of relations inside.
import { db } from './db.js'

export async function create() {
  await db.user.create({ /*create-arguments*/ })
  // create-arguments completes data, select, include, omit
  await db.user.create({ data: { /*create*/ } })
  // create completes email, name, role, posts, manager, managerId
  await db.user.create({ data: { email: '', na/*create-half*/ } })
  // create-half completes name
  await db.user.create({ data: { email: '', role: '/*create-enum*/' } })
  // create-enum completes only ADMIN, MEMBER
  await db.user.create({ data: { email: '' }, select: { /*create-select*/ } })
  // create-select completes id, email, posts, _count
  await db.user.create({ data: { email: '' }, include: { /*create-include*/ } })
  // create-include completes only posts, manager, reports, profile, _count
}

export async function createNested() {
  await db.user.create({ data: { email: '', posts: { /*nested*/ } } })
  // nested completes only create, createMany, connect, connectOrCreate
  await db.user.create({ data: { email: '', posts: { create: { /*nested-create*/ } } } })
  // nested-create completes title, slug, language, topics
  await db.user.create({ data: { email: '', posts: { create: [{ title: '', /*nested-create-list*/ }] } } })
  // nested-create-list completes slug, language, topics
  await db.user.create({ data: { email: '', posts: { createMany: { /*nested-create-many*/ } } } })
  // nested-create-many completes data
  await db.user.create({ data: { email: '', posts: { createMany: { data: [{ /*nested-create-many-data*/ }] } } } })
  // nested-create-many-data completes title, slug, language
  await db.user.create({ data: { email: '', posts: { connect: { /*nested-connect*/ } } } })
  // nested-connect completes id, slug_language
  await db.user.create({ data: { email: '', posts: { connect: [{ /*nested-connect-list*/ }] } } })
  // nested-connect-list completes id, slug_language
  await db.user.create({ data: { email: '', posts: { connectOrCreate: { /*nested-connect-or-create*/ } } } })
  // nested-connect-or-create completes only where, create
  await db.user.create({ data: { email: '', posts: { connectOrCreate: [{ where: { /*connect-or-create-where*/ } }] } } })
  // connect-or-create-where completes id, slug_language
  await db.user.create({ data: { email: '', posts: { connectOrCreate: { where: { id: 1 }, create: { /*connect-or-create-row*/ } } } } })
  // connect-or-create-row completes title, slug, language, topics
  await db.post.create({ data: { slug: '', language: '', title: '', author: { /*nested-one*/ } } })
  // nested-one completes only create, connect, connectOrCreate
  await db.post.create({ data: { slug: '', language: '', title: '', author: { create: { /*nested-one-create*/ } } } })
  // nested-one-create completes email, name, manager, profile
  await db.user.create({ data: { email: '', posts: { create: { topics: { create: { /*third-level*/ } } } } } })
  // third-level completes name
}

export async function createMany() {
  await db.user.createMany({ /*create-many-arguments*/ })
  // create-many-arguments completes data
  await db.user.createMany({ data: [{ /*create-many*/ }] })
  // create-many completes email, name, managerId
  await db.user.createMany({ data: { em/*create-many-half*/ } })
  // create-many-half completes email
  await db.user.createManyAndReturn({ data: [{ email: '' }], select: { /*create-many-and-return*/ } })
  // create-many-and-return completes id, email
}

export async function update() {
  await db.user.update({ where: { /*update-where*/ }, data: {} })
  // update-where completes id, email
  await db.user.update({ where: { id: 1 }, data: { /*update*/ } })
  // update completes email, name, posts, managerId
  await db.user.update({ where: { id: 1 }, data: { score: { /*update-number*/ } } })
  // update-number completes set, increment, decrement, multiply, divide
  await db.user.update({ where: { id: 1 }, data: { posts: { /*update-nested*/ } } })
  // update-nested completes only create, createMany, connect, connectOrCreate, set, disconnect, delete, update, updateMany,
  //   deleteMany, upsert
  await db.user.update({ where: { id: 1 }, data: { posts: { set: [{ /*update-set*/ }] } } })
  // update-set completes id, slug_language
  await db.user.update({ where: { id: 1 }, data: { posts: { update: { /*update-update*/ } } } })
  // update-update completes only where, data
  await db.user.update({ where: { id: 1 }, data: { posts: { update: { where: { id: 1 }, data: { /*update-update-data*/ } } } } })
  // update-update-data completes title, slug, topics
  await db.user.update({ where: { id: 1 }, data: { posts: { updateMany: { where: { /*update-many-where*/ }, data: {} } } } })
  // update-many-where completes AND, title, slug
  await db.user.update({ where: { id: 1 }, data: { posts: { upsert: { where: { id: 1 }, create: { /*update-upsert*/ } } } } })
  // update-upsert completes title, slug, topics
  await db.user.update({ where: { id: 1 }, data: { posts: { deleteMany: { /*delete-many*/ } } } })
  // delete-many completes AND, title, slug
  await db.user.update({ where: { id: 1 }, data: { profile: { /*update-one*/ } } })
  // update-one completes only create, connect, connectOrCreate, disconnect, delete, update, upsert
  await db.user.update({ where: { id: 1 }, data: { profile: { update: { /*update-one-data*/ } } } })
  // update-one-data completes bio
  await db.user.update({ where: { id: 1 }, data: {}, select: { /*update-select*/ } })
  // update-select completes id, email, posts, _count
  await db.user.update({ where: { id: 1 }, data: { manager: { connect: { /*update-connect*/ } } } })
  // update-connect completes id, email
  await db.user.updateMany({ where: {}, data: { /*update-many*/ } })
  // update-many completes email, name, managerId
}

export async function upsert() {
  await db.user.upsert({ /*upsert-arguments*/ })
  // upsert-arguments completes where, create, update, select, include
  await db.user.upsert({ where: { id: 1 }, create: { /*upsert-create*/ }, update: {} })
  // upsert-create completes email, name, posts
  await db.user.upsert({ where: { id: 1 }, create: { email: '' }, update: { /*upsert-update*/ } })
  // upsert-update completes email, name, posts
}

export async function remove() {
  await db.user.delete({ where: { id: 1 }, include: { /*delete-include*/ } })
  // delete-include completes only posts, manager, reports, profile, _count
}
