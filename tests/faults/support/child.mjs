// Programs that the suites start: bounded by time, ended by their number, and never left behind.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const running = new Set()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

/** Starts a program. It is killed when it has not ended after `limit` milliseconds. */
export function start(program, args, { env = {}, limit = 60_000, cwd, onLine } = {}) {
  const options = { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }
  const process_ = spawn(program, args, options)
  running.add(process_)
  const child = {
    pid: process_.pid,
    lines: [],
    errors: '',
    late: false,
    kill: signal => process_.kill(signal),
    /** What the program ended with, once all that it said was read. */
    ended: undefined,
    get alive() {
      return process_.exitCode === null && process_.signalCode === null
    },
  }
  const timer = setTimeout(() => {
    child.late = true
    process_.kill('SIGKILL')
  }, limit)
  createInterface({ input: process_.stdout }).on('line', line => {
    child.lines.push(line)
    onLine?.(line, child)
  })
  process_.stderr.setEncoding('utf8').on('data', text => (child.errors += text))
  child.ended = new Promise((resolve, reject) => {
    process_.on('error', reject)
    process_.on('close', (code, signal) => {
      clearTimeout(timer)
      running.delete(process_)
      resolve({ code, signal })
    })
  })
  return child
}

/** Runs a program to its end, which must be a good one; gives its lines. */
export async function run(program, args, options) {
  const child = start(program, args, options)
  const { code, signal } = await child.ended
  if (code !== 0)
    throw new Error(`${program} ${args[0] ?? ''} ended with ${code ?? signal}: ${child.errors.slice(-2000)}`)
  return child.lines
}
