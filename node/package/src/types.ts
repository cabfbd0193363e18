/**
 * The types that all generated clients share.
 *
 * A generated client has one interface `Models` that says what the schema says, and nothing computed. Everything
 * else follows from it here: `M` is that interface, `K` the name of a model in it, `A` the arguments of a call.
 */

import type { Later } from './later.js'
import type { AnyNull, DbNull, JsonNull } from './values.js'

/** What `Models` says of a model. */
export interface Model {
  /** Its columns, as reads give them unless they say otherwise. */
  row: object
  /** All of its columns: those that the schema declares `@server` too. */
  columns: object
  /** Conditions on its rows. */
  where: object
  /** What names one row. */
  unique: object
  /** A new row, its relations given by `create` and `connect`. */
  create: object
  /** A new row, its relations given by their foreign keys. */
  uncheckedCreate: object
  /** A new row without related ones. */
  createMany: object
  /** Changes of a row and of its relations. */
  update: object
  /** Changes of a row, its relations given by their foreign keys. */
  uncheckedUpdate: object
  /** Changes of a row alone. */
  updateMany: object
  /** Its relations. */
  relations: object
  /** The names of its to-many relations. */
  lists: string
}

/** What `Models` says of a relation. */
export interface Relation {
  model: string
  many: boolean
  optional: boolean
}

/** An interface whose members are models. */
export type ModelsOf<M> = { [K in keyof M]: Model }

type Row<M extends ModelsOf<M>, K extends keyof M> = M[K]['row']
type Columns<M extends ModelsOf<M>, K extends keyof M> = M[K]['columns']
type Relations<M extends ModelsOf<M>, K extends keyof M> = M[K]['relations']

/** The model that a relation leads to. */
type Target<M extends ModelsOf<M>, K extends keyof M, R extends keyof Relations<M, K>> = Relations<M, K>[R] extends {
  model: infer T extends keyof M
}
  ? T
  : never

/**
 * What an object has by itself under the name `P`: a method, where it is `toString`, else nothing. TypeScript compares an
 * optional member of this name with it, so that a literal without the member would not fit. The runtime refuses methods.
 */
export type Inherited<P> = P extends keyof Object ? Object[P] : never

// Selection

/** `select`: the fields to load. */
export type Select<M extends ModelsOf<M>, K extends keyof M> = {
  [P in keyof Columns<M, K>]?: boolean | Inherited<P>
} & Include<M, K>

/** `include`: the relations to load beside all columns. */
export type Include<M extends ModelsOf<M>, K extends keyof M> = {
  [R in keyof Relations<M, K>]?: boolean | RelationArgs<M, K, R> | Inherited<R>
} & ([M[K]['lists']] extends [never] ? unknown : { _count?: boolean | { select: CountSelect<M, K> } })

/** `omit`: the columns not to load; `false` loads one that is left out otherwise. */
export type Omitted<M extends ModelsOf<M>, K extends keyof M> = { [P in keyof Columns<M, K>]?: boolean | Inherited<P> }

/** `_count`: the relations whose rows to count. */
export type CountSelect<M extends ModelsOf<M>, K extends keyof M> = {
  [R in keyof Relations<M, K> & M[K]['lists']]?: Inherited<R> | boolean | { where?: M[Target<M, K, R>]['where'] }
}

type RelationArgs<M extends ModelsOf<M>, K extends keyof M, R extends keyof Relations<M, K>> = Relations<
  M,
  K
>[R] extends { many: true }
  ? FindManyArgs<M, Target<M, K, R>>
  : Relations<M, K>[R] extends { optional: true }
    ? SelectionArgs<M, Target<M, K, R>> & { where?: M[Target<M, K, R>]['where'] }
    : SelectionArgs<M, Target<M, K, R>>

/** What to load of a row. */
export interface SelectionArgs<M extends ModelsOf<M>, K extends keyof M> {
  /** The fields to load. */
  select?: Select<M, K> | null
  /** The relations to load beside all columns. */
  include?: Include<M, K> | null
  /** The columns not to load. */
  omit?: Omitted<M, K> | null
}

// Order

/** Least first or greatest first. */
export type SortOrder = 'asc' | 'desc'
/** Whether a condition on text tells large letters from small ones; SQLite has one way. */
export type QueryMode = 'default' | 'insensitive'
/** What a transaction sees of others; SQLite has one level. */
export type TransactionIsolationLevel = 'Serializable'
/** Where nulls go. */
export type NullsOrder = 'first' | 'last'
/** The direction of a sort key, and where its nulls go. */
export interface SortOrderInput {
  sort: SortOrder
  nulls?: NullsOrder
}

