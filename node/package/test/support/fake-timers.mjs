// Replaces timers, then loads the client and runs more queries than one turn of the event loop serves.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { mock } from 'node:test'

const require = createRequire(import.meta.url)
const [kind, url] = process.argv.slice(2)
if (kind === 'node') mock.timers.enable({ apis: ['setImmediate', 'setInterval', 'setTimeout'] })
if (kind === 'sinon') require('@sinonjs/fake-timers').install()
if (kind === 'stub') Object.assign(globalThis, { setImmediate() {}, setInterval() {}, setTimeout() {} })

const { PurlinClient } = require('../build/generated/index.js')
const db = new PurlinClient({ url })
const reads = Array.from({ length: 5000 }, () => db.user.findUnique({ where: { id: 1 } }))
for (const row of await Promise.all(reads)) assert.equal(row.email, 'a')
for (let index = 0; index < 300; index++) await db.user.findUnique({ where: { id: 1 } })
assert.equal(await db.user.count(), 1)
process.stdout.write(`${kind} done\n`)
