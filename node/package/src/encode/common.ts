/** What all parts of the encoder share. */

import { hasBrand } from '../brand.js'
import type { ColumnInfo, FieldInfo, ModelInfo } from '../catalog.js'
import { Code } from '../codes.js'
import { Invalid, bounded, printable, suggestion } from '../errors.js'
import { LATER } from '../later.js'
import type { EncodeOptions, Limits } from '../limits.js'
import {
  byteLength,
  describe,
  encodeValue,
  fullName,
  hasMembers,
  isPlain,
  lengthOf,
  type EngineValue,
} from '../values.js'

/** What each value counts at least against the limit of bytes: a row of small values costs memory too. */
export const LEAST_BYTES = 16

const UNDEFINED =
  'is undefined: leave the member out, or give it the value `Prisma.skip` where it may have to be left out; ' +
  'the option `strictUndefinedChecks: false` of the client leaves out whatever is undefined'

const NO_ELEMENT = 'the elements of a list cannot be left out, remove it from the list'

/** How many steps of a path a message shows at its beginning and at its end. */
const SHOWN_STEPS = 6

/**
 * Where the encoder is, and how much it has met. Everything is counted before it is walked: the arguments may be a graph
 * in which one object occurs many times, or contains itself.
 */
export class Encoder {
  readonly values: EngineValue[] = []
  readonly path: string[] = []
  readonly limits: Limits
  /** Conditions, sort keys and selected fields. */
  nodes = 0
  /** Members of what is written. */
  data = 0
  /** Bytes that values may still have. */
  room: number
  /** How deep in conditions. */
  filterDepth = 0
  /** How deep in relations of a selection, of an order or of what is written. */
  relationDepth = 0
  /** Whether a unique key was among the members of the selector that was encoded last. */
  named = false
  /** How many relations lie between the model of the operation and the condition that is encoded. */
  relations = 0
  /** How many negations are around the condition that is encoded. */
  negations = 0
  /** Whether the condition is that of a write of many rows, which must say something. */
  bulk = false
  /** Whether a list of alternatives was left without one by members that say nothing. */
  emptied = false

  /** Whether members that are undefined are refused. */
  readonly strictUndefined: boolean
  /** Whether the condition of a write of many rows may say nothing. */
  readonly emptyWhere: boolean

  constructor(options: EncodeOptions) {
    this.limits = options.limits
    this.strictUndefined = options.strictUndefined
    this.emptyWhere = options.emptyWhere
    this.room = options.limits.inputBytes
  }

  /**
   * Whether a member is left out: `Prisma.skip` leaves it out, and undefined where the client lets it.
   */
  leftOut(name: string, value: unknown): boolean {
    if (value !== undefined) return hasBrand(value, 'Skip')
    if (!this.strictUndefined) return true
    this.path.push(name)
    throw new Invalid(UNDEFINED)
  }

  /**
   * Refuses an element of a list that is undefined or `Prisma.skip`, in every client, as Prisma does: the list without it
   * may mean other rows. A hole is undefined. The path ends with the element.
   */
  expectElement(value: unknown): void {
    if (value === undefined) throw new Invalid(`is undefined: ${NO_ELEMENT}`)
    if (typeof value === 'object' && hasBrand(value, 'Skip')) throw new Invalid(`is \`Prisma.skip\`: ${NO_ELEMENT}`)
  }

  /** An argument: undefined when it is left out. */
  argument(args: Record<string, unknown>, name: string): unknown {
    if (!Object.hasOwn(args, name)) return undefined
    const value = args[name]
    return this.leftOut(name, value) ? undefined : value
  }

  /** `select`, `include` or `omit`. Undefined always means that it is not given: a function passes on what it was given. */
  selection(args: Record<string, unknown>, name: string): unknown {
    const value = own(args, name)
    return hasBrand(value, 'Skip') ? undefined : value
  }

  value(column: ColumnInfo, value: unknown): void {
    this.values.push(this.encode(column, value, false))
  }

  /** A value that a column is compared with. */
  compared(column: ColumnInfo, value: unknown): void {
    this.values.push(this.encode(column, value, true))
  }

