// A worker thread that asks for writes and then computes, until it is told to stop.

import { parentPort, workerData } from 'node:worker_threads'
import { PurlinClient } from '../build/generated/index.js'

const { url, stop, kind } = workerData
const db = new PurlinClient({ url, transactionOptions: { timeout: 1_000 } })

const work = {
  /** Writes that return 50 MB each. */
  replies: () =>
    Promise.all(
      Array.from({ length: 12 }, (_, id) =>
        db.user.update({
          where: { id: 1 },
          data: { posts: { create: { id: 100 + id, title: 'y' } } },
          include: { posts: true },
        }),
      ),
    ),
  /** One transaction of many queries. */
  list: () =>
    db.$transaction(Array.from({ length: 10_000 }, (_, id) => db.user.create({ data: { email: `list ${id}` } }))),
  /** One transaction that computes. */
  interactive: () =>
    db.$transaction(async tx => {
      await tx.user.create({ data: { email: 'interactive' } })
      await new Promise(resolve => setTimeout(resolve, 60_000).unref())
    }),
}[kind]()
const settled = work.then(
  result => (Array.isArray(result) ? result.length : 'done'),
  error => error.code,
)
// Queries are sent in the next turn of the loop.
setTimeout(async () => {
  parentPort.postMessage('busy')
  Atomics.wait(new Int32Array(stop), 0, 0, 60_000)
  parentPort.postMessage(await settled)
}, 100)
