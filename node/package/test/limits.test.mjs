// The limits that the encoder holds before it walks arguments, and the options that set them.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'
import { ENCODE_DEFAULTS, Engine, catalogOf, encode, engineOptions, indexCatalog } from './support/runtime.mjs'

const url = freshUrl()
const db = new PurlinClient({ url })

const CATALOG = catalogOf('model User=users id:Int | id')
const [User] = indexCatalog(CATALOG)

/** Refused by the encoder, quickly, with a message of a sane length. */
async function refused(run, message) {
  const start = performance.now()
  const error = await run().then(
    () => assert.fail('it was not refused'),
    error => error,
  )
  assert.equal(error.name, 'PurlinValidationError', error.stack)
  assert.match(error.message, message)
  assert.ok(error.message.length < 1200, `${error.message.length} characters`)
  assert.ok(performance.now() - start < 1000, 'it took longer than a second')
}

/** `inner` inside `levels` objects that `wrap` makes. */
const nested = (levels, inner, wrap) => {
  let value = inner
  for (let level = 0; level < levels; level++) value = wrap(value)
  return value
}

const cyclic = (key, more = {}) => {
  const object = { ...more }
  object[key] = object
  return object
}

/** Long, and without elements. */
const sparse = length => {
  const list = []
  list.length = length
  return list
}

describe('conditions', () => {
  test('one object that occurs many times', async () => {
    const where = nested(28, { id: 1 }, x => ({ AND: x, NOT: x }))
    await refused(
      () => db.user.findMany({ where }),
      /argument `where\..*`: the query has more than 2000 conditions.*`limits.nodes`/,
    )
    const lists = nested(28, { id: 1 }, x => ({ OR: [x, x] }))
    await refused(() => db.user.findMany({ where: lists }), /more than 2000/)
    const relations = nested(28, { id: 1 }, x => ({ manager: x, posts: { some: { author: x } } }))
    await refused(() => db.user.count({ where: relations }), /more than 2000|deeper than 32/)
    const changes = nested(28, 'x', x => ({ not: x }))
    assert.equal(await db.user.count({ where: { name: changes } }), 0)
  })

  test('objects that contain themselves', async () => {
    for (const key of ['AND', 'OR', 'NOT']) {
      const list = { id: 1 }
      list[key] = [list]
      await refused(
        () => db.user.findMany({ where: list }),
        /conditions nest deeper than 32 levels; the option `limits.filterDepth`/,
      )
    }
    await refused(() => db.user.findMany({ where: cyclic('NOT') }), /deeper than 32/)
    await refused(() => db.user.findMany({ where: cyclic('manager') }), /deeper than 32/)
    await refused(() => db.user.findMany({ where: { manager: cyclic('is') } }), /.*/)
    await refused(() => db.user.findMany({ where: { name: cyclic('not') } }), /deeper than 32/)
    await refused(() => db.user.deleteMany({ where: cyclic('NOT') }), /deeper than 32/)
    await refused(() => db.user.findUnique({ where: cyclic('AND', { id: 1 }) }), /deeper than 32/)
  })

  test('depth', async () => {
    assert.deepEqual(await db.user.findMany({ where: nested(32, { id: 1 }, x => ({ AND: x })) }), [])
    await refused(() => db.user.findMany({ where: nested(33, { id: 1 }, x => ({ AND: x })) }), /deeper than 32/)
    await refused(() => db.user.findMany({ where: nested(100_000, { id: 1 }, x => ({ NOT: x })) }), /deeper than 32/)
    await refused(
      () => db.user.findMany({ where: { name: nested(100_000, 'x', x => ({ not: x })) } }),
      /deeper than 32/,
    )
  })

  test('the number of conditions', async () => {
    const alternatives = count => ({ OR: Array.from({ length: count }, (_, id) => ({ id })) })
    await refused(
      () => db.user.count({ where: alternatives(2001) }),
      /argument `where.OR`: the query has more than 2000/,
    )
    await refused(() => db.user.count({ where: { OR: sparse(2 ** 32 - 1) } }), /more than 2000/)
    await refused(() => db.user.count({ where: { NOT: new Array(1e7).fill({}) } }), /more than 2000/)
    const wide = Object.fromEntries(Array.from({ length: 1e5 }, (_, index) => [`k${index}`, undefined]))
    await refused(() => db.user.count({ where: wide }), /more than 2000/)
    await refused(() => db.user.count({ where: { name: wide } }), /more than 2000/)
    await refused(
      () => db.user.findMany({ orderBy: new Array(1e7).fill({ id: 'asc' }) }),
      /argument `orderBy`: .*more than 2000/,
    )
    await refused(() => db.user.findMany({ orderBy: wide }), /more than 2000/)
    await refused(() => db.user.findMany({ select: wide }), /more than 2000/)
    await refused(() => db.user.findMany({ include: wide }), /more than 2000/)
    await refused(() => db.user.findMany({ omit: wide }), /more than 2000/)
    await refused(() => db.user.count({ select: wide }), /more than 2000/)
    await refused(() => db.user.findMany({ include: { _count: { select: wide } } }), /more than 2000/)
  })

  test('values of a list', async () => {
    await refused(
      () => db.user.count({ where: { id: { in: sparse(2 ** 32 - 1) } } }),
      /argument `where.id.in`: the list has more than 100000 values/,
    )
    await refused(() => db.user.count({ where: { id: { notIn: new Array(1e7).fill(1) } } }), /more than 100000 values/)
    await refused(() => db.user.count({ where: { id: { in: sparse(3) } } }), /argument `where.id.in.0`: is undefined: /)
  })
})