/** A sort key: an object with one member. */
export type OrderBy<M extends ModelsOf<M>, K extends keyof M> = {
  [P in keyof Columns<M, K>]?: (null extends Columns<M, K>[P] ? SortOrder | SortOrderInput : SortOrder) | Inherited<P>
} & {
  [R in keyof Relations<M, K>]?:
    | (Relations<M, K>[R] extends { many: true } ? { _count?: SortOrder } : OrderBy<M, Target<M, K, R>>)
    | Inherited<R>
}

// Arguments

/** The arguments of `findMany` but for what to load. */
export interface FindManyQuery<M extends ModelsOf<M>, K extends keyof M> extends Later<'find'> {
  /** Which rows. */
  where?: M[K]['where']
  /** In which order. */
  orderBy?: OrderBy<M, K> | readonly OrderBy<M, K>[]
  /** How many rows; a negative number takes the last ones. */
  take?: number
  /** How many rows to leave out before. */
  skip?: number
}

/** The arguments of `findMany`. */
export interface FindManyArgs<M extends ModelsOf<M>, K extends keyof M>
  extends FindManyQuery<M, K>,
    SelectionArgs<M, K> {}

/** The arguments of `findFirst`. */
export interface FindFirstArgs<M extends ModelsOf<M>, K extends keyof M> extends FindManyArgs<M, K> {}

/** The arguments of `findUnique` but for what to load. */
export interface FindUniqueQuery<M extends ModelsOf<M>, K extends keyof M> {
  /** Which row. */
  where: M[K]['unique']
}

/** The arguments of `findUnique`. */
export interface FindUniqueArgs<M extends ModelsOf<M>, K extends keyof M>
  extends FindUniqueQuery<M, K>,
    SelectionArgs<M, K> {}

/** The arguments of `count` but for what to count. */
export interface CountQuery<M extends ModelsOf<M>, K extends keyof M> {
  /** Which rows. */
  where?: M[K]['where']
  /** In which order `take` and `skip` count. */
  orderBy?: OrderBy<M, K> | readonly OrderBy<M, K>[]
  /** How many rows at most. */
  take?: number
  /** How many rows to leave out before. */
  skip?: number
}

/** `select` of `count`: the columns whose values to count, nulls left out; `_all` counts rows. */
export type Counted<M extends ModelsOf<M>, K extends keyof M> = {
  [P in keyof Columns<M, K> | '_all']?: boolean | Inherited<P>
}

/** The arguments of `count`. */
export interface CountArgs<M extends ModelsOf<M>, K extends keyof M> extends CountQuery<M, K> {
  /** The columns whose values to count, nulls left out; `_all` counts rows. */
  select?: Counted<M, K>
}

/** The arguments of `create` but for what to load. */
export interface CreateQuery<M extends ModelsOf<M>, K extends keyof M> {
  /** The new row. */
  data: M[K]['create'] | M[K]['uncheckedCreate']
}

/** The arguments of `create`. */
export interface CreateArgs<M extends ModelsOf<M>, K extends keyof M> extends CreateQuery<M, K>, SelectionArgs<M, K> {}

/** The arguments of `createMany`. */
export interface CreateManyArgs<M extends ModelsOf<M>, K extends keyof M> extends Later<'createMany'> {
  /** The new rows. */
  data: M[K]['createMany'] | readonly M[K]['createMany'][]
}

/** The arguments of `update` but for what to load. */
export interface UpdateQuery<M extends ModelsOf<M>, K extends keyof M> {
  /** Which row. */
  where: M[K]['unique']
  /** What becomes of it. */
  data: M[K]['update'] | M[K]['uncheckedUpdate']
}

/** The arguments of `update`. */
export interface UpdateArgs<M extends ModelsOf<M>, K extends keyof M> extends UpdateQuery<M, K>, SelectionArgs<M, K> {}

/** The arguments of `updateMany`. */
export interface UpdateManyArgs<M extends ModelsOf<M>, K extends keyof M> extends Later<'bulk'> {
  /** Which rows; all of them without it. */
  where?: M[K]['where']
  /** What becomes of them. */
  data: M[K]['updateMany']
}

/** The arguments of `upsert` but for what to load. */
export interface UpsertQuery<M extends ModelsOf<M>, K extends keyof M> {
  /** Which row. */
  where: M[K]['unique']
  /** The new row, where it is not there. */
  create: M[K]['create'] | M[K]['uncheckedCreate']
  /** What becomes of it, where it is there. */
  update: M[K]['update'] | M[K]['uncheckedUpdate']
}

/** The arguments of `upsert`. */
export interface UpsertArgs<M extends ModelsOf<M>, K extends keyof M> extends UpsertQuery<M, K>, SelectionArgs<M, K> {}

/** The arguments of `delete` but for what to load. */
export interface DeleteQuery<M extends ModelsOf<M>, K extends keyof M> {
  /** Which row. */
  where: M[K]['unique']
}

/** The arguments of `delete`. */
export interface DeleteArgs<M extends ModelsOf<M>, K extends keyof M> extends DeleteQuery<M, K>, SelectionArgs<M, K> {}

