/** Calls on their way to the addon and back. */

import { indexCatalog, type Catalog, type ModelInfo } from './catalog.js'
import { encode, type Encoded, type Operation } from './encode/index.js'
import {
  Invalid,
  PurlinInitializationError,
  PurlinKnownRequestError,
  PurlinUnknownRequestError,
  PurlinValidationError,
  isThrown,
} from './errors.js'
import { Scratch, makeHydrator, parseJson, type DecimalMaker, type Hydrator, type Unparsed } from './hydrate.js'
import { isInside, isOver } from './inside.js'
import type { EncodeOptions } from './limits.js'
import { hold, nextTurn, now, viaPort } from './loop.js'
import { native, type NativeEngine, type NativeError, type NativePort, type NativeTransaction } from './native.js'
import {
  PLAN_NUMBERS,
  RESULT_ROW,
  RESULT_ROWS,
  SETTLED_DONE,
  SETTLED_NUMBER,
  SETTLED_NUMBERS,
  SETTLED_ROWS,
  WAITING,
} from './protocol.js'
import { locate, withoutValues, type Trace } from './trace.js'
import type { EngineValue } from './values.js'

/**
 * A call of an operation.
 *
 * Its arguments are read when the call is made, all of them and once: dates, decimals, JSON and lists become values of
 * their own, and bytes are copied. What the caller does to the objects afterwards changes nothing, whenever the query is
 * sent: when it is awaited, when its turn in a list of `$transaction` comes, or when the event loop has time for it. So one
 * object may be filled anew for each of several queries. It also means that a call keeps nothing of the caller's alive.
 */
export interface Call {
  readonly model: ModelInfo
  readonly operation: Operation
  /** The arguments as the engine takes them; undefined: nothing is to be done. */
  readonly encoded: Encoded | undefined
  /** Why the arguments are refused; undefined when they are not. The promise of the query tells it. */
  readonly refusal: unknown
  /** Where it was made, where that is known. */
  readonly trace: Trace | undefined
}

/** A shape that the addon has compiled. */
interface Plan {
  id: number
  /** Whether it may run on this thread: it reads at most a row of each level by a key, so that it is quick. */
  inline: boolean
  /** Whether the last reply of a read was so small that it may be as quick; the addon knows how long it took. */
  small: boolean
  /** Whether the last reply was so large that copying it on this thread would hold up the event loop. */
  large: boolean
  hydrate: Hydrator | undefined
}

/** What a promise waits for. */
interface Pending {
  call: Call | undefined
  plan: Plan | undefined
  /** The transaction that it is part of. */
  transaction: NativeTransaction | undefined
  /** Fulfills it; with what {@link fail} returns it rejects it. */
  resolve: (value: unknown) => void
}

/** How many shapes a client remembers: callers can make as many as they like. */
const MAX_PLANS = 1000

/** A longer shape is not remembered: the map is bounded in number, and its shapes in length. */
const LARGE_SHAPE = 2048

/** Replies that are larger than this are made on a worker the next time, in bytes. */
const LARGE_REPLY = 256 * 1024

/** The reply of a read that may run on this thread is not larger than this, in bytes. */
const SMALL_REPLY = 8 * 1024

/** How long the making of results may hold the thread in one turn of the event loop, in milliseconds. */
const BUILD_BUDGET = 10

/** How long queries may hold the thread in one turn of the event loop, in milliseconds. */
const INLINE_BUDGET = 1

/** How an engine is opened and used. */
export interface EngineSettings {
  /** The address of the database. */
  url: () => string
  decimal: DecimalMaker
  /** The options of the native engine, as JSON. */
  options: string
  encode: EncodeOptions
}

const READS: ReadonlySet<Operation> = new Set<Operation>([
  'findUnique',
  'findUniqueOrThrow',
  'findFirst',
  'findFirstOrThrow',
  'findMany',
  'count',
])

