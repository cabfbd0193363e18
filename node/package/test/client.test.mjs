// The operations of the client, on a database.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { beforeEach, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { Prisma, PrismaClient, Purlin, PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'

const url = freshUrl()
const db = new PurlinClient({ url })

/** Rejected with an error of this code, which is returned. */
async function rejected(promise, code) {
  const error = await promise.then(
    () => assert.fail('it was not rejected'),
    error => error,
  )
  assert.equal(error.code, code, error)
  return error
}

async function clear() {
  await db.comment.deleteMany()
  await db.post.deleteMany()
  await db.profile.deleteMany()
  await db.user.deleteMany()
  await db.tag.deleteMany()
  await db.membership.deleteMany()
}

beforeEach(clear)

describe('reads', () => {
  beforeEach(async () => {
    await db.tag.createMany({ data: ['red', 'green', 'blue'].map(name => ({ id: name, name })) })
    for (const [id, email, managerId] of [
      [1, 'a', null],
      [2, 'b', 1],
      [3, 'c', 1],
    ]) {
      await db.user.create({ data: { id, email, managerId } })
    }
    for (let id = 1; id <= 6; id++) {
      const authorId = id <= 3 ? 1 : 2
      await db.post.create({
        data: {
          id,
          title: `p${id}`,
          views: id % 3,
          author: { connect: { id: authorId } },
          tags: { connect: id % 2 === 0 ? [{ name: 'red' }, { name: 'blue' }] : { id: 'green' } },
          comments: { create: id === 1 ? [{ body: 'x', authorId: 2 }, { body: 'y' }] : [] },
        },
      })
    }
  })

  const ids = rows => rows.map(row => row.id)

  test('relations nest to any depth, shared rows are objects of their own', async () => {
    const users = await db.user.findMany({
      orderBy: { id: 'asc' },
      select: {
        id: true,
        manager: { select: { email: true } },
        posts: {
          orderBy: { id: 'desc' },
          take: 2,
          select: {
            id: true,
            tags: { orderBy: { id: 'asc' } },
            comments: { include: { author: true }, orderBy: { id: 'asc' } },
          },
        },
      },
    })
    assert.deepEqual(
      users.map(user => [user.id, user.manager, ids(user.posts)]),
      [
        [1, null, [3, 2]],
        [2, { email: 'a' }, [6, 5]],
        [3, { email: 'a' }, []],
      ],
    )
    assert.deepEqual(users[0].posts[1].tags, [
      { id: 'blue', name: 'blue' },
      { id: 'red', name: 'red' },
    ])
    assert.notEqual(users[1].manager, users[2].manager)
    const post = await db.post.findUnique({
      where: { id: 1 },
      include: { comments: { include: { author: true }, orderBy: { id: 'asc' } } },
    })
    assert.deepEqual(
      post.comments.map(comment => comment.author?.email ?? null),
      ['b', null],
    )
  })

  test('pages from either end, at the top and below', async () => {
    assert.deepEqual(ids(await db.post.findMany({ orderBy: { id: 'asc' }, take: 2, skip: 1 })), [2, 3])
    assert.deepEqual(ids(await db.post.findMany({ orderBy: { id: 'asc' }, take: -2 })), [5, 6])
    assert.deepEqual(ids(await db.post.findMany({ orderBy: { id: 'asc' }, take: -2, skip: 1 })), [4, 5])
    assert.deepEqual(await db.post.findMany({ take: 0 }), [])
    const users = await db.user.findMany({
      orderBy: { id: 'asc' },
      include: { posts: { orderBy: { id: 'asc' }, take: -2 } },
    })
    assert.deepEqual(
      users.map(user => ids(user.posts)),
      [[2, 3], [5, 6], []],
    )
    assert.equal((await db.post.findFirst({ orderBy: { id: 'asc' }, take: -1 })).id, 6)
  })

  test('order by columns, related columns and counts', async () => {
    const by = async orderBy => ids(await db.post.findMany({ orderBy }))
    assert.deepEqual(await by([{ views: 'desc' }, { id: 'desc' }]), [5, 2, 4, 1, 6, 3])
    assert.deepEqual(await by([{ author: { email: 'desc' } }, { id: 'asc' }]), [4, 5, 6, 1, 2, 3])
    assert.deepEqual(await by([{ tags: { _count: 'desc' } }, { id: 'asc' }]), [2, 4, 6, 1, 3, 5])
    const users = await db.user.findMany({ orderBy: [{ managerId: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }] })
    assert.deepEqual(ids(users), [2, 3, 1])
  })

  test('conditions on related rows', async () => {
    const found = async where => ids(await db.user.findMany({ where, orderBy: { id: 'asc' } }))
    assert.deepEqual(await found({ posts: { some: {} } }), [1, 2])
    assert.deepEqual(await found({ posts: { none: {} } }), [3])
    assert.deepEqual(await found({ posts: { every: { views: { lt: 3 } } } }), [1, 2, 3])
    assert.deepEqual(await found({ manager: null }), [1])
    assert.deepEqual(await found({ manager: { is: { email: 'a' } } }), [2, 3])
    assert.deepEqual(await found({ manager: { isNot: { email: 'a' } } }), [1])
    assert.deepEqual(await found({ posts: { some: { tags: { some: { name: 'red' } }, comments: { some: {} } } } }), [])
    assert.deepEqual(await found({ managerId: { not: 1 } }), [])
    assert.deepEqual(await found({ NOT: { managerId: 1 } }), [])
    assert.deepEqual(await found({ OR: [] }), [])
    assert.deepEqual(await found({ AND: [{ OR: [] }] }), [1, 2, 3])
    assert.deepEqual(await found({ id: { notIn: [] }, email: { in: ['a', 'c', 'z'] } }), [1, 3])
  })

  test('counts', async () => {
    assert.equal(await db.post.count(), 6)
    assert.equal(await db.post.count({ where: { views: 0 } }), 2)
    assert.deepEqual(await db.user.count({ select: { _all: true, managerId: true } }), { _all: 3, managerId: 2 })
    assert.deepEqual(await db.user.count({ select: { managerId: true } }), { managerId: 2 })
    const user = await db.user.findUnique({
      where: { id: 1 },
      select: { _count: { select: { posts: { where: { views: { gt: 0 } } }, comments: true } } },
    })
    assert.deepEqual(user, { _count: { posts: 2, comments: 0 } })
  })

  test('omit leaves columns out', async () => {
    assert.deepEqual(await db.tag.findFirst({ where: { id: 'red' }, omit: { name: true } }), { id: 'red' })
    const post = await db.post.findUnique({
      where: { id: 1 },
      omit: { content: true, createdAt: true, updatedAt: true, rating: true, published: true, views: true },
      include: { author: { omit: { name: true, role: true, managerId: true } } },
    })
    assert.deepEqual(post, { id: 1, title: 'p1', authorId: 1, author: { id: 1, email: 'a' } })
  })

  test('the row that is not there', async () => {
    assert.equal(await db.user.findFirst({ where: { email: 'z' } }), null)
    const meta = { modelName: 'User', operation: 'a query' }
    assert.deepEqual((await rejected(db.user.findUniqueOrThrow({ where: { id: 9 } }), 'P2025')).meta, meta)
    assert.deepEqual((await rejected(db.user.findFirstOrThrow({ where: { id: 9 } }), 'P2025')).meta, meta)
  })

  test('compound keys', async () => {
    await db.membership.create({ data: { team: 'a', member: 1 } })
    const where = { team_member: { team: 'a', member: 1 } }
    assert.deepEqual(await db.membership.findUnique({ where }), { team: 'a', member: 1, since: null })
    const since = new Date(0)
    assert.deepEqual((await db.membership.update({ where, data: { since } })).since, since)
    assert.deepEqual((await db.membership.delete({ where })).team, 'a')
  })

  test('names that mean something in TypeScript', async () => {
    const row = await db.delegates.create({
      data: { class: 1, delete: 'x', purlin: { create: { id: 1, at: new Date(3) } } },
      include: { purlin: { include: { delegates: true } } },
    })
    assert.deepEqual(row, {
      class: 1,
      delete: 'x',
      purlin: [{ id: 1, at: new Date(3), function: 1, delegates: { class: 1, delete: 'x' } }],
    })
    await db.date.deleteMany()
    await db.delegates.deleteMany()
  })
})

