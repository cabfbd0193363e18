// The addon is called without the TypeScript runtime before it: with shapes that follow the grammar, with some that
// almost do, and with values that are made to hurt. Nothing crashes or panics, each request is answered, and the
// database stays whole.
//
//   node addon-fuzz.test.mjs [--long] [--rounds SHAPES] [--seed N]

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { figures, long, number, progress, seed } from './support/arguments.mjs'
import { start } from './support/child.mjs'
import { makeProject } from './support/project.mjs'
import { checkDatabase } from './support/writers.mjs'
import { NAMES } from './addon-hostile.mjs'

const shapes = number('rounds', { short: 20_000, long: 300_000 })
const threads = long ? 4 : 2
const LIMIT = (shapes / 50 + 120) * 1000

const project = makeProject('addon-fuzz')

test(`${shapes} shapes from ${threads} threads`, { timeout: LIMIT }, async t => {
  const file = project.database()
  const work = Array.from({ length: threads }, (_, thread) => {
    const workerData = { module: project.client, file, seed: seed + thread, count: Math.ceil(shapes / threads) }
    const worker = new Worker(new URL('./addon-fuzz-worker.mjs', import.meta.url), { workerData })
    return new Promise((resolve, reject) => {
      worker.on('message', ({ found, progress: done }) => {
        if (found !== undefined) resolve(found)
        else progress(`thread ${thread}: ${done} shapes`)
      })
      worker.on('error', reject)
      worker.on('exit', code => reject(new Error(`thread ${thread} ended with ${code}, seed ${seed}`)))
    })
  })
  const found = await Promise.all(work)
  const sum = name => found.reduce((total, thread) => total + thread[name], 0)
  await checkDatabase(file, new Map(), `seed ${seed}`).catch(error => {
    // Rows of any batch and size were written: whether they belong together says nothing here.
    if (!/half a transaction|disagree/.test(error.message)) throw error
  })
  figures(
    t,
    `addon: ${sum('shapes')} shapes from ${threads} threads, ${sum('accepted')} accepted, ${sum('sent')} sent and all answered, ` +
      `${sum('inline')} run inline, ${sum('succeeded')} succeeded, ${sum('refused')} refused, 0 crashes, 0 panics, seed ${seed}`,
  )
  assert.deepEqual(
    found.flatMap(thread => thread.strange),
    [],
    `seed ${seed}`,
  )
  assert.equal(sum('pending'), 0, 'each request is answered')
  assert.ok(sum('succeeded') > shapes / 20, `most of what was made ran into nothing: ${sum('succeeded')} succeeded`)
})

/** Each in a process of its own, as what it looks for would end this one. */
test('hostile calls, each in a process of its own', async t => {
  const script = fileURLToPath(new URL('./addon-hostile.mjs', import.meta.url))
  const names = [...NAMES]
  const verdicts = new Map()
  const next = async () => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      const file = project.database()
      const child = start(process.execPath, ['--expose-gc', script, project.client, file, name], { limit: 30_000 })
      const { code, signal } = await child.ended
      verdicts.set(name, {
        code: child.late ? 'no end' : (code ?? signal),
        lines: child.lines,
        errors: child.errors.slice(-1500),
      })
      project.discard(file)
    }
  }
  await Promise.all([next(), next()])
  let survived = 0
  for (const name of NAMES) {
    const { code, lines, errors } = verdicts.get(name)
    await t.test(name, () => {
      assert.equal(code, 0, `ended with ${code}\n${errors}`)
      assert.equal(lines.at(-1), 'answers', `no answer afterwards: ${lines}\n${errors}`)
      assert.doesNotMatch(errors, /internal error|panicked/)
      survived++
    })
  }
  figures(t, `addon: ${survived} of ${NAMES.length} kinds of hostile calls survived`)
})
