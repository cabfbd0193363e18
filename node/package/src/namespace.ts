/** The values of the namespaces `Purlin` and `Prisma` that do not depend on a schema. */

import { refusedFunctions } from './absent.js'
import {
  PurlinInitializationError,
  PurlinKnownRequestError,
  PurlinRustPanicError,
  PurlinUnknownRequestError,
  PurlinValidationError,
  version,
} from './errors.js'
import { trusted } from './trusted.js'
import { AnyNull, DbNull, JsonNull, Skip } from './values.js'

const dbNull = new DbNull()
const jsonNull = new JsonNull()
const anyNull = new AnyNull()

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
  PrismaClientRustPanicError: PurlinRustPanicError,
  /** The database's null in a Json column. */
  DbNull: dbNull,
  /** JSON's own null in a Json column. */
  JsonNull: jsonNull,
  /** Either null of a Json column; in conditions only. */
  AnyNull: anyNull,
  /**
   * Leaves out the member that it is the value of: `{ email: wanted ?? Prisma.skip }`. Its type is `never`, so that the
   * type of the other value is what counts.
   */
  skip: new Skip() as never,
  /** Says that a condition on a `@server` field comes from the program and not from a request. */
  trusted,
  /** The classes of the nulls of Json columns. */
  NullTypes: { DbNull, JsonNull, AnyNull },
  SortOrder: { asc: 'asc', desc: 'desc' },
  JsonNullValueInput: { JsonNull: jsonNull },
  NullableJsonNullValueInput: { DbNull: dbNull, JsonNull: jsonNull },
  JsonNullValueFilter: { DbNull: dbNull, JsonNull: jsonNull, AnyNull: anyNull },
  QueryMode: { default: 'default', insensitive: 'insensitive' },
  TransactionIsolationLevel: { Serializable: 'Serializable' },
  NullsOrder: { first: 'first', last: 'last' },
  /** Checks an object against a type and keeps its own: `Prisma.validator<Prisma.UserSelect>()({ id: true })`. */
  validator:
    <T>() =>
    <const S extends T>(value: S): S =>
      value,
  prismaVersion: { client: version },
} as const