describe('writes', () => {
  test('a row with new and connected ones, on both sides of the key', async () => {
    await db.tag.create({ data: { name: 'old' } })
    const user = await db.user.create({
      data: {
        email: 'a',
        profile: { create: { bio: 'b' } },
        posts: {
          create: [{ title: 'one', tags: { create: { name: 'new' }, connect: { name: 'old' } } }, { title: 'two' }],
        },
      },
      include: { profile: true, posts: { include: { tags: { orderBy: { name: 'asc' } } }, orderBy: { id: 'asc' } } },
    })
    assert.equal(user.profile.bio, 'b')
    assert.deepEqual(
      user.posts.map(post => post.tags.map(tag => tag.name)),
      [['new', 'old'], []],
    )
    const comment = await db.comment.create({
      data: { body: 'x', post: { connect: { id: user.posts[0].id } }, author: { create: { email: 'b' } } },
      include: { author: true },
    })
    assert.equal(comment.author.email, 'b')
  })

  test('changes of columns and of numbers', async () => {
    const { id } = await db.user.create({
      data: { email: 'a', posts: { create: { title: 't', views: 10, rating: 1 } } },
    })
    const { id: post } = await db.post.findFirst()
    const change = async data => db.post.update({ where: { id: post }, data, select: { views: true, rating: true } })
    assert.deepEqual(await change({ views: { increment: 5 } }), { views: 15, rating: 1 })
    assert.deepEqual(await change({ views: { decrement: 1 }, rating: { multiply: 2.5 } }), { views: 14, rating: 2.5 })
    assert.deepEqual(await change({ views: { divide: 3 }, rating: { set: null } }), { views: 4, rating: null })
    assert.deepEqual(await change({ rating: { increment: 1 }, views: Prisma.skip }), { views: 4, rating: null })
    assert.equal((await db.user.update({ where: { id }, data: { name: 'n', role: 'ADMIN' } })).role, 'ADMIN')
    assert.deepEqual(await db.user.updateMany({ where: { role: 'ADMIN' }, data: { name: null } }), { count: 1 })
    assert.deepEqual(await db.user.updateMany({ where: { role: 'READER' }, data: { name: 'x' } }), { count: 0 })
  })

  test('updatedAt moves with each write', async () => {
    await db.user.create({ data: { id: 1, email: 'a', posts: { create: { id: 1, title: 't' } } } })
    const before = await db.post.findUnique({ where: { id: 1 } })
    await new Promise(resolve => setTimeout(resolve, 5))
    const after = await db.post.update({ where: { id: 1 }, data: { title: 'u' } })
    assert.ok(after.updatedAt > before.updatedAt)
    assert.deepEqual(after.createdAt, before.createdAt)
  })

  test('createMany: defaults, groups, none', async () => {
    assert.deepEqual(await db.user.createMany({ data: [] }), { count: 0 })
    assert.deepEqual(
      await db.user.createMany({ data: [{ email: 'a' }, { email: 'b', role: 'ADMIN' }, { name: null, email: 'c' }] }),
      { count: 3 },
    )
    const users = await db.user.findMany({ orderBy: { email: 'asc' }, select: { email: true, role: true, name: true } })
    assert.deepEqual(
      users.map(user => user.role),
      ['READER', 'ADMIN', 'READER'],
    )
    const many = Array.from({ length: 5000 }, (_, index) => ({ email: `m${index}`, name: 'é' }))
    assert.deepEqual(await db.user.createMany({ data: many }), { count: 5000 })
    assert.equal(await db.user.count(), 5003)
  })

  test('delete gives the row, deleteMany their number', async () => {
    await db.user.create({ data: { id: 1, email: 'a', posts: { create: { title: 't' } } } })
    const user = await db.user.delete({ where: { id: 1 }, include: { posts: { select: { title: true } } } })
    assert.deepEqual(user.posts, [{ title: 't' }])
    assert.deepEqual(await db.user.deleteMany(), { count: 0 })
    await rejected(db.user.delete({ where: { id: 1 } }), 'P2025')
    await rejected(db.user.update({ where: { id: 1 }, data: {} }), 'P2025')
  })
})

