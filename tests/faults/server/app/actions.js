'use server'

// Actions as careless people write them: what the request holds goes into the query as it is.

import { db } from './db'

/** Answers as long as the server does. */
export async function health() {
  return {
    users: await db.user.count(),
    posts: await db.post.count(),
    first: (await db.user.findUnique({ where: { id: 1 } })).email,
  }
}

export async function login(token) {
  return db.user.findFirst({ where: { resetToken: token } })
}

export async function findFirst(where) {
  return db.user.findFirst({ where })
}

export async function findMany(args) {
  return db.user.findMany(args)
}

export async function updateMany(where, data) {
  return db.user.updateMany({ where, data })
}

export async function deleteMany(where) {
  return db.scrap.deleteMany({ where })
}

export async function create(data) {
  return db.user.create({ data })
}

export async function saveMeta(meta) {
  return db.user.update({ where: { id: 1 }, data: { meta }, select: { id: true } })
}

/** Any operation; an error is told by its name and its code, as the table of bad inputs asks for them. */
export async function call(model, operation, args) {
  try {
    return { result: await db[model][operation](args) }
  } catch (error) {
    return { error: { name: error.name, code: error.code, message: error.message } }
  }
}
