/**
 * What the fields of a model are in each place.
 *
 * The last parameter is left to its default: with it, TypeScript shows these types by the names that generated clients give
 * them, `UserSelect` for example.
 */

import type { AnyModel, Fields } from './kinds.js'

/** A row: the columns in the order of the schema. */
export type Row<F extends Fields> = { [P in keyof F]: F[P]['out'] }

export type Select<F extends Fields, P extends keyof F = keyof F> = { [Q in P]?: F[Q]['select'] }
export type Omitted<F extends Fields, P extends keyof F = keyof F> = { [Q in P]?: F[Q]['select'] }
export type OrderBy<F extends Fields, P extends keyof F = keyof F> = { [Q in P]?: F[Q]['order'] }
export type Where<F extends Fields, P extends keyof F = keyof F> = { [Q in P]?: F[Q]['where'] }

/** `include` of a model without relations. */
export interface NoRelations {
  [name: string]: never
}

/** What is in `where` beside fields. */
export interface Logic<D extends AnyModel> {
  /** All of these. */
  AND: { where: D['where'] | readonly D['where'][] }
  /** At least one of these. */
  OR: { where: readonly D['where'][] }
  /** None of these. */
  NOT: { where: D['where'] | readonly D['where'][] }
}

/** What names one row by one of the keys `K`, narrowed by other conditions. */
export type Unique<W, K> = W & K
