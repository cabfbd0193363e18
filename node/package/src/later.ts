/**
 * What Prisma's arguments have and these do not have yet, with what to write instead. The types and the run time read this
 * one table, so that both refuse with the same sentence.
 */

const JSON_VALUE = 'read the column and look at the value in the program'

export const LATER = {
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
