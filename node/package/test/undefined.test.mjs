// Members that are undefined: refused unless the client leaves them out; `Prisma.skip` leaves them out always.

import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { Prisma, PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'
import { catalogOf } from './support/runtime.mjs'

const url = freshUrl()
const db = new PurlinClient({ url })
const lenient = new PurlinClient({ url, strictUndefinedChecks: false })

beforeEach(async () => {
  await db.post.deleteMany()
  await db.user.deleteMany()
  await db.user.create({ data: { id: 1, email: 'a', posts: { create: { id: 1, title: 't' } } } })
  await db.user.create({ data: { id: 2, email: 'b' } })
})

/** Each call with the member in question, and the path that the message names. */
const CALLS = [
  ['user.findMany', u => ({ where: u }), 'where'],
  ['user.findMany', u => ({ where: { email: u } }), 'where.email'],
  ['user.findFirst', u => ({ where: { email: u } }), 'where.email'],
  ['user.findFirstOrThrow', u => ({ where: { AND: { email: u } } }), 'where.AND.0.email'],
  ['user.count', u => ({ where: { OR: [{ id: 1 }, { email: { contains: u } }] } }), 'where.OR.1.email.contains'],
  ['user.findMany', u => ({ where: { NOT: u } }), 'where.NOT'],
  ['user.findMany', u => ({ where: { name: { not: { startsWith: u } } } }), 'where.name.not.startsWith'],
  ['user.findMany', u => ({ where: { posts: { some: u } } }), 'where.posts.some'],
  ['user.findMany', u => ({ where: { posts: { every: { title: u } } } }), 'where.posts.every.title'],
  ['post.findMany', u => ({ where: { author: { email: u } } }), 'where.author.email'],
  ['post.findMany', u => ({ where: { author: { is: { email: u } } } }), 'where.author.is.email'],
  ['user.findUnique', u => ({ where: { id: 1, email: u } }), 'where.email'],
  ['user.findUniqueOrThrow', u => ({ where: { id: 1, AND: u } }), 'where.AND'],
  ['user.findMany', u => ({ take: u }), 'take'],
  ['user.findMany', u => ({ skip: u }), 'skip'],
  ['user.findMany', u => ({ orderBy: u }), 'orderBy'],
  ['user.findMany', u => ({ orderBy: { email: u } }), 'orderBy.email'],
  ['user.findMany', u => ({ orderBy: { name: { sort: 'asc', nulls: u } } }), 'orderBy.name.nulls'],
  ['user.findMany', u => ({ orderBy: { manager: { email: u } } }), 'orderBy.manager.email'],
  ['user.findMany', u => ({ orderBy: { posts: { _count: u } } }), 'orderBy.posts._count'],
  ['user.findMany', u => ({ select: { id: true, email: u } }), 'select.email'],
  ['user.findMany', u => ({ include: { posts: u } }), 'include.posts'],
  ['user.findMany', u => ({ include: { _count: u } }), 'include._count'],
  [
    'user.findMany',
    u => ({ include: { _count: { select: { posts: u, reports: true } } } }),
    'include._count.select.posts',
  ],
  ['user.findMany', u => ({ include: { posts: { where: u } } }), 'include.posts.where'],
  ['user.findMany', u => ({ include: { posts: { take: u } } }), 'include.posts.take'],
  ['user.findMany', u => ({ include: { posts: { where: { title: u } } } }), 'include.posts.where.title'],
  ['user.findMany', u => ({ omit: { name: u } }), 'omit.name'],
  ['user.count', u => ({ select: { _all: true, name: u } }), 'select.name'],
  ['user.create', u => ({ data: { email: 'c', name: u } }), 'data.name'],
  ['user.create', u => ({ data: { email: 'c', posts: u } }), 'data.posts'],
  ['user.create', u => ({ data: { email: 'c', posts: { create: u } } }), 'data.posts.create'],
  [
    'user.create',
    u => ({ data: { email: 'c', posts: { create: [{ title: 'x', content: u }] } } }),
    'data.posts.create.0.content',
  ],
  ['user.createMany', u => ({ data: [{ email: 'c' }, { email: 'd', name: u }] }), 'data.1.name'],
  ['user.update', u => ({ where: { id: 1 }, data: { name: u } }), 'data.name'],
  ['user.update', u => ({ where: { id: 1 }, data: { name: { set: u } } }), 'data.name.set'],
  ['user.update', u => ({ where: { id: 1, email: u }, data: { name: 'x' } }), 'where.email'],
  ['user.updateMany', u => ({ where: { id: 1, name: u }, data: { name: 'x' } }), 'where.name'],
  ['user.updateMany', u => ({ data: { name: u } }), 'data.name'],
  ['user.delete', u => ({ where: { id: 2, email: u } }), 'where.email'],
  ['user.deleteMany', u => ({ where: { id: 2, email: u } }), 'where.email'],
  ['user.upsert', u => ({ where: { id: 1, name: u }, create: { email: 'c' }, update: { name: 'x' } }), 'where.name'],
  ['user.upsert', u => ({ where: { id: 9 }, create: { email: 'c', name: u }, update: {} }), 'create.name'],
  ['user.upsert', u => ({ where: { id: 1 }, create: { email: 'c' }, update: { name: u } }), 'update.name'],
  ...[
    [u => ({ posts: { deleteMany: u } }), 'posts.deleteMany'],
    [u => ({ posts: { deleteMany: { id: 1, title: u } } }), 'posts.deleteMany.title'],
    [
      u => ({ posts: { updateMany: { where: { id: 1, title: u }, data: { title: 'x' } } } }),
      'posts.updateMany.where.title',
    ],
    [u => ({ posts: { updateMany: { where: { id: 1 }, data: { title: u } } } }), 'posts.updateMany.data.title'],
    [u => ({ posts: { update: { where: { id: 1, title: u }, data: { title: 'x' } } } }), 'posts.update.where.title'],
    [u => ({ posts: { update: [{ where: { id: 1 }, data: { title: u } }] } }), 'posts.update.0.data.title'],
    [u => ({ posts: { delete: { id: 1, title: u } } }), 'posts.delete.title'],
    [u => ({ posts: { delete: u } }), 'posts.delete'],
    [u => ({ posts: { createMany: { data: { title: 'x', content: u } } } }), 'posts.createMany.data.0.content'],
    [u => ({ posts: { createMany: u } }), 'posts.createMany'],
    [
      u => ({ posts: { connectOrCreate: { where: { id: 9 }, create: { title: 'x', content: u } } } }),
      'posts.connectOrCreate.create.content',
    ],
    [
      u => ({ posts: { upsert: { where: { id: 1 }, create: { title: 'x' }, update: { content: u } } } }),
      'posts.upsert.update.content',
    ],
    [u => ({ reports: { set: u } }), 'reports.set'],
    [u => ({ reports: { set: { id: 2, name: u } } }), 'reports.set.name'],
    [u => ({ reports: { disconnect: { id: 2, name: u } } }), 'reports.disconnect.name'],
    [u => ({ manager: { disconnect: u } }), 'manager.disconnect'],
    [u => ({ manager: { delete: u } }), 'manager.delete'],
    [u => ({ manager: { disconnect: { id: 1, name: u } } }), 'manager.disconnect.name'],
  ].map(([data, path]) => ['user.update', u => ({ where: { id: 1 }, data: data(u) }), `data.${path}`]),
]

/** Each list with the element in question: one that is not there is refused by every client, as in Prisma. */
const LISTS = [
  ['user.findMany', u => ({ where: { OR: [u] } }), 'where.OR.0'],
  ['user.findMany', u => ({ where: { OR: [{ id: 1 }, u] } }), 'where.OR.1'],
  ['user.findFirst', u => ({ where: { AND: [u] } }), 'where.AND.0'],
  ['user.findMany', u => ({ where: { AND: [{ id: 1 }, u] } }), 'where.AND.1'],
  ['user.count', u => ({ where: { NOT: [u, { id: 1 }] } }), 'where.NOT.0'],
  ['user.findMany', u => ({ where: { NOT: { OR: [u] } } }), 'where.NOT.0.OR.0'],
  ['user.findMany', u => ({ where: { posts: { none: { OR: [u] } } } }), 'where.posts.none.OR.0'],
  ['user.findMany', u => ({ where: { manager: { OR: [{ id: 1 }, u] } } }), 'where.manager.OR.1'],
  ['user.findUnique', u => ({ where: { id: 1, AND: [u] } }), 'where.AND.0'],
  ['user.findMany', u => ({ where: { id: { in: [1, u] } } }), 'where.id.in.1'],
  ['user.findMany', u => ({ where: { name: { in: [u] } } }), 'where.name.in.0'],
  ['user.findMany', u => ({ where: { name: { notIn: ['a', u] } } }), 'where.name.notIn.1'],
  ['user.findMany', u => ({ where: { name: { not: { in: [u] } } } }), 'where.name.not.in.0'],
  ['user.findMany', u => ({ orderBy: [u] }), 'orderBy.0'],
  ['user.findMany', u => ({ orderBy: [{ id: 'asc' }, u] }), 'orderBy.1'],
  ['user.findMany', u => ({ include: { posts: { where: { OR: [u] } } } }), 'include.posts.where.OR.0'],
  ['user.findMany', u => ({ include: { posts: { orderBy: [u] } } }), 'include.posts.orderBy.0'],
  ['user.create', u => ({ data: { email: 'c', posts: { create: [u] } } }), 'data.posts.create.0'],
  ['user.create', u => ({ data: { email: 'c', posts: { connect: [{ id: 1 }, u] } } }), 'data.posts.connect.1'],
  ['user.update', u => ({ where: { id: 1 }, data: { posts: { connect: [u] } } }), 'data.posts.connect.0'],
  ...[
    [u => ({ posts: { deleteMany: [u] } }), 'deleteMany.0'],
    [u => ({ posts: { deleteMany: { OR: [u] } } }), 'deleteMany.OR.0'],
    [u => ({ posts: { updateMany: [u] } }), 'updateMany.0'],
    [u => ({ posts: { update: [{ where: { id: 1 }, data: {} }, u] } }), 'update.1'],
    [u => ({ posts: { upsert: [u] } }), 'upsert.0'],
    [u => ({ posts: { delete: [u] } }), 'delete.0'],
    [u => ({ posts: { disconnect: [u] } }), 'disconnect.0'],
    [u => ({ posts: { set: [{ id: 1 }, u] } }), 'set.1'],
    [u => ({ posts: { connectOrCreate: [u] } }), 'connectOrCreate.0'],
    [u => ({ posts: { createMany: { data: [u] } } }), 'createMany.data.0'],
  ].map(([data, path]) => ['user.update', u => ({ where: { id: 1 }, data: data(u) }), `data.posts.${path}`]),
  ['user.createMany', u => ({ data: [u] }), 'data.0'],
  ['user.createMany', u => ({ data: [{ email: 'c' }, u] }), 'data.1'],
  ['user.updateMany', u => ({ where: { OR: [u] }, data: { name: 'x' } }), 'where.OR.0'],
  ['user.updateMany', u => ({ where: { AND: [u] }, data: { name: 'x' } }), 'where.AND.0'],
  ['user.updateMany', u => ({ where: { NOT: [u] }, data: { name: 'x' } }), 'where.NOT.0'],
  ['user.deleteMany', u => ({ where: { OR: [u, { id: 2 }] } }), 'where.OR.0'],
  ['user.deleteMany', u => ({ where: { AND: [{ OR: [u] }] } }), 'where.AND.0.OR.0'],
  ['user.deleteMany', u => ({ where: { NOT: { OR: [u] } } }), 'where.NOT.0.OR.0'],
  ['user.deleteMany', u => ({ where: { id: { in: [u] } } }), 'where.id.in.0'],
  ['user.deleteMany', u => ({ where: { posts: { every: { OR: [u] } } } }), 'where.posts.every.OR.0'],
]

function call(client, name, args) {
  const [model, operation] = name.split('.')
  return client[model][operation](args)
}

/** The rows of both tables, and what the call returned; the same for calls that mean the same. */
async function effect(client, name, args) {
  const rows = () => Promise.all([client.user.findMany({ orderBy: { id: 'asc' } }), client.post.findMany()])
  const before = await rows()
  const result = await call(client, name, args).catch(error => error.message)
  const effect = [result, ...(await rows())]
  await client.post.deleteMany()
  await client.user.deleteMany()
  for (const data of before[0]) await client.user.create({ data })
  for (const data of before[1]) await client.post.create({ data })
  return JSON.stringify(effect).replaceAll(
    /"(?:id|authorId)":\d+|"createdAt":"[^"]*"|"updatedAt":"[^"]*"|\d{4}-\d\d-\d\dT[^"]*/g,
    '',
  )
}

describe('undefined is refused where it would be left out', () => {
  for (const [name, args, path] of CALLS) {
    test(`${name}: ${path}`, async () => {
      const users = await db.user.count()
      const error = await call(db, name, args(undefined)).then(
        () => assert.fail('it was not refused'),
        error => error,
      )
      assert.equal(error.name, 'PurlinValidationError', error.stack)
      assert.ok(
        error.message.startsWith(`\`${name}\`: argument \`${path}\`: is undefined: leave the member out, `),
        error.message,
      )
      assert.match(error.message, /`Prisma\.skip`.*`strictUndefinedChecks: false` of the client/)
      assert.equal(await db.user.count(), users)
    })
  }
})

describe('skip, and undefined in a client that leaves it out, are as if the member were not there', () => {
  const without = value => {
    if (Array.isArray(value)) return value.filter(member => member !== undefined).map(without)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => [key, without(member)]),
    )
  }
  for (const [name, args, path] of CALLS) {
    test(`${name}: ${path}`, async () => {
      const expected = await effect(db, name, without(args(undefined)))
      assert.equal(await effect(db, name, args(Prisma.skip)), expected, 'skip')
      assert.equal(await effect(lenient, name, args(Prisma.skip)), expected, 'skip, lenient')
      assert.equal(await effect(lenient, name, args(undefined)), expected, 'undefined, lenient')
    })
  }
})

