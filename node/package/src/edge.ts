/** What bundlers for the edge, workers and browsers take instead of the runtime: it says what is wrong when used. */

import { PurlinInitializationError } from './errors.js'

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

/** Refuses to be made. */
export class Client {
  constructor() {
    throw new PurlinInitializationError(
      'purlin runs its engine inside Node and cannot run here. In a route or a page leave out `runtime = "edge"`; ' +
        'in a client component import types and enums from the file `browser` of the generated client, and query ' +
        'from a server component or a server action; in a test that queries take the environment of Node, by ' +
        '`/** @jest-environment node */` or `// @vitest-environment node` at the top of its file.',
    )
  }
}
