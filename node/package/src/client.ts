/** The client that generated code extends. */

import { refuseMembers, refuseOperations, refuseRelations, refusedFields } from './absent.js'
import type { Catalog, ModelInfo } from './catalog.js'
import type { Operation } from './encode/index.js'
import { Engine, end, fail, type Call } from './engine.js'
import {
  PurlinInitializationError,
  PurlinKnownRequestError,
  PurlinValidationError,
  printable,
  suggestion,
  isThrown,
} from './errors.js'
import { closeWith, runInside } from './inside.js'
import { ENGINE_OPTIONS, engineOptions } from './limits.js'
import { after } from './loop.js'
import type { NativeTransaction } from './native.js'
import { calledFrom } from './trace.js'
import type { ClientOptions, EngineOptions, PurlinPromise, TransactionOptions } from './types.js'
import { ownMembers, readOptions } from './options.js'
import { describe, lengthOf } from './values.js'

/** What the generated client knows beside the catalog. */
export interface ClientSettings {
  provider: 'sqlite' | 'postgresql' | 'mysql'
  /** The name of the datasource. */
  datasource?: string
  /** Where the schema says that the database is. */
  url: { value: string } | { env: string }
  /** What a Decimal column gives: its text, or an object that this class makes of it. */
  decimal: 'string' | (new (text: string) => object)
  /** Options that the project sets for all of its clients; those of the constructor go first. */
  options?: EngineOptions
  /** Whether the project's clients refuse undefined in arguments; they do when this is not given. */
  strictUndefinedChecks?: boolean
}

const RUN = Symbol('run')
const CHECK = Symbol('check')

/** A query that has yet to run: the first `then` starts it, with the arguments as they were when it was made. */
class Query implements PurlinPromise<unknown> {
  // Neither inspection nor JSON shows these: a query that nobody awaits is often logged, and its values are secrets.
  readonly #engine: Engine
  readonly #transaction: NativeTransaction | undefined
  readonly #call: Call
  #started: Promise<unknown> | undefined

  constructor(engine: Engine, transaction: NativeTransaction | undefined, call: Call) {
    this.#engine = engine
    this.#transaction = transaction
    this.#call = call
    this.#started = undefined
  }

  /** Whether it is a query, and no proxy of one. */
  static is(value: unknown): value is Query {
    return typeof value === 'object' && value !== null && #call in value
  }

  get [Symbol.toStringTag](): 'PrismaPromise' {
    return 'PrismaPromise'
  }

