/** The types of what is written: new rows, changes, and what is done to related rows. */

import type { AnyModel, Fields } from './kinds.js'
import type { Later } from './later.js'
import type { Where } from './places.js'

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

// Whole rows. They give parents by relations and no foreign keys, or ("unchecked") by foreign keys and no relations. What
// both forms have is one and the same type: TypeScript does not look at what the members of a union have in common.

export type Create<D extends AnyModel> = New<D['own']> &
  Needed<D['required']> &
  New<D['parents']> &
  Needed<D['requiredParents']> &
  Absent<D['foreign']>
export type UncheckedCreate<D extends AnyModel> = New<D['own']> &
  Needed<D['required']> &
  New<D['foreign']> &
  Needed<D['requiredKeys']> &
  Absent<D['parents']>
export type CreateMany<D extends AnyModel> = New<D['columns']> & Needed<D['required'] | D['requiredKeys']>
export type Update<D extends AnyModel> = Changes<D['own']> & Changes<D['parents']> & Absent<D['foreign']>
export type UncheckedUpdate<D extends AnyModel> = Changes<D['own']> & Changes<D['foreign']> & Absent<D['parents']>
export type UpdateMany<D extends AnyModel> = Changes<D['columns']>

export type New<F extends Fields> = { [P in keyof F]?: F[P]['create'] }
export type Changes<F extends Fields> = { [P in keyof F]?: F[P]['update'] }
/** The fields `P` must be there; what they are is said elsewhere. */
export type Needed<P extends string> = { [Q in P]: {} }
/** The fields must not be there. */
export type Absent<F extends Fields> = { [P in keyof F]?: EitherForm }

// The same in a relation that settles the fields `W`.

export type NewRelated<D extends AnyModel, W extends string> =
  | (New<D['own']> &
      Needed<D['required']> &
      New<Without<D['parents'], W>> &
      Needed<Exclude<D['requiredParents'], W>> &
      Absent<Without<D['foreign'], W>>)
  | (New<D['own']> &
      Needed<D['required']> &
      New<Without<D['foreign'], W>> &
      Needed<Exclude<D['requiredKeys'], W>> &
      Absent<Without<D['parents'], W>>)
export type ManyNewRelated<D extends AnyModel, W extends string> = New<Without<D['columns'], W>> &
  Needed<D['required'] | Exclude<D['requiredKeys'], W>>
export type RelatedChanges<D extends AnyModel, W extends string> =
  | (Changes<D['own']> & Changes<Without<D['parents'], W>> & Absent<Without<D['foreign'], W>>)
  | (Changes<D['own']> & Changes<Without<D['foreign'], W>> & Absent<Without<D['parents'], W>>)
export type ManyRelatedChanges<D extends AnyModel, W extends string> = Changes<Without<D['columns'], W>>
export type Without<F, W> = { [P in keyof F as P extends W ? never : P]: F[P] }

/** Conditions on columns alone. */
export type ScalarWhere<D extends AnyModel> = Where<D['columns'] & ScalarLogic<D>>
export interface ScalarLogic<D extends AnyModel> {
  AND: { where: ScalarWhere<D> | readonly ScalarWhere<D>[] }
  OR: { where: readonly ScalarWhere<D>[] }
  NOT: { where: ScalarWhere<D> | readonly ScalarWhere<D>[] }
}

export type Several<T> = T | readonly T[]

export interface ConnectOrCreate<D extends AnyModel, W extends string> {
  where: D['inputs']['unique']
  create: NewRelated<D, W>
}
export interface UpsertRelated<D extends AnyModel, W extends string> {
  where: D['inputs']['unique']
  create: NewRelated<D, W>
  update: RelatedChanges<D, W>
}
export interface UpdateRelated<D extends AnyModel, W extends string> {
  where: D['inputs']['unique']
  data: RelatedChanges<D, W>
}
export interface UpdateOneRelated<D extends AnyModel, W extends string> {
  where?: D['where']
  data: RelatedChanges<D, W>
}
export interface UpsertOneRelated<D extends AnyModel, W extends string> {
  where?: D['where']
  create: NewRelated<D, W>
  update: RelatedChanges<D, W>
}
export interface CreateManyRelated<D extends AnyModel, W extends string> extends Later<'createMany'> {
  data: Several<ManyNewRelated<D, W>>
}
export interface UpdateManyRelated<D extends AnyModel, W extends string> {
  where: D['where']
  data: ManyRelatedChanges<D, W>
}

// What is done to related rows. These have no bases: a chain of them would be looked through for each relation.

/** No list. All members of the changes of a row are optional, so that a list would be taken for them. */
export interface OneObject {
  readonly [Symbol.iterator]?: never
}

/** The row of a to-one relation, of a new row; clients create no rows of its model. */
export interface ConnectOne<D extends AnyModel> {
  /** A row that is there. */
  connect?: D['inputs']['unique']
}

/** The rows of a to-many relation, of a new row; clients create no rows of its model. */
export interface ConnectMany<D extends AnyModel> {
  /** Rows that are there. */
  connect?: Several<D['inputs']['unique']>
}

/** The row of a to-one relation, of a new row. */
export interface WriteOne<D extends AnyModel, W extends string> {
  /** A new row. */
  create?: NewRelated<D, W>
  /** The row that a key names, or a new one. */
  connectOrCreate?: ConnectOrCreate<D, W>
  /** A row that is there. */
  connect?: D['inputs']['unique']
}

