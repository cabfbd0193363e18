/** Where in the application a query was made, for the stack of its error. */

import { ownFolder } from './builtins.js'
import { PurlinUnknownRequestError } from './errors.js'

/** What `Error.captureStackTrace` filled in; its text is made when it is first read. */
export interface Trace {
  readonly stack?: unknown
}

/**
 * Each capture takes some microseconds, and a quick read takes ten: in production only a call that fails takes its
 * stack, which has the functions that await it and not the one that made a query which others await.
 */
const enabled = process.env.NODE_ENV !== 'production'

/** The stack of a call into this package; undefined in production. */
export function calledFrom(): Trace | undefined {
  if (!enabled) return undefined
  const trace: Trace = {}
  Error.captureStackTrace(trace, calledFrom)
  return trace
}

/**
 * Gives an error the frames of the call that it belongs to, else those of the functions that await it, without those of
 * this package. `made` is the function that makes the error.
 */
export function locate(error: Error, trace: Trace | undefined, made: (...args: never[]) => unknown): void {
  if (mistakes.has(error)) return
  const stack = textOf(trace) ?? textOf(stackOf(made))
  // Without frames of its own the error has those of the place where it was made.
  if (stack === undefined) return
  const folder = ownFolder()
  const frames = stack
    .split('\n')
    .filter(line => line.startsWith('    at ') && !(folder !== undefined && line.includes(folder)))
  if (frames.length === 0) return
  Object.defineProperty(error, 'stack', {
    value: [`${error.name}: ${error.message}`, ...frames].join('\n'),
    writable: true,
    configurable: true,
  })
}

/** How many frames of this package may stand between those of the application. */
const OWN_FRAMES = 6

/** The stack below a function. */
function stackOf(made: (...args: never[]) => unknown): Trace {
  const trace: Trace = {}
  const { stackTraceLimit } = Error
  // Where the limit cannot be set, as with `--frozen-intrinsics`, there are fewer frames.
  const raised =
    typeof stackTraceLimit === 'number' && Reflect.set(Error, 'stackTraceLimit', stackTraceLimit + OWN_FRAMES)
  Error.captureStackTrace(trace, made)
  if (raised) Error.stackTraceLimit = stackTraceLimit
  return trace
}

/** The text of a stack. The application's `Error.prepareStackTrace` may make something else of it, or fail. */
function textOf(trace: Trace | undefined): string | undefined {
  try {
    const stack: unknown = trace?.stack
    return typeof stack === 'string' ? stack : undefined
  } catch {
    return undefined
  }
}

// Mistakes of this package

/** They keep the stack that shows where they are. */
const mistakes = new WeakSet<Error>()

/**
 * Whether an error is a mistake of this package, and not what code of the caller threw. Where a proxy breaks its rules, V8
 * fails inside of this package as well.
 */
export function isMistake(error: unknown): error is Error {
  try {
    if (!(error instanceof Error) || /\bproxy\b/i.test(error.message)) return false
    const [frame] = framesOf(error)
    const folder = ownFolder()
    return folder !== undefined && frame?.includes(folder) === true
  } catch {
    return false
  }
}

/** The error for a mistake of this package, with its stack. The text of V8 may hold a value. */
export function withoutValues(mistake: Error): PurlinUnknownRequestError {
  const error = new PurlinUnknownRequestError(
    'purlin has failed in code of its own: this is a mistake of purlin, please report its stack',
  )
  const stack = [`${error.name}: ${error.message}`, ...framesOf(mistake)].join('\n')
  Object.defineProperty(error, 'stack', { value: stack, writable: true, configurable: true })
  mistakes.add(error)
  return error
}

/** The frames of an error: none where `Error.prepareStackTrace` makes something else of them. */
function framesOf({ stack, message }: Error): string[] {
  if (typeof stack !== 'string') return []
  // The message may have lines that look like frames.
  const at = stack.indexOf(message)
  return stack
    .slice(at < 0 ? 0 : at + message.length)
    .split('\n')
    .filter(line => line.startsWith('    at '))
}
