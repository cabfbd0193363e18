/** The operations on a model. */

import type {
  CountArgs,
  CreateArgs,
  CreateManyArgs,
  DeleteArgs,
  DeleteManyArgs,
  FindManyArgs,
  FindUniqueArgs,
  SelectSubset,
  UpdateArgs,
  UpdateManyArgs,
  UpsertArgs,
} from './arguments.js'
import type { AnyModel } from './kinds.js'
import type { BatchPayload, CountPayload, Payload, PurlinPromise } from './results.js'

/**
 * The operations on a model. It has no base: a chain of them would be looked through for each model. `T` has no constraint: so
 * all models have the same type parameters, and TypeScript can call `db[model].findMany(..)` for a union of models.
 */
export interface Delegate<D extends AnyModel> {
  /** Returns the row that a unique key names, or null. */
  findUnique<T>(args: SelectSubset<T, FindUniqueArgs<D>>): PurlinPromise<Payload<D, T> | null>
  /** Returns the row that a unique key names; an error with code P2025 when it is not there. */
  findUniqueOrThrow<T>(args: SelectSubset<T, FindUniqueArgs<D>>): PurlinPromise<Payload<D, T>>
  /** Returns the first row that matches, or null. */
  findFirst<T>(args?: SelectSubset<T, FindManyArgs<D>>): PurlinPromise<Payload<D, T> | null>
  /** Returns the first row that matches; an error with code P2025 when none does. */
  findFirstOrThrow<T>(args?: SelectSubset<T, FindManyArgs<D>>): PurlinPromise<Payload<D, T>>
  /** Returns the rows that match. */
  findMany<T>(args?: SelectSubset<T, FindManyArgs<D>>): PurlinPromise<Payload<D, T>[]>
  /** Counts rows, or the values of columns. */
  count<T>(args?: SelectSubset<T, CountArgs<D>>): PurlinPromise<CountPayload<T>>
  /** Creates a row, with related ones, and returns it. */
  create<T>(args: SelectSubset<T, CreateArgs<D>>): PurlinPromise<Payload<D, T>>
  /** Creates rows and returns their number. */
  createMany(args: CreateManyArgs<D>): PurlinPromise<BatchPayload>
  /** Changes the row that a unique key names and returns it; an error with code P2025 when it is not there. */
  update<T>(args: SelectSubset<T, UpdateArgs<D>>): PurlinPromise<Payload<D, T>>
  /** Changes the rows that match and returns their number. */
  updateMany(args: UpdateManyArgs<D>): PurlinPromise<BatchPayload>
  /** Changes the row that a unique key names, or creates it where it is not there; returns it. */
  upsert<T>(args: SelectSubset<T, UpsertArgs<D>>): PurlinPromise<Payload<D, T>>
  /** Deletes the row that a unique key names and returns it as it was; an error with code P2025 when it is not there. */
  delete<T>(args: SelectSubset<T, DeleteArgs<D>>): PurlinPromise<Payload<D, T>>
  /** Deletes the rows that match and returns their number. */
  deleteMany(args?: DeleteManyArgs<D>): PurlinPromise<BatchPayload>

  // Operations of Prisma's that are not there. No argument fits, so that the compiler shows its type; the result of the call has
  // the type that it would have, so that what follows is checked.

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
  /** @deprecated Not supported yet: give `$transaction` a list of `create`. */
  createManyAndReturn(
    args: 'createManyAndReturn is not supported yet: give `$transaction` a list of `create`',
  ): PurlinPromise<D['row'][]>
  /** @deprecated Not supported yet: in a `$transaction` call `updateMany`, then `findMany`. */
  updateManyAndReturn(
    args: 'updateManyAndReturn is not supported yet: in a `$transaction` call `updateMany`, then `findMany`',
  ): PurlinPromise<D['row'][]>
}

/** The operations on a model of which clients cannot create rows: a required column has a type they do not write. */
export interface Uncreatable<D extends AnyModel> extends Leave<Delegate<D>, 'upsert' | `create${string}`> {}
/** The operations on a view. */
export interface View<D extends AnyModel> extends Leave<Uncreatable<D>, `${'update' | 'delete'}${string}`> {}
/** The operations on a view of whose rows none can be named. */
export interface KeylessView<D extends AnyModel> extends Leave<View<D>, `findUnique${string}`> {}
export type Leave<T, K> = { [P in keyof T as P extends K ? never : P]: T[P] }
