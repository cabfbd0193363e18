// Values of another realm, as a test runner makes them, instances of classes, and other objects that are nearly what they
// seem: each works, or is refused with its path.

import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { Decimal } from 'decimal.js'
import { Prisma, PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'

const db = new PurlinClient({ url: freshUrl() })
const NodeDate = globalThis.Date
const there = code => runInNewContext(code)
const base = {
  id: 1n,
  text: 't',
  flag: true,
  int: 1,
  big: 1n,
  float: 1,
  decimal: '1',
  at: new NodeDate(0),
  json: {},
  bytes: new Uint8Array([1]),
  role: 'ADMIN',
}

beforeEach(async () => {
  await db.everything.deleteMany()
})

class Members {
  constructor(members) {
    Object.assign(this, members)
  }
}
class Special extends NodeDate {}

describe('values that are stored', () => {
  const values = {
    'a Date of another realm': ['at', there('new Date(5)'), new NodeDate(5)],
    'an instance of a subclass of Date': ['at', new Special(7), new NodeDate(7)],
    'an instance of a subclass of Date of another realm': [
      'at',
      there('class X extends Date {}; new X(9)'),
      new NodeDate(9),
    ],
    'bytes of another realm': ['bytes', there('new Uint8Array([1, 2])'), new Uint8Array([1, 2])],
    'a Buffer': ['bytes', Buffer.from([3]), new Uint8Array([3])],
    'Json of another realm': [
      'json',
      there('({ a: [1, { b: new Date(1) }], c: null })'),
      { a: [1, { b: '1970-01-01T00:00:00.001Z' }], c: null },
    ],
    'an array of another realm': ['json', there('[1, [2]]'), [1, [2]]],
    'what toJSON of another realm gives': [
      'json',
      there('class X { toJSON() { return { k: 1 } } }; ({ x: new X() })'),
      { x: { k: 1 } },
    ],
    'an object without a prototype': ['json', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    'a Decimal': ['decimal', new Decimal('1.5'), '1.5'],
    'a Decimal of another copy': ['decimal', new (Decimal.clone())('2.5'), '2.5'],
    'a decimal of another library and realm': [
      'decimal',
      there("class D { s = 1; toFixed() { return '12.5' } }; new D()"),
      '12.5',
    ],
    'a null of Json of another copy': [
      'jsonN',
      there("Object.create({ [Symbol.for('purlin.brand')]: 'DbNull' })"),
      null,
    ],
  }
  for (const [name, [field, value, expected]] of Object.entries(values)) {
    test(name, async () => {
      const row = await db.everything.create({ data: { ...base, [field]: value } })
      assert.deepEqual(row[field], expected)
      assert.deepEqual((await db.everything.findUnique({ where: { id: 1n } }))[field], expected)
    })
  }
})

describe('values that are refused', () => {
  const values = {
    'an invalid Date of another realm': ['at', there('new Date(NaN)')],
    'what only has the prototype of a Date': ['at', Object.create(NodeDate.prototype)],
    'what calls itself a Date': ['at', { [Symbol.toStringTag]: 'Date' }],
    'a proxy of a Date': ['at', new Proxy(new NodeDate(1), {})],
    'a date of a library': ['at', new Members({ $d: new NodeDate(1), $L: 'en' })],
    'another array of numbers': ['bytes', new Uint16Array(2)],
    'an ArrayBuffer of another realm': ['bytes', there('new ArrayBuffer(2)')],
    'an instance in Json': ['json', { a: new Members({ a: 1 }) }],
    'an instance of another realm in Json': ['json', there('class X { a = 1 }; new X()')],
    'a boxed string': ['text', new String('x')],
    'a boxed string of another realm': ['text', there("new String('x')")],
    'a boxed number': ['int', new Number(1)],
    'a boxed boolean': ['flag', new Boolean(true)],
    'a boxed bigint': ['big', Object(1n)],
    'a bigint for an Int': ['int', 5n],
    'a bigint for a Float': ['float', 5n],
    'an object with Symbol.toPrimitive': ['int', { [Symbol.toPrimitive]: () => 1 }],
    'an object with toString': ['text', { toString: () => 'x' }],
    'a boxed value of an enum': ['role', new String('ADMIN')],
    'a promise': ['text', Promise.resolve('x')],
    'a function': ['text', () => 'x'],
  }
  for (const [name, [field, value]] of Object.entries(values)) {
    test(name, async () => {
      const error = await db.everything.create({ data: { ...base, [field]: value } }).then(
        () => assert.fail('it was not refused'),
        error => error,
      )
      assert.equal(error.name, 'PurlinValidationError', error.stack)
      assert.ok(
        error.message.startsWith(`\`everything.create\`: argument \`data.${field}\`: \`Everything.${field}\` expects `),
        error.message,
      )
      assert.equal(await db.everything.count(), 0)
    })
  }
})

describe('arguments that are taken', () => {
  const where = { id: 1n }
  const calls = {
    'of another realm': there('({ where: { id: 1n } })'),
    'with an order of another realm': { orderBy: there("[{ id: 'asc' }]") },
    'with lists of another realm': { where: { id: { in: there('[1n]') }, OR: there('[{ id: 1n }]') } },
    'without prototypes': Object.assign(Object.create(null), { where: Object.assign(Object.create(null), where) }),
    'frozen': Object.freeze({ where: Object.freeze({ ...where }) }),
    'a proxy': new Proxy({ where: new Proxy(where, {}) }, {}),
    'getters': {
      get where() {
        return {
          get id() {
            return 1n
          },
        }
      },
    },
    'an instance of a class': new Members({ where }),
    'a condition of a class': { where: new Members(where) },
    'a condition of a class of another realm': { where: there('class Q { id = 1n }; new Q()') },
    'operators of a class': {
      where: { text: new Members({ startsWith: 't' }), id: { not: new Members({ in: [2n] }) } },
    },
    'a selection of a class': { where, select: new Members({ id: true }) },
    'an instance of a subclass of Array': { where: { OR: there('class A extends Array {}; A.from([{ id: 1n }])') } },
  }
  for (const [name, args] of Object.entries(calls)) {
    test(name, async () => {
      await db.everything.create({ data: base })
      await db.everything.create({ data: { ...base, id: 2n, text: 'u' } })
      const rows = await db.everything.findMany(args)
      assert.equal(rows[0].id, 1n)
      assert.equal(rows.length, args.where === undefined ? 2 : 1)
    })
  }
  test('data of classes, and changes', async () => {
    await db.user.deleteMany()
    const user = await db.user.create(
      new Members({ data: new Members({ email: 'a', posts: new Members({ create: [new Members({ title: 't' })] }) }) }),
    )
    await db.user.createMany({ data: [new Members({ email: 'b' }), new Members({ email: 'c', name: 'n' })] })
    const changed = await db.user.update({
      where: new Members({ id: user.id }),
      data: new Members({ name: new Members({ set: 'q' }) }),
      include: { posts: true },
    })
    assert.deepEqual([changed.name, changed.posts.length, await db.user.count()], ['q', 1, 3])
    await db.post.updateMany({ where: { authorId: user.id }, data: { views: new Members({ increment: 2 }) } })
    assert.equal((await db.post.findFirst({ where: new Members({ views: new Members({ gte: 2 }) }) })).views, 2)
    await assert.rejects(
      db.user.deleteMany({ where: new Members({ email: undefined }) }),
      /argument `where.email`: is undefined/,
    )
    await db.user.deleteMany()
  })
})

describe('arguments that are refused', () => {
  const calls = {
    'a Map': [{ where: new Map([['id', 1n]]) }, 'argument `where`: expects an object of conditions'],
    'parameters of an address': [
      { where: new URLSearchParams('id=1') },
      'argument `where`: expects an object of conditions',
    ],
    'an instance that keeps its members to itself': [
      {
        where: new (class {
          #id = 1n
          get id() {
            return this.#id
          }
        })(),
      },
      'argument `where`: expects an object of conditions',
    ],
    'members of the prototype': [Object.create({ where: { id: 1n } }), 'expects an object of arguments'],
    'a promise of arguments': [Promise.resolve({}), 'expects an object of arguments'],
    'a thenable': [{ then() {}, where: {} }, 'unknown argument `then`'],
    'a Date of another realm': [there('new Date()'), 'expects an object of arguments'],
    'an error': [{ where: new Error('x') }, 'argument `where`: expects an object of conditions'],
    'a set of values': [{ where: { id: { in: new Set([1n]) } } }, 'argument `where.id.in`: expects a list of values'],
    'an array of numbers': [
      { where: { int: { in: new Int32Array([1]) } } },
      'argument `where.int.in`: expects a list of values',
    ],
    'an instance with members that are no operators': [
      { where: { int: new Members({ gt: 1, other: 2 }) } },
      'argument `where.int`: `Everything.int` expects an integer',
    ],
    'an instance with an operator that is not there yet': [
      { where: { text: new Members({ contains: 't', mode: 'insensitive' }) } },
      'argument `where.text.mode`: is not supported yet',
    ],
    'a boxed number of rows': [{ take: new Number(1) }, 'argument `take`: expects an integer'],
    'a boxed choice': [{ select: { id: new Boolean(true) } }, 'argument `select.id`: expects true or false'],
    'a null of Json as arguments': [Prisma.DbNull, 'expects an object of arguments'],
  }
  for (const [name, [args, message]] of Object.entries(calls)) {
    test(name, async () => {
      const error = await db.everything.findMany(args).then(
        () => assert.fail('it was not refused'),
        error => error,
      )
      assert.equal(error.name, 'PurlinValidationError', error.stack)
      assert.ok(error.message.startsWith(`\`everything.findMany\`: ${message}`), error.message)
    })
  }
})

test('keys of Json are cut and escaped, and a message is bounded', async () => {
  const key = `s3cret\n\u202e${'k'.repeat(100_000)}`
  for (const json of [
    { [key]: NaN },
    { [key]: { [key]: [{ [key]: { [key]: new Map() } }] } },
    { a: [{ [key]: undefined, [`${key}2`]: () => 1 }] },
  ]) {
    const error = await db.everything.create({ data: { ...base, json } }).then(
      () => assert.fail('it was not refused'),
      error => error,
    )
    assert.equal(error.name, 'PurlinValidationError')
    assert.ok(error.message.length < 2100, `${error.message.length}`)
    assert.doesNotMatch(error.message, /[\n\u202e]|k{65}/)
    assert.match(error.message, /s3cret\\u\{a\}\\u\{202e\}k+\.\.\./)
  }
})
