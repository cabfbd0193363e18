/** The values of the namespaces `Purlin` and `Prisma` that do not depend on a schema. */

import { refusedFunctions } from './absent.js'
import {
  PurlinInitializationError,
  PurlinKnownRequestError,
  PurlinUnknownRequestError,
  PurlinValidationError,
  version,
} from './errors.js'
import { trusted } from './trusted.js'
import { AnyNull, DbNull, JsonNull, Skip } from './values.js'

/** What every generated namespace holds. */
export const namespace = {
  ...refusedFunctions,
  PurlinKnownRequestError,
  PurlinUnknownRequestError,
  PurlinValidationError,
  PurlinInitializationError,
  PrismaClientKnownRequestError: PurlinKnownRequestError,
  PrismaClientUnknownRequestError: PurlinUnknownRequestError,
  PrismaClientValidationError: PurlinValidationError,
  PrismaClientInitializationError: PurlinInitializationError,
  /** The database's null in a Json column. */
  DbNull: new DbNull(),
  /** JSON's own null in a Json column. */
  JsonNull: new JsonNull(),
  /** Either null of a Json column; in conditions only. */
  AnyNull: new AnyNull(),
  /**
   * Leaves out the member that it is the value of: `{ email: wanted ?? Prisma.skip }`. Its type is `never`, so that the
   * type of the other value is what counts.
   */
  skip: new Skip() as never,
  /** Says that a condition on a `@server` field comes from the program and not from a request. */
  trusted,
  SortOrder: { asc: 'asc', desc: 'desc' },
  NullsOrder: { first: 'first', last: 'last' },
  /** Checks an object against a type and keeps its own: `Prisma.validator<Prisma.UserSelect>()({ id: true })`. */
  validator:
    <T>() =>
    <const S extends T>(value: S): S =>
      value,
  prismaVersion: { client: version },
} as const
