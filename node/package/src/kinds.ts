/**
 * Kinds: what a column or a relation is in each place of a query.
 *
 * A generated client describes each model by one interface, its descriptor: `$User` describes `User`. It names the columns
 * and the relations of the model with their kinds, `Str<null>` or `Many<$Post, 'author'>`. A kind has a member per place: in
 * `where`, in `select`, in `create`, in results. All fields of a model in one place are one mapped type, which reads one
 * member of each kind, and only when a program names the field.
 *
 * Everywhere, `D` is a descriptor, `F` are fields by name, `T` are the arguments of a call, `N` is null where a column may be
 * null and never elsewhere, and `W` are the fields of the other model that a relation settles.
 */

import type { FindManyArgs, OptionalArgs, SelectionArgs } from './arguments.js'
import type {
  BooleanFilter,
  ElementsFilter,
  EqualityFilter,
  IsFilter,
  JsonFilter,
  ListFilter,
  OrderedFilter,
  StringFilter,
} from './filters.js'
import type { CountOrder, NullsOrderOf, SortOrder } from './order.js'
import type { ServerOnly } from './server-only.js'
import type { AnyNull, DbNull, JsonNull } from './values.js'
import type { ByteArray, DecimalInput, InputJsonValue, JsonValue } from './value-types.js'
import type {
  Change,
  ChangeJoined,
  ChangeMany,
  ChangeOne,
  ChangeOptional,
  ConnectMany,
  ConnectOne,
  ElementsChange,
  NewElements,
  NumberChange,
  ReplaceMany,
  ReplaceOne,
  ReplaceOptional,
  WriteJoined,
  WriteMany,
  WriteOne,
} from './writes.js'

/** Fields by name. Of a kind that is not known yet, any member can be read. */
export interface Fields {
  // biome-ignore lint/suspicious/noExplicitAny: a constraint that costs nothing to compare
  [name: string]: any
}

/** What results need of a descriptor. */
export interface Loadable {
  /** A row as reads return it unless they say otherwise. */
  row: unknown
  /** What there is to load: columns, relations and `_count`, by their kinds. */
  loads: Fields
}

/**
 * What a generated client says of a model: its own columns `C`, the columns `K` of its foreign keys, the relations `P` to the
 * parents that these lead to, the relations `R` to rows that lead to it, all by their kinds, and `L`, all relations with
 * `_count`.
 */
export interface Model<C, K, P, R extends Fields, L = P & R & Counted<R>> {
  row: object
  loads: C & K & L
  related: L
  columns: C & K
  foreign: K
  parents: P
  /** What there is to write whether parents are given by relations or by foreign keys. */
  own: C & R
  fields: C & K & P & R
  /** The columns that a new row must give; the parents that it must give, or their foreign keys. */
  required: string
  requiredParents: string
  requiredKeys: string
  // The rest follows from the above. It is here to be shown by the names that it has in the generated client.
  select: object
  include: object
  omit: object
  where: object
  orderBy: object
  /** `unique`, `create` and `update`: as any fields, so that nothing looks into them before they are used. */
  /** What names one row, an object per unique key. */
  keys: unknown
  inputs: Fields
}

/** Any descriptor. */
export interface AnyModel extends Model<Fields, Fields, Fields, Fields, Fields> {}

// Columns

/** A column of values of the type `Out`, which takes values of the type `In`. */
export interface Column<Out, In, Filter, Change, N> {
  out: Out | N
  select: boolean
  where: Filter | In | N
  order: SortOrder | NullsOrderOf<N>
  create: In | N
  update: Change
}

export interface Str<N = never> extends Column<string, string, StringFilter<N>, Change<string | N>, N> {}
export interface Bool<N = never> extends Column<boolean, boolean, BooleanFilter<N>, Change<boolean | N>, N> {}
export interface Int<N = never> extends Column<number, number, OrderedFilter<number, N>, NumberChange<number, N>, N> {}
export interface Float<N = never>
  extends Column<number, number, OrderedFilter<number, N>, NumberChange<number, N>, N> {}
export interface BigInt<N = never>
  extends Column<bigint, bigint | number, OrderedFilter<bigint | number, N>, NumberChange<bigint | number, N>, N> {}
/** `Out` is what the client makes of decimals: texts, or a class of its own. */
export interface Decimal<Out, N = never>
  extends Column<Out, DecimalInput, OrderedFilter<DecimalInput, N>, NumberChange<DecimalInput, N>, N> {}
export interface DateTime<N = never>
  extends Column<Date, Date | string, OrderedFilter<Date | string, N>, Change<Date | string | N>, N> {}
export interface Enum<T, N = never> extends Column<T, T, EqualityFilter<T, N>, Change<T | N>, N> {}
export interface Bytes<N = never>
  extends Column<ByteArray, Uint8Array, EqualityFilter<Uint8Array, N>, Change<Uint8Array | N>, N> {}