/** The arguments of `deleteMany`. */
export interface DeleteManyArgs<M extends ModelsOf<M>, K extends keyof M> extends Later<'bulk'> {
  /** Which rows; all of them without it. */
  where?: M[K]['where']
}

// Results

/** The row that a call with the arguments `A` returns. */
export type Payload<M extends ModelsOf<M>, K extends keyof M, A> = A extends { select: infer S extends object }
  ? Pick<Columns<M, K>, keyof Columns<M, K> & Chosen<S>> & Related<M, K, S>
  : A extends { include: infer I extends object }
    ? Left<M, K, A> & Related<M, K, I>
    : Left<M, K, A>

/** The columns that `omit` leaves. */
type Left<M extends ModelsOf<M>, K extends keyof M, A> = A extends { omit: infer O extends object }
  ? Pick<Columns<M, K>, keyof Columns<M, K> & (Exclude<keyof Row<M, K>, Chosen<O>> | Denied<O>)>
  : Row<M, K>

/** The members of `omit` that are switched off. */
type Denied<O> = { [P in keyof O]-?: O[P] extends false ? P : never }[keyof O]

/** The members of a selection that are not switched off. */
type Chosen<S> = { [P in keyof S]-?: S[P] extends false | null | undefined ? never : P }[keyof S]

type Related<M extends ModelsOf<M>, K extends keyof M, S> = {
  -readonly [P in keyof S as P extends (keyof Relations<M, K> | '_count') & Chosen<S>
    ? P
    : never]-?: P extends keyof Relations<M, K>
    ? Relations<M, K>[P] extends { many: true }
      ? Payload<M, Target<M, K, P>, S[P]>[]
      : Relations<M, K>[P] extends { optional: true }
        ? Payload<M, Target<M, K, P>, S[P]> | null
        : Payload<M, Target<M, K, P>, S[P]>
    : Counts<M, K, S[P]>
}

type Counts<M extends ModelsOf<M>, K extends keyof M, A> = A extends { select: infer S }
  ? { -readonly [R in keyof S as S[R] extends false | undefined ? never : R]-?: number }
  : { [R in M[K]['lists']]: number }

/** What `count` with the selection `S` returns. */
export type CountResult<S> = S extends object
  ? { -readonly [P in keyof S as S[P] extends false | undefined ? never : P]-?: number }
  : number

/** The count of changed rows. */
export interface BatchPayload {
  count: number
}

// Calls

declare const absent: unique symbol
/**
 * What stands for an argument that is not given. Not null: without `strictNullChecks` that fits any type, and editors know
 * no members of it where an empty object is being written.
 */
interface Absent {
  readonly [absent]: never
}
/** `A`, or what is no object where it was not given. */
type Given<A> = A extends Absent ? typeof absent : A

/**
 * What to load, as the arguments of a call. `S`, `I` and `O` are inferred from `select`, `include` and `omit`; the
 * other arguments are not inferred, so that the compiler checks them as it checks any object.
 */
export interface Selection<M extends ModelsOf<M>, K extends keyof M, S, I, O> {
  /** The fields to load. */
  select?: S & (Select<M, K> | null) & KnownSelection<M, K, S>
  /** The relations to load beside all columns. */
  include?: Given<S> extends object
    ? 'choose either `select` or `include`'
    : I & (Include<M, K> | null) & KnownSelection<M, K, I>
  /** The columns not to load. */
  omit?: Given<S> extends object
    ? 'choose either `select` or `omit`'
    : O & (Omitted<M, K> | null) & KnownSelection<M, K, O>
}

/** The row that a call with these gives. */
type Result<M extends ModelsOf<M>, K extends keyof M, S, I, O> = Payload<
  M,
  K,
  { select: Given<S>; include: Given<I>; omit: Given<O> }
>

// Compilers find unknown members by themselves only where a type is not inferred. These make them impossible in what
// is inferred. A type without a required member is one that was declared, not that of a literal: it is taken as it is.

/** The selection `S` without the members that no selection has. */
type KnownSelection<M extends ModelsOf<M>, K extends keyof M, S> = {} extends S
  ? S
  : {
      [P in keyof S]: P extends keyof Relations<M, K>
        ? KnownArgs<M, Target<M, K, P>, S[P]>
        : P extends keyof Columns<M, K>
          ? S[P]
          : P extends '_count'
            ? Known<S[P], { select: CountSelect<M, K> }>
            : never
    }

/** The arguments `A` of a relation without the members that they cannot have. */
type KnownArgs<M extends ModelsOf<M>, K extends keyof M, A> = A extends object
  ? {} extends A
    ? A
    : {
        [P in keyof A]: P extends 'select' | 'include' | 'omit'
          ? KnownSelection<M, K, A[P]>
          : P extends 'where'
            ? Known<A[P], M[K]['where']>
            : P extends 'orderBy' | 'take' | 'skip' | keyof Later<'find'>
              ? A[P]
              : never
      }
  : A