  /** The value of a column, counted. */
  encode(column: ColumnInfo, value: unknown, compared: boolean): EngineValue {
    const encoded = encodeValue(column, value, compared, this.limits, this.room)
    if (typeof encoded === 'string') this.spend(encoded.length > LEAST_BYTES ? Buffer.byteLength(encoded) : LEAST_BYTES)
    else if (typeof encoded === 'object' && encoded !== null) this.spend(byteLength(encoded as Uint8Array))
    else this.spend(LEAST_BYTES)
    return encoded
  }

  /** Counts bytes of values. */
  spend(bytes: number): void {
    if ((this.room -= Math.max(bytes, LEAST_BYTES)) >= 0) return
    throw this.beyond('inputBytes', 'the values of the call have more than', 'bytes')
  }

  /** The elements of a column of lists. */
  elements(column: ColumnInfo, value: unknown): void {
    this.values.push(this.encodeElements(column, value))
  }

  /** The elements of a column of lists, counted. */
  encodeElements(column: ColumnInfo, given: unknown): EngineValue[] {
    if (!Array.isArray(given)) throw new Invalid(`\`${fullName(column)}\` expects an array, got ${describe(given)}`)
    const length = lengthOf(given)
    this.countList(length)
    const elements: EngineValue[] = []
    for (let index = 0; index < length; index++) {
      const element: unknown = given[index]
      this.path.push(String(index))
      this.expectElement(element)
      elements.push(this.encode(column, element, false))
      this.path.pop()
    }
    return elements
  }

  /** Counts conditions, sort keys or selected fields that are about to be walked. */
  countNodes(count: number): void {
    if ((this.nodes += count) > this.limits.nodes) throw this.tooManyNodes()
  }

  /** Refuses a list before it is walked. Its elements are counted when they are met. */
  expectNodes(count: number): void {
    if (this.nodes + count > this.limits.nodes) throw this.tooManyNodes()
  }

  private tooManyNodes(): Invalid {
    return this.beyond('nodes', 'the query has more than', 'conditions, sort keys and selected fields')
  }

  /** Counts members of what is written. */
  countData(count: number): void {
    if ((this.data += count) > this.limits.dataNodes) throw this.tooMuchData()
  }

  /** Refuses a list of related rows before it is walked. */
  expectData(count: number): void {
    if (this.data + count > this.limits.dataNodes) throw this.tooMuchData()
  }

  private tooMuchData(): Invalid {
    return this.beyond('dataNodes', 'the call writes more than', 'values and related rows')
  }

  countList(length: number): void {
    if (length > this.limits.listValues) throw this.beyond('listValues', 'the list has more than', 'values')
  }

  /** Goes down into conditions; `filterDepth--` comes up again. */
  enterFilter(): void {
    if (++this.filterDepth > this.limits.filterDepth) {
      throw this.beyond('filterDepth', 'conditions nest deeper than', 'levels')
    }
  }

  /** Goes down into a relation; `relationDepth--` comes up again. */
  enterRelation(): void {
    if (++this.relationDepth > this.limits.relationDepth) {
      throw this.beyond('relationDepth', 'relations nest deeper than', 'levels')
    }
  }

  private beyond(limit: keyof Limits, what: string, unit: string): Invalid {
    return new Invalid(
      `${what} ${this.limits[limit]} ${unit}; the option \`limits.${limit}\` of the client allows more`,
    )
  }

  /** The message of an error, with the path of the argument. */
  describe(message: string): string {
    const { path } = this
    const long = path.length > 2 * SHOWN_STEPS
    const steps = long ? [...path.slice(0, SHOWN_STEPS), '...', ...path.slice(-SHOWN_STEPS)] : path
    const text = steps.map(printable).join('.')
    return bounded(text === '' ? message : `argument \`${text}\`: ${message}`)
  }
}

/** A condition that always holds, and one that never does. */
export const TRUE = Code.And + '\0'
export const FALSE = Code.Or + '\0'

/** The arguments that say what to load, and all of a list. */
export const SELECTION = ['select', 'include', 'omit']
export const FIND = ['where', 'orderBy', 'take', 'skip', ...SELECTION]

/** No arguments. */
export const NOTHING: Record<string, unknown> = Object.freeze(Object.create(null) as Record<string, unknown>)

