// `next dev` as a test needs it: started, watched from outside, and never left behind.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** Linux shows its processes as files; elsewhere the tests see less. */
const hasProc = existsSync('/proc/self/stat')

/** Polls until `find` gives something, and returns that; past the limit, throws with what `explain` says. */
export async function until(find, milliseconds, explain) {
  const deadline = Date.now() + milliseconds
  for (;;) {
    const found = await find()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`not within ${milliseconds / 1000} s: ${explain()}`)
    await pause(50)
  }
}

export class DevelopmentServer {
  #child
  #seen = new Set()
  /** What the server has written. */
  log = ''

  constructor(folder, port) {
    this.base = `http://localhost:${port}`
    // Without npm between: a signal must reach the server itself.
    const args = ['node_modules/next/dist/bin/next', 'dev', '--hostname', 'localhost', '--port', String(port)]
    const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' }
    this.#child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', text => (this.log += text))
    }
  }

  static async start(folder) {
    const probe = createServer().listen(0, 'localhost')
    await once(probe, 'listening')
    const { port } = probe.address()
    probe.close()
    await once(probe, 'close')
    return new DevelopmentServer(folder, port)
  }

  /** A page; one that is not there in time is an error. */
  async get(path) {
    try {
      const response = await fetch(this.base + path, { signal: AbortSignal.timeout(60_000) })
      return { path, status: response.status, text: await response.text() }
    } catch (error) {
      throw new Error(`${path} has no answer: ${error.cause ?? error}; the server says\n${this.log}`)
    }
  }

  get ended() {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** The server's processes: Next.js starts others, which start others. */
  processes() {
    for (const pid of family(this.#child.pid)) this.#seen.add(pid)
    return [...this.#seen].filter(isAlive)
  }

  /** By process, how often it has the file open; undefined where the system does not tell. */
  descriptors(file) {
    if (!hasProc) return undefined
    const counts = this.processes().map(pid => [pid, links(`/proc/${pid}/fd`).filter(link => link === file).length])
    return new Map(counts.filter(([, count]) => count > 0))
  }

  /** Asks the server to end as a terminal or a container does; gives the milliseconds until nothing is left of it. */
  async terminate(limit) {
    const start = Date.now()
    this.processes()
    this.#child.kill('SIGTERM')
    await until(
      () => this.ended && this.processes().length === 0,
      limit,
      () => `${this.#describe()} still there`,
    )
    return Date.now() - start
  }

  /** Ends what is left of the server. */
  kill() {
    for (const pid of this.processes()) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended meanwhile.
      }
    }
  }

  #describe() {
    return this.processes()
      .map(pid => `process ${pid} (${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')})`)
      .join(', ')
  }
}

/** A process and its descendants. */
function family(root) {
  if (!hasProc) return [root]
  const parents = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(pid => [Number(pid), stat(pid)?.parent])
  const found = [root]
  // Grows while it is walked.
  for (const pid of found) found.push(...parents.filter(([, parent]) => parent === pid).map(([child]) => child))
  return found
}

/** A dead orphan stays in the table where the container's first process adopts nobody; that is not alive. */
function isAlive(pid) {
  if (hasProc) return !['Z', 'X', undefined].includes(stat(pid)?.state)
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** The name, in parentheses, may hold anything. */
function stat(pid) {
  const text = read(`/proc/${pid}/stat`)
  if (text === '') return undefined
  const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { state, parent: Number(parent) }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function links(folder) {
  try {
    return readdirSync(folder).flatMap(name => {
      try {
        return [readlinkSync(join(folder, name))]
      } catch {
        return []
      }
    })
  } catch {
    return []
  }
}
