// A client that is used inside its own transaction: what would wait for itself is refused at once.

import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeEach, test } from 'node:test'
import { PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'

const url = freshUrl()
const db = new PurlinClient({ url })

beforeEach(() => db.user.deleteMany())

/** Refused in much less than the time that the transaction may last. */
async function refused(promise) {
  const start = performance.now()
  const error = await promise.then(() => assert.fail('it was not refused'), (error) => error)
  assert.equal(error.name, 'PurlinValidationError', error.stack)
  assert.match(error.message, /would wait for the transaction that it is called in: inside `\$transaction` use the client that its function is given, `tx` for example/)
  assert.ok(performance.now() - start < 1000)
}

test('each kind of write', async () => {
  await db.$transaction(async (tx) => {
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

test('another client of the same database, whichever path leads to it', async () => {
  const path = url.slice('file:'.length)
  const link = `${path}-link`
  const folder = `${path}-folder`
  symlinkSync(path, link)
  symlinkSync(dirname(path), folder)
  const paths = [path, relative(process.cwd(), path), link, join(folder, basename(path))]
  const clients = paths.map(path => new PurlinClient({ url: `file:${path}` }))
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
    db.$transaction(async (tx) => {
      await tx.user.create({ data: { email: 'a' } })
      await db.user.create({ data: { email: 'b' } })
    }),
  )
  assert.equal(await db.user.count(), 0)
})

test('reads, other databases and the client of the transaction are free', async () => {
  const other = new PurlinClient({ url: freshUrl() })
  await db.$transaction(async (tx) => {
    await tx.user.create({ data: { id: 1, email: 'a' } })
    assert.equal(await db.user.count(), 0)
    assert.equal(await db.user.findUnique({ where: { id: 1 } }), null)
    await other.user.create({ data: { email: 'b' } })
    await other.$transaction(async (inner) => {
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
  await db.$transaction(async (tx) => {
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
    db.$transaction((tx) => tx.user.create({ data: { email: 'd' } })),
    db.user.create({ data: { email: 'e' } }),
    db.$transaction((tx) => tx.user.create({ data: { email: 'f' } })),
  ])
  await db.$transaction(async () => { throw new Error('x') }).catch(() => {})
  await db.user.create({ data: { email: 'g' } })
  assert.equal(await db.user.count(), 7)
})
