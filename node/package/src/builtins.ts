/**
 * Modules of Node, as a bundle of ES modules can have them too: such a bundle has no `require`, and bundlers put a function
 * that throws in its place. Node before 20.16 has no other way; there such a bundle leaves the package external.
 */

export const fs = process.getBuiltinModule?.('node:fs') ?? (require('node:fs') as typeof import('node:fs'))
export const path = process.getBuiltinModule?.('node:path') ?? (require('node:path') as typeof import('node:path'))
export const nodeModule =
  process.getBuiltinModule?.('node:module') ?? (require('node:module') as typeof import('node:module'))
export const timers =
  process.getBuiltinModule?.('node:timers') ?? (require('node:timers') as typeof import('node:timers'))
export const util = process.getBuiltinModule?.('node:util') ?? (require('node:util') as typeof import('node:util'))
export const asyncHooks =
  process.getBuiltinModule?.('node:async_hooks') ?? (require('node:async_hooks') as typeof import('node:async_hooks'))
export const perfHooks =
  process.getBuiltinModule?.('node:perf_hooks') ?? (require('node:perf_hooks') as typeof import('node:perf_hooks'))

/** Loaded by the few programs that need it: with it come streams, which take as long as a quarter of this package. */
export function workerThreads(): typeof import('node:worker_threads') {
  return (
    process.getBuiltinModule?.('node:worker_threads') ??
    (require('node:worker_threads') as typeof import('node:worker_threads'))
  )
}

/** The folder of this file; undefined in a bundle of ES modules. */
export const here = typeof __dirname === 'string' ? __dirname : undefined

let packageFolder: string | false | undefined

/**
 * Where the files of this package are; undefined in a bundle of an application, whose one file has the code of both. The
 * manifest beside the folder tells them apart, which is read when the first error asks.
 */
export function ownFolder(): string | undefined {
  if (packageFolder === undefined && here !== undefined) {
    try {
      const manifest = JSON.parse(fs.readFileSync(path.join(here, '../package.json'), 'utf8')) as { name?: unknown }
      packageFolder = manifest.name === 'purlin' ? here : false
    } catch {
      // There is none, or this error has come where the stack or the files are used up: the next one asks again.
    }
  }
  return packageFolder === false ? undefined : packageFolder
}
