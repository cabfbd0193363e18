// The Json values of a large reply are made in as many turns of the event loop as they need.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { beforeEach, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Prisma, PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'
import { rawClient } from './support/second-client.mjs'

const url = freshUrl()
const db = new PurlinClient({ url })
const ROWS = 12

const row = (id) => ({
  id: BigInt(id), text: 'x'.repeat(50_000), flag: true, int: id, big: 1n, float: 1, decimal: '1', at: new globalThis.Date(0),
  json: { id }, jsonN: id % 2 === 0 ? Prisma.DbNull : [id], bytes: new Uint8Array([id]), role: 'ADMIN', groupId: 1,
}) // prettier-ignore
const expected = Array.from({ length: ROWS }, (_, id) => ({ id: BigInt(id), json: { id }, jsonN: id % 2 === 0 ? null : [id] }))
const members = (rows) => rows.map(({ id, json, jsonN }) => ({ id, json, jsonN }))

const parse = JSON.parse
/** Runs a read while each value takes longer to make than a turn may last; gives the turns in which they were made. */
async function turnsOf(read) {
  const turns = []
  let turn = 0
  let timer = setImmediate(function next() {
    turn++
    timer = setImmediate(next)
  })
  JSON.parse = (text) => {
    turns.push(turn)
    for (const end = performance.now() + 11; performance.now() < end; );
    return parse(text)
  }
  try {
    return { result: await read(), turns }
  } finally {
    JSON.parse = parse
    clearImmediate(timer)
  }
}

beforeEach(async () => {
  await db.everything.deleteMany()
  await db.group.deleteMany()
  await db.group.create({ data: { id: 1 } })
  await db.everything.createMany({ data: Array.from({ length: ROWS }, (_, id) => row(id)) })
})

describe('each value in a turn of its own, when it takes one', () => {
  const reads = {
    rows: async () => members(await db.everything.findMany({ orderBy: { id: 'asc' } })),
    'related rows': async () => members((await db.group.findUnique({ where: { id: 1 }, include: { members: { orderBy: { id: 'asc' } } } })).members),
    'in a transaction': () => db.$transaction(async (tx) => members(await tx.everything.findMany({ orderBy: { id: 'asc' } }))),
  }
  for (const [name, read] of Object.entries(reads)) {
    test(name, async () => {
      // The first run tells whether the next ones may run on this thread.
      for (let time = 0; time < 3; time++) {
        const { result, turns } = await turnsOf(read)
        assert.deepEqual(result, expected)
        assert.equal(turns.length, ROWS * 1.5)
        assert.equal(new Set(turns).size, turns.length)
      }
    })
  }
})

test('small replies are made at once', async () => {
  const { result, turns } = await turnsOf(() => db.everything.findMany({ select: { id: true, json: true, jsonN: true }, orderBy: { id: 'asc' } }))
  assert.deepEqual(result, expected)
  assert.equal(new Set(turns).size, 1)
})

test('several large replies are each complete, and their members stand in their order', async () => {
  const replies = await Promise.all(Array.from({ length: 5 }, () => db.everything.findMany({ orderBy: { id: 'asc' } })))
  for (const reply of replies) {
    assert.deepEqual(members(reply), expected)
    assert.deepEqual(Object.keys(reply[0]).slice(0, 11), ['id', 'text', 'flag', 'int', 'big', 'float', 'decimal', 'at', 'json', 'bytes', 'role'])
  }
})

test('text that is no Json fails the read, whichever row it is in, and the next read goes on', async () => {
  const raw = rawClient(url, 'Everything', 'bigInt', ['json'])
  for (const id of [0n, BigInt(ROWS - 1)]) {
    await raw.raw.update({ where: { id }, data: { json: 'oops s3cret' } })
    const error = await db.everything.findMany().then(() => assert.fail('it was not refused'), (error) => error)
    assert.equal(error.code, 'P2023', error.stack)
    assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes('s3cret'))
    await raw.raw.update({ where: { id }, data: { json: '{}' } })
    assert.equal((await db.everything.findMany()).length, ROWS)
  }
})

test('without making code from text, the same', () => {
  const script = `
    const { PurlinClient } = await import(process.argv[1])
    const rows = await new PurlinClient({ url: process.argv[2] }).everything.findMany({ orderBy: { id: 'asc' } })
    console.log(JSON.stringify(rows.map(({ json, jsonN }) => [json, jsonN])))`
  const client = new URL('./build/generated/index.js', import.meta.url).href
  const args = ['--disallow-code-generation-from-strings', '--input-type=module', '-e', script, client, url]
  const output = execFileSync(process.execPath, args, { encoding: 'utf8', cwd: fileURLToPath(new URL('.', import.meta.url)) })
  assert.deepEqual(JSON.parse(output), expected.map(({ json, jsonN }) => [json, jsonN]))
})
