// The Json values of a large reply are made in as many turns of the event loop as they need.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { beforeEach, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { Prisma, PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'
import { rawClient } from './support/second-client.mjs'

const url = freshUrl()
const db = new PurlinClient({ url })
const ROWS = 12

const row = id => ({
  id: BigInt(id),
  text: 'x'.repeat(50_000),
  flag: true,
  int: id,
  big: 1n,
  float: 1,
  decimal: '1',
  at: new globalThis.Date(0),
  json: { id },
  jsonN: id % 2 === 0 ? Prisma.DbNull : [id],
  bytes: new Uint8Array([id]),
  role: 'ADMIN',
  groupId: 1,
})
const expected = Array.from({ length: ROWS }, (_, id) => ({
  id: BigInt(id),
  json: { id },
  jsonN: id % 2 === 0 ? null : [id],
}))
const members = rows => rows.map(({ id, json, jsonN }) => ({ id, json, jsonN }))

const parse = JSON.parse
/** How many values have been made since {@link turnsOf} began. */
let made = 0
/** Runs a read while each value takes longer to make than a turn may last; gives the turns in which they were made, and their texts. */
async function turnsOf(read) {
  const turns = []
  const texts = []
  let turn = 0
  let timer = setImmediate(function next() {
    turn++
    timer = setImmediate(next)
  })
  made = 0
  JSON.parse = text => {
    made++
    turns.push(turn)
    texts.push(text)
    for (const end = performance.now() + 11; performance.now() < end; );
    return parse(text)
  }
  try {
    return { result: await read(), turns, texts }
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
    'related rows': async () =>
      members(
        (await db.group.findUnique({ where: { id: 1 }, include: { members: { orderBy: { id: 'asc' } } } })).members,
      ),
    'in a transaction': () =>
      db.$transaction(async tx => members(await tx.everything.findMany({ orderBy: { id: 'asc' } }))),
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
  const { result, turns } = await turnsOf(() =>
    db.everything.findMany({ select: { id: true, json: true, jsonN: true }, orderBy: { id: 'asc' } }),
  )
  assert.deepEqual(result, expected)
  assert.equal(new Set(turns).size, 1)
})

test('several large replies are each complete, and their members stand in their order', async () => {
  const replies = await Promise.all(Array.from({ length: 5 }, () => db.everything.findMany({ orderBy: { id: 'asc' } })))
  for (const reply of replies) {
    assert.deepEqual(members(reply), expected)
    assert.deepEqual(Object.keys(reply[0]).slice(0, 11), [
      'id',
      'text',
      'flag',
      'int',
      'big',
      'float',
      'decimal',
      'at',
      'json',
      'bytes',
      'role',
    ])
  }
})

/** How often the values of one reply follow those of another. `replyOf` says which a text is of. */
const changes = (texts, replyOf) =>
  texts.filter((text, index) => index > 0 && replyOf(text) !== replyOf(texts[index - 1])).length

