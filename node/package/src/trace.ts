/** Where in the application a query was made, for the stack of its error. */

import { ownFolder } from './builtins.js'

/** What `Error.captureStackTrace` filled in; its text is made when it is first read. */
export interface Trace {
  readonly stack?: string
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
  const stack = trace?.stack ?? stackOf(made)
  const frames = stack.split('\n').filter(line => line.startsWith('    at ') && !(ownFolder !== undefined && line.includes(ownFolder)))
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
function stackOf(made: (...args: never[]) => unknown): string {
  const trace: Trace = {}
  const { stackTraceLimit } = Error
  // Where the limit cannot be set, as with `--frozen-intrinsics`, there are fewer frames.
  const raised = typeof stackTraceLimit === 'number' && Reflect.set(Error, 'stackTraceLimit', stackTraceLimit + OWN_FRAMES)
  Error.captureStackTrace(trace, made)
  if (raised) Error.stackTraceLimit = stackTraceLimit
  const { stack } = trace
  return typeof stack === 'string' ? stack : ''
}
