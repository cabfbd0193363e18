/** The types of clients: their options and their members. */

import type { PurlinPromise } from './results.js'
import type { TransactionIsolationLevel } from './value-types.js'

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
  adapter?: 'adapter is not needed, since the engine speaks to the database itself: write its url in its place'
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
