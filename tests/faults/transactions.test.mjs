// Many transactions that want the one writer: each has its turn, in the order in which they came, and one that takes
// too long gives the writer back in time, whatever it is doing.
//
//   node transactions.test.mjs [--long] [--rounds N]

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { figures, number } from './support/arguments.mjs'
import { summarize } from './support/measure.mjs'
import { makeProject, tool } from './support/project.mjs'

const CALLERS = 1000
/** Transactions that outstay their timeout. */
const rounds = number('rounds', { short: 20, long: 200 })
const TIMEOUT = 60
/** What a timeout may be late. */
const LATE = 500

const project = makeProject('transactions')
const { PurlinClient } = await import(project.client)
const open = () => new PurlinClient({ url: `file:${project.database()}` })

test(`${CALLERS} transactions at once are all done, in order`, async t => {
  const db = open()
  const start = performance.now()
  const latencies = []
  const ended = []
  await Promise.all(
    Array.from({ length: CALLERS }, async (_, index) => {
      await db.$transaction(
        async tx => {
          await tx.entry.create({ data: { batch: 'order', place: index, size: CALLERS } })
          await tx.entry.updateMany({ where: { batch: 'order', place: index }, data: { payload: 'done' } })
        },
        { maxWait: 20_000 },
      )
      latencies.push(performance.now() - start)
      ended.push(index)
    }),
  )
  const rows = await db.entry.findMany({ orderBy: { id: 'asc' }, take: CALLERS })
  assert.deepEqual(
    rows.map(row => row.place),
    Array.from({ length: CALLERS }, (_, index) => index),
    'first come, first served',
  )
  assert.deepEqual(
    ended,
    rows.map(row => row.place),
    'each is answered in its turn',
  )
  assert.ok(rows.every(row => row.payload === 'done'))
  await db.$disconnect()
  figures(t, `${CALLERS} transactions at once: all done in order, ${summarize(latencies).text}`)
})

test(`more transactions than can have their turn: the late ones are refused with a code, the order holds`, async t => {
  const db = open()
  const codes = new Map()
  const begun = []
  const latencies = []
  await Promise.all(
    Array.from({ length: 300 }, async (_, index) => {
      const start = performance.now()
      const work = async tx => {
        begun.push(index)
        await tx.entry.create({ data: { batch: 'late', place: index, size: 1 } })
        await new Promise(resolve => setTimeout(resolve, 10))
      }
      try {
        await db.$transaction(work, { maxWait: 500 })
      } catch (error) {
        codes.set(error.code, (codes.get(error.code) ?? 0) + 1)
        latencies.push(performance.now() - start)
      }
    }),
  )
  const rows = await db.entry.count({ where: { batch: 'late' } })
  assert.equal(rows, begun.length, 'who was refused has written nothing')
  assert.deepEqual(
    begun,
    [...begun].sort((a, b) => a - b),
    'first come, first served',
  )
  for (const code of codes.keys()) assert.ok(['P2028', 'P2024'].includes(code), `refused with ${code}`)
  const { max, text } = summarize(latencies)
  await db.$disconnect()
  figures(t, `300 transactions of 10 ms, maxWait 500: ${rows} done, ${latencies.length} refused after ${text}`)
  assert.ok(max < 500 + LATE, `refused after ${max.toFixed(0)} ms, not within ${500 + LATE}`)
})

test('a transaction past its timeout frees the writer', async t => {
  const db = open()
  const late = []
  for (let round = 0; round < rounds; round++) {
    let release
    const held = new Promise(resolve => (release = resolve))
    let begun
    const begins = new Promise(resolve => (begun = resolve))
    const transaction = db.$transaction(
      async tx => {
        await tx.entry.create({ data: { batch: 'stays too long', place: round, size: 1 } })
        begun()
        await held
        await tx.entry.create({ data: { batch: 'comes too late', place: round, size: 1 } })
      },
      { timeout: TIMEOUT },
    )
    const refused = assert.rejects(transaction, { code: 'P2028' })
    await begins
    const start = performance.now()
    await db.entry.create({ data: { batch: 'behind', place: round, size: 1 } })
    // Since the transaction began some time before its first write was answered, this counts it later than it is.
    late.push(performance.now() - start - TIMEOUT)
    release()
    await refused
  }
  const kept = await db.entry.findMany({ where: { batch: { not: 'behind' } }, take: 10 })
  assert.deepEqual(kept, [], 'nothing of them stays')
  await db.$disconnect()
  const { max, text } = summarize(late)
  figures(t, `${rounds} transactions past ${TIMEOUT} ms: the writer is free later than that by ${text}; 0 rows left`)
  assert.ok(max < LATE, `the writer was free ${max.toFixed(0)} ms late`)
})