/** The database of a client. */
export class Engine {
  readonly models: readonly ModelInfo[]
  readonly #catalog: Catalog
  readonly #settings: EngineSettings
  #native: NativeEngine | undefined
  /** The number by which the addon knows it for quick reads. */
  #number = 0
  readonly #plans = new Map<string, Plan>()
  /** The last close, until it is over. */
  #closing: Promise<void> | undefined
  /** How many calls have yet to load the addon, see {@link later}. */
  #late = 0

  constructor(catalog: Catalog, settings: EngineSettings) {
    this.#catalog = catalog
    this.#settings = settings
    this.models = indexCatalog(catalog)
  }

  /** A number of the database: the writes of clients with equal numbers wait for each other, however their URLs spell it. */
  database(): number {
    return this.open().database()
  }

  /** Opens the database, unless it is open. */
  open(): NativeEngine {
    if (this.#native !== undefined) return this.#native
    const { url, options } = this.#settings
    const address = url()
    const { Engine } = native()
    try {
      const engine = Engine.open(this.#catalog, address, options)
      // Before the first call goes on: see `later`.
      port()
      this.#number = engine.number()
      this.#native = engine
    } catch (error) {
      const { code, message } = error as NativeError
      throw new PurlinInitializationError(`cannot open the database: ${message}`, { errorCode: code ?? undefined })
    }
    return this.#native
  }

  /** Opens a connection unless there is one. */
  connect(): Promise<void> {
    return this.#withEngine(engine => {
      // The only connection of a database in memory is open, and belongs to the transaction that this is called in.
      if (engine.hasOneConnection() && isInside(this, () => this.database())) return Promise.resolve()
      return wait(undefined, undefined, request => {
        engine.connect(port(), request)
        return true
      }).then(() => undefined)
    })
  }

