// `$disconnect` is done when the file is free, and not before.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, renameSync } from 'node:fs'
import { describe, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'
import { isFree, pathOf } from './support/free.mjs'

const STATEMENT_TIMEOUT = 600

/** A client on a database in which {@link slow} takes as long as it may. */
async function database(options = {}) {
  const url = freshUrl()
  const db = new PurlinClient({ url, statementTimeout: STATEMENT_TIMEOUT, ...options })
  await db.user.create({ data: { id: 1, email: 'a' } })
  const content = 'ab'.repeat(2_000_000)
  for (let id = 1; id <= 3; id++) await db.post.create({ data: { id, title: 'x', content, authorId: 1 } })
  return { url, db }
}

/** A read that ends at its deadline; gives the code of its error. */
function slow(db) {
  const OR = Array.from({ length: 1_900 }, (_, index) => ({ content: { contains: `${'ab'.repeat(20)}${index}` } }))
  return db.post.findMany({ where: { OR } }).then(
    () => 'done',
    error => error.code,
  )
}

/** Disconnects, and looks at the file as soon as that is settled. */
const disconnect = (db, url) => db.$disconnect().then(() => isFree(url))

test('it waits for the reads that run, and these end by their own', async () => {
  const { url, db } = await database()
  const reads = [slow(db), slow(db)]
  await nextTurn()
  assert.equal(await disconnect(db, url), true)
  assert.deepEqual(await Promise.all(reads), ['P1008', 'P1008'])
})

test('a second one is not done before the first', async () => {
  const { url, db } = await database()
  const read = slow(db)
  await nextTurn()
  assert.deepEqual(await Promise.all([disconnect(db, url), disconnect(db, url), disconnect(db, url)]), [
    true,
    true,
    true,
  ])
  assert.equal(await read, 'P1008')
  assert.equal(await disconnect(db, url), true)
})

test('it waits for the transaction that runs', async () => {
  const { url, db } = await database()
  let go
  const gate = new Promise(resolve => (go = resolve))
  let begun
  const beginning = new Promise(resolve => (begun = resolve))
  const transaction = db.$transaction(async tx => {
    await tx.user.create({ data: { email: 'b' } })
    begun()
    await gate
    await tx.user.create({ data: { email: 'c' } })
  })
  await beginning
  let settled = 0
  const closes = [1, 2].map(() => disconnect(db, url).finally(() => settled++))
  await nextTurn()
  assert.equal(settled, 0)
  go()
  await transaction
  assert.deepEqual(await Promise.all(closes), [true, true])
  assert.equal(await db.user.count(), 3)
  await db.$disconnect()
})

test('it waits for another client of the file, whatever its options are', async () => {
  const { url, db } = await database()
  for (const options of [
    {},
    { queueLength: 5 },
    { queueBytes: 1000 },
    { url: `${url}?connection_limit=1` },
    { url: `${url}?socket_timeout=1` },
  ]) {
    const other = new PurlinClient({ url, statementTimeout: STATEMENT_TIMEOUT, ...options })
    const read = slow(other)
    await nextTurn()
    assert.equal(await db.user.count(), 1)
    assert.deepEqual(
      await Promise.all([disconnect(db, url), disconnect(other, url)]),
      [true, true],
      JSON.stringify(options),
    )
    assert.equal(await read, 'P1008')
  }
})

test('inside the own transaction it does not wait for itself, and one outside does', async () => {
  const { url, db } = await database()
  let go
  const gate = new Promise(resolve => (go = resolve))
  const transaction = db.$transaction(async tx => {
    await db.$disconnect()
    await db.$disconnect()
    await gate
    await tx.user.create({ data: { email: 'b' } })
  })
  await nextTurn()
  const outside = disconnect(db, url)
  go()
  await transaction
  assert.equal(await outside, true)
  assert.equal(await db.user.count(), 2)
  await db.$disconnect()
})

test('a write of a client with other options waits for a transaction in its turn', async () => {
  const { url, db } = await database()
  const hasty = new PurlinClient({ url: `${url}?socket_timeout=1`, queueLength: 50 })
  const transaction = db.$transaction(async tx => {
    await tx.user.create({ data: { email: 'b' } })
    // Longer than the client waits for the lock of another process.
    await new Promise(resolve => setTimeout(resolve, 1_500))
  })
  await nextTurn()
  await hasty.user.create({ data: { email: 'c' } })
  await transaction
  assert.equal(await hasty.user.count(), 3)
})

test('the file may be copied and replaced then', async () => {
  const { url, db } = await database()
  for (let round = 1; round <= 3; round++) {
    const read = slow(db)
    await db.user.create({ data: { email: `round ${round}` } })
    await db.$disconnect()
    copyFileSync(pathOf(url), `${pathOf(url)}.copy`)
    renameSync(`${pathOf(url)}.copy`, pathOf(url))
    assert.equal(await db.user.count(), 1 + round)
    assert.equal(await read, 'P1008')
  }
})

describe('calls that wait in JavaScript when it is called', () => {
  /** Makes plenty of reads by a key, and gives how many are done. */
  function reads(db, number) {
    const count = { done: 0 }
    for (let index = 0; index < number; index++) db.user.findUnique({ where: { id: 1 } }).then(() => count.done++)
    return count
  }

  test('reads by a key, more than one turn of the event loop serves', async () => {
    const { url, db } = await database()
    for (let round = 0; round < 3; round++) {
      const count = reads(db, 3_000)
      assert.equal(await disconnect(db, url), true)
      assert.equal(count.done, 3_000)
    }
  })

  test('each of several closes waits for those before it', async () => {
    const { url, db } = await database()
    const first = reads(db, 2_000)
    const closed = db.$disconnect().then(() => assert.equal(first.done, 2_000))
    const second = reads(db, 2_000)
    assert.equal(await disconnect(db, url), true)
    assert.equal(second.done, 2_000)
    await closed
  })

  test('what is called afterwards runs, and opens the file again', async () => {
    const { url, db } = await database()
    reads(db, 2_000)
    const closed = db.$disconnect()
    const rows = await Promise.all(
      Array.from({ length: 2_000 }, () => db.user.findUnique({ where: { id: 1 }, select: { email: true } })),
    )
    assert.ok(rows.every(({ email }) => email === 'a'))
    await closed
    assert.equal(await db.user.count(), 1)
    assert.equal(await disconnect(db, url), true)
  })

  test('reads of another client', async () => {
    const { url, db } = await database()
    const other = new PurlinClient({ url })
    await other.user.count()
    const counts = [reads(db, 1_000), reads(other, 1_000)]
    assert.deepEqual(await Promise.all([disconnect(db, url), disconnect(other, url)]), [true, true])
    assert.deepEqual(
      counts.map(({ done }) => done),
      [1_000, 1_000],
    )
  })

  test('inside a transaction it does not wait for itself', async () => {
    const { url, db } = await database()
    const count = reads(db, 2_000)
    await db.$transaction(async tx => {
      await db.$disconnect()
      await tx.user.create({ data: { email: 'b' } })
    })
    assert.equal(await disconnect(db, url), true)
    assert.equal(count.done, 2_000)
  })

  test('a query that an async function has yet to start', async () => {
    const { url, db } = await database()
    let done = 0
    const work = async () => {
      await db.user.create({ data: { email: `async ${done}` } })
      done++
    }
    for (let round = 1; round <= 3; round++) {
      void work()
      assert.equal(await disconnect(db, url), true)
      assert.equal(done, round)
    }
  })

  for (const [name, call] of Object.entries({
    'a write': "db.user.create({ data: { email: 'a' } }).then(end)",
    'a write that an async function awaits':
      "(async () => { await db.user.create({ data: { email: 'a' } }); end() })()",
    'a read': 'db.user.findMany().then(end)',
    'a transaction':
      "db.$transaction(async tx => { await tx.user.create({ data: { email: 'a' } }); await new Promise(resolve => setTimeout(resolve, 100)) }).then(end)",
    'a list': "db.$transaction([db.user.create({ data: { email: 'a' } }), db.user.count()]).then(end)",
    connecting: 'db.$connect().then(end)',
    'a failure': 'db.user.delete({ where: { id: 404 } }).catch(end)',
    'a call after that of another client':
      "new PurlinClient({ url }).user.count().then(() => {}); db.user.create({ data: { email: 'a' } }).then(end)",
    nothing: 'end()',
  })) {
    test(`the first call of a process: ${name}`, () => {
      const module = path => JSON.stringify(new URL(path, import.meta.url).href)
      const script = `
        import { PurlinClient } from ${module('./build/generated/index.js')}
        import { isFree } from ${module('./support/free.mjs')}
        const url = ${JSON.stringify(freshUrl())}
        const db = new PurlinClient({ url })
        let ended = false
        const end = () => (ended = true);
        ${call}
        await db.$disconnect()
        console.log(ended, isFree(url))`
      const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
        timeout: 60_000,
      })
      assert.equal(output, 'true true\n')
    })
  }
})
