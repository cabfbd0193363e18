// The table of bad inputs, asked of the TypeScript client.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { start } from '../../faults/support/child.mjs'
import { makeProject } from '../../faults/support/project.mjs'
import { CASES, LATER } from './cases.mjs'
import { fill } from './stage.mjs'

const here = path => fileURLToPath(new URL(path, import.meta.url))

/** How long a case may take, in milliseconds: none has a reason to take a tenth of that. */
const LIMIT = 20_000
/** What a process may need for all of them, in MiB. */
const MEMORY = 512

const project = makeProject('bad-inputs', here('..'))
const { PurlinClient } = await import(project.client)
const file = project.database()
const db = new PurlinClient({ url: `file:${file}` })
await fill(db)
await db.$disconnect()

/** The verdict on each case. Where a process ends or stands still, the case has failed and the next process goes on. */
async function verdicts() {
  const found = []
  while (found.length < CASES.length) {
    const args = [`--max-old-space-size=${MEMORY}`, here('runner.mjs'), project.client, file, String(found.length)]
    let late
    const watch = child => {
      clearTimeout(late)
      late = setTimeout(() => child.kill('SIGKILL'), LIMIT)
    }
    const onLine = (line, child) => {
      found.push(JSON.parse(line))
      watch(child)
    }
    const child = start(process.execPath, args, { limit: 600_000, onLine })
    watch(child)
    const { code, signal } = await child.ended
    clearTimeout(late)
    if (found.length < CASES.length) {
      const why =
        signal === 'SIGKILL' ? `no answer within ${LIMIT / 1000} s` : `the process ended with ${code ?? signal}`
      found.push({ id: CASES[found.length].id, failure: `${why}\n${child.errors.slice(0, 600)}` })
    }
  }
  return found
}

const found = await verdicts()
for (const { id, failure } of found) test(id, () => assert.equal(failure, undefined, failure))

test('each case has its verdict, and no name stands for two', () => {
  assert.deepEqual(
    found.map(verdict => verdict.id),
    CASES.map(({ id }) => id),
  )
  assert.equal(new Set(CASES.map(({ id }) => id)).size, CASES.length)
})

test('what needs a later operation is refused today', async t => {
  assert.equal(new Set(LATER.map(({ id }) => id)).size, LATER.length)
  for (const { id, later, run } of LATER) {
    const error = await Promise.resolve()
      .then(() => run(db))
      .then(
        () => undefined,
        error => error,
      )
    const hint = `${id} (${later}): when this exists, its case belongs into the table`
    assert.ok(error !== undefined, hint)
    assert.ok(
      error.name === 'PurlinValidationError' || (error instanceof TypeError && /is not a function/.test(error.message)),
      `${hint}: ${error}`,
    )
  }
  await db.$disconnect()
  t.diagnostic(`figures: ${CASES.length} bad inputs, ${LATER.length} that need a later operation`)
})