describe('an element of a list is not left out', () => {
  for (const [name, args, path] of LISTS) {
    test(`${name}: ${path}`, async () => {
      const rows = () => Promise.all([db.user.findMany(), db.post.findMany()])
      const before = await rows()
      for (const client of [db, lenient]) {
        for (const [element, what] of [
          [undefined, 'undefined'],
          [Prisma.skip, '`Prisma.skip`'],
        ]) {
          const error = await call(client, name, args(element)).then(
            () => assert.fail('it was not refused'),
            error => error,
          )
          assert.equal(error.name, 'PurlinValidationError', error.stack)
          assert.ok(
            error.message.startsWith(
              `\`${name}\`: argument \`${path}\`: is ${what}: the elements of a list cannot be left out, remove it`,
            ),
            error.message,
          )
        }
      }
      assert.deepEqual(await rows(), before)
    })
  }
  test('a hole is undefined', async () => {
    for (const client of [db, lenient]) {
      // eslint-disable-next-line no-sparse-arrays
      await assert.rejects(
        client.user.findMany({ where: { OR: [, { id: 1 }] } }),
        /argument `where.OR.0`: is undefined: /,
      )
      await assert.rejects(
        client.user.deleteMany({ where: { id: { in: new Array(2) } } }),
        /argument `where.id.in.0`: is undefined: /,
      )
    }
  })
})

