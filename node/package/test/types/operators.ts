// The conditions that may be written on the columns of each kind are the operators that the engine has for it.

import type { OPERATORS_OF } from '../../src/codes.js'
import type { BooleanFilter, EqualityFilter, JsonFilter, OrderedFilter, StringFilter } from '../../src/filters.js'
import type { Later } from '../../src/later.js'

type Kind = keyof typeof OPERATORS_OF
type Operators<K extends Kind> = (typeof OPERATORS_OF)[K][number]

/** True where both are the same names. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never

/** The filter of each kind, without the members that are there to be refused. */
interface Written extends Record<Kind, unknown> {
  String: Exclude<keyof StringFilter, keyof Later<'string'>>
  Boolean: keyof BooleanFilter
  Int: keyof OrderedFilter<number>
  BigInt: keyof OrderedFilter<bigint>
  Float: keyof OrderedFilter<number>
  Decimal: keyof OrderedFilter<string>
  DateTime: keyof OrderedFilter<Date>
  Json: Exclude<keyof JsonFilter, keyof Later<'json'>>
  Bytes: keyof EqualityFilter<Uint8Array>
  Enum: keyof EqualityFilter<string>
}

export const same: { [K in Kind]: Same<Written[K], Operators<K>> } = {
  String: true,
  Boolean: true,
  Int: true,
  BigInt: true,
  Float: true,
  Decimal: true,
  DateTime: true,
  Json: true,
  Bytes: true,
  Enum: true,
}
