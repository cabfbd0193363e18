// The arguments are read when the call is made: what happens to the caller's objects afterwards changes nothing.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { beforeEach, describe, test } from 'node:test'
import { Prisma, PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'
import { catalogOf } from './support/runtime.mjs'

const { Client } = createRequire(import.meta.url)('../dist/index.js')
const url = freshUrl()
const db = new PurlinClient({ url })

/** The same table, seen by a schema in which the bytes are the key: reads by it are quick ones. */
const keyed = new Client(catalogOf('model Keyed=Everything int:Int bytes:Bytes | bytes'), {
  provider: 'sqlite',
  url: { value: url },
  decimal: 'string',
})
const sample = {
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
  await db.everything.createMany({
    data: Array.from({ length: 200 }, (_, index) => ({
      ...sample,
      id: index,
      int: index,
      bytes: Uint8Array.of(index),
      at: new Date(index * 1000),
      decimal: `${index}.5`,
      json: { number: index },
    })),
  })
})

/** A decimal as decimal.js, big.js and bignumber.js have them, whose value can change. */
class Box {
  text = '0'
  toFixed() {
    return this.text
  }
}

/** One object of each kind that can change, and what makes it mean the row of a number. */
const mutable = {
  'a Buffer': (value = Buffer.alloc(1)) => ({ where: { bytes: value }, turn: n => (value[0] = n) }),
  'a Buffer of the pool of Node': () => mutable['a Buffer'](Buffer.from('x')),
  'a view of shared memory': () => mutable['a Buffer'](new Uint8Array(new SharedArrayBuffer(1))),
  'a list of bytes': () => {
    const bytes = Buffer.alloc(1)
    return { where: { bytes: { in: [bytes] } }, turn: n => (bytes[0] = n) }
  },
  'a Date': () => {
    const at = new Date(0)
    return { where: { at }, turn: n => at.setTime(n * 1000) }
  },
  'a decimal': () => {
    const decimal = new Box()
    return { where: { decimal: { equals: decimal } }, turn: n => (decimal.text = `${n}.5`) }
  },
  'a list': () => {
    const list = [0]
    return { where: { int: { in: list } }, turn: n => (list[0] = n) }
  },
  JSON: () => {
    const json = { number: 0 }
    return { where: { json: { equals: json } }, turn: n => (json.number = n) }
  },
  'a nested condition': () => {
    const condition = { int: 0 }
    return { where: { OR: [{ AND: [condition] }] }, turn: n => (condition.int = n) }
  },
  'the condition itself': () => {
    const where = { int: 0 }
    return { where, turn: n => (where.int = n) }
  },
}

for (const [name, make] of Object.entries(mutable)) {
  test(`${name} that is filled anew for each of many reads`, async () => {
    const { where, turn } = make()
    const reads = []
    for (let n = 0; n < 200; n++) {
      turn(n)
      reads.push(db.everything.findFirst({ where, select: { id: true } }))
    }
    turn(199)
    // Not awaited before: they are sent now.
    const rows = await Promise.all(reads)
    assert.deepEqual(
      rows.map(row => row && Number(row.id)),
      Array.from({ length: 200 }, (_, n) => n),
    )
  })

  test(`${name} that is filled anew while reads are on their way`, async () => {
    const { where, turn } = make()
    const reads = []
    for (let n = 0; n < 200; n++) {
      turn(n)
      reads.push(db.everything.findMany({ where, select: { id: true } }).then(rows => rows.map(row => Number(row.id))))
    }
    turn(199)
    assert.deepEqual(
      await Promise.all(reads),
      Array.from({ length: 200 }, (_, n) => [n]),
    )
  })
}

describe('a key of bytes', () => {
  // Such a read runs on this thread, or waits there for the next turn of the event loop.
  test('in many quick reads', async () => {
    const bytes = Buffer.alloc(1)
    const reads = []
    for (let n = 0; n < 1000; n++) {
      bytes[0] = n % 200
      reads.push(keyed.keyed.findUnique({ where: { bytes } }).then(row => [row.int, row.bytes[0]]))
    }
    assert.deepEqual(
      await Promise.all(reads),
      Array.from({ length: 1000 }, (_, n) => [n % 200, n % 200]),
    )
  })

  test('whose buffer is cut, transferred or shrunk before the query is sent', async () => {
    const buffer = new ArrayBuffer(1, { maxByteLength: 8 })
    const resized = new Uint8Array(buffer)
    const transferred = Uint8Array.of(7)
    resized[0] = 7
    const queries = [resized, transferred].map(bytes =>
      db.everything.findMany({ where: { bytes }, select: { id: true } }),
    )
    buffer.resize(0)
    structuredClone(transferred, { transfer: [transferred.buffer] })
    assert.deepEqual(await Promise.all(queries), [[{ id: 7n }], [{ id: 7n }]])
  })

  test('that says that it has another length', async () => {
    const bytes = Object.defineProperties(Uint8Array.of(9), { byteLength: { value: 0 }, length: { value: 0 } })
    const query = db.everything.findMany({ where: { bytes }, select: { id: true } })
    bytes[0] = 1
    assert.deepEqual(await query, [{ id: 9n }])
    const small = new PurlinClient({ url: freshUrl(), limits: { inputBytes: 1000 } })
    const large = Object.defineProperties(new Uint8Array(1001), { byteLength: { value: 0 }, length: { value: 0 } })
    await assert.rejects(small.everything.count({ where: { bytes: large } }), /more than 1000 bytes/)
  })
})

