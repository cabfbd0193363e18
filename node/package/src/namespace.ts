/** The values of the namespaces `Purlin` and `Prisma`. */

import { refusedFunctions } from './absent.js'
import { indexCatalog, type Catalog, type ModelInfo } from './catalog.js'
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

/** The names of the columns of the model with this descriptor, each under itself. */
export type ColumnNames<M extends { columns: unknown }> = { readonly [N in keyof M['columns']]: N }

/** Returns a function that finds the names of a model's columns in a catalog, which is read when it is first called. */
export function columnNames(catalog: Catalog): <M extends { columns: unknown }>(model: string) => ColumnNames<M> {
  const known = new Map<string, object>()
  let models: readonly ModelInfo[] | undefined
  return <M extends { columns: unknown }>(name: string) => {
    let names = known.get(name)
    if (names === undefined) {
      models ??= indexCatalog(catalog)
      const columns = models.find(model => model.name === name)!.list.filter(field => !field.relation)
      names = Object.freeze(Object.fromEntries(columns.map(column => [column.name, column.name])))
      known.set(name, names!)
    }
    return names as ColumnNames<M>
  }
}
