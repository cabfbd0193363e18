import assert from 'node:assert/strict'
import { Worker } from 'node:worker_threads'
import { PurlinClient } from '../build/generated/index.js'

/** Runs a worker to its end, or terminates it as soon as it has queries pending. */
function run(url, mode) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData: { url, mode } })
    let message
    worker.on('message', value => {
      message = value
      if (mode === 'pending') worker.terminate()
    })
    worker.on('error', reject)
    worker.on('exit', () => resolve(message))
  })
}

/** Starts and terminates workers with queries pending; the client of this thread goes on all the while. */
export async function startAndTerminate(url, times) {
  const db = new PurlinClient({ url })
  await db.user.create({ data: { id: 1, email: 'a', posts: { create: [{ title: 'x' }, { title: 'y' }] } } })
  for (let done = 0; done < times; done += 4) {
    const messages = await Promise.all([1, 2, 3, 4].map(() => run(url, 'pending')))
    assert.deepEqual(messages, Array(4).fill('pending'))
    assert.equal((await db.user.findUnique({ where: { id: 1 } })).email, 'a')
  }
  assert.equal(await run(url, 'once'), 1)
  // No lock and no transaction was left behind.
  await db.$transaction(tx => tx.user.update({ where: { id: 1 }, data: { name: 'end' } }), { maxWait: 5000 })
  assert.equal((await db.user.findMany({ include: { posts: true } }))[0].posts.length, 2)
}
