// Where values could leak or errors of V8 could stand for those of this package: logs of queries that nobody awaits, proxies
// that break their rules, stacks that the application formats itself, lists that change.

import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { beforeEach, describe, test } from 'node:test'
import { PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'

const url = freshUrl()
const db = new PurlinClient({ url })

beforeEach(async () => {
  await db.post.deleteMany()
  await db.user.deleteMany()
  await db.user.create({ data: { id: 1, email: 'a' } })
})

describe('a query that is not awaited', () => {
  const queries = {
    create: () => db.user.create({ data: { email: 'hunter2' } }),
    createMany: () => db.user.createMany({ data: [{ email: 'hunter2' }, { email: 'x', name: 'hunter2' }] }),
    findMany: () => db.user.findMany({ where: { name: { in: ['hunter2'] } } }),
    'a refused one': () => db.user.findMany({ where: { id: 'hunter2' } }),
  }
  const views = {
    inspect: query => inspect(query, { depth: 20 }),
    'inspect with hidden members': query => inspect(query, { depth: 20, showHidden: true, getters: true }),
    'inspect as console.dir does': query => inspect(query, { depth: 20, customInspect: false }),
    'inspect of a list with it': query => inspect([{ query }], { depth: 20 }),
    JSON: query => JSON.stringify({ query }) ?? '',
    'its members': query =>
      inspect([Object.entries(query), { ...query }, Reflect.ownKeys(query).map(key => query[key])], { depth: 20 }),
  }
  for (const [name, make] of Object.entries(queries)) {
    for (const [view, show] of Object.entries(views)) {
      test(`${view} of ${name} shows no arguments`, async () => {
        const query = make()
        const text = show(query)
        assert.doesNotMatch(text, /hunter2|email/)
        assert.ok(text.length < 200, text)
        await query.catch(() => {})
        assert.doesNotMatch(show(query), /hunter2/)
      })
    }
  }
})

describe('objects of the caller that break their rules', () => {
  const frozen = value =>
    new Proxy(Object.freeze({ text: value, email: value, url: value, timeout: value }), { get: () => 'x' })
  const failing = trap =>
    new Proxy(
      { id: 1 },
      {
        [trap]: () => {
          throw new TypeError('hunter2')
        },
      },
    )
  const lying = new Proxy(Object.preventExtensions({ email: 'hunter2' }), {
    ownKeys: () => ['hunter2'],
    getPrototypeOf: () => null,
  })
  const { proxy: revoked, revoke } = Proxy.revocable({ email: 'hunter2' }, {})
  revoke()
  const getter = {
    get email() {
      throw new Error('hunter2')
    },
  }
  const things = {
    frozen: frozen('hunter2'),
    lying,
    revoked,
    getter,
    get: failing('get'),
    ownKeys: failing('ownKeys'),
    getPrototypeOf: failing('getPrototypeOf'),
  }

  async function refused(run) {
    const error = await (async () => run())().then(
      () => assert.fail('it was not refused'),
      error => error,
    )
    assert.equal(error.name, 'PurlinValidationError', error.stack)
    assert.match(error.message, /cannot be read/)
    assert.doesNotMatch(inspect(error), /hunter2/)
  }

  for (const [name, thing] of Object.entries(things)) {
    test(`${name} in arguments`, async () => {
      await refused(() => db.user.findMany({ where: thing }))
      await refused(() => db.user.findMany({ where: { AND: [{ manager: thing }] } }))
      await refused(() => db.user.create({ data: thing }))
      await refused(() => db.user.findMany({ select: { posts: { where: { author: thing } } } }))
      await db.$transaction(async tx => refused(() => tx.user.deleteMany({ where: thing })))
    })

    test(`${name} as options`, async () => {
      const options =
        name === 'getter'
          ? {
              get url() {
                throw new Error('hunter2')
              },
            }
          : thing
      await refused(() => new PurlinClient(options))
      await refused(() => new PurlinClient({ datasources: { db: options } }))
    })
  }

  test('lists', async () => {
    const list = [db.user.count()]
    await refused(() =>
      db.$transaction(
        new Proxy(list, {
          get: () => {
            throw new Error('hunter2')
          },
        }),
      ),
    )
    await refused(() =>
      db.user.findMany({
        where: {
          id: {
            in: new Proxy([1], {
              get: () => {
                throw new Error('hunter2')
              },
            }),
          },
        },
      }),
    )
    await assert.rejects(db.$transaction([new Proxy(db.user.count(), {})]), /expects queries that are not awaited/)
  })
})

describe('stacks that the application formats itself', () => {
  const formats = {
    'a list of call sites': (_, sites) => sites,
    nothing: () => undefined,
    'an object': () => ({}),
    'a failure': () => {
      throw new Error('hunter2')
    },
  }
  for (const [name, format] of Object.entries(formats)) {
    test(name, async () => {
      const { prepareStackTrace } = Error
      Error.prepareStackTrace = format
      const errors = []
      try {
        for (const call of [
          () => db.user.findMany({ where: { id: 'x' } }),
          () => db.user.create({ data: { id: 1, email: 'b' } }),
          () => db.user.findUniqueOrThrow({ where: { id: 5 } }),
          () => db.user.findMany({ where: new Proxy(Object.freeze({ text: 'hunter2' }), { get: () => 'x' }) }),
          () => db.$transaction([db.user.create({ data: { id: 1, email: 'b' } })]),
          () => db.$transaction(tx => tx.user.create({ data: { id: 1, email: 'b' } })),
        ]) {
          errors.push(
            await (async () => call())().then(
              () => undefined,
              error => error,
            ),
          )
        }
      } finally {
        Error.prepareStackTrace = prepareStackTrace
      }
      assert.deepEqual(
        errors.map(error => error?.code ?? error?.constructor?.errorName),
        ['PurlinValidationError', 'P2002', 'P2025', 'PurlinValidationError', 'P2002', 'P2002'],
      )
    })
  }
})

describe('a list of $transaction that changes while it runs', () => {
  const create = id => db.user.create({ data: { id, email: `${id}` } })
  const ids = async () => (await db.user.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id)

  test('elements are replaced', async () => {
    const list = [create(2), create(3), create(4)]
    const transaction = db.$transaction(list)
    list.fill(undefined)
    assert.deepEqual(
      (await transaction).map(({ id }) => id),
      [2, 3, 4],
    )
    assert.deepEqual(await ids(), [1, 2, 3, 4])
  })

  test('it is emptied, or gets more', async () => {
    const list = [create(2), create(3)]
    const transaction = db.$transaction(list)
    list.length = 0
    list.push(create(5), 'no query')
    assert.equal((await transaction).length, 2)
    assert.deepEqual(await ids(), [1, 2, 3])
  })

  test('by what a query of it calls', async () => {
    const list = [create(2), create(3), create(4)]
    const transaction = db.$transaction(list)
    queueMicrotask(() => list.reverse())
    await transaction
    assert.deepEqual(await ids(), [1, 2, 3, 4])
  })

  test('elements that say something else each time they are read', async () => {
    let reads = 0
    const list = [create(2)]
    Object.defineProperty(list, 1, { get: () => (reads++ === 0 ? create(3) : 'hunter2'), enumerable: true })
    assert.equal((await db.$transaction(list)).length, 2)
    assert.equal(reads, 1)
  })

  test('a query that was awaited before, or is there twice, fails the whole list', async () => {
    const awaited = create(2)
    await awaited
    await assert.rejects(db.$transaction([create(3), awaited]), /runs already/)
    const twice = create(4)
    await assert.rejects(db.$transaction([twice, twice]), /runs already/)
    assert.deepEqual(await ids(), [1, 2])
  })
})

describe('what the encoder counts is what the engine counts', () => {
  const many = (count, make) => Array.from({ length: count }, (_, index) => make(index))
  const shapes = {
    'NOT of a list': n => ({ where: { NOT: many(n, id => ({ id })) } }),
    OR: n => ({ where: { OR: many(n, id => ({ id })) } }),
    'members of an object': n => ({ where: { AND: many(n, id => ({ id, email: 'a' })) } }),
    'operators of a column': n => ({ where: { AND: many(n, id => ({ id: { gt: id, lt: 5 } })) } }),
    'a relation that is null': n => ({ where: { OR: many(n, () => ({ manager: null })) } }),
    'is and isNot': n => ({ where: { OR: many(n, () => ({ manager: { is: null, isNot: { id: 1 } } })) } }),
    'lists of related rows': n => ({ where: { AND: many(n, () => ({ posts: { some: {}, none: { id: 1 } } })) } }),
    'not in operators': n => ({ where: { AND: many(n, id => ({ id: { not: { gt: id, in: [1] } } })) } }),
    'sort keys': n => ({
      where: { AND: many(n, id => ({ id })) },
      orderBy: [{ id: 'asc' }, { email: 'asc' }],
      omit: { name: true },
      include: { posts: true, _count: true },
    }),
  }
  for (const [name, shape] of Object.entries(shapes)) {
    test(`${name}: none is left to the engine to refuse`, async () => {
      const small = new PurlinClient({ url, limits: { nodes: 40 } })
      let refusals = 0
      for (let n = 1; n <= 42; n++) {
        const error = await small.user.findMany(shape(n)).then(
          () => undefined,
          error => error,
        )
        if (error === undefined) continue
        assert.equal(error.name, 'PurlinValidationError', `${n}: ${error.message}`)
        assert.match(error.message, /more than 40 conditions/)
        refusals++
      }
      assert.ok(refusals > 0 && refusals < 42, `${refusals}`)
    })
  }

  const one = id => ({ id })
  const row = index => ({ id: 100 + index, title: 't' })
  const posts = {
    connect: n => ({ connect: many(n, one) }),
    create: n => ({ create: many(n, row) }),
    connectOrCreate: n => ({ connectOrCreate: many(n, index => ({ where: { id: 1 }, create: row(index) })) }),
    createMany: n => ({ createMany: { data: many(n, index => (index % 2 ? row(index) : { title: 't' })) } }),
    set: n => ({ set: many(n, () => one(1)) }),
    'set and connect': n => ({ set: [{ id: 1 }], connect: many(n, () => one(1)) }),
    update: n => ({ update: many(n, () => ({ where: { id: 1 }, data: { views: n, title: 't' } })) }),
    'update of nothing': n => ({ update: many(n, () => ({ where: { id: 1 }, data: {} })) }),
    updateMany: n => ({ updateMany: many(n, () => ({ where: {}, data: { views: n } })) }),
    upsert: n => ({ upsert: many(n, index => ({ where: { id: 1 }, create: row(index), update: { views: n } })) }),
    delete: n => ({ delete: many(n, one) }),
    deleteMany: n => ({ deleteMany: many(n, () => ({ id: 7 })) }),
    'several operations': n => ({
      deleteMany: many(n, () => ({ id: 7 })),
      updateMany: many(n, () => ({ where: {}, data: {} })),
    }),
    'operations of operations': n => ({
      update: { where: { id: 1 }, data: { tags: { set: [], deleteMany: many(n, () => ({ id: 'x' })) } } },
    }),
  }
  for (const [name, operations] of Object.entries(posts)) {
    test(`${name}: what is written is not left to the engine to refuse`, async () => {
      const user = await db.user.create({ data: { email: 'counted', posts: { create: { id: 1, title: 't' } } } })
      const small = new PurlinClient({ url, limits: { dataNodes: 40 } })
      let refusals = 0
      for (let n = 1; n <= 42; n++) {
        const data = { posts: operations(n) }
        const error = await small.user.update({ where: { id: user.id }, data }).then(
          () => undefined,
          error => error,
        )
        assert.notEqual(error?.code, 'P2029', `${n}: ${error?.message}`)
        if (error?.name !== 'PurlinValidationError') continue
        assert.match(error.message, /writes more than 40 values and related rows/)
        refusals++
      }
      assert.ok(refusals > 0 && refusals < 42, `${refusals}`)
      await db.user.delete({ where: { id: user.id } })
    })
  }
})