describe('writes', () => {
  const read = () => db.everything.findMany({ where: { id: { gte: 1000 } }, orderBy: { id: 'asc' } })
  const data = { ...sample, id: 0n, bytes: Buffer.alloc(1), at: new Date(0), decimal: new Box(), json: { list: [0] } }

  function turn(n) {
    data.id = BigInt(1000 + n)
    data.bytes[0] = n
    data.at.setTime(n * 1000)
    data.decimal.text = `${n}`
    data.json.list[0] = n
  }

  async function check() {
    turn(99)
    for (const [n, row] of (await read()).entries()) {
      assert.equal(row.id, BigInt(1000 + n))
      assert.deepEqual([...row.bytes], [n])
      assert.equal(row.at.getTime(), n * 1000)
      assert.equal(`${row.decimal}`, `${n}`)
      assert.deepEqual(row.json, { list: [n] })
    }
  }

  const queries = (client, count) =>
    Array.from({ length: count }, (_, n) => {
      turn(n)
      return client.everything.create({ data })
    })

  test('that run by themselves', async () => {
    const created = queries(db, 20)
    turn(50)
    await Promise.all(created)
    assert.equal((await read()).length, 20)
    await check()
  })

  test('in a list of $transaction', async () => {
    const created = queries(db, 20)
    const transaction = db.$transaction(created)
    turn(50)
    await transaction
    assert.equal((await read()).length, 20)
    await check()
  })

  test('inside a transaction', async () => {
    await db.$transaction(async tx => {
      const created = queries(tx, 20)
      turn(50)
      for (const query of created) await query
      assert.equal(await tx.everything.count({ where: { id: { gte: 1000 } } }), 20)
    })
    await check()
  })

  test('of many rows, whose list grows, shrinks and changes', async () => {
    const rows = [{ ...data, id: 1000n, bytes: Buffer.of(0), at: new Date(0), decimal: '0', json: { list: [0] } }]
    const query = db.everything.createMany({ data: rows })
    rows[0].bytes[0] = 5
    rows[0].json.list.push(1)
    rows.push({ ...rows[0], id: 1001n })
    assert.deepEqual(await query, { count: 1 })
    await check()
  })

  test('of related rows, whose lists grow, shrink and change', async () => {
    await db.user.create({
      data: { id: 1, email: 'a', posts: { create: [1, 2, 3, 4].map(id => ({ id, title: `${id}` })) } },
    })
    const [condition, removed] = [{ id: 1 }, { id: 2 }]
    const rows = [{ id: 5, title: '5' }]
    const posts = {
      update: [{ where: condition, data: { views: 1 } }],
      delete: [removed],
      createMany: { data: rows },
      upsert: { where: { id: 9 }, create: { id: 6, title: '6' }, update: {} },
    }
    const query = db.user.update({ where: { id: 1 }, data: { posts } })
    condition.id = 3
    removed.id = 4
    rows.push({ id: 7, title: '7' })
    posts.deleteMany = {}
    posts.upsert.create.id = 8
    await query
    const left = await db.post.findMany({ orderBy: { id: 'asc' }, select: { id: true, views: true } })
    assert.deepEqual(
      left.map(({ id, views }) => [id, views]),
      [
        [1, 1],
        [3, 0],
        [4, 0],
        [5, 0],
        [6, 0],
      ],
    )
  })

  test('of one row again and again', async () => {
    const change = { bytes: Buffer.alloc(1), int: 0 }
    const where = { id: 0n }
    const updates = []
    for (let n = 0; n < 100; n++) {
      where.id = BigInt(n)
      change.bytes[0] = 200 + (n % 50)
      change.int = 1000 + n
      updates.push(db.everything.update({ where, data: change, select: { id: true } }))
    }
    where.id = 0n
    change.bytes[0] = 0
    await Promise.all(updates)
    const rows = await db.everything.findMany({ where: { int: { gte: 1000 } }, orderBy: { id: 'asc' } })
    assert.deepEqual(
      rows.map(row => [Number(row.id), row.int, row.bytes[0]]),
      Array.from({ length: 100 }, (_, n) => [n, 1000 + n, 200 + (n % 50)]),
    )
  })
})

test('each member is read when the call is made, and not when the query is awaited', async () => {
  let reads = 0
  const where = {
    get id() {
      return (reads++, 3n)
    },
  }
  const query = db.everything.findUnique({ where, select: { id: true } })
  assert.equal(reads, 1)
  assert.deepEqual(await query, { id: 3n })
  await query
  assert.equal(reads, 1)
})

test('arguments that are refused are refused by the promise, also when they were set right in between', async () => {
  const where = { id: 'three' }
  const query = db.everything.findUnique({ where })
  where.id = 3n
  await assert.rejects(query, {
    name: 'PurlinValidationError',
    message: /`Everything.id` expects a bigint, got a string/,
  })
})

test('the null that is meant is the one of the call', async () => {
  const data = { jsonN: Prisma.JsonNull }
  const query = db.everything.update({ where: { id: 0n }, data, select: { id: true } })
  data.jsonN = Prisma.DbNull
  await query
  assert.equal(await db.everything.count({ where: { jsonN: { equals: Prisma.JsonNull } } }), 1)
})
