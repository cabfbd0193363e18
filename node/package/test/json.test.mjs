// What a Json column takes: JSON, and nothing that would become something else on the way.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import vm from 'node:vm'
import Decimal from 'decimal.js'
import { Purlin, PurlinClient } from './build/generated/index.js'
import { PurlinClient as DecimalClient } from './build/generated-decimal/index.js'
import { freshUrl } from './support/database.mjs'
import { rawClient } from './support/second-client.mjs'

const url = freshUrl()
const db = new PurlinClient({ url })

const row = {
  text: '',
  flag: true,
  int: 1,
  big: 1n,
  float: 1,
  decimal: '1',
  at: new Date(0),
  bytes: new Uint8Array(),
  role: 'ADMIN',
}
await db.everything.create({ data: { ...row, id: 1n, json: 1 } })

const write = (json, client = db) =>
  client.everything.update({ where: { id: 1 }, data: { json }, select: { json: true } })

async function refused(json, message, client) {
  const error = await write(json, client).then(
    () => assert.fail('it was not refused'),
    error => error,
  )
  assert.equal(error.name, 'PurlinValidationError', error.stack)
  assert.match(error.message, message)
  assert.match(error.message, /`Everything.json`/)
  assert.doesNotMatch(error.message, /s3cret/)
  return error.message
}

describe('what is JSON comes back as it went', () => {
  const values = [
    '',
    'a"b\\c\n\u2028é\u{1f600}\u007f',
    0,
    -1.5e-7,
    1e21,
    true,
    false,
    [],
    {},
    [[], {}, null],
    { a: null },
    { '': 1, 'a"b': 2 },
    { nested: { list: [1, 'two', { three: 3 }] } },
    JSON.parse('{"__proto__": {"admin": true}, "a": {"__proto__": {"toJSON": 1}}}'),
    { toJSON: 1, constructor: 'x', then: null },
    Object.assign(Object.create(null), { a: 1 }),
    vm.runInNewContext('({ a: [1] })'),
    'x'.repeat(100_000),
    Array.from({ length: 10_000 }, (_, i) => ({ i, name: `n${i}` })),
  ]
  for (const value of values) {
    test(JSON.stringify(value).slice(0, 60), async () => {
      const { json } = await write(value)
      assert.equal(JSON.stringify(json), JSON.stringify(value))
    })
  }

  test('an own `__proto__` is a key and no prototype', async () => {
    const { json } = await write(JSON.parse('{"__proto__": {"admin": true}}'))
    assert.equal(Object.getPrototypeOf(json), Object.prototype)
    assert.equal(json.admin, undefined)
    assert.deepEqual(Object.keys(json), ['__proto__'])
  })

  test('undefined members are left out, as JSON.stringify does', async () => {
    assert.deepEqual((await write({ a: undefined, b: 1, c: undefined })).json, { b: 1 })
  })

  test('objects say themselves what they are in JSON', async () => {
    const at = new Date(0)
    assert.deepEqual((await write({ at, amount: new Decimal('1.50'), link: new URL('https://a.b/c') })).json, {
      at: at.toISOString(),
      amount: '1.5',
      link: 'https://a.b/c',
    })
    class Money {
      toJSON(key) {
        return { key, units: [at] }
      }
    }
    assert.deepEqual((await write({ m: new Money(), list: [new Money()] })).json, {
      m: { key: 'm', units: [at.toISOString()] },
      list: [{ key: '0', units: [at.toISOString()] }],
    })
    assert.equal((await write(at)).json, at.toISOString())
  })

  test('an object that occurs twice is written twice', async () => {
    const shared = { a: 1 }
    assert.deepEqual((await write([shared, { shared }])).json, [{ a: 1 }, { shared: { a: 1 } }])
  })
})

