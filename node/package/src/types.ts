/** The types that all generated clients share. */

export type * from './arguments.js'
export type * from './client-types.js'
export type * from './delegate.js'
export type * from './filters.js'
export type * from './helper-types.js'
export type * from './kinds.js'
export type * from './order.js'
export type * from './places.js'
export type * from './results.js'
export type * from './value-types.js'
export type * from './writes.js'