describe('selections', () => {
  const cycle = () => {
    const posts = { include: {} }
    posts.include.author = { include: { posts } }
    return { posts }
  }

  test('objects that contain themselves', async () => {
    await refused(
      () => db.user.findMany({ include: cycle() }),
      /relations nest deeper than 8 levels; the option `limits.relationDepth`/,
    )
    const select = {}
    select.manager = { select }
    await refused(() => db.user.findMany({ select }), /deeper than 8/)
    await refused(() => db.user.create({ data: { email: 'a' }, include: cycle() }), /deeper than 8/)
  })

  test('one object that occurs many times', async () => {
    const many = levels => nested(levels, { select: { id: true } }, x => ({ select: { manager: x, reports: x } }))
    await refused(
      () => new PurlinClient({ url, limits: { relationDepth: 64 } }).user.findMany(many(40)),
      /more than 2000/,
    )
    await refused(() => db.user.findMany(many(40)), /deeper than 8/)
  })

  test('more rows than a page has, from either end', async () => {
    // Often enough that the engine of JavaScript optimizes what reads the number.
    for (let time = 0; time < 20_000; time++) await db.user.findMany({ take: -1 - (time % 50) })
    for (const take of [2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 1 - 2 ** 31, Number.MIN_SAFE_INTEGER]) {
      const error = await db.user.findMany({ take }).then(
        () => assert.fail('it was not refused'),
        error => error,
      )
      assert.equal(error.code, 'P2029', `${take}: ${error.stack}`)
      assert.match(error.message, /`take` asks for more than 10000 rows/)
    }
  })

  test('an order that goes on for ever', async () => {
    await refused(
      () => db.user.findMany({ orderBy: cyclic('manager') }),
      /argument `orderBy.manager.*`: relations nest deeper than 8/,
    )
  })
})

