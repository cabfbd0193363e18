/** The addon, and where it is found. */

import { fs, here, nodeModule, path } from './builtins.js'
import { PurlinInitializationError } from './errors.js'
import { PROTOCOL } from './protocol.js'
import type { EngineValue } from './values.js'

/** An error as the addon throws it and sends it. */
export interface NativeError {
  code?: string | null
  message: string
  meta: Record<string, string | string[]>
}

/** A database seen through a catalog. */
export interface NativeEngine {
  database(): number
  hasOneConnection(): boolean
  register(shape: string): number[]
  /** By which `runInline` knows it, in this thread. */
  number(): number
  run(port: NativePort, request: number, id: number, values: EngineValue[]): boolean
  runIn(port: NativePort, request: number, transaction: NativeTransaction, id: number, values: EngineValue[]): boolean
  begin(
    port: NativePort,
    request: number,
    transaction: NativeTransaction,
    maxWait: number,
    timeout: number,
    idle?: number,
  ): void
  connect(port: NativePort, request: number): void
  close(port: NativePort, request: number): void
}

/** A transaction. */
export interface NativeTransaction {
  end(port: NativePort, request: number, commit: boolean): void
}

/** The way back to this thread. */
export interface NativePort {
  take(scratch: Uint8Array, request: number): boolean
  /** How many bytes the reply had of which objects are being made. */
  building(bytes: number): void
}

/** What a port's callback gets: `kind` is `SETTLED_ROWS` or one of its like. */
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
  /** `catalog`: the text that the generated client carries; `options`: an object as JSON. */
  Engine: { open(catalog: string, url: string, options: string): NativeEngine }
  Port: new (callback: Settled) => NativePort
  Transaction: new () => NativeTransaction
  /** A quick read on this thread, by the number of an engine; returns the size of the reply, or why there is none. */
  runInline(engine: number, id: number, values: EngineValue[], scratch: Uint8Array): number
  /** The reply that `runInline` left. */
  takeInline(scratch: Uint8Array): boolean
}

let loaded: Native | undefined

/** Loads the addon: the one that lies in this package, else that of the platform's package. */
export function native(): Native {
  if (loaded !== undefined) return loaded
  const { platform, arch } = process
  const failures: unknown[] = []
  for (const file of files()) {
    try {
      // Not `require` itself, which bundlers look for: they cannot take an addon in.
      const addon = nodeModule.createRequire(file)(file) as Native
      if (addon.protocol() !== PROTOCOL) {
        throw new Error(
          `the addon speaks protocol ${addon.protocol()}, this package ${PROTOCOL}: install equal versions`,
        )
      }
      loaded = addon
      return addon
    } catch (error) {
      failures.push(error)
    }
  }
  const message =
    failures.length === 0
      ? `purlin has no engine for ${platform}-${arch} here: install it again without leaving out optional dependencies; ` +
        'where a bundler has taken purlin in, leave the package `purlin` external (in Next.js by `withPurlin` of ' +
        'purlin/next) and install it beside the bundle'
      : `the engine of purlin for ${platform}-${arch} does not load: ${(failures[0] as Error).message}`
  throw new PurlinInitializationError(message)
}

/**
 * Where the addon is, the likeliest place first. In a bundle this file is somewhere else: there the addon is that of the
 * installed package, as the bundle or the working directory finds it, or it was copied beside the bundle.
 */
function* files(): Generator<string> {
  const names = platforms()
  if (here !== undefined) yield* existing(traced())
  for (const name of names) yield* resolved(here, `purlin-${name}`)
  for (const from of [here, process.cwd()]) {
    for (const manifest of resolved(from, 'purlin/package.json')) {
      const folder = path.dirname(manifest)
      yield* existing(names.map(name => path.join(folder, 'native', `purlin.${name}.node`)))
      for (const name of names) yield* resolved(folder, `purlin-${name}`)
    }
  }
  const beside = here ?? process.cwd()
  yield* existing(names.map(name => path.join(beside, `purlin.${name}.node`)))
}

/** What the platform is called. Which C library a Linux has shows by which file is there. */
function platforms(): readonly string[] {
  const name = `${process.platform}-${process.arch}`
  if (process.platform === 'linux') return [`${name}-gnu`, `${name}-musl`]
  return [process.platform === 'win32' ? `${name}-msvc` : name]
}

/**
 * Literal paths, so that those who copy what an application needs find the file: Next.js for `standalone`, for example. Its
 * tracer follows `path.join` where `path` is required in the same file, and no other way to write it.
 */
function traced(): readonly string[] {
  const path = require('node:path') as typeof import('node:path')
  switch (`${process.platform}-${process.arch}`) {
    case 'linux-x64':
      return [
        path.join(__dirname, '../native/purlin.linux-x64-gnu.node'),
        path.join(__dirname, '../native/purlin.linux-x64-musl.node'),
      ]
    case 'linux-arm64':
      return [
        path.join(__dirname, '../native/purlin.linux-arm64-gnu.node'),
        path.join(__dirname, '../native/purlin.linux-arm64-musl.node'),
      ]
    case 'darwin-arm64':
      return [path.join(__dirname, '../native/purlin.darwin-arm64.node')]
    case 'darwin-x64':
      return [path.join(__dirname, '../native/purlin.darwin-x64.node')]
    case 'win32-x64':
      return [path.join(__dirname, '../native/purlin.win32-x64-msvc.node')]
    case 'win32-arm64':
      return [path.join(__dirname, '../native/purlin.win32-arm64-msvc.node')]
    default:
      return []
  }
}

function* existing(files: readonly string[]): Generator<string> {
  for (const file of files) if (fs.existsSync(file)) yield file
}

/** A module, as a folder finds it. */
function* resolved(folder: string | undefined, module: string): Generator<string> {
  if (folder === undefined) return
  try {
    yield nodeModule.createRequire(path.join(folder, 'index.js')).resolve(module)
  } catch {
    // It is not installed there.
  }
}
