// A client that is used inside its own transaction: what would wait for itself is refused at once.

import assert from 'node:assert/strict'
import { rmSync, symlinkSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeEach, test } from 'node:test'
import { PurlinClient } from './build/generated/index.js'
import inside from '../build/commonjs/inside.js'
import { freshUrl } from './support/database.mjs'

const url = freshUrl()
const db = new PurlinClient({ url })

beforeEach(() => db.user.deleteMany())

/** Refused in much less than the time that the transaction may last. */
async function refused(promise) {
  const start = performance.now()
  const error = await promise.then(
    () => assert.fail('it was not refused'),
    error => error,
  )
  assert.equal(error.name, 'PurlinValidationError', error.stack)
  assert.match(
    error.message,
    /would wait for the transaction that it is called in: inside `\$transaction` use the client that its function is given, `tx` for example/,
  )
  assert.ok(performance.now() - start < 1000)
}

test('each kind of write', async () => {
  await db.$transaction(async tx => {
    await tx.user.create({ data: { id: 1, email: 'a' } })
    await refused(db.user.create({ data: { email: 'b' } }))
    await refused(db.user.createMany({ data: [{ email: 'b' }] }))
    await refused(db.user.update({ where: { id: 1 }, data: { email: 'b' } }))
    await refused(db.user.updateMany({ data: { name: 'b' } }))
    await refused(db.user.delete({ where: { id: 1 } }))
    await refused(db.user.deleteMany())
    await refused(db.$transaction([db.user.count()]))
    await refused(db.$transaction(async () => {}))
  })
  assert.equal(await db.user.count(), 1)
})

test('another client of the same database', async () => {
  const path = url.slice('file:'.length)
  const clients = [new PurlinClient({ url }), new PurlinClient({ url: `file:${relative(process.cwd(), path)}` })]
  await db.$transaction(async () => {
    for (const client of clients) await refused(client.user.create({ data: { email: 'b' } }))
  })
})

test('helpers that are called by the function, however deep', async () => {
  const helper = async () => {
    await nextTurn()
    await Promise.all([refused(db.user.create({ data: { email: 'b' } }))])
  }
  await db.$transaction(() => helper())
})

test('a refusal that nobody catches rolls back', async () => {
  await refused(
    db.$transaction(async tx => {
      await tx.user.create({ data: { email: 'a' } })
      await db.user.create({ data: { email: 'b' } })
    }),
  )
  assert.equal(await db.user.count(), 0)
})

test('reads, other databases and the client of the transaction are free', async () => {
  const other = new PurlinClient({ url: freshUrl() })
  await db.$transaction(async tx => {
    await tx.user.create({ data: { id: 1, email: 'a' } })
    assert.equal(await db.user.count(), 0)
    assert.equal(await db.user.findUnique({ where: { id: 1 } }), null)
    await other.user.create({ data: { email: 'b' } })
    await other.$transaction(async inner => {
      await inner.user.create({ data: { email: 'c' } })
      await tx.user.update({ where: { id: 1 }, data: { name: 'x' } })
      await refused(db.user.create({ data: { email: 'd' } }))
      await refused(other.user.create({ data: { email: 'd' } }))
    })
    await db.$connect()
  })
  assert.equal(await other.user.count(), 2)
  assert.equal(await db.user.count(), 1)
})

test('after the transaction, and beside it, everything is free', async () => {
  let later
  await db.$transaction(async tx => {
    await tx.user.create({ data: { email: 'a' } })
    later = async () => db.user.create({ data: { email: 'b' } })
  })
  await later()
  let leftBehind
  await db.$transaction(async () => {
    leftBehind = (async () => {
      for (let turn = 0; turn < 50; turn++) await nextTurn()
      return db.user.create({ data: { email: 'c' } })
    })()
  })
  await leftBehind
  await Promise.all([
    db.$transaction(tx => tx.user.create({ data: { email: 'd' } })),
    db.user.create({ data: { email: 'e' } }),
    db.$transaction(tx => tx.user.create({ data: { email: 'f' } })),
  ])
  await db
    .$transaction(async () => {
      throw new Error('x')
    })
    .catch(() => {})
  await db.user.create({ data: { email: 'g' } })
  assert.equal(await db.user.count(), 7)
})