/** `A` without the members that `T` lacks. */
type Known<A, T> = A extends string | number | bigint | boolean | null | undefined
  ? A
  : A extends readonly (infer E)[]
    ? readonly Known<E, Extract<T, readonly unknown[]>[number]>[]
    : {} extends A
      ? A
      : A extends Instance
        ? A
        : { [P in keyof A]: P extends Keys<T> ? Known<A[P], Member<T, P>> : never }

/** Values that have members of their own. */
type Instance = Uint8Array | DecimalLike | { toJSON(): unknown } | DbNull | JsonNull | AnyNull

// Of a union: the members of any of it.
type Keys<T> = T extends object ? keyof T : never
type Member<T, P> = T extends object ? (P extends keyof T ? T[P] : never) : never

/** A promise whose query runs when it is awaited for the first time. */
export interface PurlinPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise'
}

/** The operations on a view of whose rows none can be named. */
export interface KeylessView<M extends ModelsOf<M>, K extends keyof M> extends AbsentReads {
  /** Gives the first row that matches, or null. */
  findFirst<
    const S extends Select<M, K> | null | Absent = Absent,
    const I extends Include<M, K> | null | Absent = Absent,
    const O extends Omitted<M, K> | null | Absent = Absent,
  >(args?: FindManyQuery<M, K> & Selection<M, K, S, I, O>): PurlinPromise<Result<M, K, S, I, O> | null>
  /** Gives the first row that matches; an error with code P2025 when none does. */
  findFirstOrThrow<
    const S extends Select<M, K> | null | Absent = Absent,
    const I extends Include<M, K> | null | Absent = Absent,
    const O extends Omitted<M, K> | null | Absent = Absent,
  >(args?: FindManyQuery<M, K> & Selection<M, K, S, I, O>): PurlinPromise<Result<M, K, S, I, O>>
  /** Gives the rows that match. */
  findMany<
    const S extends Select<M, K> | null | Absent = Absent,
    const I extends Include<M, K> | null | Absent = Absent,
    const O extends Omitted<M, K> | null | Absent = Absent,
  >(args?: FindManyQuery<M, K> & Selection<M, K, S, I, O>): PurlinPromise<Result<M, K, S, I, O>[]>
  /** Counts rows, or the values of columns. */
  count<const S extends Counted<M, K> | null | Absent = Absent>(
    args?: CountQuery<M, K> & { select?: S & Counted<M, K> & Known<S, Counted<M, K>> },
  ): PurlinPromise<CountResult<Given<S>>>
}

/** The operations on a view. */
export interface View<M extends ModelsOf<M>, K extends keyof M> extends KeylessView<M, K> {
  /** Gives the row that a unique key names, or null. */
  findUnique<
    const S extends Select<M, K> | null | Absent = Absent,
    const I extends Include<M, K> | null | Absent = Absent,
    const O extends Omitted<M, K> | null | Absent = Absent,
  >(args: FindUniqueQuery<M, K> & Selection<M, K, S, I, O>): PurlinPromise<Result<M, K, S, I, O> | null>
  /** Gives the row that a unique key names; an error with code P2025 when it is not there. */
  findUniqueOrThrow<
    const S extends Select<M, K> | null | Absent = Absent,
    const I extends Include<M, K> | null | Absent = Absent,
    const O extends Omitted<M, K> | null | Absent = Absent,
  >(args: FindUniqueQuery<M, K> & Selection<M, K, S, I, O>): PurlinPromise<Result<M, K, S, I, O>>
}

/** The operations on a model of which clients cannot create rows: a required column has a type they do not write. */
export interface Uncreatable<M extends ModelsOf<M>, K extends keyof M> extends View<M, K>, AbsentWrites<Row<M, K>> {
  /** Changes the row that a unique key names and gives it; an error with code P2025 when it is not there. */
  update<
    const S extends Select<M, K> | null | Absent = Absent,
    const I extends Include<M, K> | null | Absent = Absent,
    const O extends Omitted<M, K> | null | Absent = Absent,
  >(args: UpdateQuery<M, K> & Selection<M, K, S, I, O>): PurlinPromise<Result<M, K, S, I, O>>
  /** Changes the rows that match and gives their number. */
  updateMany(args: UpdateManyArgs<M, K>): PurlinPromise<BatchPayload>
  /** Deletes the row that a unique key names and gives it as it was; an error with code P2025 when it is not there. */
  delete<
    const S extends Select<M, K> | null | Absent = Absent,
    const I extends Include<M, K> | null | Absent = Absent,
    const O extends Omitted<M, K> | null | Absent = Absent,
  >(args: DeleteQuery<M, K> & Selection<M, K, S, I, O>): PurlinPromise<Result<M, K, S, I, O>>
  /** Deletes the rows that match and gives their number. */
  deleteMany(args?: DeleteManyArgs<M, K>): PurlinPromise<BatchPayload>
}