/** The arguments of Prisma's calls that are not supported yet. */
const LATER_ARGUMENTS: Remedies = { ...LATER.find, ...LATER.createMany, ...LATER.bulk }

type Remedies = Readonly<Record<string, string>>
const NOTHING_LATER: Remedies = {}

/** What Prisma has and this client has not yet, at whatever place. */
// biome-ignore format: a list of words, read as a block
const NOT_YET = new Set([
  'cursor', 'distinct', 'relationLoadStrategy', 'limit', 'skipDuplicates', 'mode', 'search', '_relevance', 'path',
  'string_contains', 'string_starts_with', 'string_ends_with', 'array_contains', 'array_starts_with',
  'array_ends_with', '_avg', '_sum', '_min', '_max', 'having', 'by', 'unset',
])

export function argumentsOf(encoder: Encoder, given: unknown, known: readonly string[]): Record<string, unknown> {
  if (!hasMembers(given)) throw new Invalid(`expects an object of arguments, got ${describe(given)}`)
  for (const name of Object.keys(given)) {
    // In this order: the value of a known argument is read once, where it is used.
    if (known.includes(name)) continue
    const value = given[name]
    if (value === undefined ? !encoder.strictUndefined : hasBrand(value, 'Skip')) continue
    throw unknownName(encoder, 'argument', name, known, LATER_ARGUMENTS)
  }
  return given
}

/**
 * Whether what stands for a value of a column is an object of operators. An instance of a class is one where its members
 * are operators: else it is a value of another kind, a date of a library say.
 */
export function isOperators(value: unknown, known: readonly string[]): value is Record<string, unknown> {
  return (
    isPlain(value) || (hasMembers(value) && Object.keys(value).every(name => known.includes(name) || NOT_YET.has(name)))
  )
}

/** The error for a name that is not known here; `later`: what to write instead of those that are not supported yet. */
export function unknownName(
  encoder: Encoder,
  what: string,
  name: string,
  known: Iterable<string>,
  later: Remedies = NOTHING_LATER,
): Invalid {
  const all = [...known]
  const remedy = own(later, name)
  if (remedy !== undefined || NOT_YET.has(name)) {
    encoder.path.push(name)
    return new Invalid(`is not supported yet${remedy === undefined ? `; known here: ${list(all)}` : `: ${remedy}`}`)
  }
  return new Invalid(`unknown ${what} \`${printable(name)}\`${suggestion(name, all) || `; known: ${list(all)}`}`)
}

export function list(names: readonly string[]): string {
  // A column may have the name of an operator.
  const distinct = [...new Set(names)]
  const shown = distinct.slice(0, 24).map(name => `\`${name}\``)
  return shown.join(', ') + (distinct.length > shown.length ? ' ...' : '')
}

export function required(encoder: Encoder, args: Record<string, unknown>, name: string): unknown {
  const value = optional(encoder, args, name)
  if (value === undefined) {
    encoder.path.push(name)
    throw new Invalid('is required')
  }
  return value
}

/** The words of an argument that must be given. */
export function member(
  encoder: Encoder,
  args: Record<string, unknown>,
  name: string,
  encode: (value: unknown) => string,
): string {
  const value = required(encoder, args, name)
  encoder.path.push(name)
  const words = encode(value)
  encoder.path.pop()
  return words
}

/** An argument that may be left out, and is never null. */
export function optional(encoder: Encoder, args: Record<string, unknown>, name: string): unknown {
  const value = encoder.argument(args, name)
  if (value === null) {
    encoder.path.push(name)
    throw new Invalid('is required')
  }
  return value
}

/** A member of the caller's object itself, never of its prototype. */
export function own(object: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** The members of an object that are not left out, each read once. */
export function membersOf(
  encoder: Encoder,
  given: Record<string, unknown>,
  names: readonly string[],
): [string, unknown][] {
  const members: [string, unknown][] = []
  for (const name of names) {
    const value = given[name]
    if (!encoder.leftOut(name, value)) members.push([name, value])
  }
  return members
}

export function fieldOf(encoder: Encoder, model: ModelInfo, name: string): FieldInfo {
  const field = model.fields.get(name)
  if (field === undefined) throw unknownName(encoder, `field of ${model.name}`, name, model.fields.keys())
  return field
}