test('another client of the same database, whatever its URL and its options are', async () => {
  const path = url.slice('file:'.length)
  const link = `${path}.link`
  symlinkSync(path, link)
  const folder = `${dirname(path)}.folder`
  symlinkSync(dirname(path), folder)
  const urls = [
    `sqlite:${path}`,
    `sqlite://${path}`,
    `file://${path}`,
    `file:${path}?connection_limit=2`,
    `file:${path}?mode=rw`,
    `file:${dirname(path)}/./${basename(path)}`,
    `file:${link}`,
    `sqlite:${link}`,
    `file:${join(folder, basename(path))}`,
    `sqlite:${relative(process.cwd(), link)}`,
  ]
  const clients = [
    ...urls.map(url => new PurlinClient({ url })),
    new PurlinClient({ url, statementTimeout: 1234 }),
    new PurlinClient({ url: `sqlite:${link}`, limits: { rows: 5 } }),
  ]
  try {
    // Also where the other one began the transaction.
    for (const client of clients) {
      await db.$transaction(() => refused(client.user.create({ data: { email: 'b' } })))
      await client.$transaction(() => refused(db.user.create({ data: { email: 'b' } })))
    }
    await db.$transaction(() => refused(clients[0].$transaction([clients[0].user.count()])))
  } finally {
    rmSync(link)
    rmSync(folder)
  }
  assert.equal(await db.user.count(), 0)
})

test('databases in memory are apart from each other', async () => {
  const memory = () => new PurlinClient({ url: 'file::memory:' })
  const [one, two] = [memory(), memory()]
  // Without tables: it is tried, and that is all that matters here.
  await one.$transaction(() => assert.rejects(two.user.create({ data: { email: 'b' } }), { code: 'P2021' }))
  await one.$transaction(() => refused(one.user.create({ data: { email: 'b' } })))
})

test('a function that outlives the timeout of its transaction is outside', async () => {
  let ended
  const done = new Promise(resolve => (ended = resolve))
  const transaction = db.$transaction(
    async tx => {
      await tx.user.create({ data: { email: 'a' } })
      await refused(db.user.create({ data: { email: 'b' } }))
      // Until the engine says that the time is over.
      for (;;) {
        const error = await tx.user.count().then(
          () => undefined,
          error => error,
        )
        if (error !== undefined) break
        await nextTurn()
      }
      // What fails is told too: the transaction has its own error by then.
      ended(db.user.create({ data: { email: 'c' } }))
    },
    { timeout: 300 },
  )
  await Promise.allSettled([transaction])
  assert.equal((await done).email, 'c')
  assert.deepEqual(
    (await db.user.findMany()).map(({ email }) => email),
    ['c'],
  )
})

test('a function is outside as soon as the engine says that its transaction is over', async () => {
  for (const busy of [0, 100, 200]) {
    const work = async tx => {
      for (;;) {
        const error = await tx.user.count().then(
          () => undefined,
          error => error,
        )
        if (error?.code === 'P2028') break
        assert.equal(error, undefined)
        await nextTurn()
      }
      await db.user.create({ data: { email: `after ${busy}` } })
      await db.$transaction(inner => inner.user.update({ where: { email: `after ${busy}` }, data: { name: 'b' } }))
      return (await db.$transaction([db.user.count()]))[0]
    }
    let working
    const transaction = db.$transaction(tx => (working = work(tx)), { timeout: 300 })
    const failed = assert.rejects(transaction, { code: 'P2028' })
    // The clock of the engine begins before this thread knows that the transaction has begun.
    for (const end = performance.now() + busy; performance.now() < end; );
    await failed
    assert.equal(await working, 1 + busy / 100)
  }
})

test('a job that starts its next run within its transaction does not hang on all runs before', async () => {
  const depths = []
  await new Promise(resolve => {
    const run = left =>
      inside.runInside({}, 1, 60_000, scope => {
        let depth = 0
        for (let outer = scope.outer; outer !== undefined; outer = outer.outer) depth++
        depths.push(depth)
        // The next begins while this one is open, and ends after it.
        setImmediate(() => (left === 0 ? resolve() : run(left - 1)))
        setImmediate(() => (scope.open = false))
      })
    run(100)
  })
  assert.ok(Math.max(...depths) <= 2, `scopes around a run: ${depths.at(-1)}`)
})

test('reads of a database in memory, which has one connection', async () => {
  const memory = new PurlinClient({ url: 'file::memory:' })
  await memory.$transaction(async () => {
    await refused(memory.user.findMany())
    await refused(memory.user.findUnique({ where: { id: 1 } }))
    await refused(memory.user.count())
    await refused(Promise.all([memory.post.findFirst()]))
  })
  // Outside of it they are asked.
  await assert.rejects(memory.user.findMany(), { code: 'P2021' })
  await Promise.all([memory.$transaction(() => nextTurn()), assert.rejects(memory.user.count(), { code: 'P2021' })])
})