/** The operations on a model. */
export interface Delegate<M extends ModelsOf<M>, K extends keyof M>
  extends Uncreatable<M, K>,
    AbsentCreates<Row<M, K>> {
  /** Creates a row, with related ones, and gives it. */
  create<
    const S extends Select<M, K> | null | Absent = Absent,
    const I extends Include<M, K> | null | Absent = Absent,
    const O extends Omitted<M, K> | null | Absent = Absent,
  >(args: CreateQuery<M, K> & Selection<M, K, S, I, O>): PurlinPromise<Result<M, K, S, I, O>>
  /** Changes the row that a unique key names, or creates it where it is not there; gives it. */
  upsert<
    const S extends Select<M, K> | null | Absent = Absent,
    const I extends Include<M, K> | null | Absent = Absent,
    const O extends Omitted<M, K> | null | Absent = Absent,
  >(args: UpsertQuery<M, K> & Selection<M, K, S, I, O>): PurlinPromise<Result<M, K, S, I, O>>
  /** Creates rows and gives their number. */
  createMany(args: CreateManyArgs<M, K>): PurlinPromise<BatchPayload>
}

/** The bounds of a transaction, in milliseconds. */
export interface TransactionOptions {
  /** How long it may wait to begin; 2000 when not given. */
  maxWait?: number
  /** How long it may last; 5000 when not given. */
  timeout?: number
  /** What it sees of others; SQLite has one level, which all transactions have. */
  isolationLevel?: TransactionIsolationLevel
}

/**
 * What the arguments and the results of one call may be at most; Infinity is the most that there can be. A call beyond
 * a limit fails as a whole.
 */
export interface ClientLimits {
  /** Conditions, sort keys and selected fields; 2,000 when not given, 16,000 at most. */
  nodes?: number
  /** How deep conditions nest; 32 when not given, 64 at most. */
  filterDepth?: number
  /** How deep relations nest in a selection, in an order and in what is written; 8 when not given, 64 at most. */
  relationDepth?: number
  /** Values and related rows that a call with nested writes sets; 20,000 when not given, 49,000 at most. */
  dataNodes?: number
  /** Values of a list, that of `in` for example; 100,000 when not given. */
  listValues?: number
  /** Bytes of all values; 16 MiB when not given. Each value counts 16 bytes at least. */
  inputBytes?: number
  /** Members of a Json value, those of nested objects and lists among them; 100,000 when not given. */
  jsonNodes?: number
  /** How deep a Json value nests; 100 when not given, 1,000 at most. */
  jsonDepth?: number
  /** Rows that `findMany` reads, without related ones; 10,000 when not given. */
  rows?: number
  /** Objects that a result consists of; 250,000 when not given. */
  objects?: number
  /** Bytes of a result; 64 MiB when not given. */
  resultBytes?: number
}

/** How the engine of a client runs queries. */
export interface EngineOptions {
  /** The limits of each call. */
  limits?: ClientLimits
  /** How many milliseconds a statement may run; 5000 when not given. */
  statementTimeout?: number
  /** How many milliseconds a query may wait for its turn; 10000 when not given. */
  queueTimeout?: number
  /** How many queries may wait for their turn; 10000 when not given. */
  queueLength?: number
  /** How many bytes of values the queries that wait may hold together; 256 MiB when not given. */
  queueBytes?: number
}

/** What a client takes. */
export interface ClientOptions extends EngineOptions {
  /** The database, instead of the one that the schema names. */
  url?: string
  /** The same under Prisma's older name. */
  datasourceUrl?: string
  /** The same under Prisma's oldest name. */
  datasources?: { [name: string]: { url?: string } }
  /** The bounds of transactions that give none. */
  transactionOptions?: TransactionOptions
  /**
   * Whether arguments may not have members that are undefined. Where it is false such a member is left out, so that
   * `{ where: { email: undefined } }` finds any row. The default is what `purlin.toml` says, else true.
   */
  strictUndefinedChecks?: boolean
  /**
   * What `updateMany` and `deleteMany` do with a `where` that has no condition, `{}` for example: refuse it, or write all
   * rows, as they do without a `where`. The default is `refuse`; with `strictUndefinedChecks: false` it is `allow`.
   */
  emptyWhere?: 'refuse' | 'allow'
  /** Not needed: the engine speaks to the database itself. Remove it. */
  adapter?: 'adapter is not needed, since the engine speaks to the database itself: remove it'
  /** Not supported yet. */
  log?: 'log is not supported yet: remove it'
  /** Not supported yet. */
  errorFormat?: 'errorFormat is not supported yet: remove it'
  /** Not supported yet for a client; calls have it. */
  omit?: 'omit is not supported yet for a client: give it to each call'
}