describe('errors', () => {
  test('a unique key', async () => {
    await db.user.create({ data: { email: 'secret@example.org' } })
    const error = await rejected(db.user.create({ data: { email: 'secret@example.org' } }), 'P2002')
    assert.ok(error instanceof Purlin.PurlinKnownRequestError)
    assert.ok(error instanceof Prisma.PrismaClientKnownRequestError)
    assert.ok(!(error instanceof Prisma.PrismaClientValidationError))
    assert.equal(error.name, 'PurlinKnownRequestError')
    assert.equal(error.clientVersion, '0.1.0')
    assert.deepEqual(error.meta, { modelName: 'User', target: ['email'] })
    assert.ok(!error.message.includes('secret'))
  })

  test('a foreign key, a connected row that is not there', async () => {
    const refused = await rejected(db.comment.create({ data: { body: 'x', postId: 99 } }), 'P2003')
    // A new row has no others that refer to it.
    assert.match(refused.message, /refused the write of Comment: the row that it refers to is not there$/)
    const many = await rejected(db.comment.createMany({ data: [{ body: 'x', postId: 99 }] }), 'P2003')
    assert.match(many.message, /the row that it refers to is not there$/)
    for (const { meta } of [refused, many]) assert.deepEqual(meta, { modelName: 'Comment' })
    const error = await rejected(db.comment.create({ data: { body: 'x', post: { connect: { id: 99 } } } }), 'P2025')
    assert.equal(error.meta.modelName, 'Comment')
    assert.equal(error.meta.neededFor, "inline the relation on 'Comment' record(s)")
    const { id } = await db.user.create({ data: { email: 'without-posts@example.org' } })
    const posts = { update: { where: { id: 99 }, data: { title: 'y' } } }
    assert.equal((await rejected(db.user.update({ where: { id }, data: { posts } }), 'P2025')).meta.neededFor, null)
  })

  test('a required value that is missing is named with its path', async () => {
    const missing = (call, path, field, instead = '') =>
      assert.rejects(call, ({ name, message }) => {
        assert.equal(name, 'PurlinValidationError')
        assert.ok(
          message.endsWith(
            `: argument \`${path}\`: \`${field}\` is required and has no default: give it a value${instead}`,
          ),
          message,
        )
        return true
      })
    await missing(() => db.user.create({ data: { name: 'x' } }), 'data.email', 'User.email')
    await missing(
      () => db.user.create({ data: { email: 'x', posts: { create: {} } } }),
      'data.posts.create.title',
      'Post.title',
    )
    await missing(
      () => db.user.create({ data: { email: 'x', posts: { create: [{ title: 't' }, {}] } } }),
      'data.posts.create.1.title',
      'Post.title',
    )
    await missing(
      () => db.user.update({ where: { id: 1 }, data: { posts: { create: [{}] } } }),
      'data.posts.create.0.title',
      'Post.title',
    )
    await missing(
      () => db.post.create({ data: { title: 't' } }),
      'data.authorId',
      'Post.authorId',
      ', or connect or create `author`',
    )
    await missing(
      () => db.post.create({ data: { title: 't', author: { create: { name: 'x' } } } }),
      'data.author.create.email',
      'User.email',
    )
    await missing(() => db.user.createMany({ data: [{ email: 'x' }, { name: 'y' }] }), 'data.1.email', 'User.email')
    await missing(
      () => db.tag.create({ data: { name: 't', posts: { create: { title: 't' } } } }),
      'data.posts.create.authorId',
      'Post.authorId',
      ', or connect or create `author`',
    )
  })

  test('a mistake in the arguments names the model, the operation and the argument', async () => {
    await assert.rejects(db.post.findMany({ include: { author: { select: { emial: true } } } }), {
      name: 'PurlinValidationError',
      message:
        '`post.findMany`: argument `include.author.select`: unknown field of User `emial`; did you mean `email`?',
    })
    await assert.rejects(db.user.create({ data: {} }), {
      name: 'PurlinValidationError',
      message: '`user.create`: argument `data.email`: `User.email` is required and has no default: give it a value',
    })
    await assert.rejects(db.user.findUnique({ where: { id: { gt: 1 } } }), /unique key/)
    assert.throws(() => db.user.groupBy({}), /`groupBy` of User is not supported yet/)
  })

  test('a copy of the package throws errors of the same class', () => {
    const copy = Object.assign(new Error('m'), { name: 'PurlinKnownRequestError', code: 'P2002' })
    assert.ok(copy instanceof Purlin.PurlinKnownRequestError)
    assert.ok(!(new Error('m') instanceof Purlin.PurlinKnownRequestError))
  })

  test('the stack of an error begins where the query was made', async () => {
    const email = 'stack@example.org'
    await db.user.create({ data: { email } })
    async function sent() {
      await db.user.create({ data: { email } })
    }
    async function onThisThread() {
      await db.user.findUniqueOrThrow({ where: { id: -1 } })
    }
    async function mistaken() {
      await db.user.findMany({ wher: {} })
    }
    async function inTransaction() {
      await db.$transaction(async function inTransaction(tx) {
        await tx.user.create({ data: { email } })
      })
    }
    async function inList() {
      await db.$transaction([db.user.create({ data: { email } })])
    }
    for (const failing of [sent, onThisThread, mistaken, inTransaction, inList]) {
      const error = await failing().then(
        () => assert.fail('it was not rejected'),
        error => error,
      )
      const [first, frame] = error.stack.split('\n')
      assert.equal(first, `${error.name}: ${error.message}`)
      assert.match(frame, new RegExp(`^    at ${failing.name} \\(.*client\\.test\\.mjs:\\d+:\\d+\\)$`), error.stack)
      assert.doesNotMatch(error.stack, /package.dist/)
      assert.ok(!Object.keys(error).includes('stack'))
    }
  })

  test('in production the stack has the functions that await, and not the one that made the query', () => {
    const script = `
      const { PurlinClient } = require('./build/generated/index.js')
      const made = () => new PurlinClient({ url: ${JSON.stringify(url)} }).user.findMany({ wher: {} })
      async function asked() { await made() }
      asked().catch((error) => console.log(...['made', 'asked'].map(name => error.stack.includes(name)), error.message))`
    const ran = NODE_ENV =>
      execFileSync(process.execPath, ['-e', script], {
        cwd: fileURLToPath(new URL('.', import.meta.url)),
        env: { ...process.env, NODE_ENV },
        encoding: 'utf8',
      })
    assert.match(ran('development'), /^true true `user\.findMany`: unknown argument/)
    assert.match(ran('production'), /^false true `user\.findMany`: unknown argument/)
  })

  test('a client that cannot be', async () => {
    assert.throws(() => new PurlinClient({ log: ['query'] }), /`log` of the client is not supported yet: remove it/)
    assert.throws(
      () => new PurlinClient({ adapter: {} }),
      /`adapter` of the client is not needed, .*: write the url that it has in its place/,
    )
    assert.throws(() => new PurlinClient({ ulr: 'x' }), /`ulr` of the client is unknown; did you mean `url`\?/)
    assert.throws(() => new PurlinClient({ urll: 'x' }), /`urll` of the client is unknown; did you mean `url`\?/)
    assert.throws(
      () => new PurlinClient({ datasources: { other: { url } } }),
      /no datasource `other`, its name is `db`/,
    )
    await assert.rejects(new PurlinClient().user.count(), {
      name: 'PurlinInitializationError',
      message: /PURLIN_TEST_URL is not set/,
    })
    await assert.rejects(new PurlinClient({ url: 'nonsense://x' }).$connect(), {
      name: 'PurlinInitializationError',
      errorCode: 'P1013',
    })
    const nowhere = new PurlinClient({ url: 'file:/nowhere/at/all.db' })
    for (const attempt of [() => nowhere.$connect(), () => nowhere.user.count(), () => nowhere.$connect()]) {
      await assert.rejects(attempt, { name: 'PurlinInitializationError', errorCode: 'P1003' })
    }
    await db.$connect()
  })

  test('$connect takes no lock, and finds a file that is no database', async () => {
    // The transaction holds the only connection that writes.
    await db.$transaction(async tx => {
      await tx.tag.create({ data: { id: 'new', name: 'new' } })
      await db.$connect()
    })
    const memory = new PurlinClient({ url: 'file::memory:' })
    await memory.$transaction(() => memory.$connect())
    const file = freshUrl().replace(/^file:/, '')
    writeFileSync(file, 'no database\n'.repeat(100))
    await assert.rejects(new PurlinClient({ url: `file:${file}` }).$connect(), /it is not a SQLite database/)
  })
})