describe('what is written', () => {
  test('nested writes that contain themselves', async () => {
    const data = { email: 'a' }
    data.manager = { create: data }
    await refused(() => db.user.create({ data }), /argument `data.manager.*`: relations nest deeper than 8 levels/)
    const list = { email: 'a' }
    list.reports = { create: [list, list] }
    await refused(() => db.user.create({ data: list }), /deeper than 8|more than 20000/)
    await refused(() => db.user.update({ where: { id: 1 }, data: list }), /deeper than 8|more than 20000/)
  })

  test('values and related rows', async () => {
    const create = new Array(7000).fill({ title: 'a', content: 'b', views: 1 })
    await refused(
      () => db.user.create({ data: { email: 'a', posts: { create } } }),
      /the call writes more than 20000 values and related rows; the option `limits.dataNodes`/,
    )
    await refused(
      () => db.user.create({ data: { email: 'a', posts: { create: sparse(2 ** 32 - 1) } } }),
      /more than 20000/,
    )
    await refused(
      () => db.user.create({ data: { email: 'a', posts: { connect: new Array(1e7).fill({ id: 1 }) } } }),
      /more than 20000/,
    )
    const shared = nested(28, { email: 'a' }, x => ({
      email: 'a',
      reports: { create: [x, x, x, x, x, x, x, x, x, x] },
    }))
    await refused(() => db.user.create({ data: shared }), /more than 20000|deeper than 8/)
  })

  test('what names the rows to connect is a condition each', async () => {
    await db.user.create({ data: { id: 1, email: 'a' } })
    const connect = count =>
      db.user.update({ where: { id: 1 }, data: { posts: { connect: new Array(count).fill({ id: 1 }) } } })
    await refused(() => connect(2100), /argument `data.posts.connect.1999`: the query has more than 2000 conditions/)
    assert.equal((await connect(0)).id, 1)
  })

  test('bytes of values', async () => {
    const small = new PurlinClient({ url, limits: { inputBytes: 1000 } })
    const tooMany = /the values of the call have more than 1000 bytes; the option `limits.inputBytes`/
    await refused(() => small.user.create({ data: { email: 'x'.repeat(1001) } }), tooMany)
    await refused(() => small.user.create({ data: { email: 'é'.repeat(501) } }), tooMany)
    await refused(() => small.everything.count({ where: { bytes: new Uint8Array(1001) } }), tooMany)
    await refused(
      () => small.everything.count({ where: { json: { equals: 'x'.repeat(1001) } } }),
      /more than 1000 bytes|is larger than/,
    )
    await refused(() => small.user.count({ where: { id: { in: new Array(63).fill(1) } } }), tooMany)
    await refused(() => small.tag.createMany({ data: new Array(63).fill({}) }), tooMany)
    await refused(() => small.user.createMany({ data: sparse(2 ** 32 - 1) }), tooMany)
    await refused(() => small.tag.createMany({ data: new Array(32).fill({ id: 'a', name: 'b' }) }), tooMany)
    assert.equal(await small.user.count({ where: { id: { in: new Array(62).fill(7) } } }), 0)
    await refused(() => db.user.createMany({ data: new Array(1e7) }), /more than 16777216 bytes/)
  })
})

