// A thread that takes no replies holds up nobody but itself.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'

test('a busy worker does not stop the reads of other threads', async () => {
  const url = freshUrl()
  const db = new PurlinClient({ url })
  await db.user.create({ data: { id: 1, email: 'a' } })
  // 50 MB altogether.
  const post = (_, id) => ({ id, title: 'x', content: 'y'.repeat(1_000_000), authorId: 1 })
  for (let part = 0; part < 5; part++) {
    await db.post.createMany({ data: Array.from({ length: 10 }, (_, index) => post(_, part * 10 + index + 1)) })
  }
  const stop = new SharedArrayBuffer(4)
  // More than the threads of the pool, and than the replies that may wait.
  const worker = new Worker(new URL('./support/busy-worker.mjs', import.meta.url), {
    workerData: { url, reads: 12, stop },
  })
  assert.deepEqual(await once(worker, 'message'), ['busy'])
  const other = new PurlinClient({ url: freshUrl() })
  const began = performance.now()
  for (let time = 0; time < 20; time++) {
    assert.equal((await db.post.findMany({ select: { id: true } })).length, 50)
    assert.equal(await db.user.count(), 1)
    assert.equal(await other.user.count(), 0)
  }
  const took = performance.now() - began
  const done = once(worker, 'message')
  Atomics.store(new Int32Array(stop), 0, 1)
  Atomics.notify(new Int32Array(stop), 0)
  // None of its own reads was lost.
  assert.deepEqual(await done, [new Array(12).fill(50)])
  assert.ok(took < 5_000, `the reads of other threads took ${Math.round(took)} ms`)
})

/** Starts a worker that is busy after it has asked for something; ends it by `free`, which returns what it got. */
async function busyWriter(url, kind) {
  const stop = new SharedArrayBuffer(4)
  const worker = new Worker(new URL('./support/busy-writer.mjs', import.meta.url), { workerData: { url, kind, stop } })
  assert.deepEqual(await once(worker, 'message'), ['busy'])
  return async () => {
    const done = once(worker, 'message')
    Atomics.store(new Int32Array(stop), 0, 1)
    Atomics.notify(new Int32Array(stop), 0)
    return (await done)[0]
  }
}

test('replies of writes that a busy worker does not take are bounded', async () => {
  const url = freshUrl()
  const db = new PurlinClient({ url })
  await db.user.create({ data: { id: 1, email: 'a' } })
  for (let part = 0; part < 5; part++) {
    const post = (_, index) => ({ id: part * 10 + index + 1, title: 'x', content: 'y'.repeat(1_000_000), authorId: 1 })
    await db.post.createMany({ data: Array.from({ length: 10 }, post) })
  }
  const free = await busyWriter(url, 'replies')
  // Writes of others come behind those that have their turns.
  for (let id = 2; id < 22; id++) await db.user.create({ data: { id, email: `${id}` } })
  const written = await db.post.count({ where: { title: 'y' } })
  // Three fill it, and the worker may have taken one or two before it was busy.
  assert.ok(written <= 5, `${written} of 12 replies of 50 MB wait where 128 MiB may`)
  assert.equal(await free(), 12)
  assert.equal(await db.post.count({ where: { title: 'y' } }), 12)
})

for (const [kind, code] of [
  ['list', 'P2028'],
  ['interactive', 'P2028'],
]) {
  test(`a transaction of a busy worker keeps others no longer than its timeout: ${kind}`, async () => {
    const url = freshUrl()
    const db = new PurlinClient({ url })
    const free = await busyWriter(url, kind)
    // An interactive one lasts a second, a list waits five for its thread; the worker is busy until this is done.
    await db.user.create({ data: { email: 'another' } })
    assert.equal(await free(), code)
    assert.equal(await db.user.count(), 1, 'it was rolled back as a whole')
  })
}