describe('promises', () => {
  test('a query runs when it is awaited, once', async () => {
    const query = db.user.create({ data: { email: 'a' } })
    assert.equal(Object.prototype.toString.call(query), '[object PrismaPromise]')
    assert.equal(await db.user.count(), 0)
    const [first, second] = await Promise.all([query, query])
    assert.equal(first, second)
    let ended = 0
    await query.finally(() => ended++).catch(() => {})
    assert.deepEqual([ended, await db.user.count()], [1, 1])
  })

  test('a client is no thenable, and shows no secrets', async () => {
    assert.equal(db.then, undefined)
    assert.equal(await Promise.resolve(db), db)
    assert.ok(!inspect(new PurlinClient({ url: 'file:secret.db' }), { depth: 9 }).includes('secret'))
  })

  test('many at once, each with its own answer', async () => {
    await db.user.createMany({
      data: Array.from({ length: 300 }, (_, index) => ({ id: index + 1, email: `${index}` })),
    })
    const unique = Array.from({ length: 300 }, (_, index) => db.user.findUnique({ where: { id: index + 1 } }))
    const lists = Array.from({ length: 50 }, (_, index) => db.user.findMany({ where: { id: { lte: index } } }))
    assert.deepEqual(
      (await Promise.all(unique)).map(user => user.id),
      unique.map((_, index) => index + 1),
    )
    assert.deepEqual(
      (await Promise.all(lists)).map(users => users.length),
      lists.map((_, index) => index),
    )
  })

  test('shapes that were forgotten are sent again', async () => {
    await db.user.create({ data: { id: 1, email: 'a' } })
    const first = () => db.user.findUnique({ where: { id: 1 }, select: { email: true } })
    assert.deepEqual(await first(), { email: 'a' })
    // More shapes than the client and the engine remember.
    for (let index = 1; index <= 2500; index++) {
      const OR = Array.from({ length: 2 + (index % 50) }, (_, key) =>
        ((index / 50) >> (key % 6)) & 1 ? { id: key } : { email: `${key}` },
      )
      OR.push(...Array.from({ length: Math.floor(index / 50) }, () => ({ name: null })))
      await db.user.findFirst({ where: { OR }, select: { id: true } })
    }
    assert.deepEqual(await first(), { email: 'a' })
    assert.deepEqual(await db.user.findMany(), [{ id: 1, email: 'a', name: null, role: 'READER', managerId: null }])
  })
})

