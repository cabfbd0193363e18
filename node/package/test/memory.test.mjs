// What stays of replies: nothing, however many shapes they had.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'
import v8 from 'node:v8'
import vm from 'node:vm'
import { PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'
import { catalogOf } from './support/runtime.mjs'

const require = createRequire(import.meta.url)
const { Client } = require('../dist/index.js')

v8.setFlagsFromString('--expose-gc')
const gc = vm.runInNewContext('gc')

/** Bytes of array buffers that are still referred to. */
async function kept() {
  for (let round = 0; round < 5; round++) {
    gc()
    await new Promise(resolve => setImmediate(resolve))
  }
  return process.memoryUsage().arrayBuffers
}

const MIB = 1024 * 1024
const url = freshUrl()
const db = new PurlinClient({ url })
const author = await db.user.create({ data: { email: 'a' } })
const { id } = await db.post.create({ data: { title: 'a', content: 'x'.repeat(9 * MIB), authorId: author.id } })

/** Sixteen selections of four columns, each a shape of its own. */
const selections = Array.from({ length: 16 }, (_, bits) => ({
  content: true,
  title: (bits & 1) > 0,
  views: (bits & 2) > 0,
  rating: (bits & 4) > 0,
  published: (bits & 8) > 0,
}))

/** Runs a read for each selection; what stays afterwards is less than one such reply takes. */
async function bounded(read) {
  await read(selections[0])
  const before = await kept()
  for (const select of selections) await read(select)
  const after = await kept()
  assert.ok(after - before < 9 * MIB, `${Math.round((after - before) / MIB)} MiB stay`)
}

describe('the memory of large replies is given back', () => {
  test('rows of many shapes', () => bounded(select => db.post.findMany({ select })))
  test('one row of many shapes', () => bounded(select => db.post.findUnique({ where: { id }, select })))
  test('rows of relations', () => bounded(select => db.user.findMany({ select: { posts: { select } } })))
  test('inside a transaction', () => bounded(select => db.$transaction(tx => tx.post.findMany({ select }))))

  test('bytes are copies of their own size', async () => {
    await db.everything.create({
      data: {
        id: 1n,
        text: '',
        flag: true,
        int: 1,
        big: 1n,
        float: 1,
        decimal: '1',
        at: new Date(0),
        json: {},
        bytes: new Uint8Array(9 * MIB),
        role: 'READER',
      },
    })
    const before = await kept()
    const row = await db.everything.findUnique({ where: { id: 1n }, select: { bytes: true } })
    const after = await kept()
    assert.equal(row.bytes.byteLength, 9 * MIB)
    assert.ok(after - before < 10 * MIB)
  })

  test('rows that cannot be made', async () => {
    class Broken {
      constructor() {
        throw new Error('it is broken')
      }
    }
    // The title is no decimal number for this client, and is read after the large text.
    const catalog = catalogOf('model Post id:Int content:String? views:Decimal published:Boolean authorId:Int | id')
    const client = new Client(catalog, { provider: 'sqlite', url: { value: url }, decimal: Broken })
    await bounded(async ({ views, rating, published }) => {
      const select = { content: true, views: true, id: views, authorId: rating, published }
      await assert.rejects(client.post.findMany({ select }), { code: 'P2023' })
    })
  })
})