describe('options', () => {
  test('limits are raised and lowered', async () => {
    const strict = new PurlinClient({ url, limits: { filterDepth: 2, nodes: 4 } })
    await refused(() => strict.user.count({ where: { AND: { AND: { AND: { id: 1 } } } } }), /deeper than 2 levels/)
    await refused(
      () => strict.user.count({ where: { OR: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }] } }),
      /more than 4 conditions/,
    )
    const { limits } = engineOptions(undefined, { limits: { listValues: Infinity } })
    const args = { where: { id: { in: new Array(100_001).fill(-1) } } }
    assert.throws(() => encode(User, 'count', args), /more than 100000 values/)
    assert.equal(encode(User, 'count', args, { limits }).values[0].length, 100_001)
  })

  test('the engine takes all of them', async () => {
    const limits = { nodes: 10, filterDepth: 10, relationDepth: 10, dataNodes: 10, listValues: 10, inputBytes: 10_000 }
    const all = { ...limits, jsonNodes: 10, jsonDepth: 10, rows: 10, objects: 10, resultBytes: 10_000 }
    const client = new PurlinClient({
      url,
      limits: all,
      statementTimeout: 1000,
      queueTimeout: 1000,
      queueLength: 10,
      queueBytes: 1_000_000,
    })
    assert.equal(await client.user.count({ where: { id: -1 } }), 0)
    const endless = Object.fromEntries(Object.keys(all).map(name => [name, Infinity]))
    const unbounded = new PurlinClient({
      url,
      limits: endless,
      statementTimeout: Infinity,
      queueTimeout: Infinity,
      queueLength: Infinity,
      queueBytes: Infinity,
    })
    assert.equal(await unbounded.user.count({ where: { id: -1 } }), 0)
  })

  test('options of the generated client are merged, and those of the constructor go first', async () => {
    const { Client } = await import('purlin')
    const settings = {
      provider: 'sqlite',
      url: { value: url },
      decimal: 'string',
      options: { limits: { nodes: 2, filterDepth: 1 }, queueLength: 5 },
    }
    const where = { OR: [{ id: 1 }, { id: 2 }, { id: 3 }] }
    await refused(() => new Client(CATALOG, settings).user.count({ where }), /more than 2 conditions/)
    const client = new Client(CATALOG, settings, { limits: { nodes: 100 } })
    assert.equal(await client.user.count({ where: { OR: [{ id: -1 }, { id: -2 }] } }), 0)
    const { limits } = engineOptions({ limits: { filterDepth: 1_000_000 } }, { limits: { nodes: 5 } })
    assert.deepEqual([limits.filterDepth, limits.nodes, limits.rows], [64, 5, 10_000])
    await refused(() => client.user.count({ where: { OR: [{ AND: { id: 1 } }] } }), /deeper than 1 /)
  })

  test('an error of the engine names the limit, and what it allows as a number', async () => {
    const settings = {
      url: () => url,
      decimal: undefined,
      encode: ENCODE_DEFAULTS,
      options: '{"limits":{"listValues":2}}',
    }
    const engine = new Engine(CATALOG, settings)
    const call = engine.call(engine.models[0], 'count', { where: { id: { in: [1, 2, 3] } } })
    const error = await engine.run(call).then(
      () => assert.fail('it was not refused'),
      error => error,
    )
    assert.equal(error.name, 'PurlinKnownRequestError', error.stack)
    assert.equal(error.code, 'P2029')
    assert.deepEqual(error.meta, { modelName: 'User', limit: 'listValues', allowed: 2 })
  })

  const wrong = [
    ['an unknown limit', { limits: { node: 1 } }, /has no limit `node`; did you mean `nodes`\?/],
    ['a limit of another name', { limits: { everything: 1 } }, /has no limit `everything`; known: nodes, filterDepth/],
    [
      'zero',
      { limits: { nodes: 0 } },
      /`limits.nodes` of the client expects an integer from 1 to 16000, or Infinity, got another integer/,
    ],
    ['a negative number', { statementTimeout: -1 }, /`statementTimeout` of the client expects an integer/],
    ['NaN', { queueTimeout: NaN }, /`queueTimeout`/],
    ['a fraction', { queueLength: 1.5 }, /`queueLength`/],
    ['a string', { limits: { rows: '10' } }, /`limits.rows` of the client expects .*, got a string/],
    ['a depth that no stack holds', { limits: { filterDepth: 100_000 } }, /from 1 to 64/],
    ['an absurd number', { limits: { rows: 1e300 } }, /`limits.rows`/],
    ['limits that are no object', { limits: 5 }, /`limits` of the client must be an object, got a number/],
    ['a typo', { statementTimout: 5 }, /`statementTimout` of the client is unknown; did you mean `statementTimeout`\?/],
    ['a mode of another name', { emptyWhere: 'deny' }, /`emptyWhere` of the client expects 'refuse' or 'allow'/],
  ]
  for (const [name, options, message] of wrong) {
    test(`${name} is refused`, () => {
      assert.throws(
        () => new PurlinClient({ url, ...options }),
        error => {
          assert.equal(error.name, 'PurlinValidationError')
          assert.match(error.message, message)
          return true
        },
      )
    })
  }
})
