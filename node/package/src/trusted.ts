/** Conditions that a program writes itself, on fields whose values stay on the server. */

/**
 * What was given to {@link trusted}, by what it returned. Nothing that a request sends is in it, and no object can pretend
 * to be. All copies of this package that a process has share it.
 */
const TRUSTED: WeakMap<object, unknown> = shared(Symbol.for('purlin.trusted'))

function shared(name: symbol): WeakMap<object, unknown> {
  const global = globalThis as { [name: symbol]: WeakMap<object, unknown> | undefined }
  const known = global[name]
  if (known !== undefined) return known
  const made = new WeakMap<object, unknown>()
  Object.defineProperty(global, name, { value: made })
  return made
}

/** What {@link trusted} returns. */
class Trusted {}

/**
 * Says that a condition or a sort direction comes from the program and not from a request, so that it may be one that
 * finds a `@server` field out bit by bit: `{ hash: trusted({ startsWith: '$2b$' }) }`.
 */
export function trusted<const T>(operators: T): T {
  const made = new Trusted()
  TRUSTED.set(made, operators)
  return made as unknown as T
}

/** Whether {@link trusted} made it. */
export function isTrusted(value: unknown): boolean {
  return typeof value === 'object' && value !== null && TRUSTED.has(value)
}

/** What was given to {@link trusted}; other values as they are. */
export function unwrapTrusted(value: unknown): unknown {
  return isTrusted(value) ? TRUSTED.get(value as object) : value
}
