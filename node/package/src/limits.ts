/** The limits and time-outs of a client: their defaults, and what users may write for them. */

import { PurlinValidationError, printable, suggestion } from './errors.js'
import type { ClientLimits, EngineOptions } from './types.js'
import { ownMembers } from './options.js'
import { describe, describeNumber } from './values.js'

/** A complete set of limits. */
export type Limits = Required<ClientLimits>

/** What the engine has for a limit that is not given: query/src/limits.rs. */
const DEFAULTS: Limits = {
  nodes: 2_000,
  filterDepth: 32,
  relationDepth: 8,
  dataNodes: 20_000,
  listValues: 100_000,
  inputBytes: 16 * 1024 * 1024,
  jsonNodes: 100_000,
  jsonDepth: 100,
  rows: 10_000,
  objects: 250_000,
  resultBytes: 64 * 1024 * 1024,
}

const U32 = 0xffff_ffff

/**
 * The largest value of each limit. Those of the first four are what the database compiles and what the stack of a thread
 * holds: query/src/limits.rs.
 */
const MOST: Limits = {
  nodes: 16_000,
  filterDepth: 64,
  relationDepth: 64,
  dataNodes: 49_000,
  listValues: U32,
  inputBytes: Number.MAX_SAFE_INTEGER,
  jsonNodes: U32,
  jsonDepth: 1_000,
  rows: Number.MAX_SAFE_INTEGER,
  objects: Number.MAX_SAFE_INTEGER,
  resultBytes: Number.MAX_SAFE_INTEGER,
}

const NUMBERS = { statementTimeout: U32, queueTimeout: U32, queueLength: U32, queueBytes: Number.MAX_SAFE_INTEGER }
type NumberOption = keyof typeof NUMBERS

/** The names of the options that this file reads. */
export const ENGINE_OPTIONS: readonly string[] = ['limits', ...Object.keys(NUMBERS)]

/** How the arguments of a call are encoded. */
export interface EncodeOptions {
  readonly limits: Limits
  /** Whether an `updateMany` or `deleteMany` may have a `where` without a condition. */
  readonly emptyWhere: boolean
  /** Whether members that are undefined are refused; else they are left out. */
  readonly strictUndefined: boolean
}

/** How calls are encoded when a client has no options. */
export const ENCODE_DEFAULTS: EncodeOptions = { limits: DEFAULTS, emptyWhere: false, strictUndefined: true }

/** The options of a client as the engine takes them, and the limits that the encoder needs itself. */
export interface CheckedOptions {
  readonly limits: Limits
  /** What goes to the engine, as JSON: what is not given has the engine's default. */
  readonly engine: string
}

/** Reads the options of the generated client and those that the constructor was given, which go first. */
export function engineOptions(generated: EngineOptions | undefined, given: EngineOptions): CheckedOptions {
  const limits: ClientLimits = {}
  const numbers: { [K in NumberOption]?: number } = {}
  for (const options of [generated ?? {}, given]) {
    // The generator lets through what is above the ceiling of a limit; it means the ceiling, as it does in Rust.
    const read = options === given ? number : atMost
    for (const name of Object.keys(NUMBERS) as NumberOption[]) {
      const value = member(options, name)
      if (value !== undefined) numbers[name] = read(name, value, NUMBERS[name])
    }
    const ofOption = member(options, 'limits')
    if (ofOption === undefined) continue
    const members = ownMembers('the option `limits` of the client', ofOption)
    for (const name of Object.keys(members)) {
      if (!Object.hasOwn(DEFAULTS, name)) {
        const hint = suggestion(name, Object.keys(DEFAULTS)) || `; known: ${Object.keys(DEFAULTS).join(', ')}`
        throw new PurlinValidationError(
          `the option \`limits\` of the client has no limit \`${printable(name)}\`${hint}`,
        )
      }
      const key = name as keyof Limits
      const value = members[name]
      if (value !== undefined) limits[key] = read(`limits.${name}`, value, MOST[key])
    }
  }
  // The engine gets Json values as text.
  const { jsonNodes: _, jsonDepth: __, ...ofTheEngine } = limits
  return { limits: { ...DEFAULTS, ...limits }, engine: JSON.stringify({ ...numbers, limits: ofTheEngine }) }
}

function member(options: EngineOptions, name: string): unknown {
  return Object.hasOwn(options, name) ? (options as Record<string, unknown>)[name] : undefined
}

/** A positive integer; Infinity is the largest that there is. */
function number(name: string, value: unknown, most: number): number {
  if (value === Infinity) return most
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value
  const got =
    typeof value !== 'number' ? describe(value) : Number.isInteger(value) ? 'another integer' : describeNumber(value)
  throw new PurlinValidationError(
    `the option \`${name}\` of the client expects an integer from 1 to ${most}, or Infinity, got ${got}`,
  )
}

function atMost(name: string, value: unknown, most: number): number {
  return number(name, typeof value === 'number' && value > most ? most : value, most)
}