// The types of arguments of calls that are not there. No argument fits, so that the compiler shows them; the result of the
// call has the type that it would have, so that what follows is checked.
type Raw =
  'raw SQL is not supported yet: use the operations of the models, or `npx purlin db execute` outside of the application'
type Events = 'events and query logs are not supported yet: remove the call'
type Extension = 'extensions are not supported yet: write a function that takes the client and calls it'
type Mongo = 'of MongoDB, which is not supported: use the operations of the models'

/** The members of Prisma's client that are not there, in a transaction neither. */
export interface AbsentMembers {
  /** @deprecated Not supported yet: use the operations of the models. */
  $queryRaw<T = unknown>(query: Raw, ...values: unknown[]): PurlinPromise<T>
  /** @deprecated Not supported yet: use the operations of the models. */
  $queryRawUnsafe<T = unknown>(query: Raw, ...values: unknown[]): PurlinPromise<T>
  /** @deprecated Not supported yet: use the operations of the models. */
  $queryRawTyped<T = unknown>(query: Raw): PurlinPromise<T[]>
  /** @deprecated Not supported yet: use the operations of the models. */
  $executeRaw(query: Raw, ...values: unknown[]): PurlinPromise<number>
  /** @deprecated Not supported yet: use the operations of the models. */
  $executeRawUnsafe(query: Raw, ...values: unknown[]): PurlinPromise<number>
  /** @deprecated Of MongoDB, which is not supported. */
  $runCommandRaw(command: Mongo): PurlinPromise<unknown>
}

/** The functions of Prisma's namespace that are not there. */
export interface RefusedFunctions {
  /** @deprecated Not supported yet: use the operations of the models. */
  readonly sql: (query: Raw, ...values: unknown[]) => never
  /** @deprecated Not supported yet: use the operations of the models. */
  readonly join: (values: Raw, separator?: string) => never
  /** @deprecated Not supported yet: use the operations of the models. */
  readonly raw: (text: Raw) => never
  /** @deprecated Not supported yet: use the operations of the models. */
  readonly Sql: new (
    strings: Raw,
    values?: unknown,
  ) => never
  /** @deprecated Not supported yet: write a function that takes the client and calls it. */
  readonly defineExtension: (extension: Extension) => never
  /** @deprecated Not supported yet: write a function that takes the client and calls it. */
  readonly getExtensionContext: (of: Extension) => never
}

/** The operations of Prisma's models that are not there. */
export interface AbsentReads {
  /** @deprecated Not supported yet: `count` counts; compute others from what `findMany` reads. */
  aggregate(
    args: 'aggregate is not supported yet: compute it from the columns that `findMany` reads with `select`',
  ): PurlinPromise<unknown>
  /** @deprecated Not supported yet: group what `findMany` reads. */
  groupBy(
    args: 'groupBy is not supported yet: group the rows that `findMany` reads with `select`',
  ): PurlinPromise<unknown[]>
  /** @deprecated Not supported yet. */
  readonly fields: 'references to fields are not supported yet: compare columns in the program'
}

/** The operations of Prisma's models that are not there, and change rows. `Row` is what they return. */
export interface AbsentWrites<Row> {
  /** @deprecated Not supported yet: in a `$transaction` call `updateMany`, then `findMany`. */
  updateManyAndReturn(
    args: 'updateManyAndReturn is not supported yet: in a `$transaction` call `updateMany`, then `findMany`',
  ): PurlinPromise<Row[]>
}

/** The operations of Prisma's models that are not there, and create rows. `Row` is what they return. */
export interface AbsentCreates<Row> {
  /** @deprecated Not supported yet: give `$transaction` a list of `create`. */
  createManyAndReturn(
    args: 'createManyAndReturn is not supported yet: give `$transaction` a list of `create`',
  ): PurlinPromise<Row[]>
}

/** The members of a client beside its models. `D` are the models, as a transaction has them. */
export interface ClientMembers<D> extends AbsentMembers {
  /** @deprecated Not supported yet: write a function that takes the client and calls it. */
  $extends(extension: Extension): D & ClientMembers<D>
  /** @deprecated Not supported yet. */
  $on(event: Events, listener?: (event: never) => void): void
  /** @deprecated Not supported: write a function that takes the client and calls it. */
  $use(middleware: Extension): void
  /** @deprecated Not supported. */
  readonly $metrics: 'metrics are not supported: measure calls where they are awaited'
  /** Opens the database now instead of with the first query. */
  $connect(): Promise<void>
  /** Lets go of the database; the next query opens it again. */
  $disconnect(): Promise<void>
  /** Runs queries in one transaction, in their order; gives their results. */
  $transaction<const P extends readonly PurlinPromise<unknown>[]>(
    queries: P,
    options?: TransactionOptions,
  ): Promise<{ -readonly [I in keyof P]: Awaited<P[I]> }>
  /** Runs `work` in a transaction: committed when its promise is fulfilled, rolled back when it is rejected. */
  $transaction<R>(work: (tx: D) => Promise<R>, options?: TransactionOptions): Promise<R>
}

