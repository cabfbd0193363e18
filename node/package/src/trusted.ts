/** Conditions that a program writes itself, on fields whose values stay on the server. */

/** What {@link trusted} gives. No request can send one: the brand is a private field. */
class Trusted {
  readonly #value: unknown

  constructor(value: unknown) {
    this.#value = value
  }

  static is(value: object): value is Trusted {
    return #value in value
  }

  static value(trusted: Trusted): unknown {
    return trusted.#value
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
  return typeof value === 'object' && value !== null && Trusted.is(value)
}

/** What was given to {@link trusted}; other values as they are. */
export function unwrapTrusted(value: unknown): unknown {
  return typeof value === 'object' && value !== null && Trusted.is(value) ? Trusted.value(value) : value
}