describe('what only plain JavaScript can say', () => {
  const invalid = async (query, message) => {
    await assert.rejects(query, error => error.name === 'PurlinValidationError' && message.test(error.message))
  }

  test('a selector names a row by the value of a key', async () => {
    await db.user.create({ data: { id: 1, email: 'a' } })
    for (const where of [
      { AND: [{ id: 1 }] },
      { AND: { id: 1 } },
      { id: { equals: 1 } },
      { id: { in: [1] } },
      { OR: [{ id: 1 }] },
      { id: Prisma.skip, name: 'x' },
      { NOT: { id: { not: 1 } } },
      { AND: [{ email: 'a' }], name: null },
    ]) {
      await invalid(db.user.findUnique({ where }), /must name one row of User by a unique key: `id`, `email`/)
      await invalid(db.user.update({ where, data: { name: 'x' } }), /unique key/)
      await invalid(db.user.delete({ where }), /unique key/)
      await invalid(db.post.create({ data: { title: 't', author: { connect: where } } }), /unique key/)
    }
    assert.equal((await db.user.findUnique({ where: { id: 1, AND: [{ email: { contains: 'a' } }] } }))?.id, 1)
    assert.equal((await db.user.findUnique({ where: { email: 'a', id: { gt: 0 } } }))?.id, 1)
  })

  test('a foreign key does not stand beside a relation', async () => {
    await db.user.create({ data: { id: 1, email: 'a' } })
    const author = { connect: { id: 1 } }
    await invalid(
      db.post.create({ data: { title: 't', authorId: 1, author } }),
      /`authorId` beside the relation `author`, and takes keys or relations: write one of them$/,
    )
    await invalid(db.post.create({ data: { title: 't', authorId: 1, author: {} } }), /takes keys or relations/)
    await invalid(
      db.user.update({ where: { id: 1 }, data: { managerId: 1, manager: { create: { email: 'b' } } } }),
      /takes keys or relations/,
    )
    const inner = { title: 't', authorId: 1, author }
    await invalid(
      db.user.create({ data: { email: 'c', posts: { create: [inner] } } }),
      /has the foreign key `authorId`/,
    )
    assert.equal(
      (await db.user.create({ data: { email: 'd', managerId: 1, posts: { create: { title: 't' } } } })).managerId,
      1,
    )
    assert.equal((await db.post.create({ data: { id: 77, title: 't', author } })).authorId, 1)
    assert.equal((await db.post.create({ data: { title: 't', authorId: 1, author: Prisma.skip } })).authorId, 1)
  })

  test('where each column has a default there may be no data', async () => {
    const group = await db.group.create({})
    assert.deepEqual(group, await db.group.findUnique({ where: { id: group.id } }))
    assert.deepEqual(Object.keys(await db.group.create()), Object.keys(group))
    await invalid(db.user.create({}), /`User.email` is required and has no default/)
    await invalid(db.group.create({ data: null }), /is required/)
  })

  test('a place for one row is not given twice', async () => {
    const manager = { connect: { id: 1 }, create: { email: 'z' } }
    await db.user.create({ data: { id: 1, email: 'a' } })
    await invalid(db.user.create({ data: { email: 'b', manager } }), /`User.manager` is written twice/)
    await invalid(db.user.update({ where: { id: 1 }, data: { manager } }), /`User.manager` is written twice/)
    const [connect, create] = [{ id: 1 }, { email: 'z' }]
    for (const manager of [
      { disconnect: true, connect },
      { connect, disconnect: true },
      { delete: true, create },
      { upsert: { create, update: {} }, connect },
      { connectOrCreate: { where: connect, create }, create },
    ]) {
      await invalid(db.user.update({ where: { id: 1 }, data: { manager } }), /`User.manager` is written twice/)
    }
    const bio = { bio: 'b' }
    for (const profile of [
      { create: bio, connect },
      { connectOrCreate: { where: connect, create: bio }, upsert: { create: bio, update: bio } },
    ]) {
      await invalid(db.user.update({ where: { id: 1 }, data: { profile } }), /`User.profile` is written twice/)
    }
    assert.equal(await db.user.count(), 1)
  })

  test('the row in a place for one gives way to another', async () => {
    await db.user.create({ data: { id: 1, email: 'a', profile: { create: { bio: 'old' } } } })
    const change = async profile =>
      (await db.user.update({ where: { id: 1 }, data: { profile }, include: { profile: true } })).profile?.bio
    const create = { bio: 'new' }
    assert.equal(await change({ delete: true, create }), 'new')
    assert.equal(await change({ update: { bio: 'changed' }, delete: true }), undefined)
    assert.equal(await change({ create }), 'new')
    await assert.rejects(change({ create, delete: true }), { code: 'P2014' })
    assert.equal(await change({ upsert: { create, update: { bio: 'updated' } } }), 'updated')
  })

  test('an object without members is no condition on a related row', async () => {
    await db.user.createMany({
      data: [
        { id: 1, email: 'a' },
        { id: 2, email: 'b', managerId: 1 },
      ],
    })
    assert.equal(await db.user.count({ where: { manager: {} } }), 2)
    assert.equal(await db.user.count({ where: { manager: { name: Prisma.skip } } }), 2)
    assert.equal(await db.user.count({ where: { NOT: { manager: {} } } }), 2)
    assert.equal(await db.user.count({ where: { OR: [{ manager: {} }, { id: 1 }] } }), 1)
    assert.equal(await db.user.count({ where: { manager: { is: {} } } }), 1)
    assert.equal(await db.user.count({ where: { manager: { isNot: {} } } }), 1)
    assert.equal(await db.user.count({ where: { manager: { AND: [] } } }), 1)
  })

  test('pages far behind the last row', async () => {
    await db.user.create({ data: { id: 1, email: 'a' } })
    assert.deepEqual(await db.user.findMany({ skip: 2 ** 31 }), [])
    assert.deepEqual(await db.user.findMany({ skip: Number.MAX_SAFE_INTEGER }), [])
    await invalid(
      db.user.findMany({ skip: 2 ** 53 }),
      /`skip`: expects an integer of at most 2 \*\* 53 - 1, got a larger one/,
    )
    await invalid(db.user.findMany({ skip: 1.5 }), /`skip`: expects an integer, got a number with a fraction/)
    await invalid(db.user.findMany({ skip: NaN }), /`skip`: expects an integer, got NaN/)
    await invalid(db.user.findMany({ take: -Infinity }), /`take`: expects an integer, got -Infinity/)
    await invalid(db.user.findMany({ where: null }), /`where`: expects an object of conditions, got null/)
    await rejected(db.user.findMany({ take: 2 ** 31 }), 'P2029')
  })

  test('a number that a column cannot hold is named by its column', async () => {
    await db.user.create({ data: { id: 1, email: 'a' } })
    await db.post.create({ data: { id: 1, title: 't', authorId: 1, views: 2 ** 31 - 1 } })
    const error = await rejected(db.post.update({ where: { id: 1 }, data: { views: { increment: 1 } } }), 'P2020')
    assert.match(error.message, /`Post.views` cannot hold the number that the database computes for it/)
    assert.equal(error.meta.field, 'views')
    const many = await rejected(db.post.updateMany({ data: { views: { divide: 0 } } }), 'P2020')
    assert.match(many.message, /`Post.views`/)
  })
})