test('members that are left out inside of the elements of a list mean what they mean in Prisma', async () => {
  const ids = async where => (await lenient.user.findMany({ where, orderBy: { id: 'asc' } })).map(({ id }) => id)
  assert.deepEqual(await ids({ OR: [{ id: undefined }] }), [])
  assert.deepEqual(await ids({ OR: [{ id: undefined }, { id: 1 }] }), [1])
  assert.deepEqual(await ids({ OR: [{}, { id: 1 }] }), [1])
  assert.deepEqual(await ids({ OR: undefined }), [1, 2])
  assert.deepEqual(await ids({ AND: [{ id: undefined }] }), [1, 2])
  assert.deepEqual(await ids({ NOT: [{ id: undefined }] }), [1, 2])
  assert.deepEqual(await ids({ NOT: { OR: [{ id: undefined }] } }), [1, 2])
  assert.deepEqual(await ids({ OR: [{ OR: [{ id: undefined }] }, { id: 1 }] }), [1])
  assert.deepEqual(await ids({ OR: [{ NOT: { id: undefined } }, { id: 1 }] }), [1])
  assert.deepEqual(await ids({ posts: { some: { OR: [{ id: undefined }] } } }), [])
  assert.deepEqual(await ids({ posts: { every: { OR: [{ id: undefined }] } } }), [2])
  assert.deepEqual(await lenient.user.deleteMany({ where: { OR: [{ id: undefined }] } }), { count: 0 })
  assert.deepEqual(await lenient.user.updateMany({ where: { OR: [{ id: undefined }] }, data: { name: 'x' } }), {
    count: 0,
  })
  assert.equal(await db.user.count(), 2)
})

