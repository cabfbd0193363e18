/** Conditions that a program writes itself, on fields whose values stay on the server. */


/**
 * Where {@link trusted} keeps what it was given. The symbol is a registered one, so that several copies of this package
 * in a process know it; the member must be of the object itself.
 */
const VALUE = Symbol.for('purlin.trusted')

/** What {@link trusted} returns. No request can send one: JSON has no members that symbols name. */
class Trusted {
  constructor(value: unknown) {
    Object.defineProperty(this, VALUE, { value })
  }
}

/**
 * Says that a condition or a sort direction comes from the program and not from a request, so that it may be one that
 * finds a `@server` field out bit by bit: `{ hash: trusted({ startsWith: '$2b$' }) }`.
 */
export function trusted<const T>(operators: T): T {
  return new Trusted(operators) as unknown as T
}

/** Whether {@link trusted} made it. */
export function isTrusted(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, VALUE)
}

/** What was given to {@link trusted}; other values as they are. */
export function unwrapTrusted(value: unknown): unknown {
  return isTrusted(value) ? (value as { [VALUE]: unknown })[VALUE] : value
}