test('the list form of a transaction has no timeout of its own', async () => {
  const hurried = new PurlinClient({ url, transactionOptions: { timeout: 1 } })
  const list = Array.from({ length: 2000 }, (_, index) => hurried.user.create({ data: { email: `${index}@list` } }))
  assert.equal((await hurried.$transaction(list)).length, 2000)
  assert.equal(await db.user.count(), 2000)
})

test('a timeout is a whole number of milliseconds', async () => {
  for (const timeout of [1.5, Infinity, NaN, -1, 2 ** 31, '5', null]) {
    const options = { timeout }
    await assert.rejects(
      db.$transaction(async () => {}, options),
      /`timeout` expects a number of milliseconds: a whole one of at most 2147483647/,
    )
    assert.throws(() => new PurlinClient({ url, transactionOptions: options }), /expects a number of milliseconds/)
  }
})

describe('transactions', () => {
  test('commit, and roll back with what was thrown', async () => {
    const result = await db.$transaction(async tx => {
      const user = await tx.user.create({ data: { email: 'a' } })
      assert.equal(await tx.user.count(), 1)
      assert.equal(await db.user.count(), 0)
      return user.email
    })
    assert.equal(result, 'a')
    const thrown = { any: 'thing' }
    const error = await db
      .$transaction(async tx => {
        await tx.user.deleteMany()
        throw thrown
      })
      .catch(error => error)
    assert.equal(error, thrown)
    assert.equal(await db.user.count(), 1)
  })

  test('a list of queries', async () => {
    const results = await db.$transaction([
      db.user.create({ data: { id: 1, email: 'a' } }),
      db.user.findUnique({ where: { id: 1 }, select: { email: true } }),
      db.user.updateMany({ data: { name: 'n' } }),
      db.user.count(),
    ])
    assert.deepEqual(results.slice(1), [{ email: 'a' }, { count: 1 }, 1])
    const error = await rejected(
      db.$transaction([db.user.create({ data: { email: 'b' } }), db.user.create({ data: { email: 'a' } })]),
      'P2002',
    )
    assert.equal(error.batchRequestIdx, 1)
    assert.equal(await db.user.count(), 1)
    await rejected(db.$transaction([db.user.deleteMany(), db.user.findUniqueOrThrow({ where: { id: 9 } })]), 'P2025')
    assert.equal(await db.user.count(), 1)
  })

  test('what is no list of queries', async () => {
    await assert.rejects(db.$transaction([Promise.resolve(1)]), /queries that are not awaited/)
    await assert.rejects(db.$transaction('x'), /a list of queries or a function/)
    await assert.rejects(db.$transaction([new PurlinClient({ url }).user.count()]), /another client/)
    await assert.rejects(
      db.$transaction([], { isolationLevel: 'ReadCommitted' }),
      /`isolationLevel` expects 'Serializable', the only level of SQLite/,
    )
    assert.deepEqual(await db.$transaction([], { isolationLevel: Prisma.TransactionIsolationLevel.Serializable }), [])
  })

  test('after its end, and after its time', async () => {
    let kept
    await db.$transaction(async tx => {
      kept = tx
    })
    await rejected(kept.user.count(), 'P2028')
    const error = await rejected(
      db.$transaction(
        async tx => {
          await tx.user.create({ data: { email: 'late' } })
          await new Promise(resolve => setTimeout(resolve, 300))
          await tx.user.count()
        },
        { timeout: 50 },
      ),
      'P2028',
    )
    assert.match(error.message, /50 ms/)
    assert.equal(await db.user.count(), 0)
  })

  test('queries of a transaction that nobody awaits run in their order', async () => {
    const counts = await db.$transaction(async tx =>
      Promise.all([tx.user.count(), tx.user.create({ data: { email: 'a' } }), tx.user.count()]),
    )
    assert.deepEqual([counts[0], counts[2]], [0, 1])
  })

  test('it waits for its turn no longer than asked', async () => {
    let release
    const holding = db.$transaction(tx => tx.user.count().then(() => new Promise(resolve => (release = resolve))))
    while (release === undefined) await new Promise(resolve => setTimeout(resolve, 1))
    await rejected(
      db.$transaction(async () => {}, { maxWait: 20 }),
      'P2028',
    )
    release()
    await holding
  })
})