/** A column of JSON. A plain null would not say which null it means. */
export interface Json<N = never> {
  out: JsonValue | N
  select: boolean
  where: JsonFilter<N extends null ? DbNull | AnyNull : never>
  order: SortOrder | NullsOrderOf<N>
  create: InputJsonValue | JsonNull | (N extends null ? DbNull : never)
  update: InputJsonValue | JsonNull | (N extends null ? DbNull : never)
}

/** A list of values of the kind `K`. */
export interface List<K extends { out: unknown; create: unknown }> {
  out: K['out'][]
  select: boolean
  where: ElementsFilter<K['create']> | readonly K['create'][]
  order: SortOrder
  create: NewElements<K['create']>
  update: ElementsChange<K['create']>
}

/** A column of the kind `K` that stays on the server: it is loaded only where it is asked for, and then in a wrapper. */
export type Server<K extends { out: unknown }> = {
  [P in keyof K]: P extends 'out' ? ServerOnly<Exclude<K['out'], null>> | Extract<K['out'], null> : K[P]
}

/** A field of the kind `K` that is only read: the database computes the column, or the relation leads to a view. */
export type ReadOnly<K> = { [P in keyof K]: P extends 'create' | 'update' ? never : K[P] }

/**
 * A field of the kind `K` with the name of a member that all objects have, `toString` for example. TypeScript would compare
 * an optional member of this name with that one, and so refuse literals that do not give it. The runtime refuses methods.
 */
export type Inherited<K, P extends keyof Object> = {
  [M in keyof K]: M extends 'select' | 'where' | 'order' | 'create' | 'update' ? K[M] | Object[P] : K[M]
}

// Relations

export interface Many<D extends AnyModel, W extends string> {
  out: D['row'][]
  to: D
  many: true
  none: never
  count: NumberOf<D>
  select: boolean | FindManyArgs<D>
  where: ListFilter<D['where']>
  order: CountOrder
  create: WriteMany<D, W>
  update: ChangeMany<D, W>
}

/** A relation to many rows by a join table. */
export interface Joined<D extends AnyModel, W extends string> {
  out: D['row'][]
  to: D
  many: true
  none: never
  count: NumberOf<D>
  select: boolean | FindManyArgs<D>
  where: ListFilter<D['where']>
  order: CountOrder
  create: WriteJoined<D, W>
  update: ChangeJoined<D, W>
}

/** A relation to one row, which is there. */
export interface One<D extends AnyModel, W extends string> {
  out: D['row']
  to: D
  many: false
  none: never
  select: boolean | SelectionArgs<D>
  where: IsFilter<D['where']> | D['where']
  order: D['orderBy']
  create: WriteOne<D, W>
  update: ChangeOne<D, W>
}

/** A relation to one row, or none. */
export interface Optional<D extends AnyModel, W extends string> {
  out: D['row'] | null
  to: D
  many: false
  none: null
  select: boolean | OptionalArgs<D>
  where: IsFilter<D['where'] | null> | D['where'] | null
  order: D['orderBy']
  create: WriteOne<D, W>
  update: ChangeOptional<D, W>
}

/** The relation `K` to a model of which clients create no rows. */
export type Existing<K extends { to: AnyModel; many: boolean; none: unknown }, W extends string> = {
  [P in keyof K]: P extends 'create'
    ? K['many'] extends true
      ? ConnectMany<K['to']>
      : ConnectOne<K['to']>
    : P extends 'update'
      ? K['many'] extends true
        ? ReplaceMany<K['to'], W>
        : K['none'] extends null
          ? ReplaceOptional<K['to'], W>
          : ReplaceOne<K['to'], W>
      : K[P]
}

/** `_count`, as a field. */
export interface Counted<R extends Fields, L extends keyof R = keyof R> {
  _count: Count<R, L>
}
/** `_count` of the relations `L`. It is a related row of numbers, so that results know nothing else of it. */
export interface Count<R extends Fields, L extends keyof R = keyof R> {
  out: CountRow<L>
  to: { row: CountRow<L>; loads: CountFields<R, L> }
  many: false
  none: never
  select: boolean | { select?: CountSelect<R, L> | null }
}
export type CountRow<L extends PropertyKey> = { [P in L]: number } & unknown
export type CountFields<R extends Fields, L extends keyof R> = { [P in L]: R[P]['count'] }
export type CountSelect<R extends Fields, L extends keyof R> = { [P in L]?: R[P]['count']['select'] }
/** The number of the related rows of a kind: a row that is a number. */
export interface NumberOf<D extends AnyModel> {
  out: number
  to: { row: number; loads: {} }
  many: false
  none: never
  select: boolean | { where?: D['where'] }
}
