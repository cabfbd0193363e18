/**
 * The types of results, from the arguments that ask for them.
 *
 * `& unknown` takes the name off a mapped type: editors show what is in it instead.
 */

import type { Fields, Loadable } from './kinds.js'
import type { Row } from './places.js'

/** The row that the arguments `A` ask for. */
export type Payload<D extends Loadable, A> = A extends Selecting
  ? Selected<D['loads'], A['select']>
  : A extends Including
    ? Included<D, A['include']>
    : A extends Omitting
      ? Uncertain<D, A>
      : D['row']

/**
 * What arguments have beside a selection. TypeScript 5.9 takes a nested literal as it was written, and one with a member that a
 * condition does not name does not satisfy it.
 */
export interface Beside {
  where?: unknown
  orderBy?: unknown
  take?: unknown
  skip?: unknown
  cursor?: unknown
  distinct?: unknown
  relationLoadStrategy?: unknown
  data?: unknown
  create?: unknown
  update?: unknown
}
export interface Selecting extends Beside {
  select: object
}
export interface Including extends Beside {
  include: object
  omit?: never
}
export interface IncludingToo extends Beside {
  include: object
  omit?: unknown
}
export interface Omitting extends Beside {
  omit: object
  include?: unknown
}

// Nearly all selections have members that are on for sure and nothing else: these have a way of their own.

export type Selected<F extends Fields, S> = S[keyof S] extends true | object
  ? Chosen<F, keyof S & keyof F, S>
  : Perhaps<F, never, S>
export type Included<D extends Loadable, S> = S[keyof S] extends true | object
  ? Flat<D['row'] & Chosen<D['loads'], keyof S & keyof D['loads'], S>>
  : Perhaps<D['loads'], keyof D['row'], S>

/** The fields `Q`, as `S` selects them. */
export type Chosen<F extends Fields, Q extends keyof F, S extends { [P in Q]: unknown }> = {
  [P in Q]: Loaded<F[P], S[P]>
} & unknown
/** What a field of the kind `K` gives for the value `V` in a selection. */
export type Loaded<K extends Fields, V> = V extends true
  ? K['out']
  : K['many'] extends true
    ? Payload<K['to'], V>[]
    : Payload<K['to'], V> | K['none']

// All other selections: those with `omit`, and with members that are off or that the program decides on.

export type Uncertain<D extends Loadable, A> = Perhaps<
  D['loads'],
  Left<D['row'], A extends Omitting ? A['omit'] : {}>,
  A extends IncludingToo ? A['include'] : {}
>
/** The columns of `R` that `omit` leaves, and those that it says are not to be left out. */
export type Left<R, O> = Exclude<keyof R, KeysOf<O, true>> | KeysOf<O, false>
/** The columns `C`, and the fields that `S` selects: optional are those that it may leave out. */
export type Perhaps<F extends Fields, C, S> =
  string extends Names<S>
    ? Flat<Asked<F, S, C & keyof F> & Partial<Row<F>>>
    : Sorted<F, S, C | Sure<S>, Exclude<Names<S>, Sure<S> | KeysOf<S, Nothing>>>
export type Sorted<F extends Fields, S, Q, Open> = [Open] extends [never]
  ? Asked<F, S, Q & keyof F>
  : Flat<Asked<F, S, Q & keyof F> & Partial<Asked<F, S, Open & keyof F>>>
export type Asked<F extends Fields, S, Q extends keyof F> = {
  [P in Q]: P extends Names<S> ? Loaded<F[P], Exclude<ValueOf<S, P>, Nothing>> : F[P]['out']
} & unknown
export type Flat<T> = { [P in keyof T]: T[P] } & unknown

/**
 * The members that are on. A `boolean` beside a `true` is decided when the program runs. Where there is no `true` at all,
 * each `boolean` was one: TypeScript forgets which, in a selection that is declared before the call.
 */
export type Sure<S> =
  | KeysOf<S, true | object>
  | ([KeysOf<S, true>] extends [never] ? Exclude<KeysOf<S, boolean | object>, KeysOf<S, false>> : never)
export type Nothing = false | null | undefined
export type Names<S> = S extends unknown ? keyof S : never
export type ValueOf<S, P> = S extends unknown ? (P extends keyof S ? S[P] : undefined) : never
/** The members with values of the type `V` and no other. */
export type KeysOf<S, V> = { [P in Names<S>]: ValueOf<S, P> extends V ? P : never }[Names<S>]

/** What `count` with the arguments `T` gives. */
export type CountPayload<T> = T extends { select: infer S extends object } ? Numbers<S> : number
export type Numbers<S> = { -readonly [P in keyof S as S[P] extends Nothing ? never : P]-?: number } & unknown

/** The count of changed rows. */
export interface BatchPayload {
  count: number
}

/** A promise whose query runs when it is awaited for the first time. */
export interface PurlinPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise'
}