test('two clients, two names', async () => {
  assert.equal(PrismaClient, PurlinClient)
  assert.equal(Prisma, Purlin)
  assert.equal(Prisma.ModelName.User, 'User')
  assert.equal(Prisma.UserScalarFieldEnum.email, 'email')
  const other = new PrismaClient({ datasources: { db: { url } } })
  await other.user.create({ data: { email: 'x' } })
  assert.equal(await db.user.count(), 1)
  await other.$disconnect()
  assert.equal(await other.user.count(), 1)
})

test('a transaction whose callback never ends is settled at its timeout', async () => {
  await assert.rejects(
    db.$transaction(() => new Promise(() => {}), { timeout: 50 }),
    error => error.code === 'P2028' && /longer than its timeout of 50 ms/.test(error.message),
  )
})

test('a list of a transaction that claims a length is refused', async () => {
  await assert.rejects(db.$transaction(new Array(2 ** 32 - 1)), /takes at most/)
  await assert.rejects(db.$transaction(new Array(5)), /expects queries/)
})

test('once disconnected, the file is free', async () => {
  const url = freshUrl()
  const file = url.slice('file:'.length)
  const other = new PurlinClient({ url })
  for (let round = 0; round < 20; round++) {
    await other.user.create({ data: { email: `${round}` } })
    if (round % 2 === 0) await Promise.all([other.user.findMany(), other.user.count(), other.user.findFirst()])
    await other.$disconnect()
    assert.ok(!existsSync(`${file}-wal`), `round ${round}`)
  }
})

