/** The addon, and where it is found. */

import { PurlinInitializationError } from './errors.js'
import type { EngineValue } from './values.js'

/** An error as the addon throws it and sends it. */
export interface NativeError {
  code?: string | null
  message: string
  meta: Record<string, string | string[]>
}

/** A database seen through a catalog. */
export interface NativeEngine {
  register(shape: string): number[]
  runInline(id: number, values: EngineValue[], scratch: Uint8Array, port: NativePort): number
  run(port: NativePort, request: number, id: number, values: EngineValue[]): boolean
  runIn(port: NativePort, request: number, transaction: NativeTransaction, id: number, values: EngineValue[]): boolean
  begin(port: NativePort, request: number, transaction: NativeTransaction, maxWait: number, timeout: number): void
  close(): void
}

/** A transaction. */
export interface NativeTransaction {
  end(port: NativePort, request: number, commit: boolean): void
}

/** The way back to this thread. */
export interface NativePort {
  /** Without a request: the reply that `runInline` left. */
  take(scratch: Uint8Array, request?: number): boolean
}

/** What a port's callback gets: the kinds are 0 rows, 1 number, 2 numbers, 3 done, 4 error. */
export type Settled = (
  request: number,
  kind: number,
  number: number,
  numbers: number[] | undefined,
  error: NativeError | undefined,
) => void

/** The addon. */
export interface Native {
  protocol(): number
  /** `options`: an object as JSON. */
  Engine: { open(catalog: string, url: string, options: string): NativeEngine }
  Port: new (callback: Settled) => NativePort
  Transaction: new () => NativeTransaction
}

/** The version of the form of shapes, values and replies. */
const PROTOCOL = 3

let loaded: Native | undefined

/** Loads the addon: the one that lies in this package, else that of the platform's package. */
export function native(): Native {
  if (loaded !== undefined) return loaded
  const { platform, arch } = process
  const failures: unknown[] = []
  for (const load of candidates()) {
    try {
      const addon = load() as Native
      if (addon.protocol() !== PROTOCOL) {
        throw new Error(`the addon speaks protocol ${addon.protocol()}, this package ${PROTOCOL}: install equal versions`)
      }
      loaded = addon
      return addon
    } catch (error) {
      failures.push(error)
    }
  }
  // An addon that is there and does not load tells more than one that is not there.
  const reason = failures.find(error => (error as { code?: unknown }).code !== 'MODULE_NOT_FOUND')
  const message =
    reason === undefined
      ? `purlin has no engine for ${platform}-${arch} here: install it again without leaving out optional dependencies; ` +
        'in Next.js wrap the configuration in `withPurlin` of purlin/next'
      : `the engine of purlin for ${platform}-${arch} does not load: ${(reason as Error).message}`
  throw new PurlinInitializationError(message)
}

/**
 * Literal paths, so that bundlers and tracers find the files. Which C library a Linux has shows by which package npm
 * has installed; asking for it costs more than trying. A bundler that takes this file in shows the lines that it
 * fails at, cut to some seventy characters: the remedy stands among them.
 */
function candidates(): (() => unknown)[] {
  switch (`${process.platform}-${process.arch}`) {
    case 'linux-x64':
      return [
        // Next.js: wrap the configuration in withPurlin (purlin/next)
        () => require('../native/purlin.linux-x64-gnu.node'),
        () => require('purlin-linux-x64-gnu'),
        // Next.js: wrap the configuration in withPurlin (purlin/next)
        () => require('../native/purlin.linux-x64-musl.node'),
        () => require('purlin-linux-x64-musl'),
      ]
    case 'linux-arm64':
      return [
        // Next.js: wrap the configuration in withPurlin (purlin/next)
        () => require('../native/purlin.linux-arm64-gnu.node'),
        () => require('purlin-linux-arm64-gnu'),
        // Next.js: wrap the configuration in withPurlin (purlin/next)
        () => require('../native/purlin.linux-arm64-musl.node'),
        () => require('purlin-linux-arm64-musl'),
      ]
    case 'darwin-arm64':
      return [
        // Next.js: wrap the configuration in withPurlin (purlin/next)
        () => require('../native/purlin.darwin-arm64.node'),
        () => require('purlin-darwin-arm64'),
      ]
    case 'darwin-x64':
      return [
        // Next.js: wrap the configuration in withPurlin (purlin/next)
        () => require('../native/purlin.darwin-x64.node'),
        () => require('purlin-darwin-x64'),
      ]
    case 'win32-x64':
      return [
        // Next.js: wrap the configuration in withPurlin (purlin/next)
        () => require('../native/purlin.win32-x64-msvc.node'),
        () => require('purlin-win32-x64-msvc'),
      ]
    case 'win32-arm64':
      return [
        // Next.js: wrap the configuration in withPurlin (purlin/next)
        () => require('../native/purlin.win32-arm64-msvc.node'),
        () => require('purlin-win32-arm64-msvc'),
      ]
    default:
      return []
  }
}
