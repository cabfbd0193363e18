// A worker thread that keeps queries pending: it is terminated in the midst of them, or ends by itself.

import { parentPort, workerData } from 'node:worker_threads'
import { PurlinClient } from '../build/generated/index.js'

const { url, mode } = workerData
const db = new PurlinClient({ url })

if (mode === 'once') {
  parentPort.postMessage(await db.user.count())
} else {
  const loop = async run => {
    for (;;) await run()
  }
  for (let index = 0; index < 8; index++) {
    loop(() => db.user.findMany({ include: { posts: true } })).catch(() => {})
    loop(() => db.user.findUnique({ where: { id: 1 } })).catch(() => {})
  }
  loop(() => db.user.updateMany({ data: { name: 'x' } })).catch(() => {})
  loop(() => db.$transaction(tx => tx.post.updateMany({ data: { views: { increment: 1 } } }))).catch(() => {})
  await db.user.count()
  parentPort.postMessage('pending')
}
