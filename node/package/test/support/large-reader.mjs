// A worker thread that has large replies made without end, until it is terminated.

import { parentPort, workerData } from 'node:worker_threads'
import { PurlinClient } from '../build/generated/index.js'

const db = new PurlinClient({ url: workerData.url })
const parse = JSON.parse
let made = 0
JSON.parse = text => {
  for (const end = performance.now() + 11; performance.now() < end; );
  if (++made === 2) parentPort.postMessage('in the midst of it')
  return parse(text)
}
const loop = async () => {
  for (;;) await db.everything.findMany()
}
for (let index = 0; index < 8; index++) loop().catch(() => {})