// Conditions

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

/** Conditions on the row of a to-one relation. */
export interface OneFilter<W> {
  is?: W
  isNot?: W
}

/** Conditions on the row of a to-one relation that may be absent. */
export interface OptionalFilter<W> {
  /** The row matches; null: there is none. */
  is?: W | null
  /** The row does not match, or there is none; null: there is one. */
  isNot?: W | null
}

/** What names one row by one of the keys `Key`, narrowed by other conditions. */
export type Unique<W, Key> = Key extends unknown ? Omit<W, keyof Key> & Key : never

// Writes

/**
 * The type of a foreign key where relations are given, and of a relation where foreign keys are: a row gives one form for
 * all of its relations.
 */
export type EitherForm = 'give either relations or their foreign keys, not both'

/** A new value of a column. */
export type Change<T> = T | { set?: T }

/** The elements of a new list. */
export type NewElements<T> = readonly T[] | { set: readonly T[] }

/** New elements of a list, or what is put after those it has. */
export type ElementsChange<T> = readonly T[] | { set?: readonly T[] } | { push: T | readonly T[] }

/** A new value of a number, or what is done to it: one of these. */
export type NumberChange<T, N = never> =
  | T
  | N
  | { set?: T | N }
  | { increment: T }
  | { decrement: T }
  | { multiply: T }
  | { divide: T }

// Operations on related rows. `Known` are the fields that the parent says: they are left out of the rows.

/** A new row of a relation. */
export type NewRelated<M extends ModelsOf<M>, K extends keyof M, Known extends string> =
  | Omit<M[K]['create'], Known>
  | Omit<M[K]['uncheckedCreate'], Known>

/** The changes of a row of a relation. */
export type RelatedChanges<M extends ModelsOf<M>, K extends keyof M, Known extends string> =
  | Omit<M[K]['update'], Known>
  | Omit<M[K]['uncheckedUpdate'], Known>

/** The changes of the rows of a to-many relation. */
type Changes<M extends ModelsOf<M>, K extends keyof M, Known extends string> = {
  where: M[K]['unique']
  data: RelatedChanges<M, K, Known>
}
type BulkChanges<M extends ModelsOf<M>, K extends keyof M, Known extends string> = {
  where: M[K]['where']
  data: Omit<M[K]['updateMany'], Known>
}
type ConnectOrCreate<M extends ModelsOf<M>, K extends keyof M, Known extends string> = {
  where: M[K]['unique']
  create: NewRelated<M, K, Known>
}
type Upsert<M extends ModelsOf<M>, K extends keyof M, Known extends string> = {
  where: M[K]['unique']
  create: NewRelated<M, K, Known>
  update: RelatedChanges<M, K, Known>
}
type Several<T> = T | readonly T[]

/** The row of a to-one relation, of a new row; clients create no rows of its model. */
export interface ConnectOne<M extends ModelsOf<M>, K extends keyof M> {
  /** A row that is there. */
  connect?: M[K]['unique']
}

/** The row of a to-one relation, of a new row. */
export interface WriteOne<M extends ModelsOf<M>, K extends keyof M, Known extends string> extends ConnectOne<M, K> {
  /** A new row. */
  create?: NewRelated<M, K, Known>
  /** The row that a key names, or a new one. */
  connectOrCreate?: ConnectOrCreate<M, K, Known>
}

/** The rows of a to-many relation, of a new row; clients create no rows of its model. */
export interface ConnectMany<M extends ModelsOf<M>, K extends keyof M> {
  /** Rows that are there. */
  connect?: Several<M[K]['unique']>
}

/** The rows of a many-to-many relation, of a new row. */
export interface WriteJoined<M extends ModelsOf<M>, K extends keyof M, Known extends string> extends ConnectMany<M, K> {
  /** New rows. */
  create?: Several<NewRelated<M, K, Known>>
  /** The rows that keys name, or new ones. */
  connectOrCreate?: Several<ConnectOrCreate<M, K, Known>>
}

/** The rows of a to-many relation, of a new row. */
export interface WriteMany<M extends ModelsOf<M>, K extends keyof M, Known extends string>
  extends WriteJoined<M, K, Known> {
  /** New rows without related ones. */
  createMany?: { data: Several<Omit<M[K]['createMany'], Known>> } & Later<'createMany'>
}

/** The row of a required to-one relation that is changed; clients create no rows of its model. */
export interface ReplaceOne<M extends ModelsOf<M>, K extends keyof M, Known extends string> extends ConnectOne<M, K> {
  /** Changes of the row that is there, also in `data`, beside the conditions under which it is meant. */
  update?: RelatedChanges<M, K, Known> | { where?: M[K]['where']; data: RelatedChanges<M, K, Known> }
}

