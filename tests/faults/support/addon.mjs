// The addon itself, without the TypeScript runtime before it: what anybody in the process can call.

import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const here = path => fileURLToPath(new URL(path, import.meta.url))

/** The words of shapes, by name. */
export const { Code } = require(here('../../../node/package/build/commonjs/codes.js'))
export const { Kind, indexCatalog } = require(here('../../../node/package/build/commonjs/catalog.js'))

/** The file that the installed package loads: the same object in a process. */
const native = here('../node_modules/purlin/native')
export const addon = require(
  join(
    native,
    readdirSync(native).find(name => name.endsWith('.node')),
  ),
)

/** Runs a quick read on this thread. */
export const runInline = (engine, ...args) => addon.runInline(engine.number(), ...args)

/** Copies the reply that `runInline` left. */
export const takeInline = (...args) => addon.takeInline(...args)

/** Opens the database as the generated client does; gives the engine and what it was opened with. */
export async function openEngine(module, file) {
  const { PurlinClient } = await import(module)
  const { Engine } = addon
  let opened
  addon.Engine = {
    open(...args) {
      opened = args
      return Engine.open(...args)
    },
  }
  try {
    const db = new PurlinClient({ url: `file:${file}` })
    await db.$connect()
    await db.$disconnect()
  } finally {
    addon.Engine = Engine
  }
  return { Engine, engine: Engine.open(...opened), opened, models: indexCatalog(opened[0]) }
}

/** Requests to a port, and what became of them. */
export class Requests {
  #last = 0
  #pending = new Map()
  /** How many were sent. */
  sent = 0
  // A port does not keep the process alive.
  #hold = setInterval(() => {}, 1 << 30)

  constructor() {
    this.port = new addon.Port((request, kind, number, numbers, error) => {
      const settle = this.#pending.get(request)
      this.#pending.delete(request)
      if (kind === 0) this.port.take(new Uint8Array(number), request)
      settle?.({ kind, number, numbers, error })
    })
  }

  get pending() {
    return this.#pending.size
  }

  close() {
    clearInterval(this.#hold)
  }

  /** Sends with `send(port, request)`; gives the reply, or what `send` threw. */
  send(send) {
    const request = (this.#last = (this.#last + 1) >>> 0)
    return new Promise(resolve => {
      this.#pending.set(request, resolve)
      this.sent++
      try {
        if (send(this.port, request) === false) throw { code: 'evicted', message: 'the plan was evicted' }
      } catch (error) {
        this.#pending.delete(request)
        resolve({ kind: 4, error })
      }
    })
  }
}