test('an object whose members are all left out is no value', async () => {
  for (const client of [db, lenient]) {
    for (const nothing of client === db ? [Prisma.skip] : [undefined, Prisma.skip]) {
      await assert.rejects(
        client.user.update({ where: { id: 1 }, data: { name: { set: nothing } } }),
        /argument `data.name`: expects one of `set`, got none of them/,
      )
      await assert.rejects(
        client.post.update({ where: { id: 1 }, data: { views: { increment: nothing } } }),
        /argument `data.views`: expects one of `set`, `increment`, .*, got none of them/,
      )
      await assert.rejects(
        client.user.findMany({ orderBy: { posts: { _count: nothing } } }),
        /argument `orderBy.posts`: expects \{ _count: 'asc' \}/,
      )
      await assert.rejects(
        client.user.findMany({ include: { _count: { select: { posts: nothing } } } }),
        /argument `include._count.select`: counts nothing: /,
      )
    }
  }
})

test('a member of a Json value that is skipped is left out, as one that is undefined', async () => {
  const at = new globalThis.Date(0)
  const rest = {
    id: 1n,
    text: '',
    flag: true,
    int: 1,
    big: 1n,
    float: 1,
    decimal: '1',
    at,
    bytes: new Uint8Array(1),
    role: 'ADMIN',
  }
  const { json } = await db.everything.create({
    data: { ...rest, json: { a: Prisma.skip, b: [{ c: Prisma.skip, d: 1 }] } },
  })
  assert.deepEqual(json, { b: [{ d: 1 }] })
  await assert.rejects(
    db.everything.create({ data: { ...rest, id: 2n, json: [Prisma.skip] } }),
    /argument `data.json`: .*at `\[0\]` of the value/,
  )
  await db.everything.deleteMany()
})

