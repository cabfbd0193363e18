/** Values that stay on the server. */

/**
 * The value of a field that the schema declares `@server`, where a query asks for it by name.
 *
 * It is no string, so it fits no prop of a component; and it is an object of a class without `toJSON`, which React
 * refuses to pass to a client component. What needs the value says so by `reveal()`.
 */
export class ServerOnly<T> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  /** The value. */
  reveal(): T {
    return this.#value
  }
}
