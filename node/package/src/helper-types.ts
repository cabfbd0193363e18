/** Types of Prisma's namespace that helpers of applications are written with. */

/** What a promise is fulfilled with. */
export type PromiseType<T extends PromiseLike<unknown>> = Awaited<T>
/** What the promise that a function returns is fulfilled with. */
export type PromiseReturnType<T extends (...args: never[]) => PromiseLike<unknown>> = Awaited<ReturnType<T>>
/** One or a list. */
export type Enumerable<T> = T | readonly T[]
/** `T` without the members that `U` lacks. */
export type Subset<T, U> = { [P in keyof T]: P extends keyof U ? T[P] : never }
/** `A` as a literal that fits `T` and has no other members. */
export type Exact<A, T> = A extends T ? { [P in keyof A]: P extends keyof T ? A[P] : never } : T
/** The arguments of an operation of a model: `Args<typeof db.user, 'findMany'>`. */
export type Args<T, F extends keyof T> = T[F] extends (args: infer A) => unknown ? NonNullable<A> : never
