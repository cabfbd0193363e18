// A worker thread that asks for large results and then computes, until it is told to stop.

import { parentPort, workerData } from 'node:worker_threads'
import { PurlinClient } from '../build/generated/index.js'

const { url, reads, stop } = workerData
const db = new PurlinClient({ url })
const results = Array.from({ length: reads }, () =>
  db.post.findMany().then(
    rows => rows.length,
    error => error.code,
  ),
)
// Queries are sent in the next turn of the loop.
setTimeout(async () => {
  parentPort.postMessage('busy')
  Atomics.wait(new Int32Array(stop), 0, 0, 60_000)
  parentPort.postMessage(await Promise.all(results))
}, 100)
