/**
 * The arguments of calls. These are no interfaces: of an interface in an intersection, TypeScript makes another type.
 */

import type { AnyModel } from './kinds.js'
import type { Later } from './later.js'
import type { CreateMany, UpdateMany } from './writes.js'

/** What to load of a row. */
export type SelectionArgs<D extends AnyModel> = {
  /** The fields to load. */
  select?: D['select'] | null
  /** The relations to load beside all columns. */
  include?: D['include'] | null
  /** The columns not to load; `false` loads one that is left out otherwise. */
  omit?: D['omit'] | null
}

/** What `GetPayload` takes. */
export type Selection<D extends AnyModel> = SelectionArgs<D> | boolean | null | undefined

/** What to load of a row that may be absent. */
export type OptionalArgs<D extends AnyModel> = {
  /** The fields to load. */
  select?: D['select'] | null
  /** The relations to load beside all columns. */
  include?: D['include'] | null
  /** The columns not to load; `false` loads one that is left out otherwise. */
  omit?: D['omit'] | null
  /** The row is null when it does not match. */
  where?: D['where']
}

/** The arguments of `findMany` and of `findFirst`. */
export type FindManyArgs<D extends AnyModel> = {
  /** The fields to load. */
  select?: D['select'] | null
  /** The relations to load beside all columns. */
  include?: D['include'] | null
  /** The columns not to load; `false` loads one that is left out otherwise. */
  omit?: D['omit'] | null
  /** Which rows. */
  where?: D['where']
  /** In which order. */
  orderBy?: D['orderBy'] | readonly D['orderBy'][]
  /** How many rows; a negative number takes the last ones. */
  take?: number
  /** How many rows to leave out before. */
  skip?: number
  cursor?: Later<'find'>['cursor']
  distinct?: Later<'find'>['distinct']
  relationLoadStrategy?: Later<'find'>['relationLoadStrategy']
}

/** The arguments of `findUnique`. */
export type FindUniqueArgs<D extends AnyModel> = SelectionArgs<D> & {
  /** Which row. */
  where: D['inputs']['unique']
}

/** The arguments of `count`. */
export type CountArgs<D extends AnyModel> = {
  /** Which rows. */
  where?: D['where']
  /** In which order `take` and `skip` count. */
  orderBy?: D['orderBy'] | readonly D['orderBy'][]
  /** How many rows at most. */
  take?: number
  /** How many rows to leave out before. */
  skip?: number
  /** The columns whose values to count, nulls left out; `_all` counts rows. */
  select?: CountSelection<D> | null
}

/** `select` of `count`. */
export type CountSelection<D extends AnyModel> = D['omit'] & {
  /** The rows. */
  _all?: boolean
}

/** The arguments of `create`. */
export type CreateArgs<D extends AnyModel> = SelectionArgs<D> & {
  /** The new row. */
  data: D['inputs']['create']
}

/** The arguments of `createMany`. */
export type CreateManyArgs<D extends AnyModel> = {
  /** The new rows. */
  data: CreateMany<D> | readonly CreateMany<D>[]
  skipDuplicates?: Later<'createMany'>['skipDuplicates']
}

/** The arguments of `update`. */
export type UpdateArgs<D extends AnyModel> = SelectionArgs<D> & {
  /** Which row. */
  where: D['inputs']['unique']
  /** What becomes of it. */
  data: D['inputs']['update']
}

/** The arguments of `updateMany`. */
export type UpdateManyArgs<D extends AnyModel> = {
  /** Which rows; all of them without it. */
  where?: D['where']
  /** What becomes of them. */
  data: UpdateMany<D>
  limit?: Later<'bulk'>['limit']
}

/** The arguments of `upsert`. */
export type UpsertArgs<D extends AnyModel> = SelectionArgs<D> & {
  /** Which row. */
  where: D['inputs']['unique']
  /** The new row, where it is not there. */
  create: D['inputs']['create']
  /** What becomes of it, where it is there. */
  update: D['inputs']['update']
}

/** The arguments of `delete`. */
export type DeleteArgs<D extends AnyModel> = SelectionArgs<D> & {
  /** Which row. */
  where: D['inputs']['unique']
}

/** The arguments of `deleteMany`. */
export type DeleteManyArgs<D extends AnyModel> = {
  /** Which rows; all of them without it. */
  where?: D['where']
  limit?: Later<'bulk'>['limit']
}

// What a call infers. TypeScript infers `T` from the last branch of `Inferred`, which no `T` ever takes: once `T` is known, the
// type of the arguments is `U` itself. So completion and errors are those of a plain type, at any depth.

/** The arguments `U` of a call, `T` as they are given. */
export type SelectSubset<T, U> = U & Inferred<T>
export type Inferred<T> = T extends SelectAndInclude | SelectAndOmit
  ? Exclusive
  : T extends unknown
    ? unknown
    : { [P in keyof T]: T[P] }
export interface SelectAndInclude {
  select: object
  include: object
}
export interface SelectAndOmit {
  select: object
  omit: object
}
export interface Exclusive {
  include?: 'choose either `select` or `include`'
  omit?: 'choose either `select` or `omit`'
}