describe('what is no JSON is refused, with its place', () => {
  class Point {
    x = 1
  }
  const detached = new Uint8Array(4)
  structuredClone(detached, { transfer: [detached.buffer] })
  const values = [
    new Map([['s3cret', 1]]),
    new Set(['s3cret']),
    new WeakMap(),
    new WeakSet(),
    /s3cret/,
    new Error('s3cret'),
    Promise.resolve(1),
    new Blob(['s3cret']),
    new Uint8Array(2),
    Buffer.from('s3cret'),
    new Float64Array(1),
    new DataView(new ArrayBuffer(1)),
    new ArrayBuffer(1),
    detached,
    new FormData(),
    new Headers(),
    new URLSearchParams('a=s3cret'),
    () => 1,
    Symbol('s3cret'),
    5n,
    NaN,
    Infinity,
    -Infinity,
    new Date(NaN),
    new Number(1),
    new String('s3cret'),
    new Boolean(true),
    Object(5n),
    new Point(),
    Purlin.DbNull,
    Purlin.JsonNull,
    new Proxy(() => 1, {}),
    vm.runInNewContext('new Map()'),
    's3cret\0',
    's3cret\ud800',
    '\udc00s3cret',
  ]
  values.forEach((value, index) => {
    const kind = Object.prototype.toString.call(value)
    test(`${index}: ${typeof value} ${kind}`, async () => {
      assert.match(await refused({ list: [1, { value }] }, /expects/), /, at `list\[1\]\.value` of the value$/)
      await refused([value], /at `\[0\]` of the value/)
      if (!(value === Purlin.DbNull || value === Purlin.JsonNull)) await refused(value, /expects/)
    })
  })

  test('keys', async () => {
    await refused({ 'a\0': 1 }, /NUL characters, at `a\\u\{0\}`/)
    await refused({ a: { 'b\ud800': 1 } }, /a surrogate stands alone/)
  })

  test('undefined and holes in a list', async () => {
    await refused([undefined], /got undefined, at `\[0\]`/)
    await refused({ a: [1, , 2] }, /got undefined, at `a\[1\]`/)
    await refused([{ toJSON: () => undefined }], /got undefined, at `\[0\]`/)
    await refused({ toJSON: () => undefined }, /got undefined/)
  })

  test('a `toJSON` that fails keeps its text to itself', async () => {
    const toJSON = () => {
      throw new Error('s3cret')
    }
    await refused({ a: { toJSON } }, /the `toJSON` of an object failed, at `a`/)
  })

  test('what `toJSON` gives is looked at as well', async () => {
    await refused(
      { a: { toJSON: () => new Map() } },
      /expects JSON, got an object of a class that has no `toJSON`, at `a`/,
    )
    await refused({ a: { toJSON: () => ({ b: NaN }) } }, /no NaN and no Infinity, at `a.b`/)
  })

  test('objects that contain themselves', async () => {
    const object = { a: [{}] }
    object.a[0].back = object
    await refused(object, /an object that contains itself, at `a\[0\]\.back/)
    const list = []
    list.push(list)
    await refused(list, /an object that contains itself/)
    const endless = { toJSON: () => ({ next: endless }) }
    await refused(endless, /nests deeper than 100 levels/)
  })

  test('a nested value without end and a shared one', async () => {
    let deep = 1
    for (let level = 0; level < 100_000; level++) deep = [deep]
    await refused(deep, /nests deeper than 100 levels; the option `limits.jsonDepth`/)
    let shared = { a: 1 }
    for (let level = 0; level < 28; level++) shared = { a: shared, b: shared }
    await refused(shared, /has more than 100000 members; the option `limits.jsonNodes`/)
    await refused(new Array(1e7).fill(null), /has more than 100000 members/)
    await refused({ a: new Array(2 ** 32 - 1) }, /has more than 100000 members, .*|has more than 100000 members/)
    const text = 'x'.repeat(1e6)
    await refused(
      new Array(1000).fill(text),
      /is larger than the values of a call may be, 16777216 bytes; the option `limits.inputBytes`/,
    )
    await refused({ [text]: { [text]: NaN } }, /no NaN/)
  })

  test('the limits are options', async () => {
    const strict = new PurlinClient({ url, limits: { jsonNodes: 3, jsonDepth: 2 } })
    assert.deepEqual((await write([1, 2], strict)).json, [1, 2])
    await refused([1, 2, 3], /more than 3 members/, strict)
    await refused([[[]]], /deeper than 2 levels/, strict)
    const roomy = new PurlinClient({ url, limits: { jsonDepth: 1000, jsonNodes: Infinity } })
    let deep = 1
    for (let level = 0; level < 1000; level++) deep = [deep]
    assert.deepEqual((await write(deep, roomy)).json, deep)
    await write([1])
  })

  test('conditions and createMany refuse the same', async () => {
    await assert.rejects(
      db.everything.count({ where: { json: { equals: new Map() } } }),
      /`Everything.json` expects JSON/,
    )
    await assert.rejects(
      db.everything.count({ where: { json: { not: { a: NaN } } } }),
      /`Everything.json` expects JSON/,
    )
    await assert.rejects(
      db.everything.createMany({ data: [{ ...row, id: 2n, json: { a: new Set() } }] }),
      /data.0.json`: `Everything.json` expects JSON/,
    )
  })
})

