// What hostile arguments and wrong options do: nothing but errors of this package, which repeat no values.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'
import { PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'
import { catalogOf } from './support/runtime.mjs'

const url = freshUrl()
const db = new PurlinClient({ url })
await db.user.create({ data: { id: 1, email: 'a' } })

async function refused(promise, message) {
  const error = await promise.then(
    () => assert.fail('it was not refused'),
    error => error,
  )
  assert.equal(error.name, 'PurlinValidationError', error.stack)
  assert.match(error.message, message)
  // One line, of a sane length, without characters that a terminal acts on.
  assert.ok(error.message.length < 2100, `${error.message.length} characters`)
  assert.doesNotMatch(error.message, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  return error.message
}

describe('names that a caller chose', () => {
  const names = {
    long: 'x'.repeat(1e7),
    lines: 'a\nINFO login of admin\r\n',
    colours: '\u001b[2J\u001b[31mroot\u009b1m',
    reversed: '\u202egnp.exe\u2066\u200b\ufeff',
    separators: 'a\u2028b\u2029c\0d',
  }
  const places = {
    argument: name => ({ [name]: 1 }),
    'field of where': name => ({ where: { [name]: 1 } }),
    'nested field': name => ({ where: { manager: { AND: [{ [name]: 1 }] } } }),
    operator: name => ({ where: { email: { [name]: 1 } } }),
    'field of select': name => ({ select: { [name]: true } }),
    'field of include': name => ({ include: { [name]: true } }),
    'field of omit': name => ({ omit: { [name]: true } }),
    'nested argument': name => ({ include: { posts: { [name]: 1 } } }),
    'counted relation': name => ({ include: { _count: { select: { [name]: true } } } }),
    'sort key': name => ({ orderBy: { [name]: 'asc' } }),
    'member of a sort key': name => ({ orderBy: { name: { sort: 'asc', [name]: 1 } } }),
    quantifier: name => ({ where: { posts: { [name]: {} } } }),
  }
  for (const [kind, name] of Object.entries(names)) {
    for (const [place, args] of Object.entries(places)) {
      test(`${kind}, as ${place}`, () => refused(db.user.findMany(args(name)), /unknown|member/))
    }
    test(`${kind}, in writes, values and options`, async () => {
      const data = data => db.user.update({ where: { id: 1 }, data })
      await refused(data({ [name]: 1 }), /unknown field of User/)
      await refused(data({ email: { [name]: 1 } }), /unknown change/)
      await refused(data({ posts: { [name]: 1 } }), /unknown operation/)
      await refused(data({ role: name }), /expects one of/)
      await refused(db.user.createMany({ data: [{ [name]: 1 }] }), /unknown field/)
      await refused(db.membership.findUnique({ where: { team_member: { [name]: 1 } } }), /unknown member/)
      await refused(
        db.everything.update({ where: { id: 1 }, data: { json: { [name]: { [name]: NaN } } } }),
        /NaN|NUL|is larger than/,
      )
      await refused(
        Promise.resolve().then(() => new PurlinClient({ [name]: 1 })),
        /is unknown/,
      )
      await refused(
        Promise.resolve().then(() => new PurlinClient({ limits: { [name]: 1 } })),
        /has no limit/,
      )
      await refused(
        Promise.resolve().then(() => new PurlinClient({ datasources: { [name]: {} } })),
        /no datasource/,
      )
      await refused(db.$transaction([], { [name]: 1 }), /is unknown/)
    })
  }

  test('the beginning of a long name is shown, and near names are still suggested', async () => {
    const message = await refused(db.user.findMany({ where: { [names.long]: 1 } }), /unknown field of User/)
    assert.ok(message.includes('x'.repeat(64) + '...') && !message.includes('x'.repeat(65)))
    await refused(db.user.findMany({ where: { emial: 1 } }), /did you mean `email`/)
  })
})

describe('members are read once', () => {
  /** An object whose members count how often they are read, and become something else the second time. */
  function counting(object, counts, path = '') {
    if (typeof object !== 'object' || object === null) return object
    const target = Array.isArray(object) ? [...object] : { ...object }
    return new Proxy(target, {
      get(target, key) {
        if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return Reflect.get(target, key)
        const place = `${path}.${key}`
        counts.set(place, (counts.get(place) ?? 0) + 1)
        return counting(target[key], counts, place)
      },
    })
  }
  const calls = [
    [
      'findUnique',
      {
        where: { id: 1, email: { not: 'b' } },
        select: { id: true, posts: { where: { id: 1 }, take: 1, skip: 0 }, manager: { select: { id: true } } },
      },
    ],
    [
      'findFirst',
      {
        where: { OR: [{ id: { in: [1, 2] } }], NOT: { name: { not: { contains: 'x' } } } },
        orderBy: [{ name: { sort: 'asc', nulls: 'last' } }, { manager: { id: 'asc' } }, { posts: { _count: 'desc' } }],
        take: 1,
      },
    ],
    [
      'findMany',
      {
        omit: { name: true, email: false },
        include: {
          posts: { include: { author: { omit: { name: true } } } },
          _count: { select: { posts: { where: { id: 1 } }, reports: true } },
        },
      },
    ],
    ['count', { where: { manager: { is: { id: 1 } } }, select: { _all: true, name: true } }],
    [
      'update',
      {
        where: { id: 1 },
        data: {
          name: { set: 'x' },
          posts: { create: [{ title: 'x', tags: { create: { name: `${Math.random()}` } } }], connect: [] },
        },
      },
    ],
    ['updateMany', { where: { id: 1 }, data: { managerId: { increment: 1 } } }],
    ['createMany', { data: [{ email: 'b', name: null }, { email: 'c' }] }],
    ['deleteMany', { where: { email: { in: ['b', 'c'] } } }],
  ]
  for (const [operation, args] of calls) {
    test(operation, async () => {
      const counts = new Map()
      await db.user[operation](counting(args, counts))
      const twice = [...counts].filter(([path, count]) => count > 1 && !path.endsWith('.length'))
      assert.deepEqual(twice, [])
      assert.ok(counts.size > 1)
    })
  }

  test('a getter that changes its mind does not get through', async () => {
    let reads = 0
    const where = {
      email: {
        get equals() {
          return reads++ === 0 ? 'nobody' : { not: '' }
        },
      },
    }
    assert.equal(await db.user.findFirst({ where }), null)
    assert.equal(reads, 1)
    const flag = {
      get id() {
        return reads++ === 1
      },
    }
    assert.deepEqual(await db.user.findFirst({ select: flag }), { id: 1 })
  })
})

describe('values', () => {
  const where = where => db.everything.count({ where })

  test('days that do not exist', async () => {
    const wrong = [
      '2024-02-30T00:00:00Z',
      '2023-02-29T00:00:00Z',
      '1900-02-29T00:00:00Z',
      '2024-04-31T12:00:00+02:00',
      '2024-13-01T00:00:00Z',
      '2024-00-10T00:00:00Z',
      '2024-01-32T00:00:00Z',
      '2024-01-00T00:00:00Z',
      '0000-00-00T00:00:00Z',
      '2024-01-01T24:00:00Z',
      '2024-01-01T23:60:00Z',
      '2024-01-01T00:00:60Z',
      '2024-01-01T00:00:00+24:00',
      '2024-01-01T00:00:00',
      '2024-02-30',
      '+010000-01-01T00:00:00Z',
      '-000001-01-01T00:00:00Z',
      'tomorrow',
      '',
    ]
    for (const at of wrong) await refused(where({ at }), /`Everything.at` expects a valid date/)
    for (const at of [
      '2024-02-29T00:00:00Z',
      '2000-02-29T00:00:00.123456Z',
      '2024-12-31T23:59:59+0530',
      '0000-01-01T00:00Z',
      '9999-12-31T23:59:59.999Z',
    ]) {
      assert.equal(await where({ at }), 0)
    }
  })

  test('years that do not sort are not stored, and are compared with', async () => {
    const beyond = [
      new Date(8.64e15),
      new Date(-8.64e15),
      new Date(253402300800000),
      new Date(-62167219200001),
      '9999-12-31T23:59:59-01:00',
    ]
    for (const at of beyond) {
      assert.equal(await where({ at: { gte: at, lte: at } }), 0)
      await refused(
        db.post.update({ where: { id: 1 }, data: { createdAt: at } }),
        /expects a date in the years 0000 to 9999/,
      )
    }
    assert.equal(await where({ at: { in: [new Date(253402300799999), new Date(-62167219200000)] } }), 0)
  })

  test('what only looks like a date or like bytes', async () => {
    await refused(where({ at: Object.create(Date.prototype) }), /valid date/)
    await refused(where({ bytes: Object.create(Uint8Array.prototype) }), /expects a Uint8Array/)
    await refused(where({ bytes: new Uint16Array(1) }), /expects a Uint8Array/)
  })

  test('arrays that lost their bytes', async () => {
    const detached = new Uint8Array([1, 2])
    structuredClone(detached, { transfer: [detached.buffer] })
    await refused(where({ bytes: detached }), /`Everything.bytes` expects a Uint8Array whose buffer is still there/)
    const buffer = new ArrayBuffer(8, { maxByteLength: 16 })
    const cut = [new Uint8Array(buffer, 4, 4), new Uint8Array(buffer, 4)]
    buffer.resize(2)
    for (const bytes of cut) await refused(where({ bytes }), /whose buffer is still there/)
    assert.equal(await where({ bytes: new Uint8Array() }), 0)
    assert.equal(await where({ bytes: new Uint8Array(new SharedArrayBuffer(2)) }), 0)
  })

  test('a decimal whose text cannot be made', async () => {
    class Broken {
      toFixed() {
        throw new Error('s3cret')
      }
    }
    assert.doesNotMatch(await refused(where({ decimal: new Broken() }), /expects a decimal number/), /s3cret/)
  })
})

describe('options of a client', () => {
  const wrong = [
    [{ url: 5 }, /`url` of the client expects a string, got a number/],
    [{ url: { s3cret: 1 } }, /`url` of the client expects a string, got an object/],
    [{ url: null }, /`url` of the client expects a string, got null/],
    [{ url: ['s3cret'] }, /got an array/],
    [{ url: new URL('file:s3cret') }, /got an object of a class/],
    [{ url, datasourceUrl: `${url}x` }, /`url` and `datasourceUrl` of the client name two databases/],
    [{ datasourceUrl: url, datasources: { db: { url: `${url}x` } } }, /`datasources.db.url` of the client name two/],
    [{ datasourceUrl: 5n }, /`datasourceUrl` of the client expects a string, got a bigint/],
    [{ datasources: 's3cret' }, /`datasources` of the client must be an object, got a string/],
    [{ datasources: { db: 's3cret' } }, /`datasources.db` of the client must be an object/],
    [{ datasources: { db: { url: 5 } } }, /`datasources.db.url` of the client expects a string/],
    [{ transactionOptions: 's3cret' }, /the options of `transactionOptions` must be an object/],
    [{ transactionOptions: { timeout: 's3cret' } }, /`timeout` expects a number of milliseconds/],
    [null, /the options of the client must be an object, got null/],
    ['file:s3cret', /the options of the client must be an object, got a string/],
    [[], /got an array/],
  ]
  for (const [options, message] of wrong) {
    test(String(message), () => {
      assert.throws(
        () => new PurlinClient(options),
        error => {
          assert.equal(error.name, 'PurlinValidationError')
          assert.match(error.message, message)
          assert.ok(!error.message.includes('s3cret'), error.message)
          return true
        },
      )
    })
  }

  test('proxies that are revoked, or whose traps fail', async () => {
    const fail = () => {
      throw new Error('s3cret')
    }
    const failing = new Proxy({}, { ownKeys: fail, get: fail, has: fail, getPrototypeOf: fail })
    const revoked = [{}, [], () => {}].map(target => {
      const { proxy, revoke } = Proxy.revocable(target, {})
      revoke()
      return proxy
    })
    for (const value of [failing, ...revoked]) {
      const options = [
        value,
        { url: value },
        { datasources: value },
        { datasources: { db: value } },
        { transactionOptions: value },
        { transactionOptions: { timeout: value } },
        { url, limits: value },
        { url, limits: { rows: value } },
        { url, statementTimeout: value },
        { url, emptyWhere: value },
        { url, strictUndefinedChecks: value },
      ]
      for (const wrong of options) {
        assert.throws(
          () => new PurlinClient(wrong),
          error => {
            assert.equal(error.name, 'PurlinValidationError', error.stack)
            assert.ok(!error.message.includes('s3cret'), error.message)
            return true
          },
        )
      }
      await refused(db.$transaction(value), /^`\$transaction` expects|cannot be read/)
      await refused(db.$transaction([value]), /expects queries|cannot be read/)
    }
  })

  test('a getter that throws a revoked proxy, and lengths that are no numbers', async () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const throwing = name =>
      Object.defineProperty({}, name, {
        enumerable: true,
        get() {
          throw proxy
        },
      })
    for (const wrong of [
      throwing('url'),
      throwing('limits'),
      { url, limits: throwing('rows') },
      throwing('datasources'),
    ]) {
      assert.throws(() => new PurlinClient(wrong), { name: 'PurlinValidationError' })
    }
    await refused(
      db.$transaction(async () => {}, throwing('timeout')),
      /cannot be read/,
    )
    await refused(db.$transaction(throwing(0)), /expects|cannot be read/)
    await refused(db.user.findMany(throwing('where')), /cannot be read/)
    await refused(db.user.findMany({ where: throwing('id') }), /cannot be read/)
    await refused(db.user.create({ data: throwing('email') }), /cannot be read/)
    for (const length of [2n, Symbol('length'), 'two', {}]) {
      const list = () => new Proxy([1, 2], { get: (target, name) => (name === 'length' ? length : target[name]) })
      await refused(db.user.findMany({ where: { AND: list() } }), /length/)
      await refused(db.user.findMany({ where: { id: { in: list() } } }), /length/)
      await refused(db.user.findMany({ orderBy: list() }), /length/)
      await refused(db.user.createMany({ data: list() }), /length/)
      await refused(db.user.update({ where: { id: 1 }, data: { posts: { create: list() } } }), /length/)
      await refused(db.$transaction(list()), /cannot be read/)
    }
  })

  test('what stands in the prototype of all objects under a number is no value of a row', async () => {
    const scratch = new PurlinClient({ url: freshUrl() })
    for (let index = 0; index < 20; index++) {
      Object.defineProperty(Object.prototype, index, { value: 'polluted', configurable: true, writable: true })
    }
    try {
      await scratch.user.createMany({ data: [{ email: 'a' }, { email: 'b' }] })
    } finally {
      for (let index = 0; index < 20; index++) delete Object.prototype[index]
    }
    for (const user of await scratch.user.findMany()) {
      assert.ok(!JSON.stringify(user).includes('polluted'), JSON.stringify(user))
    }
    await scratch.$disconnect()
  })

  test('inherited members are no options', async () => {
    const inherited = {
      url: { value: 5, configurable: true },
      limits: { value: { nodes: 1 }, configurable: true },
      emptyWhere: { value: 'allow', configurable: true },
    }
    Object.defineProperties(Object.prototype, inherited)
    try {
      const client = new PurlinClient({ datasourceUrl: url })
      assert.equal(await client.user.count({ where: { OR: [{ id: 1 }, { id: 2 }] } }), 1)
      await refused(client.user.deleteMany({ where: {} }), /has no condition/)
      assert.throws(
        () =>
          new PurlinClient(Object.create({ url })).$connect &&
          new PurlinClient({}).user.count().catch(error => {
            throw error
          }),
        /.*/,
      )
    } catch (error) {
      if (!(error instanceof assert.AssertionError && /Missing expected exception/.test(error.message))) throw error
    } finally {
      for (const name of Object.keys(inherited)) delete Object.prototype[name]
    }
  })
})

describe('the addon, called with anything', () => {
  const require = createRequire(import.meta.url)
  const { native } = require('../build/commonjs/native.js')
  const { Engine, Port, Transaction } = native()
  const { encode, indexCatalog } = {
    ...require('../build/commonjs/encode/index.js'),
    ...require('../build/commonjs/catalog.js'),
  }
  const catalog = catalogOf(
    'model User=users id:Int email:String | id',
    'model Everything id:BigInt json:Json bytes:Bytes at:DateTime | id',
  )
  const [User, Everything] = indexCatalog(catalog)
  const open = (options = '{}') => Engine.open(catalog, url, options)
  const engine = open()
  const runInline = (...args) => native().runInline(engine.number(), ...args)
  const settled = new Map()
  const port = new Port((request, ...rest) => settled.get(request)?.(rest))
  const scratch = () => new Uint8Array(64 * 1024)
  const plan = (model, operation, args) => {
    const { shape, values } = encode(model, operation, args)
    return { id: engine.register(shape)[0], values }
  }
  const one = plan(User, 'findUnique', { where: { id: 1 } })
  const list = plan(User, 'findMany', { where: { id: { in: [1] } } })
  const rows = plan(User, 'createMany', { data: [{ id: 7, email: 'x' }] })

  test('a getter of a value that resizes or transfers the array for replies', () => {
    for (const spoil of [buffer => buffer.resize(0), buffer => structuredClone(buffer, { transfer: [buffer] })]) {
      for (let round = 0; round < 50; round++) {
        const buffer = new ArrayBuffer(64 * 1024, { maxByteLength: 64 * 1024 })
        const values = []
        Object.defineProperty(values, 0, { get: () => (spoil(buffer), 1), enumerable: true })
        assert.ok(runInline(one.id, values, new Uint8Array(buffer)) < 0, 'nothing fits into it')
      }
    }
    assert.ok(runInline(one.id, [1], scratch()) > 0)
  })

  test('a getter that fails, or that calls the addon', () => {
    const values = get => Object.defineProperty([], 0, { get, enumerable: true })
    assert.throws(() =>
      runInline(
        one.id,
        values(() => {
          throw new Error('mine')
        }),
        scratch(),
      ),
    )
    assert.ok(
      runInline(
        one.id,
        values(() => runInline(one.id, [1], scratch()) && 1),
        scratch(),
      ) > 0,
    )
    assert.ok(
      runInline(
        one.id,
        values(() => (engine.close(port, 77), 1)),
        scratch(),
      ) !== 0,
    )
  })

  test('lists that are long and empty, or too long', () => {
    const long = []
    long.length = 2 ** 32 - 1
    const failure = run => {
      try {
        run()
      } catch (error) {
        return error
      }
      assert.fail('it was not refused')
    }
    assert.equal(failure(() => engine.run(port, 1, list.id, [long])).code, 'P2029')
    assert.deepEqual(failure(() => engine.run(port, 1, list.id, [long])).meta, {
      limit: 'listValues',
      allowed: '100000',
    })
    assert.equal(failure(() => engine.run(port, 1, rows.id, [long])).code, 'P2029')
    assert.match(failure(() => engine.run(port, 1, list.id, [new Array(50_000)])).message, /got undefined/)
    assert.match(failure(() => engine.run(port, 1, one.id, long)).message, /takes 1 values/)
  })

  test('values of every wrong kind', async () => {
    const detached = new Uint8Array(2)
    structuredClone(detached, { transfer: [detached.buffer] })
    const things = [
      undefined,
      null,
      true,
      1.5,
      NaN,
      -1,
      2 ** 53,
      'x',
      '\ud800',
      'a\0',
      5n,
      2n ** 70n,
      Symbol('x'),
      () => 1,
      {},
      [],
      [[]],
      new Array(5),
      new Date(),
      detached,
      new Uint8Array(new SharedArrayBuffer(4)),
      Object.create(Uint8Array.prototype),
      new Proxy([], {}),
      new Proxy({}, {}),
      new Map(),
      engine,
      port,
      Promise.resolve(1),
    ]
    const targets = [engine, port, new Transaction()]
    const plans = [
      one,
      list,
      rows,
      plan(Everything, 'count', { where: { bytes: new Uint8Array(1), at: new Date(0), json: { equals: 1 } } }),
    ]
    let refusals = 0
    const attempt = run => {
      try {
        run()
      } catch (error) {
        refusals++
        assert.ok(typeof error.message === 'string')
        assert.notEqual(error.code, 'E_INTERNAL')
      }
    }
    for (const a of things) {
      for (const { id, values } of plans) {
        attempt(() => native().runInline(a, id, values, scratch()))
        attempt(() =>
          runInline(
            id,
            values.map(() => a),
            scratch(),
          ),
        )
        attempt(() => runInline(id, [[a]], scratch()))
        attempt(() => runInline(id, values, a))
        attempt(() => runInline(id, a, scratch()))
        attempt(() => runInline(a, values, scratch()))
      }
      attempt(() => engine.register(a))
      attempt(() => engine.begin(a, a, a, a, a))
      attempt(() => engine.runIn(port, 1, new Transaction(), one.id, a))
      attempt(() => port.take(a))
      attempt(() => native().takeInline(a))
      attempt(() => port.take(scratch(), a))
      attempt(() => new Port(a))
      attempt(() => new Transaction().end(port, a, a))
      attempt(() => Engine.open(a, url, '{}'))
      attempt(() => Engine.open(catalog, a, '{}'))
      attempt(() => open(a))
      for (const target of targets)
        for (const method of ['run', 'take', 'end', 'begin', 'register']) attempt(() => target[method]?.call(a))
    }
    assert.ok(refusals > 500)
    assert.equal(await db.user.count({ where: { id: 1 } }), 1)
  })

  test('what the runtime checks is checked again', () => {
    const json = plan(Everything, 'count', { where: { json: { equals: 1 } } })
    for (const text of ['', '{', 'undefined', '{"a":NaN}', "{'a':1}", '1 2']) {
      assert.throws(
        () => engine.run(port, 1, json.id, [text]),
        error => /expects text that is JSON/.test(error.message),
      )
    }
    const at = plan(Everything, 'count', { where: { at: new Date(0) } })
    for (const time of [8.64e15 + 1, -8.64e15 - 1, 0.5, NaN]) {
      assert.throws(
        () => engine.run(port, 1, at.id, [time]),
        error => /expects a valid date/.test(error.message),
      )
    }
    const bytes = plan(Everything, 'count', { where: { bytes: new Uint8Array(1) } })
    const detached = new Uint8Array(2)
    structuredClone(detached, { transfer: [detached.buffer] })
    assert.throws(
      () => engine.run(port, 1, bytes.id, [detached]),
      error => /whose buffer is still there/.test(error.message),
    )
  })

  test('options of another version', () => {
    for (const options of [
      '',
      '5',
      '{"limits":5}',
      '{"limits":{"nodes":-1}}',
      '{"nope":1}',
      '{"statementTimeout":1e99}',
    ]) {
      assert.throws(
        () => open(options),
        error => /options of the client do not fit this version/.test(error.message),
      )
    }
  })
})

test('a point read whose reply is large does not hold up the event loop the next time', async () => {
  await db.post.create({ data: { id: 99, title: 'x', content: 'y'.repeat(8e6), authorId: 1 } })
  const read = () => db.post.findUnique({ where: { id: 99 }, select: { content: true } })
  /** Whether a read is settled before the event loop turns, as only one is that runs on this thread. */
  const onThisThread = async () => {
    let settled = false
    const reading = read().then(row => {
      settled = true
      return row
    })
    for (let microtask = 0; microtask < 50; microtask++) await undefined
    return [settled, await reading]
  }
  assert.equal((await read()).content.length, 8e6)
  const [here, large] = await onThisThread()
  assert.equal(large.content.length, 8e6)
  assert.ok(!here, 'it was made on this thread')
  // A small reply brings the plan back. A single read may go to a worker all the same, when no reader is free.
  await db.post.update({ where: { id: 99 }, data: { content: 'z' } })
  await read()
  const small = []
  for (let time = 0; time < 50 && !small.includes(true); time++) small.push((await onThisThread())[0])
  assert.ok(small.includes(true), 'all went to a worker')
})

test('many large replies leave the event loop its turns', async () => {
  await db.post.createMany({
    data: Array.from({ length: 300 }, (_, id) => ({
      id: 1_000 + id,
      title: 'x',
      content: 'y'.repeat(20_000),
      authorId: 1,
    })),
  })
  // Other replies come while the thread is busy, and all of them are told of at once.
  const reads = Array.from({ length: 40 }, () => db.post.findMany({ where: { id: { gte: 1_000 } } }))
  for (const read of reads) read.then(() => {})
  const busy = performance.now()
  while (performance.now() - busy < 400);
  let turns = 0
  let settled = false
  const turn = () => {
    turns++
    if (!settled) setImmediate(turn)
  }
  setImmediate(turn)
  const rows = await Promise.all(reads)
  settled = true
  for (const read of rows) assert.equal(read.length, 300)
  assert.ok(turns >= 5, `the loop turned ${turns} times`)
})

test('replies that wait for a busy thread take a bounded amount of memory', async () => {
  await db.post.deleteMany({ where: { id: { gte: 1_000 } } })
  await db.post.createMany({
    data: Array.from({ length: 60 }, (_, id) => ({
      id: 1_000 + id,
      title: 'x',
      content: 'y'.repeat(200_000),
      authorId: 1,
    })),
  })
  const before = process.memoryUsage.rss()
  // 12 MB each.
  const reads = Array.from({ length: 100 }, () =>
    db.post.findMany({ where: { id: { gte: 1_000 } } }).then(rows => rows.length),
  )
  const busy = performance.now()
  let most = 0
  while (performance.now() - busy < 1_500) most = Math.max(most, process.memoryUsage.rss())
  assert.deepEqual(await Promise.all(reads), new Array(100).fill(60))
  assert.ok(most - before < 700e6, `${Math.round((most - before) / 1e6)} MB while the thread was busy`)
})
