/** Which transaction the running code is inside of. */

import type { AsyncLocalStorage } from 'node:async_hooks'
import { asyncHooks } from './builtins.js'
import { now } from './loop.js'

/** An interactive transaction, while its function runs. */
export interface Scope {
  readonly engine: object
  readonly database: number
  /**
   * Until when the engine leaves it open for sure, on the clock of {@link now}: it rolls back what lasts longer. What is
   * asked for after that waits for a moment at most.
   */
  readonly until: number
  /** Whether it has not ended. */
  open: boolean
  outer: Scope | undefined
}

/** How late a thread may learn that its transaction has begun, in milliseconds. */
const LATE = 100

/** Made by the first interactive transaction: programs without them do not pay for it. */
let storage: AsyncLocalStorage<Scope> | undefined

/**
 * Runs the function of an interactive transaction that lasts `timeout` milliseconds at most. Code that it leaves behind is
 * outside once the scope is closed, and so is the function itself once the transaction's time is over.
 */
export function runInside<T>(engine: object, database: number, timeout: number, work: (scope: Scope) => T): T {
  storage ??= new asyncHooks.AsyncLocalStorage()
  // The engine's time began somewhat before this one, which the thread may have learned late.
  const until = now() + timeout - Math.min(LATE, timeout / 4)
  const scope: Scope = { engine, database, until, open: true, outer: stillOpen(storage.getStore()) }
  return storage.run(scope, work, scope)
}

/**
 * The innermost scope that has not ended. Those that have are taken out of the chain: a job that starts its next run within
 * its transaction would hang on all runs before.
 */
function stillOpen(scope: Scope | undefined): Scope | undefined {
  while (scope !== undefined && !scope.open) scope = scope.outer
  for (let inner = scope; inner !== undefined; inner = inner.outer) {
    while (inner.outer !== undefined && !inner.outer.open) inner.outer = inner.outer.outer
  }
  return scope
}

/** Whether the running code is inside a transaction of this database. */
export function isInside(engine: object, database: () => number): boolean {
  let number: number | undefined
  for (let scope = stillOpen(storage?.getStore()); scope !== undefined; scope = scope.outer) {
    if (now() >= scope.until) continue
    if (scope.engine === engine || scope.database === (number ??= database())) return true
  }
  return false
}