test('a value that changes between two looks does not get through', async () => {
  let reads = 0
  const changing = {
    get a() {
      return ++reads === 1 ? 1 : new Map([['x', 1]])
    },
  }
  assert.deepEqual((await write(changing)).json, { a: 1 })
  assert.equal(reads, 1)
  reads = 0
  const list = new Proxy([1], {
    get: (target, key) => (key === '0' ? (++reads === 1 ? 1 : NaN) : Reflect.get(target, key)),
  })
  assert.deepEqual((await write({ list })).json, { list: [1] })
  assert.equal(reads, 1)
})

describe('stored text that is not what the schema says', () => {
  const raw = rawClient(url, 'Everything', 'BigInt', ['json'])

  test('a Json column', async () => {
    await db.everything.create({ data: { ...row, id: 9n, json: 1, group: { create: { id: 9 } } } })
    await raw.raw.update({ where: { id: 9n }, data: { json: 'oops s3cret' } })
    const reads = [
      () => db.everything.findUnique({ where: { id: 9n } }),
      () => db.everything.findMany({ where: { id: 9n } }),
      () => db.group.findMany({ include: { members: true } }),
      () => db.$transaction(tx => tx.everything.findUnique({ where: { id: 9n } })),
    ]
    for (const read of reads) {
      const error = await read().then(
        () => assert.fail('it was not refused'),
        error => error,
      )
      assert.equal(error.code, 'P2023', error.stack)
      assert.equal(error.name, 'PurlinKnownRequestError')
      assert.match(
        error.message,
        /`Everything.json` is Json in the schema, but the database holds text that is not JSON there/,
      )
      assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes('s3cret'))
    }
    // The client goes on.
    assert.equal((await db.everything.findUnique({ where: { id: 1 }, select: { int: true } })).int, 1)
  })

  test('without making code from text, the same', () => {
    const script = fileURLToPath(new URL('./support/broken-json.mjs', import.meta.url))
    const output = execFileSync(process.execPath, ['--disallow-code-generation-from-strings', script, url], {
      encoding: 'utf8',
    })
    assert.match(output, /^P2023 .*`Everything.json` is Json in the schema/)
    assert.doesNotMatch(output, /s3cret/)
  })

  test('a Decimal column that becomes objects', async () => {
    const prices = freshUrl('decimal.prisma')
    const client = new DecimalClient({ url: prices })
    await client.price.create({ data: { id: 1, amount: '1.5' } })
    assert.equal((await client.price.findUnique({ where: { id: 1 } })).amount.toFixed(), '1.5')
    await rawClient(prices, 'Price', 'Int', ['amount']).raw.update({ where: { id: 1 }, data: { amount: 's3cret' } })
    const error = await client.price.findUnique({ where: { id: 1 } }).catch(error => error)
    assert.equal(error.code, 'P2023', error.stack)
    assert.ok(!error.message.includes('s3cret'))
  })
})