test('a transaction that disconnects its client does not wait for itself', async () => {
  const other = new PurlinClient({ url: freshUrl() })
  await other.$transaction(async tx => {
    await tx.user.create({ data: { email: 'a' } })
    await other.$disconnect()
  })
  assert.equal(await other.user.count(), 1)
  await other.$disconnect()
})

test('a missing row is told by the operation that names it', async () => {
  await db.user.createMany({ data: [1, 2].map(id => ({ id, email: `${id}` })) })
  const post = await db.post.create({ data: { id: 1, title: 'p', authorId: 1 } })
  const told = async (promise, code) => (await rejected(promise, code)).message
  const user = data => db.user.update({ where: { id: 1 }, data })
  assert.match(await told(user({ reports: { set: [{ id: 99 }] } }), 'P2018'), /member of the `set` of `User.reports`$/)
  assert.match(
    await told(user({ reports: { set: [{ id: 2 }, { email: 'none' }] } }), 'P2018'),
    /member of the `set` of `User.reports`$/,
  )
  assert.match(await told(user({ posts: { set: { id: 99 } } }), 'P2018'), /member of the `set` of `User.posts`$/)
  const tagged = db.post.update({ where: { id: post.id }, data: { tags: { set: [{ name: 'none' }] } } })
  assert.match(await told(tagged, 'P2025'), /member of the `set` of `Post.tags`$/)
  assert.match(await told(user({ reports: { connect: { id: 99 } } }), 'P2018'), /the `connect` of `User.reports`$/)
  const both = user({ reports: { set: [], connect: { id: 99 } } })
  assert.match(await told(both, 'P2018'), /the `connect` of `User.reports`$/)
})
