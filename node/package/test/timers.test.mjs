// Queries do not wait for timers that a test has replaced: more of them than one turn of the event loop serves.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { describe, mock, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'

const url = freshUrl()
const db = new PurlinClient({ url })
await db.user.create({ data: { id: 1, email: 'a' } })

/** So many that those of one turn use its time up. */
const MANY = 5000

async function manyReads() {
  const rows = await Promise.all(Array.from({ length: MANY }, () => db.user.findUnique({ where: { id: 1 } })))
  assert.equal(rows.length, MANY)
  for (let index = 0; index < 300; index++) assert.equal((await db.user.findUnique({ where: { id: 1 } })).email, 'a')
  assert.equal(await db.user.count(), 1)
  assert.equal(await db.$transaction((tx) => tx.user.count()), 1)
}

describe('timers that are replaced after the client was loaded', () => {
  test('by node:test', async () => {
    mock.timers.enable({ apis: ['setImmediate', 'setInterval', 'setTimeout', 'Date'] })
    try {
      await manyReads()
    } finally {
      mock.timers.reset()
    }
  })

  test('by @sinonjs/fake-timers, which vitest and jest use', async () => {
    const fake = createRequire(import.meta.url)('@sinonjs/fake-timers')
    const clock = fake.install()
    try {
      await manyReads()
    } finally {
      clock.uninstall()
    }
  })

  test('by functions that do nothing', async () => {
    const kept = { setImmediate, setInterval, setTimeout, performance }
    Object.assign(globalThis, { setImmediate() {}, setInterval() {}, setTimeout() {} })
    Object.defineProperty(globalThis, 'performance', { value: { now: () => 0 }, configurable: true, writable: true })
    try {
      await manyReads()
    } finally {
      Object.assign(globalThis, kept)
    }
  })
})

describe('timers that are replaced before the client is loaded', () => {
  const script = fileURLToPath(new URL('./support/fake-timers.mjs', import.meta.url))
  for (const kind of ['node', 'sinon', 'stub', 'none']) {
    test(kind, () => {
      // The process must also live as long as its queries do, and no longer.
      const output = execFileSync(process.execPath, [script, kind, url], { encoding: 'utf8', timeout: 60_000 })
      assert.equal(output, `${kind} done\n`)
    })
  }
})
