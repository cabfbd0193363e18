// Values of other copies of this package and of other realms: a process may load the package several times, and Jest runs
// tests in a realm of their own.

import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import vm from 'node:vm'
import { Prisma, PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'

const require = createRequire(import.meta.url)
const url = freshUrl()
const db = new PurlinClient({ url })

/** A copy by another path, as in a monorepo. */
const folder = mkdtempSync(join(tmpdir(), 'purlin-copy-'))
after(() => rmSync(folder, { recursive: true, force: true }))
cpSync(fileURLToPath(new URL('../dist', import.meta.url)), join(folder, 'dist'), { recursive: true })
const moved = require(join(folder, 'dist/index.js'))

/** A copy by the same path, as after `jest.resetModules()`. */
for (const path of Object.keys(require.cache)) if (path.includes('/dist/')) delete require.cache[path]
const reloaded = require('../dist/index.js')

const copies = { moved: moved.namespace, reloaded: reloaded.namespace }

const sample = {
  id: 1n,
  text: '',
  flag: true,
  int: 1,
  big: 1n,
  float: 1.5,
  decimal: '1',
  at: new Date(0),
  json: {},
  bytes: new Uint8Array(1),
  role: 'READER',
}

beforeEach(async () => {
  await db.everything.deleteMany()
  await db.user.deleteMany()
})

/** A row of the model with all types. */
function create(more) {
  return db.everything.create({ data: { ...sample, ...more } })
}

test('they are copies', () => {
  for (const namespace of Object.values(copies)) {
    assert.notEqual(namespace.DbNull, Prisma.DbNull)
    assert.notEqual(namespace.DbNull.constructor, Prisma.DbNull.constructor)
  }
})

for (const [name, other] of Object.entries(copies)) {
  describe(`${name}`, () => {
    test('null markers are the same nulls', async () => {
      const { id } = await create({ jsonN: other.DbNull })
      const read = async () => (await db.everything.findUnique({ where: { id } })).jsonN
      assert.equal(await read(), null)
      await db.everything.update({ where: { id }, data: { jsonN: { a: 1 } } })
      await db.everything.update({ where: { id }, data: { jsonN: other.DbNull } })
      assert.equal(await read(), null)
      assert.equal(await db.everything.count({ where: { jsonN: other.DbNull } }), 1)
      assert.equal(await db.everything.count({ where: { jsonN: { equals: other.DbNull } } }), 1)
      assert.equal(await db.everything.count({ where: { jsonN: { not: other.DbNull } } }), 0)
      await db.everything.update({ where: { id }, data: { jsonN: other.JsonNull } })
      assert.equal(await read(), null)
      assert.equal(await db.everything.count({ where: { jsonN: { equals: other.JsonNull } } }), 1)
      assert.equal(await db.everything.count({ where: { jsonN: { equals: other.DbNull } } }), 0)
      assert.equal(await db.everything.count({ where: { jsonN: { equals: other.AnyNull } } }), 1)
      await db.everything.createMany({ data: [{ ...sample, id: 7n, jsonN: other.DbNull }] })
      assert.equal(await db.everything.count({ where: { jsonN: { equals: Prisma.DbNull } } }), 1)
    })

    test('a null marker is never stored as an object', async () => {
      for (const marker of [other.DbNull, other.AnyNull]) {
        await assert.rejects(create({ json: marker }), { name: 'PurlinValidationError' })
        await assert.rejects(create({ json: { nested: marker } }), { name: 'PurlinValidationError' })
        await assert.rejects(create({ json: [marker] }), { name: 'PurlinValidationError' })
      }
      assert.equal(await db.everything.count(), 0)
    })

    test('skip and trusted', async () => {
      await db.user.create({ data: { id: 1, email: 'a', name: other.skip } })
      assert.equal(await db.user.count({ where: { email: other.skip } }), 1)
      assert.equal(await db.user.count({ where: { email: other.trusted({ startsWith: 'b' }) } }), 0)
    })

    test('errors, and markers by their classes', async () => {
      const error = await db.user
        .create({ data: { id: 1, email: 'a' } })
        .then(() => db.user.create({ data: { email: 'a' } }))
        .catch(error => error)
      assert.ok(error instanceof other.PrismaClientKnownRequestError)
      assert.ok(!(error instanceof other.PrismaClientValidationError))
      for (const marker of ['DbNull', 'JsonNull', 'AnyNull']) {
        assert.ok(other[marker] instanceof Prisma[marker].constructor)
        assert.ok(!({} instanceof Prisma[marker].constructor))
        assert.ok(!(other[marker] instanceof Prisma[marker === 'DbNull' ? 'JsonNull' : 'DbNull'].constructor))
      }
    })
  })
}

describe('another realm', () => {
  const realm = vm.createContext({ Buffer })
  const made = source => vm.runInContext(source, realm)

  test('dates', async () => {
    const { id } = await create({ at: made("new Date('2024-05-06T07:08:09.010Z')") })
    assert.equal((await db.everything.findUnique({ where: { id } })).at.toISOString(), '2024-05-06T07:08:09.010Z')
    assert.equal(await db.everything.count({ where: { at: { gte: made("new Date('2024-05-06T07:08:09.010Z')") } } }), 1)
    await assert.rejects(create({ at: made('new Date(NaN)') }), /expects a valid date/)
  })

  test('bytes', async () => {
    for (const source of [
      'new Uint8Array([1, 2, 255])',
      'new Uint8Array(new Uint8Array([0, 1, 2, 255]).buffer, 1)',
      'Buffer.from([1, 2, 255])',
    ]) {
      const { id } = await create({ id: 9n, bytes: made(source) })
      assert.deepEqual([...(await db.everything.findUnique({ where: { id } })).bytes], [1, 2, 255], source)
      assert.equal(await db.everything.count({ where: { bytes: made(source) } }), 1, source)
      await db.everything.delete({ where: { id } })
    }
    for (const source of [
      'new ArrayBuffer(3)',
      'new Uint16Array(3)',
      'new DataView(new ArrayBuffer(3))',
      '[1, 2, 3]',
    ]) {
      await assert.rejects(create({ bytes: made(source) }), /expects a Uint8Array/, source)
      await assert.rejects(
        create({ json: { bytes: made(source.startsWith('[') ? 'new Map()' : source) } }),
        { name: 'PurlinValidationError' },
        source,
      )
    }
  })

  test('objects, lists and Json', async () => {
    const args = made("({ data: { id: 1, email: 'a', posts: { create: [{ title: 't' }] } } })")
    await db.user.create(args)
    assert.deepEqual(
      await db.user.findMany(
        made('({ where: { OR: [{ id: { in: [1, 2] } }] }, select: { id: true, posts: { select: { title: true } } } })'),
      ),
      [{ id: 1, posts: [{ title: 't' }] }],
    )
    const { id } = await create({ json: made('({ a: [1, { at: new Date(0) }], n: null, o: Object.create(null) })') })
    assert.deepEqual((await db.everything.findUnique({ where: { id } })).json, {
      a: [1, { at: '1970-01-01T00:00:00.000Z' }],
      n: null,
      o: {},
    })
    for (const source of [
      'new Map([[1, 2]])',
      'new Set()',
      'new (class A { a = 1 })()',
      'new Error()',
      '/x/',
      'new Uint8Array(1)',
    ]) {
      await assert.rejects(create({ json: made(source) }), { name: 'PurlinValidationError' }, source)
    }
  })

  test('decimals of another copy of their package', async () => {
    const file = require.resolve('decimal.js')
    const { Decimal } = require(file)
    delete require.cache[file]
    const { Decimal: Other } = require(file)
    assert.notEqual(Decimal, Other)
    for (const value of [new Decimal('0.10'), new Other('0.10'), new Other('1e-1')]) {
      const { id } = await create({ id: 8n, decimal: value })
      assert.equal(Number((await db.everything.findUnique({ where: { id } })).decimal), 0.1)
      assert.equal(await db.everything.count({ where: { decimal: value } }), 1)
      await db.everything.delete({ where: { id } })
    }
  })
})
