// One peer in a process of its own, driven by messages from rounds.mjs: `node measure.mjs PEER FILE`.

import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { parameter } from './queries.mjs'

const [name, file] = process.argv.slice(2)
const peer = await (await import(`./peers/${name}.mjs`)).open(file)

const asleep = new Int32Array(new SharedArrayBuffer(4))

/**
 * CPU time of the main thread in microseconds: what other threads and native workers do is in the process's time only.
 * The kernel brings the counter up to date when the thread is switched away from, hence the short sleep.
 */
function mainCpu() {
  Atomics.wait(asleep, 0, 0, 1)
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1000
}

function processCpu() {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** Runs a query so many times, each awaited before the next as a request handler does; synchronous peers are not. */
async function block(query, first, operations) {
  const read = peer[query]
  const next = parameter[query]
  const main = mainCpu()
  const whole = processCpu()
  const start = performance.now()
  for (let run = first; run < first + operations; run++) {
    const result = read(next(run))
    if (result instanceof Promise || typeof result?.then === 'function') await result
  }
  const wallMicros = (performance.now() - start) * 1000
  return { operations, wallMicros, mainCpuMicros: mainCpu() - main, processCpuMicros: processCpu() - whole }
}

const commands = {
  answer: ({ query, run }) => peer[query](parameter[query](run)),
  block: ({ query, first, operations }) => block(query, first, operations),
  close: async () => {
    await peer.close()
    process.disconnect()
  },
}

/** Decimal objects do not survive the message, and kinds of byte arrays are alike. */
function plain(value) {
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  if (value instanceof Uint8Array) return new Uint8Array(value)
  if (typeof value.toFixed === 'function') return value.toString()
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field)]))
}

process.on('message', async message => {
  try {
    const reply = await commands[message.command](message)
    if (process.connected) process.send({ reply: message.command === 'answer' ? plain(reply) : reply })
  } catch (error) {
    process.send({ error: error.stack })
  }
})
process.on('disconnect', () => process.exit())
process.send({ reply: 'ready' })