test('in all of the writes of many rows: the trap, and what it is in an application that was taken over', async () => {
  await assert.rejects(db.user.deleteMany({ where: { email: undefined } }), /argument `where.email`: is undefined/)
  await assert.rejects(db.user.updateMany({ where: undefined, data: { name: 'x' } }), /argument `where`: is undefined/)
  await assert.rejects(db.user.deleteMany({ where: { email: Prisma.skip } }), /the `where` has no condition/)
  await assert.rejects(db.user.deleteMany({ where: Prisma.skip }), /the `where` has no condition/)
  await db.$transaction(async tx => {
    await assert.rejects(tx.user.deleteMany({ where: { email: undefined } }), /argument `where.email`: is undefined/)
  })
  assert.equal(await db.user.count(), 2)
  await lenient.post.deleteMany()
  assert.deepEqual(await lenient.user.updateMany({ where: { email: undefined }, data: { name: 'x' } }), { count: 2 })
  assert.deepEqual(await lenient.user.deleteMany({ where: { email: undefined } }), { count: 2 })
})

test('what is passed on as a whole may be undefined, and so may members of Json', async () => {
  for (const name of ['select', 'include', 'omit']) {
    assert.equal((await db.user.findMany({ [name]: undefined, include: { posts: { [name]: undefined } } })).length, 2)
  }
  assert.equal(await db.user.count({ select: undefined }), 2)
  assert.equal((await db.user.findMany(undefined)).length, 2)
})

test('a required argument is required, skipped or not', async () => {
  await assert.rejects(db.user.findUnique({ where: Prisma.skip }), /argument `where`: is required/)
  await assert.rejects(db.user.create({ data: Prisma.skip }), /`User.email` is required/)
  await assert.rejects(db.user.findUnique({ where: { id: Prisma.skip } }), /must name one row of User by a unique key/)
  await assert.rejects(db.user.create({ data: { email: Prisma.skip } }), /`User.email` is required/)
})

test('an unknown argument is unknown, undefined or not', async () => {
  await assert.rejects(db.user.findMany({ wher: undefined }), /unknown argument `wher`; did you mean `where`\?/)
  assert.equal((await lenient.user.findMany({ wher: undefined })).length, 2)
})

test('the option is checked', () => {
  assert.throws(
    () => new PurlinClient({ url, strictUndefinedChecks: 'no' }),
    /`strictUndefinedChecks` of the client expects true or false, got a string/,
  )
})

test('the project says what its clients do, and a constructor may say otherwise', async () => {
  const { Client } = await import('../dist/index.js')
  const catalog = catalogOf('model User=users id:Int | id')
  const settings = { provider: 'sqlite', url: { value: url }, decimal: 'string' }
  const client = (settings, options) => new Client(catalog, settings, options)
  const find = client => client.user.findMany({ where: { id: undefined } })
  assert.equal((await find(client({ ...settings, strictUndefinedChecks: false }))).length, 2)
  await assert.rejects(
    find(client({ ...settings, strictUndefinedChecks: false }, { strictUndefinedChecks: true })),
    /is undefined/,
  )
  await assert.rejects(find(client({ ...settings, strictUndefinedChecks: true })), /is undefined/)
  assert.equal(
    (await find(client({ ...settings, strictUndefinedChecks: true }, { strictUndefinedChecks: false }))).length,
    2,
  )
})