test('a transaction that the database rolls back by itself stores nothing', async t => {
  const file = project.database()
  const script = join(project.folder, 'trigger.sql')
  writeFileSync(
    script,
    `CREATE TRIGGER refuse BEFORE INSERT ON Entry WHEN NEW.payload = 'bad' BEGIN SELECT RAISE(ROLLBACK, 'no'); END;`,
  )
  execFileSync(tool, ['db', 'execute', '--file', script, '--url', `file:${file}`], {
    cwd: project.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const db = new PurlinClient({ url: `file:${file}` })
  const row = (place, payload = '') => ({ data: { batch: 'torn', place, size: 4, payload } })
  const forms = {
    'all at once': tx => Promise.all([0, 1, 2, 3].map(place => tx.entry.create(row(place, place === 1 ? 'bad' : '')))),
    'all at once, and what became of them is nobody’s concern': tx =>
      Promise.allSettled([0, 1, 2, 3].map(place => tx.entry.create(row(place, place === 1 ? 'bad' : '')))),
    'one after the other, in spite of the error': async tx => {
      for (const place of [0, 1, 2, 3]) await tx.entry.create(row(place, place === 1 ? 'bad' : '')).catch(() => {})
    },
    'many at once': async tx => {
      await tx.entry.create(row(0))
      await tx.entry.createMany({ data: [row(1).data, row(2, 'bad').data] }).catch(() => {})
      await tx.entry.updateMany({ data: { payload: 'changed' } }).catch(() => {})
      await tx.entry.create(row(3))
    },
    'reads afterwards': async tx => {
      await tx.entry.create(row(0, 'bad')).catch(() => {})
      await tx.entry.count()
      await tx.entry.create(row(1))
    },
  }
  for (const [name, work] of Object.entries(forms)) {
    await assert.rejects(
      db.$transaction(work),
      error => /^P\d{4}$/.test(error.code),
      `${name}: the transaction is refused`,
    )
    assert.equal(await db.entry.count(), 0, `${name}: nothing is stored`)
  }
  const list = [0, 1, 2].map(place => db.entry.create(row(place, place === 1 ? 'bad' : '')))
  await assert.rejects(db.$transaction(list))
  assert.equal(await db.entry.count(), 0, 'a list of queries: nothing is stored')
  await db.$transaction(tx => tx.entry.create(row(0)))
  assert.equal(await db.entry.count(), 1, 'the next transaction is as any other')
  await db.$disconnect()
  figures(t, `${Object.keys(forms).length + 1} transactions that the database rolled back by itself: 0 rows stored`)
})

test('a timeout holds while a statement runs', async t => {
  const db = open()
  await db.$transaction(
    async tx => {
      for (let user = 0; user < 200; user++) {
        await tx.user.create({
          data: {
            email: `${user}@acme.io`,
            posts: { create: Array.from({ length: 20 }, (_, post) => ({ title: `post ${post}` })) },
          },
        })
      }
    },
    { timeout: 30_000 },
  )
  // Each level multiplies the work by the posts of a user: this takes minutes.
  let slow = { title: { not: 'none' } }
  for (let level = 0; level < 3; level++) slow = { author: { is: { posts: { every: slow } } } }
  const where = { posts: { every: slow } }

  const start = performance.now()
  const transaction = db.$transaction(tx => tx.user.count({ where }), { timeout: 300 })
  const [ending] = await Promise.allSettled([transaction])
  const took = performance.now() - start
  const behind = performance.now()
  await db.entry.create({ data: { batch: 'behind', place: 0, size: 1 } })
  const waited = performance.now() - behind
  await db.$disconnect()
  figures(
    t,
    `a slow statement in a transaction of 300 ms: ended after ${took.toFixed(0)} ms, the next write took ${waited.toFixed(0)} ms`,
  )
  assert.equal(ending.status, 'rejected', 'the transaction is refused')
  assert.ok(['P2028', 'P1008'].includes(ending.reason.code), `with a code: ${ending.reason}`)
  assert.ok(took < 300 + LATE, `ended after ${took.toFixed(0)} ms`)
  assert.ok(waited < LATE, `the write behind it waited ${waited.toFixed(0)} ms`)
})
