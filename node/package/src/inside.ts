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
  outer: Scope | undefined
}

/** The scopes of transactions. */
const scopes = new WeakMap<object, Scope>()

/** Made by the first interactive transaction: programs without them do not pay for it. */
let storage: AsyncLocalStorage<Scope> | undefined

/**
 * Runs the function of an interactive transaction that lasts `timeout` milliseconds at most. Code that it leaves behind is
 * outside once the scope is closed, and so is the function itself once the transaction's time is over.
 */
export function runInside<T>(engine: object, database: number, timeout: number, work: (scope: Scope) => T): T {
  storage ??= new asyncHooks.AsyncLocalStorage()
  const scope: Scope = { engine, database, until: now() + timeout, open: true, outer: stillOpen(storage.getStore()) }
  return storage.run(scope, work, scope)
}

/** Closes a scope as soon as its transaction {@link isOver}. */
export function closeWith(scope: Scope, transaction: object): void {
  scopes.set(transaction, scope)
}

/**
 * The engine has said that a transaction is over. It knows earlier than the clock of the scope says so: its own began
 * before the answer that the transaction has begun was on its way.
 */
export function isOver(transaction: object): void {
  const scope = scopes.get(transaction)
  if (scope !== undefined) scope.open = false
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
