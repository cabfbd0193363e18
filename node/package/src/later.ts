/**
 * What Prisma's arguments have and these do not have yet, with what to write instead. The types and the run time read this
 * one table, so that both refuse with the same sentence.
 */

const RELATED = 'call it on the related model, in the same `$transaction`'
const CONNECT_OR_CREATE = 'call `findUnique`, then `connect` or `create`, in a `$transaction`'
const UPSERT = 'call `findUnique`, then `update` or `create` of the related model, in a `$transaction`'
const IMPLICIT =
  'rows of an implicit many-to-many relation cannot be removed yet: those of an explicit model of the relation can be deleted'
const JSON_VALUE = 'read the column and look at the value in the program'

export const LATER = {
  /** Operations on a to-one relation. */
  one: {
    disconnect: 'set the foreign key to null in the row that has it, as in `data: { authorId: null }`',
    connectOrCreate: CONNECT_OR_CREATE,
    update: RELATED,
    upsert: UPSERT,
    delete: RELATED,
  },
  /** Operations on a to-many relation. */
  many: {
    disconnect: `set the foreign key of the related rows to null; ${IMPLICIT}`,
    set: `\`connect\` the rows to add, and set the foreign key of the others to null; ${IMPLICIT}`,
    connectOrCreate: CONNECT_OR_CREATE,
    createMany: 'give `create` a list of rows',
    update: RELATED,
    updateMany: RELATED,
    upsert: UPSERT,
    delete: RELATED,
    deleteMany: RELATED,
  },
  /** Arguments of reads. */
  find: {
    cursor: 'compare with the last value, as in `where: { id: { gt: last } }`',
    distinct: 'take the first row of each value in the program',
    relationLoadStrategy: 'remove it; each level of relations is one statement',
  },
  createMany: {
    skipDuplicates: 'look for the rows with `findMany` and leave out those that exist, in a `$transaction`',
  },
  /** Arguments of writes of many rows. */
  bulk: {
    limit: 'find the keys with `findMany` and `take`, then write `where: { id: { in: ids } }`, in a `$transaction`',
  },
  string: {
    mode: 'remove it; `contains`, `startsWith` and `endsWith` ignore the case of ASCII letters anyway',
    search: 'use `contains`',
  },
  json: {
    path: JSON_VALUE,
    string_contains: JSON_VALUE,
    string_starts_with: JSON_VALUE,
    string_ends_with: JSON_VALUE,
    array_contains: JSON_VALUE,
    array_starts_with: JSON_VALUE,
    array_ends_with: JSON_VALUE,
    lt: JSON_VALUE,
    lte: JSON_VALUE,
    gt: JSON_VALUE,
    gte: JSON_VALUE,
    mode: JSON_VALUE,
  },
} as const

type Tables = typeof LATER

/** The members of one table: no value that a program has fits them, so that the compiler shows their type. */
export type Later<G extends keyof Tables> = {
  [P in keyof Tables[G] & string]?: `${P} is not supported yet: ${Tables[G][P] & string}`
}
