// A thread that calls the addon with shapes and values of `support/shapes.mjs`, and counts what became of them.

import { parentPort, workerData } from 'node:worker_threads'
import { random } from './support/arguments.mjs'
import { Requests, openEngine, runInline, takeInline } from './support/addon.mjs'
import { Shapes } from './support/shapes.mjs'

const { module, file, seed, count } = workerData
const { engine, models } = await openEngine(module, file)
const requests = new Requests()
const shapes = new Shapes(models, random(seed))
const scratch = new Uint8Array(4096)
const found = { shapes: 0, accepted: 0, inline: 0, succeeded: 0, refused: 0, strange: [] }

/** An error that reaches a caller is an object with a message, never a panic. */
function judge(error, made) {
  found.refused++
  const thrown = error instanceof Error && error.message === 'a getter throws'
  const known =
    thrown || (typeof error?.message === 'string' && error.code !== 'E_INTERNAL' && !/panick/i.test(error.message))
  if (!known && found.strange.length < 5) {
    found.strange.push({
      code: error?.code,
      message: String(error?.message ?? error),
      shape: [...made.shape].map(unit => unit.charCodeAt(0)),
    })
  }
}

async function one() {
  const made = shapes.next()
  found.shapes++
  let id, inline
  try {
    ;[id, inline] = engine.register(made.shape)
  } catch (error) {
    judge(error, made)
    return
  }
  found.accepted++
  try {
    // Reads that may run on this thread do, half the time; a plan that may not run there says so.
    if (inline === 1 && shapes.dice.below(2) === 0) {
      found.inline++
      const size = runInline(engine, id, made.values, scratch)
      if (size === -3) takeInline(new Uint8Array(1 << 20))
      if (size >= 0) found.succeeded++
      return
    }
  } catch (error) {
    judge(error, made)
    return
  }
  const { kind, error } = await requests.send((port, request) => engine.run(port, request, id, made.values))
  if (kind === 4) judge(error, made)
  else found.succeeded++
}

const AT_ONCE = 20
while (found.shapes < count) {
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  if (found.shapes % 20_000 < AT_ONCE) parentPort.postMessage({ progress: found.shapes })
}
parentPort.postMessage({ found: { ...found, sent: requests.sent, pending: requests.pending } })
requests.close()
