// Options as a caller gives them: any object, a proxy or one with getters among them.

import { isThrown, PurlinValidationError } from './errors.js'
import { describe, isPlain } from './values.js'

/** The members of an object itself that are not undefined, as an object that inherits nothing. */
export function ownMembers(what: string, given: unknown): Record<string, unknown> {
  return readOptions(what, () => {
    if (!isPlain(given)) throw new PurlinValidationError(`${what} must be an object, got ${describe(given)}`)
    const members = Object.create(null) as Record<string, unknown>
    for (const name of Object.keys(given)) {
      const value = given[name]
      if (value !== undefined) members[name] = value
    }
    return members
  })
}

/** Runs code of the caller, a getter or a proxy say. The text of what fails there may hold a value: a URL and its password. */
export function readOptions<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (isThrown(error, PurlinValidationError)) throw error
    throw new PurlinValidationError(`${what} cannot be read: a getter or a proxy among them failed`)
  }
}
