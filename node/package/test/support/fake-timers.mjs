// Replaces timers before or after the client is loaded, and runs more queries than one turn of the event loop serves.

import assert from 'node:assert/strict'
import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { mock } from 'node:test'

const require = createRequire(import.meta.url)
const [when, kind, url] = process.argv.slice(2)

const replace = {
  'node:test': () => mock.timers.enable({ apis: ['setImmediate', 'setInterval', 'setTimeout'] }),
  'fake-timers': () => require('@sinonjs/fake-timers').install(),
  'fake-timers, setInterval': () => require('@sinonjs/fake-timers').install({ toFake: ['setInterval'] }),
  'fake-timers, setImmediate': () => require('@sinonjs/fake-timers').install({ toFake: ['setImmediate'] }),
  'functions that do nothing': () => {
    Object.assign(globalThis, { setImmediate() {}, setInterval() {}, setTimeout() {} })
    Object.defineProperty(globalThis, 'performance', { value: { now: () => 0 } })
  },
  nothing: () => {
    for (const name of ['setImmediate', 'setInterval', 'performance']) delete globalThis[name]
  },
}[kind]

if (when === 'before') replace()
const { PurlinClient } = require('../build/generated/index.js')
const db = new PurlinClient({ url })
if (when === 'after') {
  await db.user.count()
  replace()
}

const reads = Array.from({ length: 5000 }, () => db.user.findUnique({ where: { id: 1 } }))
for (const row of await Promise.all(reads)) assert.equal(row.email, 'a')
for (let index = 0; index < 300; index++) await db.user.findUnique({ where: { id: 1 } })
assert.equal(await db.$transaction(tx => tx.user.count()), 1)
// Large replies whose values take some turns to be made.
const { parse } = JSON
JSON.parse = text => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 11)
  return parse(text)
}
const large = Array.from({ length: 3 }, () => db.everything.findMany({ orderBy: { id: 'asc' } }))
for (const rows of await Promise.all(large))
  assert.deepEqual(
    rows.map(({ json }) => json),
    [0, 1, 2, 3].map(id => ({ id })),
  )
await db.$disconnect()
writeSync(1, `${kind} done\n`)
