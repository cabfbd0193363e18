/** Which transaction the running code is inside of. */

import type { AsyncLocalStorage } from 'node:async_hooks'
import { asyncHooks } from './builtins.js'
import { now } from './loop.js'

/** An interactive transaction, while its function runs. */
export interface Scope {
  readonly engine: object
  readonly database: number
  /** Until when the engine leaves it open, on the clock of {@link now}: it rolls back what lasts longer. */
  readonly until: number
  /** Whether it has not ended. */
  open: boolean
  readonly outer: Scope | undefined
}

/** Made by the first interactive transaction: programs without them do not pay for it. */
let storage: AsyncLocalStorage<Scope> | undefined

/**
 * Runs the function of an interactive transaction that lasts `timeout` milliseconds at most. Code that it leaves behind is
 * outside once the scope is closed, and so is the function itself once the transaction's time is over.
 */
export function runInside<T>(engine: object, database: number, timeout: number, work: (scope: Scope) => T): T {
  storage ??= new asyncHooks.AsyncLocalStorage()
  const scope: Scope = { engine, database, until: now() + timeout, open: true, outer: storage.getStore() }
  return storage.run(scope, work, scope)
}

/** Whether the running code is inside a transaction of this database. */
export function isInside(engine: object, database: () => number): boolean {
  let number: number | undefined
  for (let scope = storage?.getStore(); scope !== undefined; scope = scope.outer) {
    if (!scope.open || now() >= scope.until) continue
    if (scope.engine === engine || scope.database === (number ??= database())) return true
  }
  return false
}
