/**
 * Purlin's runtime: what generated clients are made of.
 *
 * Applications import their generated client; `purlin generate` writes it.
 */

export type { Catalog } from './catalog.js'
export { Client, type ClientSettings } from './client.js'
export {
  PurlinInitializationError,
  PurlinKnownRequestError,
  PurlinRustPanicError,
  PurlinUnknownRequestError,
  PurlinValidationError,
} from './errors.js'
export { columnNames, namespace } from './namespace.js'
export { ServerOnly } from './server-only.js'
export { trusted } from './trusted.js'
export { AnyNull, DbNull, JsonNull } from './values.js'
export type * from './types.js'