/** The row of an optional to-one relation that is changed; clients create no rows of its model. */
export interface ReplaceOptional<M extends ModelsOf<M>, K extends keyof M, Known extends string>
  extends ReplaceOne<M, K, Known> {
  /** No row any more: whatever it is, or where it matches. */
  disconnect?: boolean | M[K]['where']
  /** Deletes the row: whatever it is, or where it matches. */
  delete?: boolean | M[K]['where']
}

/** The rows of a to-many relation that is changed; clients create no rows of its model. */
export interface ReplaceMany<M extends ModelsOf<M>, K extends keyof M, Known extends string> extends ConnectMany<M, K> {
  /** These rows and no others. */
  set?: Several<M[K]['unique']>
  /** Rows that are related no more. */
  disconnect?: Several<M[K]['unique']>
  /** Deletes rows. */
  delete?: Several<M[K]['unique']>
  /** Changes rows. */
  update?: Several<Changes<M, K, Known>>
  /** Changes the rows that match. */
  updateMany?: Several<BulkChanges<M, K, Known>>
  /** Deletes the rows that match. */
  deleteMany?: Several<M[K]['where']>
}

/** The row of a required to-one relation that is changed. */
export interface ChangeOne<M extends ModelsOf<M>, K extends keyof M, Known extends string>
  extends WriteOne<M, K, Known>,
    ReplaceOne<M, K, Known> {
  /** Changes the row that is there and matches, or creates one. */
  upsert?: Omit<Upsert<M, K, Known>, 'where'> & { where?: M[K]['where'] }
}

/** The row of an optional to-one relation that is changed. */
export interface ChangeOptional<M extends ModelsOf<M>, K extends keyof M, Known extends string>
  extends ChangeOne<M, K, Known>,
    ReplaceOptional<M, K, Known> {}

/** The rows of a many-to-many relation that is changed. */
export interface ChangeJoined<M extends ModelsOf<M>, K extends keyof M, Known extends string>
  extends WriteJoined<M, K, Known>,
    ReplaceMany<M, K, Known> {
  /** Changes the rows that keys name, or creates them. */
  upsert?: Several<Upsert<M, K, Known>>
}

/** The rows of a to-many relation that is changed. */
export interface ChangeMany<M extends ModelsOf<M>, K extends keyof M, Known extends string>
  extends WriteMany<M, K, Known>,
    ReplaceMany<M, K, Known> {
  /** Changes the rows that keys name, or creates them. */
  upsert?: Several<Upsert<M, K, Known>>
}

// Values

/** What a Json column gives. */
export type JsonValue = string | number | boolean | null | JsonObject | JsonArray
/** An object of a Json column. */
export type JsonObject = { [name: string]: JsonValue }
/** A list of a Json column. */
export interface JsonArray extends Array<JsonValue> {}

/** What a Json column takes: what JSON.stringify writes faithfully. */
export type InputJsonValue = string | number | boolean | InputJsonObject | InputJsonArray | { toJSON(): unknown }
/** An object for a Json column. */
export type InputJsonObject = { readonly [name: string]: InputJsonValue | null | undefined }
/** A list for a Json column. */
export interface InputJsonArray extends ReadonlyArray<InputJsonValue | null> {}

/** Anything that writes itself as a decimal number, as decimal.js does. */
export interface DecimalLike {
  toFixed(): string
}
/** What a DateTime column takes. */
export type DateTimeInput = Date | string
/** What a Bytes column takes. */
export type BytesInput = Uint8Array

/** The bytes of a column: a Uint8Array of its own buffer, where the compiler tells them apart. */
export type Bytes = ReturnType<Uint8Array['slice']>

/** What a Decimal column takes. */
export type DecimalInput = string | number | bigint | DecimalLike

// Types of Prisma's namespace that helpers of applications are written with.

/** What a promise is fulfilled with. */
export type PromiseType<T extends PromiseLike<unknown>> = Awaited<T>
/** What the promise that a function returns is fulfilled with. */
export type PromiseReturnType<T extends (...args: never[]) => PromiseLike<unknown>> = Awaited<ReturnType<T>>
/** One or a list. */
export type Enumerable<T> = T | readonly T[]
/** `T` without the members that `U` lacks. */
export type Subset<T, U> = { [P in keyof T]: P extends keyof U ? T[P] : never }
/** {@link Subset}, with `select` or `include` and not both. */
export type SelectSubset<T, U> = Subset<T, U> &
  (T extends { select: object; include: object } ? 'choose either `select` or `include`' : unknown)
/** `A` as a literal that fits `T` and has no other members. */
export type Exact<A, T> = A extends T ? { [P in keyof A]: P extends keyof T ? A[P] : never } : T
/** The arguments of an operation of a model: `Args<typeof db.user, 'findMany'>`. */
export type Args<T, F extends keyof T> = T[F] extends (args: infer A) => unknown ? NonNullable<A> : never