  // biome-ignore lint/suspicious/noThenProperty: a query is awaited
  then<A = unknown, B = never>(
    fulfilled?: ((value: unknown) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#start().then(fulfilled, rejected)
  }

  catch<B = never>(rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<unknown> {
    return this.#start().catch(rejected)
  }

  finally(done?: (() => void) | null): Promise<unknown> {
    return this.#start().finally(done)
  }

  #start(): Promise<unknown> {
    return (this.#started ??= this.#engine.run(this.#call, this.#transaction))
  }

  /** Refuses it as part of a transaction of the client, where it is not one of its queries or runs already. */
  [CHECK](engine: Engine): void {
    if (engine !== this.#engine) throw new PurlinValidationError('`$transaction`: a query belongs to another client')
    if (this.#started !== undefined || this.#transaction !== undefined) {
      throw new PurlinValidationError('`$transaction`: a query of the list runs already; do not await it before')
    }
  }

  /** Runs it as part of a transaction of the same client. */
  [RUN](engine: Engine, transaction: NativeTransaction): Promise<unknown> {
    this[CHECK](engine)
    return (this.#started = engine.run(this.#call, transaction))
  }
}

/** The operations on a model; its types are in the generated client. */
class ModelDelegate {
  readonly #engine: Engine
  readonly #transaction: NativeTransaction | undefined
  readonly #model: ModelInfo
  readonly #Query: typeof Query
  /** Whether a query was made: only then is it known which relations its model has. */
  #used = false

  constructor(
    engine: Engine,
    transaction: NativeTransaction | undefined,
    model: ModelInfo,
    QueryOfClient: typeof Query,
  ) {
    this.#engine = engine
    this.#transaction = transaction
    this.#model = model
    this.#Query = QueryOfClient
  }

  get name(): string {
    return this.#model.name
  }

  get fields(): object {
    return refusedFields(this.#model)
  }

  #query(operation: Operation, args: unknown): Query {
    if (!this.#used) {
      this.#used = true
      refuseRelations(this.#Query.prototype, this.#model)
    }
    const trace = calledFrom()
    return new this.#Query(this.#engine, this.#transaction, this.#engine.call(this.#model, operation, args, trace))
  }

  findUnique(args: unknown): Query {
    return this.#query('findUnique', args)
  }
  findUniqueOrThrow(args: unknown): Query {
    return this.#query('findUniqueOrThrow', args)
  }
  findFirst(args: unknown): Query {
    return this.#query('findFirst', args)
  }
  findFirstOrThrow(args: unknown): Query {
    return this.#query('findFirstOrThrow', args)
  }
  findMany(args: unknown): Query {
    return this.#query('findMany', args)
  }
  count(args: unknown): Query {
    return this.#query('count', args)
  }
  create(args: unknown): Query {
    return this.#query('create', args)
  }
  createMany(args: unknown): Query {
    return this.#query('createMany', args)
  }
  update(args: unknown): Query {
    return this.#query('update', args)
  }
  updateMany(args: unknown): Query {
    return this.#query('updateMany', args)
  }
  upsert(args: unknown): Query {
    return this.#query('upsert', args)
  }
  delete(args: unknown): Query {
    return this.#query('delete', args)
  }
  deleteMany(args: unknown): Query {
    return this.#query('deleteMany', args)
  }
}

refuseOperations(ModelDelegate.prototype)

/** A client: it gives itself a member for each model of the catalog. */
class RuntimeClient {
  readonly #engine: Engine
  readonly #bounds: Required<Omit<TransactionOptions, 'isolationLevel'>>

  constructor(catalog: Catalog, settings: ClientSettings, given: ClientOptions = {}) {
    const options = checkOptions(given, settings)
    const url = givenUrl(options, settings)
    this.#bounds = { maxWait: 2000, timeout: 5000, ...bounds('transactionOptions', options.transactionOptions) }
    const { decimal: Decimal } = settings
    const decimal = Decimal === 'string' ? undefined : (text: string) => new Decimal(text)
    const { limits, engine } = engineOptions(settings.options, options)
    const strict = options.strictUndefinedChecks ?? settings.strictUndefinedChecks ?? true
    this.#engine = new Engine(catalog, {
      url: () => urlOf(url, settings),
      decimal,
      options: engine,
      encode: {
        limits,
        emptyWhere: (options.emptyWhere ?? (strict ? 'refuse' : 'allow')) === 'allow',
        strictUndefined: strict,
      },
    })
    addModels(this, this.#engine, undefined)
  }

  async $connect(): Promise<void> {
    await this.#engine.connect()
  }

  async $disconnect(): Promise<void> {
    await this.#engine.close()
  }

  async $transaction(work: unknown, options?: TransactionOptions): Promise<unknown> {
    const given = bounds('$transaction', options)
    const { maxWait, timeout } = { ...this.#bounds, ...given }
    if (readOptions('the argument of `$transaction`', () => Array.isArray(work))) {
      const queries = queriesIn(work as unknown[])
      for (const query of queries) query[CHECK](this.#engine)
      // Nothing but its queries takes time, and each of them has a bound of its own.
      return this.#within(maxWait, given.timeout, async transaction => {
        const results: unknown[] = []
        for (const [index, query] of queries.entries()) {
          try {
            results.push(await query[RUN](this.#engine, transaction))
          } catch (error) {
            if (isThrown(error, Error) && 'clientVersion' in error) Object.assign(error, { batchRequestIdx: index })
            throw error
          }
        }
        return results
      })
    }
    if (typeof work !== 'function') {
      throw new PurlinValidationError('`$transaction` expects a list of queries or a function')
    }
    const engine = this.#engine
    return this.#within(maxWait, timeout, transaction =>
      runInside(engine, engine.database(), timeout, async scope => {
        closeWith(scope, transaction)
        const tx = new Transaction()
        addModels(tx, engine, transaction)
        try {
          return await (work as (tx: unknown) => unknown)(tx)
        } finally {
          scope.open = false
        }
      }),
    )
  }

  /** Commits when `work` succeeds; else rolls back and throws what it threw. `timeout`: how long it may last at most. */
  async #within(
    maxWait: number,
    timeout: number | undefined,
    work: (transaction: NativeTransaction) => unknown,
  ): Promise<unknown> {
    // Without a timeout, others would wait for a thread that is busy between two queries as long as it is.
    const idle = timeout === undefined ? Math.max(this.#bounds.timeout, LEAST_IDLE) : undefined
    const transaction = await this.#engine.begin(maxWait, timeout ?? NO_TIMEOUT, idle)
    let result: unknown
    const deadline = timeout === undefined ? undefined : expiry(timeout)
    try {
      const working = work(transaction)
      result = await (deadline === undefined ? working : Promise.race([working, deadline.passed]))
    } catch (error) {
      // What made the work fail tells more than that it was rolled back already, by its timeout say.
      await end(transaction, false).catch(() => {})
      throw error
    } finally {
      deadline?.clear()
    }
    await end(transaction, true)
    return result
  }
}

/** How long a list may wait for this thread between two of its queries, in milliseconds, where its client says no more. */
const LEAST_IDLE = 5_000

/** The milliseconds that stand for no timeout: the most that the engine takes. */
const NO_TIMEOUT = 0xffffffff

/** What the function of a transaction is given: it has a member for each model. */
class Transaction {}

refuseMembers(RuntimeClient.prototype, false)
refuseMembers(Transaction.prototype, true)

/** How many queries the list of a transaction may have. */
const MAX_QUERIES = 100_000

/** The queries of a list as it is now: whoever made it may change it while they run. */
function queriesIn(list: readonly unknown[]): Query[] {
  return readOptions('the list of `$transaction`', () => {
    const length = lengthOf(list)
    if (length > MAX_QUERIES)
      throw new PurlinValidationError(`\`$transaction\` takes at most ${MAX_QUERIES} queries in a list`)
    const queries: Query[] = []
    for (let index = 0; index < length; index++) {
      const query = list[index]
      if (!Query.is(query)) {
        throw new PurlinValidationError('`$transaction` expects queries that are not awaited: db.user.findMany(), say')
      }
      queries.push(query)
    }
    return queries
  })
}

/** Rejects when a transaction has outlived its timeout: its callback may wait for what never comes. */
function expiry(timeout: number): { passed: Promise<never>; clear: () => void } {
  let clear = (): void => {}
  const passed = new Promise<never>(resolve => {
    clear = after(timeout + GRACE, () => {
      const message = `the transaction is closed: it lasted longer than its timeout of ${timeout} ms and was rolled back`
      resolve(fail(undefined, new PurlinKnownRequestError(message, { code: 'P2028' })))
    })
  })
  // Nothing but the race may wait for it: V8 finds the functions that await a promise only where there is one way on.
  return { passed, clear: () => clear() }
}

/** The engine ends a transaction by itself; what its queries say of that should be heard first. In milliseconds. */
const GRACE = 100

/** The base of generated clients, which declare the members with their types. */
export const Client: new (catalog: Catalog, settings: ClientSettings, options?: ClientOptions) => {} = RuntimeClient

/** The classes of the queries of clients. One for each client, so that a program with one meets objects of one kind. */
const queryClasses = new WeakMap<Engine, typeof Query>()

function queriesOf(engine: Engine): typeof Query {
  let known = queryClasses.get(engine)
  if (known === undefined) {
    known = class extends Query {}
    Object.defineProperty(known, 'name', { value: 'Query' })
    queryClasses.set(engine, known)
  }
  return known
}

function addModels(client: object, engine: Engine, transaction: NativeTransaction | undefined): void {
  const Query = queriesOf(engine)
  for (const model of engine.models) {
    const value = new ModelDelegate(engine, transaction, model, Query)
    Object.defineProperty(client, model.accessor, { value, enumerable: true })
  }
  // By the name of the model too, as in Prisma: `db[Prisma.ModelName.User]`.
  for (const { name, accessor } of engine.models) {
    if (name in client) continue
    Object.defineProperty(client, name, { value: (client as Record<string, unknown>)[accessor] })
  }
}

// Options

const OPTIONS = [
  'url',
  'datasourceUrl',
  'datasources',
  'transactionOptions',
  'emptyWhere',
  'strictUndefinedChecks',
  ...ENGINE_OPTIONS,
]
const NOT_YET = ['log', 'errorFormat', 'omit', 'comments', 'accelerateUrl', 'queryPlanCacheMaxSize']

/** The options as they are checked here: own members only, each read once. */
function checkOptions(given: unknown, settings: ClientSettings): ClientOptions {
  const options = ownMembers('the options of the client', given)
  for (const name of Object.keys(options)) {
    if (OPTIONS.includes(name)) continue
    throw new PurlinValidationError(`the option \`${printable(name)}\` of the client${refusal(name)}`)
  }
  text('url', options['url'])
  text('datasourceUrl', options['datasourceUrl'])
  const mode = options['emptyWhere']
  if (mode !== undefined && mode !== 'refuse' && mode !== 'allow') {
    throw new PurlinValidationError("the option `emptyWhere` of the client expects 'refuse' or 'allow'")
  }
  const strict = options['strictUndefinedChecks']
  if (strict !== undefined && typeof strict !== 'boolean') {
    throw new PurlinValidationError(
      `the option \`strictUndefinedChecks\` of the client expects true or false, got ${describe(strict)}`,
    )
  }
  const known = settings.datasource ?? 'db'
  if (options['datasources'] !== undefined) {
    const datasources = ownMembers('the option `datasources` of the client', options['datasources'])
    for (const name of Object.keys(datasources)) {
      if (name !== known) {
        throw new PurlinValidationError(`the schema has no datasource \`${printable(name)}\`, its name is \`${known}\``)
      }
      const source = ownMembers(`the option \`datasources.${known}\` of the client`, datasources[name])
      text(`datasources.${known}.url`, source['url'])
      datasources[name] = source
    }
    options['datasources'] = datasources
  }
  return options as ClientOptions
}

function text(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'string') return
  throw new PurlinValidationError(`the option \`${name}\` of the client expects a string, got ${describe(value)}`)
}

function refusal(name: string): string {
  if (name === 'adapter')
    return ' is not needed, the engine speaks to the database itself: write the url that it has in its place'
  if (NOT_YET.includes(name)) return ' is not supported yet: remove it'
  return ` is unknown${suggestion(name, OPTIONS)}`
}

/** What a timer of JavaScript can wait for. */
const MOST_MILLISECONDS = 0x7fffffff

function bounds(where: string, given: unknown): TransactionOptions {
  const checked: TransactionOptions = {}
  if (given === undefined || given === null) return checked
  const options = ownMembers(`the options of \`${where}\``, given)
  for (const name of Object.keys(options)) {
    const value = options[name]
    if (name === 'isolationLevel') {
      // What SQLite does anyway: whoever writes is alone, and reads of the transaction see what it began with.
      if (value === 'Serializable') continue
      throw new PurlinValidationError(
        `\`${where}\`: \`isolationLevel\` expects 'Serializable', the only level of SQLite`,
      )
    }
    if (name !== 'maxWait' && name !== 'timeout') {
      const hint = suggestion(name, ['maxWait', 'timeout', 'isolationLevel'])
      throw new PurlinValidationError(`\`${where}\`: the option \`${printable(name)}\` is unknown${hint}`)
    }
    if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > MOST_MILLISECONDS) {
      throw new PurlinValidationError(
        `\`${where}\`: \`${name}\` expects a number of milliseconds: a whole one of at most ${MOST_MILLISECONDS}`,
      )
    }
    checked[name] = value as number
  }
  return checked
}

/** The URL that the options give, at one of three places. */
function givenUrl(options: ClientOptions, settings: ClientSettings): string | undefined {
  const name = settings.datasource ?? 'db'
  const places: [string, string | undefined][] = [
    ['url', options.url],
    ['datasourceUrl', options.datasourceUrl],
    [`datasources.${name}.url`, options.datasources?.[name]?.url],
  ]
  const [given, ...others] = places.filter(([, url]) => url !== undefined)
  if (given === undefined) return undefined
  const other = others.find(([, url]) => url !== given[1])
  if (other !== undefined) {
    throw new PurlinValidationError(
      `the options \`${given[0]}\` and \`${other[0]}\` of the client name two databases: give one of them`,
    )
  }
  return given[1]
}

function urlOf(given: string | undefined, settings: ClientSettings): string {
  if (given !== undefined) return given
  if ('value' in settings.url) return settings.url.value
  const { env } = settings.url
  const value = process.env[env]
  if (value !== undefined && value !== '') return value
  throw new PurlinInitializationError(
    `the environment variable ${env} is ${value === undefined ? 'not set' : 'empty'}, and the client reads no .env file ` +
      'by itself: set it where the program starts, with `node --env-file=.env` for example, import `dotenv/config` before ' +
      'the client, or give the option `url` to the client; Next.js reads .env files of its project, and `next build` needs ' +
      'the variable for pages that it renders whole or caches',
    { errorCode: 'P1012' },
  )
}
