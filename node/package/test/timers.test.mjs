// Queries do not wait for timers that a test has replaced.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'

const url = freshUrl()
const db = new PurlinClient({ url })
await db.user.create({ data: { id: 1, email: 'a' } })
// What they are made of takes more than one turn of the event loop.
const row = id => ({
  id: BigInt(id),
  text: 'x'.repeat(150_000),
  flag: true,
  int: id,
  big: 1n,
  float: 1,
  decimal: '1',
  at: new Date(0),
  json: { id },
  bytes: new Uint8Array(1),
  role: 'ADMIN',
})
await db.everything.createMany({ data: [0, 1, 2, 3].map(row) })

const script = fileURLToPath(new URL('./support/fake-timers.mjs', import.meta.url))
const kinds = [
  'node:test',
  'fake-timers',
  'fake-timers, setInterval',
  'fake-timers, setImmediate',
  'functions that do nothing',
  'nothing',
]

for (const when of ['before', 'after']) {
  describe(`timers that are replaced ${when} the client is loaded`, () => {
    for (const kind of kinds) {
      test(`by ${kind}`, () => {
        // The process lives as long as its queries do, and no longer.
        const output = execFileSync(process.execPath, [script, when, kind, url], { encoding: 'utf8', timeout: 60_000 })
        assert.equal(output, `${kind} done\n`)
      })
    }
  })
}
