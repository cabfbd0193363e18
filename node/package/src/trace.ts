/** Where in the application a query was made, for the stack of its error. */

/** What `Error.captureStackTrace` filled in; its text is made when it is first read. */
export interface Trace {
  readonly stack?: string
}

/** Each capture takes some microseconds, and a quick read takes ten: what runs in production goes without. */
const enabled = process.env.NODE_ENV !== 'production'

/** The stack of a call into this package; undefined in production. */
export function calledFrom(): Trace | undefined {
  if (!enabled) return undefined
  const trace: Trace = {}
  Error.captureStackTrace(trace, calledFrom)
  return trace
}

/** Gives an error the frames of the call that it belongs to, without those of this package. */
export function locate(error: Error, trace: Trace): void {
  const frames = (trace.stack ?? '').split('\n').filter(line => line.startsWith('    at ') && !line.includes(__dirname))
  if (frames.length === 0) return
  Object.defineProperty(error, 'stack', {
    value: [`${error.name}: ${error.message}`, ...frames].join('\n'),
    writable: true,
    configurable: true,
  })
}
