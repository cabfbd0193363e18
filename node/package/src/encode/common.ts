/** What all parts of the encoder share. */

import type { ColumnInfo, FieldInfo, ModelInfo } from '../catalog.js'
import { Code } from '../codes.js'
import { Invalid, suggestion } from '../errors.js'
import { describe, encodeElements, encodeValue, isPlain, type EngineValue } from '../values.js'

/** Where the encoder is, for messages. */
export class Encoder {
  readonly values: EngineValue[] = []
  readonly path: string[] = []

  value(column: ColumnInfo, value: unknown): void {
    this.values.push(encodeValue(column, value))
  }

  /** The elements of a column of lists. */
  elements(column: ColumnInfo, value: unknown): void {
    this.values.push(encodeElements(column, value))
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

/** What Prisma has and this client has not yet. */
const NOT_YET = new Set([
  'cursor', 'distinct', 'relationLoadStrategy', 'limit', 'skipDuplicates', 'mode', 'search', '_relevance', 'path',
  'string_contains', 'string_starts_with', 'string_ends_with', 'array_contains', 'array_starts_with',
  'array_ends_with', 'connectOrCreate', 'createMany', 'disconnect', 'update',
  'updateMany', 'upsert', 'delete', 'deleteMany', '_avg', '_sum', '_min', '_max', 'having', 'by', 'unset',
]) // prettier-ignore

export function argumentsOf(encoder: Encoder, given: unknown, known: readonly string[]): Record<string, unknown> {
  if (!isPlain(given)) throw new Invalid(`expects an object of arguments, got ${describe(given)}`)
  for (const name of Object.keys(given)) {
    if (given[name] === undefined || known.includes(name)) continue
    throw unknownName(encoder, 'argument', name, known)
  }
  return given
}

export function unknownName(encoder: Encoder, what: string, name: string, known: Iterable<string>): Invalid {
  const all = [...known]
  if (NOT_YET.has(name)) {
    encoder.path.push(name)
    return new Invalid(`is not supported yet; known here: ${list(all)}`)
  }
  return new Invalid(`unknown ${what} \`${name}\`${suggestion(name, all) || `; known: ${list(all)}`}`)
}

export function list(names: readonly string[]): string {
  const shown = names.slice(0, 24).map(name => `\`${name}\``)
  return shown.join(', ') + (names.length > shown.length ? ' ...' : '')
}

export function required(encoder: Encoder, args: Record<string, unknown>, name: string): unknown {
  const value = own(args, name)
  if (value === undefined || value === null) {
    encoder.path.push(name)
    throw new Invalid('is required')
  }
  return value
}

/** A member of the caller's object itself, never of its prototype. */
export function own(object: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

export function fieldOf(encoder: Encoder, model: ModelInfo, name: string): FieldInfo {
  const field = model.fields.get(name)
  if (field === undefined) throw unknownName(encoder, `field of ${model.name}`, name, model.fields.keys())
  return field
}
