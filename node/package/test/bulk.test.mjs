// Writes of many rows: an empty condition is a mistake, no condition is all rows.

import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'

const url = freshUrl()
// Undefined leaves its member out, as in an application that was taken over: what is undefined is tested elsewhere.
const db = new PurlinClient({ url, strictUndefinedChecks: false, emptyWhere: 'refuse' })
const prismas = new PurlinClient({ url, strictUndefinedChecks: false })

beforeEach(async () => {
  await db.user.deleteMany()
  await db.user.createMany({ data: [1, 2, 3].map(id => ({ id, email: `${id}` })) })
})

// biome-ignore format: a table of conditions, read as a block
const EMPTY = [
  undefined, null, {}, { id: undefined }, { id: {} }, { id: { not: undefined } }, { name: { not: {} } }, { AND: [] }, { AND: {} }, { AND: [{}, { id: undefined }] },
  { OR: [{}] }, { OR: [{ id: undefined }] }, { OR: undefined }, { NOT: {} }, { NOT: [] }, { NOT: [{}] }, { NOT: { NOT: {} } }, { AND: [{ OR: [] }] },
  { posts: {} }, { posts: { some: undefined } }, { posts: { every: {} } },
  // Conditions that every row fulfils.
  { id: { notIn: [] } }, { NOT: { id: { in: [] } } }, { OR: [{ id: 1 }, { id: { notIn: [] } }] }, { posts: { none: { id: { in: [] } } } },
]

describe('a condition that is none is refused', () => {
  for (const where of EMPTY) {
    test(JSON.stringify(where, (_, value) => (value === undefined ? 'undefined' : value)) ?? 'undefined', async () => {
      for (const write of [db.user.updateMany({ where, data: { name: 'x' } }), db.user.deleteMany({ where })]) {
        const error = await write.then(
          () => assert.fail('it was not refused'),
          error => error,
        )
        assert.equal(error.name, 'PurlinValidationError', error.stack)
        assert.match(
          error.message,
          /the `where` has no condition, so that it would write every row of User: leave `where` out to mean all rows$/,
        )
      }
      assert.equal(await db.user.count({ where: { name: null } }), 3)
    })
  }
})

test('without `where` all rows are meant', async () => {
  assert.deepEqual(await db.user.updateMany({ data: { name: 'x' } }), { count: 3 })
  assert.deepEqual(await db.user.deleteMany({}), { count: 3 })
  assert.deepEqual(await db.user.deleteMany(), { count: 0 })
})

test('conditions that some rows may not fulfil are no empty ones', async () => {
  // biome-ignore format: a table of conditions, read as a block
  const wheres = [
    [{ OR: [] }, 0], [{ id: { in: [] } }, 0], [{ id: 1 }, 1], [{ id: 1, name: undefined }, 1], [{ NOT: { id: 1 } }, 2], [{ OR: [{ id: 1 }, {}] }, 1],
    [{ name: null }, 3], [{ name: { not: 'y' } }, 0], [{ manager: null }, 3], [{ manager: { is: {} } }, 0], [{ posts: { some: { OR: [] } } }, 0], [{ posts: { none: {} } }, 3], [{ posts: { some: {} } }, 0],
    [{ id: { notIn: [1] } }, 2], [{ id: 2, AND: { id: { notIn: [] } } }, 1], [{ posts: { every: { id: 1 } } }, 3], [{ OR: [{ id: 1 }, { id: { in: [] } }] }, 1],
    [{ NOT: { OR: [{ id: 1 }, { id: 2 }] } }, 1], [{ email: { contains: '' } }, 3],
  ]
  for (const [where, count] of wheres) {
    assert.deepEqual(await db.user.updateMany({ where, data: { role: 'AUTHOR' } }), { count }, JSON.stringify(where))
  }
})

test("a client may have Prisma's meaning", async () => {
  assert.deepEqual(await prismas.user.updateMany({ where: { id: undefined }, data: { name: 'x' } }), { count: 3 })
  assert.deepEqual(await prismas.user.updateMany({ where: { OR: [{}] }, data: { name: 'y' } }), { count: 0 })
  assert.deepEqual(await prismas.user.deleteMany({ where: {} }), { count: 3 })
})

test('the option alone', async () => {
  const strict = new PurlinClient({ url })
  const allowing = new PurlinClient({ url, emptyWhere: 'allow' })
  await assert.rejects(strict.user.deleteMany({ where: {} }), /the `where` has no condition/)
  await assert.rejects(allowing.user.deleteMany({ where: { id: undefined } }), /argument `where.id`: is undefined/)
  assert.deepEqual(await allowing.user.deleteMany({ where: {} }), { count: 3 })
})

test('reads have no such rule', async () => {
  assert.equal(await db.user.count({ where: {} }), 3)
  assert.equal((await db.user.findMany({ where: { id: undefined } })).length, 3)
})