describe('one large reply is made at a time', () => {
  // Each more than what one turn makes, and of other rows than the others.
  const PARTS = 2
  const part = number => ({ gte: (number * ROWS) / PARTS, lt: ((number + 1) * ROWS) / PARTS })
  const partOf = text => Math.floor(Number(/\d+/.exec(text)[0]) / (ROWS / PARTS))
  const all = read => async () => (await Promise.all(Array.from({ length: PARTS }, (_, number) => read(number)))).flat()
  const select = { id: true, text: true, json: true, jsonN: true }

  test('rows', async () => {
    const { result, texts } = await turnsOf(
      all(number => db.everything.findMany({ where: { int: part(number) }, orderBy: { id: 'asc' } })),
    )
    assert.deepEqual(members(result), expected)
    assert.equal(texts.length, ROWS * 1.5)
    assert.equal(changes(texts, partOf), PARTS - 1)
  })

  test('rows of several clients and shapes', async () => {
    const other = new PurlinClient({ url })
    const read = number =>
      (number === 0 ? db : other).everything.findMany({
        where: { int: part(number) },
        orderBy: { id: 'asc' },
        select: { ...select, flag: number === 0 },
      })
    const { result, texts } = await turnsOf(all(read))
    assert.deepEqual(members(result), expected)
    assert.equal(changes(texts, partOf), PARTS - 1)
  })

  test('in a transaction and outside of it', async () => {
    const read = (client, number) =>
      client.everything.findMany({ where: { int: part(number) }, orderBy: { id: 'asc' } })
    const { result, texts } = await turnsOf(
      all(number => (number === 0 ? db.$transaction(tx => read(tx, number)) : read(db, number))),
    )
    assert.deepEqual(members(result), expected)
    assert.equal(changes(texts, partOf), PARTS - 1)
  })

  test('rows by their keys, more than one turn of the event loop reads', async () => {
    await db.everything.updateMany({ data: { text: 'x'.repeat(300_000) } })
    await db.everything.updateMany({ where: { jsonN: { equals: Prisma.DbNull } }, data: { textN: 'no second value' } })
    for (let time = 0; time < 2; time++) {
      const read = () =>
        Promise.all(
          Array.from({ length: 4 * ROWS }, (_, index) =>
            db.everything.findUnique({ where: { id: BigInt(index % ROWS) } }),
          ),
        )
      const { result, texts } = await turnsOf(read)
      assert.deepEqual(members(result), Array(4).fill(expected).flat())
      // The two values of a row follow each other: those without a second one are followed by another row.
      texts.forEach((text, index) => {
        const id = Number(/\d+/.exec(text)[0])
        if (text.startsWith('{') && id % 2 === 1) assert.equal(texts[index + 1], `[${id}]`)
      })
    }
  })

  test('small replies are made in between', async () => {
    const done = []
    const { texts } = await turnsOf(async () => {
      const large = db.everything.findMany({ orderBy: { id: 'asc' } }).then(() => done.push('large'))
      // It comes when the large one is being made.
      while (done.length === 0 && made === 0) await new Promise(resolve => setImmediate(resolve))
      const small = db.everything
        .findMany({ where: { int: { gte: 0 } }, select: { id: true } })
        .then(rows => done.push(rows.length))
      await Promise.all([large, small])
    })
    assert.equal(texts.length, ROWS * 1.5)
    assert.deepEqual(done, [ROWS, 'large'])
  })

  test('what fails lets the next be made, whichever of them it is', async () => {
    const raw = rawClient(url, 'Everything', 'BigInt', ['json'])
    for (const broken of [0, PARTS - 1]) {
      // The first value of a reply, and the last.
      for (const id of [(broken * ROWS) / PARTS, ((broken + 1) * ROWS) / PARTS - 1]) {
        await raw.raw.update({ where: { id: BigInt(id) }, data: { json: 'oops' } })
        const reads = Array.from({ length: 2 * PARTS }, (_, index) =>
          db.everything.findMany({ where: { int: part(index % PARTS) } }),
        )
        const codes = (await Promise.allSettled(reads)).map(({ value, reason }) => reason?.code ?? value.length)
        const codesOf = number => (number === broken ? 'P2023' : ROWS / PARTS)
        assert.deepEqual(
          codes,
          Array.from({ length: 2 * PARTS }, (_, index) => codesOf(index % PARTS)),
        )
        await raw.raw.update({ where: { id: BigInt(id) }, data: { json: `{"id":${id}}` } })
      }
    }
    assert.deepEqual(members(await db.everything.findMany({ orderBy: { id: 'asc' } })), expected)
  })

  test('a thread that is terminated while replies are made holds up no other', async () => {
    for (let time = 0; time < 5; time++) {
      const worker = new Worker(new URL('./support/large-reader.mjs', import.meta.url), { workerData: { url } })
      await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
      await worker.terminate()
    }
    assert.equal((await db.everything.findMany()).length, ROWS)
  })
})

test('many large replies at once need the memory of one', () => {
  // The thread is busy until as many replies have come as may wait; each takes some turns to be made.
  const script = `
    const { PurlinClient } = await import(process.argv[1])
    const db = new PurlinClient({ url: process.argv[2] })
    await db.everything.updateMany({ data: { text: 'x'.repeat(500_000) } })
    const busy = (time) => { for (const end = performance.now() + time; performance.now() < end; ); }
    const parse = JSON.parse
    JSON.parse = (text) => { busy(4); return parse(text) }
    const reads = Array.from({ length: 40 }, (_, index) => db.everything.findMany({ where: { int: { gte: -index } } }).then(rows => rows.length))
    busy(1_000)
    console.log(new Set(await Promise.all(reads)))`
  const client = new URL('./build/generated/index.js', import.meta.url).href
  const args = ['--max-old-space-size=60', '--input-type=module', '-e', script, client, url]
  assert.equal(
    execFileSync(process.execPath, args, { encoding: 'utf8', cwd: fileURLToPath(new URL('.', import.meta.url)) }),
    'Set(1) { 12 }\n',
  )
})

test('a reply that is being made counts as one that waits', async () => {
  const url = freshUrl()
  const db = new PurlinClient({ url, limits: { resultBytes: 2 ** 30, inputBytes: 2 ** 28 } })
  await db.group.create({ data: { id: 1 } })
  // More than may wait.
  await db.everything.createMany({
    data: Array.from({ length: ROWS }, (_, id) => ({ ...row(id), text: 'x'.repeat(11_500_000) })),
  })
  const done = []
  await turnsOf(async () => {
    const large = db.everything.findMany({ orderBy: { id: 'asc' } }).then(rows => done.push(rows.length))
    while (done.length === 0 && made === 0) await new Promise(resolve => setImmediate(resolve))
    const small = db.everything
      .findMany({ where: { int: { gte: 0 } }, select: { id: true } })
      .then(() => done.push('small'))
    await Promise.all([large, small])
  })
  assert.deepEqual(done, [ROWS, 'small'])
})

test('text that is no Json fails the read, whichever row it is in, and the next read goes on', async () => {
  const raw = rawClient(url, 'Everything', 'BigInt', ['json'])
  for (const id of [0n, BigInt(ROWS - 1)]) {
    await raw.raw.update({ where: { id }, data: { json: 'oops s3cret' } })
    const error = await db.everything.findMany().then(
      () => assert.fail('it was not refused'),
      error => error,
    )
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
  const output = execFileSync(process.execPath, args, {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  })
  assert.deepEqual(
    JSON.parse(output),
    expected.map(({ json, jsonN }) => [json, jsonN]),
  )
})