  /**
   * Lets go of the database. The promise is settled when all that was called before is done and its connections are closed,
   * as is that of a second close.
   */
  async close(): Promise<void> {
    await this.#sent()
    const engine = this.#native
    if (engine === undefined && this.#closing === undefined) return
    const inside = isInside(this, () => this.database())
    if (engine !== undefined) {
      this.#native = undefined
      this.#plans.clear()
      // The engine serves them in their order: when this one is over, so are those before it.
      const closed = wait(undefined, undefined, request => {
        engine.close(port(), request)
        return true
      }).then(() => undefined)
      this.#closing = closed
      const over = (): void => {
        if (this.#closing === closed) this.#closing = undefined
      }
      closed.then(over, over)
    }
    // The end of the transaction would be waited for, which waits for this.
    if (!inside) await this.#closing
  }

  /** Waits until the engine has all that was called before: it does not know what waits here. */
  async #sent(): Promise<void> {
    // `await` of a query starts it in a microtask, and the first call of all takes another one.
    await undefined
    if (this.#late > 0) await undefined
    if (turn.queue.length > 0) await turn.wait(() => Promise.resolve())
  }

  /** Makes a call: reads its arguments. */
  call(model: ModelInfo, operation: Operation, args: unknown, trace: Trace | undefined): Call {
    try {
      const encoded = encode(model, operation, args, this.#settings.encode)
      return { model, operation, encoded, refusal: undefined, trace }
    } catch (error) {
      return { model, operation, encoded: undefined, refusal: error, trace }
    }
  }

  /** Runs a call; errors come as rejections. */
  run(call: Call, transaction?: NativeTransaction): Promise<unknown> {
    try {
      if (transaction === undefined) {
        if (!READS.has(call.operation)) this.#refuseInside('this write')
        // A database in memory has one connection, which the transaction has.
        else if (this.#native?.hasOneConnection() === true) this.#refuseInside('this read')
      }
      const { encoded, refusal } = call
      if (refusal !== undefined) return fail(call, refusal)
      if (encoded === undefined) return Promise.resolve({ count: 0 })
      if (opened === undefined) return this.#later(() => this.#run(call, encoded, transaction))
      return this.#run(call, encoded, transaction)
    } catch (error) {
      return fail(call, error)
    }
  }

  /** Runs the first call, see {@link later}. */
  #later<T>(run: () => Promise<T>): Promise<T> {
    this.#late++
    return later(() => {
      this.#late--
      return run()
    })
  }

  #run(call: Call, encoded: Encoded, transaction?: NativeTransaction): Promise<unknown> {
    const { shape, values, counted } = encoded
    let engine: NativeEngine
    try {
      engine = this.open()
    } catch (error) {
      return failLate(call, error)
    }
    try {
      const plan = this.#plan(engine, shape)
      if ((plan.inline ? !plan.large : plan.small) && transaction === undefined) {
        // What is over the budget of this turn of the event loop waits for the next: cheaper than a worker. By then the
        // client may have been closed, or the plan be known for large replies.
        if (turn.spent >= INLINE_BUDGET) return turn.wait(() => this.#run(call, encoded))
        return this.#inline(engine, call, shape, plan, values)
      }
      const promise = this.#send(engine, call, shape, plan, values, transaction)
      return call.operation === 'count' ? promise.then(numbers => countResult(numbers as number[], counted)) : promise
    } catch (error) {
      return fail(call, error)
    }
  }

  /** Runs a quick read on this thread, or on a worker when that cannot be had. */
  #inline(engine: NativeEngine, call: Call, shape: string, plan: Plan, values: EngineValue[]): Promise<unknown> {
    try {
      const before = now()
      let size = native().runInline(this.#number, plan.id, values, scratch.bytes)
      if (size === WAITING) size = fetch(scratch.bytes.length * 2)
      turn.spend(now() - before)
      if (size > LARGE_REPLY) plan.large = true
      if (size < 0 || size > SMALL_REPLY) plan.small = false
      if (size < 0) return this.#send(engine, call, shape, plan, values, undefined)
      if (size > LARGE_REPLY) {
        if (!building.isLarge) {
          // Read now: the next query that runs on this thread puts its reply into the same array.
          const from = now()
          const reply = readLarge(plan)
          turn.spend(now() - from)
          return new Promise(resolve => building.addLarge(size, () => parseLarge(call, reply, resolve)))
        }
        // Another one is being made: this one is read again, and waits in the addon.
        scratch.release()
        return this.#send(engine, call, shape, plan, values, undefined)
      }
      return Promise.resolve(finish(call, hydrate(plan)))
    } catch (error) {
      return fail(call, error)
    }
  }

  /** Begins a transaction. */
  begin(maxWait: number, timeout: number, idle?: number): Promise<NativeTransaction> {
    try {
      this.#refuseInside('another transaction')
    } catch (error) {
      return fail(undefined, error)
    }
    return this.#withEngine(engine => {
      const { Transaction } = native()
      const transaction = new Transaction()
      return wait(undefined, undefined, request => {
        engine.begin(port(), request, transaction, maxWait, timeout, idle)
        return true
      }).then(() => transaction)
    })
  }

  /** Runs what is no call of an operation on the engine, which is opened first unless it is open. */
  #withEngine<T>(work: (engine: NativeEngine) => Promise<T>): Promise<T> {
    const run = (): Promise<T> => {
      let engine: NativeEngine
      try {
        engine = this.open()
      } catch (error) {
        return failLate(undefined, error)
      }
      try {
        return work(engine)
      } catch (error) {
        return fail(undefined, error)
      }
    }
    return opened === undefined ? this.#later(run) : run()
  }