describe('a condition on a related row that says nothing is refused', () => {
  // biome-ignore format: a table of conditions, read as a block
  const wheres = [
    { author: {} }, { author: { id: undefined } }, { author: { is: {} } }, { author: { is: { id: undefined } } }, { NOT: { author: { isNot: {} } } },
    { OR: [{ id: -1 }, { author: { email: undefined } }] }, { OR: [{ id: -1 }, { author: {} }] }, { author: { NOT: { id: { in: [] } } } },
    { OR: [{ id: -1 }, { author: { isNot: { OR: [] } } }] }, { id: 1, author: { OR: [{ id: undefined }] } }, { id: 1, author: {} },
    { author: { posts: { some: { id: undefined } } } }, { AND: [{ author: { AND: [] } }] }, { id: 1, author: { id: undefined } },
  ]
  for (const where of wheres) {
    test(
      JSON.stringify(where, (_, value) => (value === undefined ? 'undefined' : value)),
      async () => {
        await db.post.deleteMany()
        await db.post.createMany({ data: [1, 2].map(id => ({ id, title: 'kept', authorId: id })) })
        for (const write of [
          db.post.updateMany({ where, data: { title: 'changed' } }),
          db.post.deleteMany({ where }),
        ]) {
          await assert.rejects(write, { name: 'PurlinValidationError' })
        }
        assert.equal(await db.post.count({ where: { title: 'kept' } }), 2)
        await db.post.deleteMany()
      },
    )
  }

  test('lists of related rows', async () => {
    for (const quantifier of ['some', 'every', 'none']) {
      const write = db.user.deleteMany({ where: { posts: { [quantifier]: { id: undefined } } } })
      await assert.rejects(write, /`where.posts.\w+`: holds only conditions that say nothing/)
    }
    assert.equal(await db.user.count(), 3)
  })

  test('conditions that every row fulfils', async () => {
    // biome-ignore format: a table of conditions, read as a block
    const always = [
      { posts: { some: { id: { notIn: [] } } } }, { id: { notIn: [] } }, { NOT: { id: { in: [] } } }, { NOT: { OR: [] } },
      { OR: [{ id: { notIn: [] } }, { name: 'x' }] }, { manager: { id: { notIn: [] } } }, { manager: { is: { id: { notIn: [] } } } },
      { manager: { isNot: { id: { in: [] } } } }, { posts: { every: { id: { notIn: [] } } } }, { reports: { none: { AND: { email: { notIn: [] } } } } },
    ]
    for (const where of always) {
      for (const condition of [
        { author: where },
        { author: { is: where } },
        { AND: [{ author: where }] },
        { NOT: { author: { isNot: where } } },
      ]) {
        await assert.rejects(
          db.post.deleteMany({ where: condition }),
          /say nothing|no condition/,
          JSON.stringify(condition),
        )
        await assert.rejects(
          db.comment.updateMany({ where: condition, data: { body: 'x' } }),
          /say nothing|no condition/,
          JSON.stringify(condition),
        )
      }
    }
  })

  test('any related row, in so many words, is a condition', async () => {
    for (const where of [
      { author: { posts: { some: {} } } },
      { author: { posts: { none: {} } } },
      { author: { manager: { is: {} } } },
      { author: { id: { notIn: [5] } } },
    ]) {
      await db.post.deleteMany({ where })
      await db.comment.deleteMany({ where })
    }
    await db.comment.deleteMany({ where: { author: null } })
    await db.user.deleteMany({ where: { id: 1, manager: { isNot: null } } })
  })

  test('reads take it as Prisma does', async () => {
    await db.post.createMany({ data: [1, 2].map(id => ({ id, title: 'kept', authorId: id })) })
    assert.equal(await db.post.count({ where: { author: { id: undefined } } }), 2)
    assert.equal(await db.post.count({ where: { author: { isNot: {} } } }), 0)
    assert.equal(await db.user.count({ where: { posts: { some: {} } } }), 2)
    assert.equal((await db.post.updateMany({ where: { author: { id: 1 } }, data: { title: 'changed' } })).count, 1)
    await db.post.deleteMany()
  })
})

test('null is no condition and no arguments, in a client that leaves out what is undefined as well', async () => {
  const url = freshUrl()
  for (const client of [new PurlinClient({ url }), new PurlinClient({ url, strictUndefinedChecks: false })]) {
    await client.user.create({ data: { email: `${Math.random()}` } })
    const before = await client.user.count()
    for (const call of [
      () => client.user.deleteMany(null),
      () => client.user.deleteMany({ where: null }),
      () => client.user.updateMany({ where: null, data: { name: 'x' } }),
      () => client.user.findMany(null),
      () => client.user.count(null),
    ]) {
      await assert.rejects(async () => call(), { name: 'PurlinValidationError' })
    }
    assert.equal(await client.user.count({ where: { OR: [{ name: null }, { name: { not: 'x' } }] } }), before)
  }
})
