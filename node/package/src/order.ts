/** The types of `orderBy`. */

/** Least first or greatest first. */
export type SortOrder = 'asc' | 'desc'
/** Where nulls go. */
export type NullsOrder = 'first' | 'last'
/** The direction of a sort key, and where its nulls go. */
export interface SortOrderInput {
  sort: SortOrder
  nulls?: NullsOrder
}
/** What a column may be ordered by beside a direction. */
export type NullsOrderOf<N> = N extends null ? SortOrderInput : never
/** By the number of related rows. */
export interface CountOrder {
  _count?: SortOrder
}