/** The rows of a many-to-many relation, of a new row. */
export interface WriteJoined<D extends AnyModel, W extends string> {
  /** New rows. */
  create?: Several<NewRelated<D, W>>
  /** The rows that keys name, or new ones. */
  connectOrCreate?: Several<ConnectOrCreate<D, W>>
  /** Rows that are there. */
  connect?: Several<D['inputs']['unique']>
}

/** The rows of a to-many relation, of a new row. */
export interface WriteMany<D extends AnyModel, W extends string> {
  /** New rows. */
  create?: Several<NewRelated<D, W>>
  /** New rows without related ones. */
  createMany?: CreateManyRelated<D, W>
  /** The rows that keys name, or new ones. */
  connectOrCreate?: Several<ConnectOrCreate<D, W>>
  /** Rows that are there. */
  connect?: Several<D['inputs']['unique']>
}

/** The row of a required to-one relation that is changed. */
export interface ChangeOne<D extends AnyModel, W extends string> {
  /** A new row. */
  create?: NewRelated<D, W>
  /** The row that a key names, or a new one. */
  connectOrCreate?: ConnectOrCreate<D, W>
  /** A row that is there. */
  connect?: D['inputs']['unique']
  /** Changes of the row that is there, also in `data`, beside the conditions under which it is meant. */
  update?: (RelatedChanges<D, W> | UpdateOneRelated<D, W>) & OneObject
  /** Changes the row that is there and matches, or creates one. */
  upsert?: UpsertOneRelated<D, W>
}

/** The row of an optional to-one relation that is changed. */
export interface ChangeOptional<D extends AnyModel, W extends string> {
  /** A new row. */
  create?: NewRelated<D, W>
  /** The row that a key names, or a new one. */
  connectOrCreate?: ConnectOrCreate<D, W>
  /** A row that is there. */
  connect?: D['inputs']['unique']
  /** No row any more: whatever it is, or where it matches. */
  disconnect?: boolean | D['where']
  /** Deletes the row: whatever it is, or where it matches. */
  delete?: boolean | D['where']
  /** Changes of the row that is there, also in `data`, beside the conditions under which it is meant. */
  update?: (RelatedChanges<D, W> | UpdateOneRelated<D, W>) & OneObject
  /** Changes the row that is there and matches, or creates one. */
  upsert?: UpsertOneRelated<D, W>
}

/** The rows of a many-to-many relation that is changed. */
export interface ChangeJoined<D extends AnyModel, W extends string> {
  /** New rows. */
  create?: Several<NewRelated<D, W>>
  /** The rows that keys name, or new ones. */
  connectOrCreate?: Several<ConnectOrCreate<D, W>>
  /** Rows that are there. */
  connect?: Several<D['inputs']['unique']>
  /** These rows and no others. */
  set?: Several<D['inputs']['unique']>
  /** Rows that are related no more. */
  disconnect?: Several<D['inputs']['unique']>
  /** Deletes rows. */
  delete?: Several<D['inputs']['unique']>
  /** Changes rows. */
  update?: Several<UpdateRelated<D, W>>
  /** Changes the rows that match. */
  updateMany?: Several<UpdateManyRelated<D, W>>
  /** Changes the rows that keys name, or creates them. */
  upsert?: Several<UpsertRelated<D, W>>
  /** Deletes the rows that match. */
  deleteMany?: Several<D['where']>
}

/** The rows of a to-many relation that is changed. */
export interface ChangeMany<D extends AnyModel, W extends string> {
  /** New rows. */
  create?: Several<NewRelated<D, W>>
  /** New rows without related ones. */
  createMany?: CreateManyRelated<D, W>
  /** The rows that keys name, or new ones. */
  connectOrCreate?: Several<ConnectOrCreate<D, W>>
  /** Rows that are there. */
  connect?: Several<D['inputs']['unique']>
  /** These rows and no others. */
  set?: Several<D['inputs']['unique']>
  /** Rows that are related no more. */
  disconnect?: Several<D['inputs']['unique']>
  /** Deletes rows. */
  delete?: Several<D['inputs']['unique']>
  /** Changes rows. */
  update?: Several<UpdateRelated<D, W>>
  /** Changes the rows that match. */
  updateMany?: Several<UpdateManyRelated<D, W>>
  /** Changes the rows that keys name, or creates them. */
  upsert?: Several<UpsertRelated<D, W>>
  /** Deletes the rows that match. */
  deleteMany?: Several<D['where']>
}

/** The row of a required to-one relation that is changed; clients create no rows of its model. */
export interface ReplaceOne<D extends AnyModel, W extends string> extends Pick<ChangeOne<D, W>, 'connect' | 'update'> {}

/** The row of an optional to-one relation that is changed; clients create no rows of its model. */
export interface ReplaceOptional<D extends AnyModel, W extends string>
  extends Pick<ChangeOptional<D, W>, 'connect' | 'disconnect' | 'delete' | 'update'> {}

/** The rows of a to-many relation that is changed; clients create no rows of its model. */
export interface ReplaceMany<D extends AnyModel, W extends string>
  extends Pick<
    ChangeMany<D, W>,
    'connect' | 'set' | 'disconnect' | 'delete' | 'update' | 'updateMany' | 'deleteMany'
  > {}
