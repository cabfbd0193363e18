/** Which transaction the running code is inside of. */

import type { AsyncLocalStorage } from 'node:async_hooks'
import { asyncHooks } from './builtins.js'

/** An interactive transaction, while its function runs. */
export interface Scope {
  readonly engine: object
  readonly database: string
  /** Whether it has not ended. */
  open: boolean
  readonly outer: Scope | undefined
}

/** Made by the first interactive transaction: programs without them do not pay for it. */
let storage: AsyncLocalStorage<Scope> | undefined

/** Runs the function of an interactive transaction. Code that it leaves behind is outside once the scope is closed. */
export function runInside<T>(engine: object, database: string, work: (scope: Scope) => T): T {
  storage ??= new asyncHooks.AsyncLocalStorage()
  const scope: Scope = { engine, database, open: true, outer: storage.getStore() }
  return storage.run(scope, work, scope)
}

/** Whether the running code is inside a transaction of this database. */
export function isInside(engine: object, database: () => string): boolean {
  let scope = storage?.getStore()
  if (scope === undefined) return false
  const name = database()
  for (; scope !== undefined; scope = scope.outer) {
    if (scope.open && (scope.engine === engine || scope.database === name)) return true
  }
  return false
}
