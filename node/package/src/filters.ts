/** The types of conditions. */

import type { Later } from './later.js'
import type { AnyNull, DbNull, JsonNull } from './values.js'
import type { InputJsonValue } from './value-types.js'

/** Conditions on a String. `N` is null when the column may be null. */
export interface StringFilter<N = never> extends Later<'string'> {
  equals?: string | N
  /** One of these; null: it is null. */
  in?: readonly string[] | N
  /** None of these; null: it is not null. */
  notIn?: readonly string[] | N
  lt?: string
  lte?: string
  gt?: string
  gte?: string
  contains?: string
  startsWith?: string
  endsWith?: string
  not?: string | N | StringFilter<N>
}

/** Conditions on values that have an order. */
export interface OrderedFilter<T, N = never> {
  equals?: T | N
  /** One of these; null: it is null. */
  in?: readonly T[] | N
  /** None of these; null: it is not null. */
  notIn?: readonly T[] | N
  lt?: T
  lte?: T
  gt?: T
  gte?: T
  not?: T | N | OrderedFilter<T, N>
}

/** Conditions on values without an order: Bytes and enums. */
export interface EqualityFilter<T, N = never> {
  equals?: T | N
  /** One of these; null: it is null. */
  in?: readonly T[] | N
  /** None of these; null: it is not null. */
  notIn?: readonly T[] | N
  not?: T | N | EqualityFilter<T, N>
}

/** Conditions on a Boolean. */
export interface BooleanFilter<N = never> {
  equals?: boolean | N
  not?: boolean | N | BooleanFilter<N>
}

/** Conditions on a list. */
export interface ElementsFilter<T> {
  /** It has these elements, in this order. */
  equals?: readonly T[]
  /** The value is an element of it. */
  has?: T
  /** All of the values are elements of it. */
  hasEvery?: readonly T[]
  /** Some of the values is an element of it. */
  hasSome?: readonly T[]
  /** It has no elements. */
  isEmpty?: boolean
}

/** Conditions on a Json value. `N` are the nulls beside JSON's own that it may be compared with. */
export interface JsonFilter<N = DbNull | AnyNull> extends Later<'json'> {
  equals?: InputJsonValue | JsonNull | N
  not?: InputJsonValue | JsonNull | N
}

/** Conditions on the rows of a to-many relation. */
export interface ListFilter<W> {
  /** At least one row matches. */
  some?: W
  /** All rows match; also when there are none. */
  every?: W
  /** No row matches. */
  none?: W
}

/** Conditions on the row of a to-one relation; null, where there may be none: there is none. */
export interface IsFilter<W> {
  /** The row matches. */
  is?: W
  /** The row does not match. */
  isNot?: W
}