  /** What waits for the running transaction to end, inside of it, would wait until its time is over. */
  #refuseInside(what: string): void {
    if (!isInside(this, () => this.database())) return
    throw new Invalid(
      `${what} would wait for the transaction that it is called in: ` +
        'inside `$transaction` use the client that its function is given, `tx` for example',
    )
  }

  #plan(engine: NativeEngine, shape: string): Plan {
    return this.#plans.get(shape) ?? this.#register(engine, shape)
  }

  #register(engine: NativeEngine, shape: string): Plan {
    const description = engine.register(shape)
    const [id, inline, , outcome] = description as [number, number, number, number]
    const hydrate =
      outcome === RESULT_ROWS || outcome === RESULT_ROW
        ? makeHydrator(this.models, description, PLAN_NUMBERS, outcome === RESULT_ROW, this.#settings.decimal)
        : undefined
    const plan: Plan = { id, inline: inline === 1, small: false, large: false, hydrate }
    // An unusual request; the engine has it for a while.
    if (shape.length > LARGE_SHAPE) return plan
    if (this.#plans.size >= MAX_PLANS) {
      for (const oldest of this.#plans.keys()) {
        this.#plans.delete(oldest)
        break
      }
    }
    this.#plans.set(shape, plan)
    return plan
  }

  #send(
    engine: NativeEngine,
    call: Call,
    shape: string,
    plan: Plan,
    values: EngineValue[],
    transaction: NativeTransaction | undefined,
  ): Promise<unknown> {
    const send = (request: number, { id }: Plan): boolean =>
      transaction === undefined
        ? engine.run(port(), request, id, values)
        : engine.runIn(port(), request, transaction, id, values)
    // A plan that made place for others is compiled again; its description is the same.
    return wait(call, plan, request => send(request, plan) || send(request, this.#register(engine, shape)), transaction)
  }
}

/** Ends a transaction. */
export function end(transaction: NativeTransaction, commit: boolean): Promise<unknown> {
  return wait(undefined, undefined, request => {
    transaction.end(port(), request, commit)
    return true
  })
}

// Replies

/** The code of what is asked of a transaction that is over. */
const TRANSACTION_CLOSED = 'P2028'

const scratch = new Scratch()
const pending = new Map<number, Pending>()
let requests = 0
let opened: NativePort | undefined

/**
 * Runs what loads the addon in a microtask of its own, so that the handles which the addon makes belong to no code of the
 * application. They hold no process; but `jest --detectOpenHandles` reports those that a test has made.
 */
function later<T>(run: () => Promise<T>): Promise<T> {
  return Promise.resolve().then(run)
}

function port(): NativePort {
  return (opened ??= new (native().Port)(settled))
}

/** Sends a request; the promise holds the process until it is settled, the pool does not. */
function wait(
  call: Call | undefined,
  plan: Plan | undefined,
  send: (request: number) => boolean,
  transaction?: NativeTransaction,
): Promise<unknown> {
  return new Promise(resolve => {
    const request = (requests = (requests + 1) >>> 0)
    pending.set(request, { call, plan, transaction, resolve })
    if (pending.size === 1) hold.start()
    try {
      if (!send(request)) throw new PurlinUnknownRequestError('the engine forgets plans faster than they are sent')
    } catch (error) {
      forget(request)
      resolve(fail(call, error))
    }
  })
}

function forget(request: number): void {
  pending.delete(request)
  if (pending.size === 0) hold.stop()
}

function settled(
  request: number,
  kind: number,
  number: number,
  numbers: number[] | undefined,
  error: NativeError | undefined,
): void {
  const entry = pending.get(request)
  if (entry === undefined) return
  forget(request)
  const { call, resolve } = entry
  try {
    switch (kind) {
      case SETTLED_ROWS:
        if (number > LARGE_REPLY) building.addLarge(number, () => receive(request, number, entry))
        else building.add(() => receive(request, number, entry))
        break
      case SETTLED_NUMBER:
        resolve({ count: number })
        break
      case SETTLED_NUMBERS:
        resolve(numbers)
        break
      case SETTLED_DONE:
        resolve(undefined)
        break
      default:
        if (entry.transaction !== undefined && error?.code === TRANSACTION_CLOSED) isOver(entry.transaction)
        resolve(fail(call, error))
    }
  } catch (error) {
    resolve(fail(call, error))
  }
}

/** Makes the result of a reply that waits in the addon. */
function receive(request: number, size: number, { call, plan, resolve }: Pending): void {
  try {
    scratch.reserve(size)
    opened!.take(scratch.bytes, request)
    plan!.large = size > LARGE_REPLY
    plan!.small = size <= SMALL_REPLY && READS.has(call!.operation)
    if (plan!.large) parseLarge(call!, readLarge(plan!), resolve)
    else resolve(finish(call!, hydrate(plan!)))
  } catch (error) {
    resolve(fail(call, error))
    if (size > LARGE_REPLY) building.endLarge()
  }
}

/** Reads the reply in the scratch array, whose memory is given back whether that succeeds or not. */
function hydrate(plan: Plan): unknown {
  try {
    return plan.hydrate!(scratch)
  } finally {
    scratch.release()
  }
}

/** A result whose Json values are texts yet. */
interface LargeReply {
  result: unknown
  unparsed: Unparsed[]
}

/** Reads the large reply in the scratch array, all but its Json values. */
function readLarge(plan: Plan): LargeReply {
  const unparsed: Unparsed[] = (scratch.unparsed = [])
  try {
    return { result: hydrate(plan), unparsed }
  } finally {
    scratch.unparsed = undefined
  }
}

/**
 * Parses the Json values of a large reply in as many turns of the event loop as that takes: V8 needs up to a microsecond
 * for each member whose name it has not met before. Then the next large reply follows.
 */
function parseLarge(call: Call, { result, unparsed }: LargeReply, resolve: (value: unknown) => void): void {
  let next = 0
  const end = (value: unknown): void => {
    resolve(value)
    building.endLarge()
  }
  const parse = (): void => {
    try {
      const until = now() + BUILD_BUDGET
      while (next < unparsed.length) {
        parseJson(unparsed[next++]!)
        if (next < unparsed.length && now() >= until) {
          building.goOn(parse)
          return
        }
      }
      end(finish(call, result))
    } catch (error) {
      end(fail(call, error))
    }
  }
  parse()
}

/**
 * How long the results of replies have been made in this turn of the event loop, in milliseconds. Node calls back for all
 * replies that have come before it looks at anything else; many large ones would hold the thread for seconds.
 *
 * One large reply is made at a time, since each may take several turns: the others wait in the addon as the bytes that they
 * are, which its bound counts. Small ones are made in between.
 */
const building = {
  spent: 0,
  queue: [] as (() => void)[],
  /** Whether a large reply is being made, or waits in the queue. */
  isLarge: false,
  /** The large replies that follow it. */
  large: [] as { size: number; work: () => void }[],

  add(work: () => void): void {
    if (this.spent >= BUILD_BUDGET) this.queue.push(work)
    else this.run(work)
  },

  /** The work ends with {@link endLarge}, in this turn or in a later one. */
  addLarge(size: number, work: () => void): void {
    if (this.isLarge) {
      this.large.push({ size, work })
      return
    }
    this.isLarge = true
    this.add(countedLarge(size, work))
  },

  /** Goes on with the next large reply, in the next turn. */
  endLarge(): void {
    port().building(0)
    const next = this.large.shift()
    if (next === undefined) this.isLarge = false
    else this.goOn(countedLarge(next.size, next.work))
  },

  /** Goes on with work in the next turn, because it has used up what this one has. */
  goOn(work: () => void): void {
    this.queue.push(work)
    if (this.spent >= BUILD_BUDGET) return
    this.spent = BUILD_BUDGET
    nextTurn(buildMore)
  },

  run(work: () => void): void {
    const before = now()
    work()
    const spent = this.spent
    this.spent += now() - before
    // As with `turn`: only when it is used up.
    if (this.spent >= BUILD_BUDGET && spent < BUILD_BUDGET) nextTurn(buildMore)
  },
}

/** Lets the bound of the addon count a large reply while it is made. */
function countedLarge(size: number, work: () => void): () => void {
  return () => {
    port().building(size)
    work()
  }
}

/** A new turn has begun: makes the results that wait for it. */
function buildMore(): void {
  building.spent = 0
  const { queue } = building
  let index = 0
  while (index < queue.length && building.spent < BUILD_BUDGET) building.run(queue[index++]!)
  queue.splice(0, index)
}

/** What `count` returns: a number, or the members of its `select`. */
function countResult(numbers: number[], counted: string[] | undefined): unknown {
  if (counted === undefined) return numbers[0]
  return Object.fromEntries(counted.map((name, index) => [name, numbers[index]]))
}

/** Grows the scratch array until the reply that waits fits; gives the size of the array. */
function fetch(size: number): number {
  scratch.reserve(size)
  return native().takeInline(scratch.bytes) ? size : fetch(size * 2)
}

/** `OrThrow` turns the row that is not there into an error. */
function finish(call: Call, result: unknown): unknown {
  if (result !== null) return result
  const { model, operation } = call
  if (operation !== 'findUniqueOrThrow' && operation !== 'findFirstOrThrow') return null
  throw new PurlinKnownRequestError(`\`${model.accessor}.${operation}\`: no ${model.name} matches`, {
    code: 'P2025',
    meta: { modelName: model.name, operation: 'a query' },
  })
}

/** How much of this turn of the event loop inline queries have taken, in milliseconds. */
const turn = {
  spent: 0,
  queue: [] as (() => void)[],

  spend(time: number): void {
    this.spent += time
    // Only when it is used up: most turns have no need of a timer. So the budget of quiet turns adds up, and a query
    // in a hundred or so waits for a turn without need.
    if (this.spent >= INLINE_BUDGET && this.spent - time < INLINE_BUDGET) nextTurn(next)
  },

  wait<T>(run: () => Promise<T>): Promise<T> {
    return new Promise(resolve => this.queue.push(() => resolve(run())))
  },
}

/** A new turn has begun: runs what waits for it. */
function next(): void {
  turn.spent = 0
  const { queue } = turn
  let index = 0
  while (index < queue.length && turn.spent < INLINE_BUDGET) queue[index++]!()
  queue.splice(0, index)
}

// Errors

const INITIALIZATION = new Set(['P1000', 'P1001', 'P1002', 'P1003', 'P1010', 'P1011', 'P1013'])

/**
 * Rejects with the error that is made of what was thrown or sent. Its stack names the functions that await the call.
 *
 * V8 finds these by following what waits for the async function that is running, and a reply does not come inside one.
 * So the error is made in the continuation of this one, and only after the promise that the application has was resolved
 * with the promise of this function: resolving takes a turn of the queue of microtasks, hence two of them.
 */
export async function fail(call: Call | undefined, cause: unknown): Promise<never> {
  await undefined
  await undefined
  const error = convert(call, cause)
  if (isThrown(error, Error)) locate(error, call?.trace, fail)
  throw error
}

/**
 * Rejects with the error of a database that cannot be opened, no earlier than a reply of the engine could come. So an
 * address that is not set fails as a file does that is not there. It matters where Next.js prerenders a page with a part
 * that is left to requests, in an image that is built without a database: an error in the turn in which Next.js renders
 * fails the build, a later one belongs to the part that is left out.
 */
function failLate(call: Call | undefined, cause: unknown): Promise<never> {
  return new Promise(resolve => viaPort(() => resolve(fail(call, cause))))
}

function convert(call: Call | undefined, error: unknown): unknown {
  if (isThrown(error, Invalid)) return new PurlinValidationError(withCall(call, error.message))
  if (call !== undefined && isThrown(error, RangeError)) {
    return new PurlinUnknownRequestError(withCall(call, 'the stack or the memory of the process is used up'))
  }
  if (isThrown(error, Error)) return 'clientVersion' in error ? error : withoutValues(error)
  const { code, message, meta } = error as NativeError
  const text = withCall(call, message)
  // P2012, a required value that is missing, is found before anything is sent, as other mistakes are.
  if (code === undefined || code === null || code === 'P2012') return new PurlinValidationError(text)
  if (INITIALIZATION.has(code)) return new PurlinInitializationError(text, { errorCode: code })
  if (code === 'E_INTERNAL') return new PurlinUnknownRequestError(text)
  const facts: Record<string, unknown> = call === undefined ? meta : { modelName: call.model.name, ...meta }
  // A limit is a number, and what Prisma has nothing to say of is null; other facts are text.
  if (code === 'P2029' && 'allowed' in facts) facts['allowed'] = Number(facts['allowed'])
  if (code === 'P2025' && 'model' in facts) facts['neededFor'] ??= null
  return new PurlinKnownRequestError(text, { code, meta: facts })
}

function withCall(call: Call | undefined, message: string): string {
  return call === undefined ? message : `\`${call.model.accessor}.${call.operation}\`: ${message}`
}
