/**
 * Marks of values that this package makes and is given back.
 *
 * Classes do not tell them: a process may have several copies of this package, by `jest.resetModules`, by a bundle beside
 * `node_modules`, or in a monorepo, and each has classes of its own. A registered symbol is the same in all of them, and
 * no JSON that a request sends has members that symbols name.
 */

const BRAND = Symbol.for('purlin.brand')

/** Marks a class: its instances are known in every copy of this package. */
export function brand(of: { prototype: object }, name: string): void {
  Object.defineProperty(of.prototype, BRAND, { value: name })
  Object.defineProperty(of, Symbol.hasInstance, { value: (given: unknown) => hasBrand(given, name) })
}

/** Whether a value is an instance of a class that was marked by this name, here or in another copy. */
export function hasBrand(given: unknown, name: string): given is object {
  return typeof given === 'object' && given !== null && (given as { [BRAND]?: unknown })[BRAND] === name
}
