/**
 * From the arguments of a call to its shape and its values.
 *
 * The shape is a string of 16-bit words (the grammar is in the engine, query/src/shape.rs): operators, indices of
 * fields, nulls, lengths. It never holds a name or a value of the caller, so calls that differ in values only have
 * equal shapes, and nothing that a caller writes becomes an identifier. Values go into a list beside it, in the order
 * in which the shape mentions them.
 */

import { Kind, type ColumnInfo, type FieldInfo, type ModelInfo, type RelationInfo } from './catalog.js'
import { Code } from './codes.js'
import { Invalid, suggestion } from './errors.js'
import {
  AnyNull,
  DbNull,
  JsonNull,
  describe,
  encodeValue,
  fullName,
  isPlain,
  mismatch,
  type EngineValue,
} from './values.js'

/** The operations, as users call them. */
export type Operation =
  | 'findUnique'
  | 'findUniqueOrThrow'
  | 'findFirst'
  | 'findFirstOrThrow'
  | 'findMany'
  | 'count'
  | 'create'
  | 'createMany'
  | 'update'
  | 'updateMany'
  | 'delete'
  | 'deleteMany'

/** A call, as the engine takes it. */
export interface Encoded {
  shape: string
  values: EngineValue[]
  /** The members of the result of `count` with `select`. */
  counted: string[] | undefined
}

/** Where the encoder is, for messages. */
class Encoder {
  readonly values: EngineValue[] = []
  readonly path: string[] = []

  value(column: ColumnInfo, value: unknown): void {
    this.values.push(encodeValue(column, value))
  }
}

/** What Prisma has and this client has not yet. */
const NOT_YET = new Set([
  'cursor', 'distinct', 'relationLoadStrategy', 'limit', 'skipDuplicates', 'mode', 'search', '_relevance', 'path',
  'string_contains', 'string_starts_with', 'string_ends_with', 'array_contains', 'array_starts_with',
  'array_ends_with', 'has', 'hasEvery', 'hasSome', 'isEmpty', 'connectOrCreate', 'createMany', 'disconnect', 'update',
  'updateMany', 'upsert', 'delete', 'deleteMany', '_avg', '_sum', '_min', '_max', 'having', 'by', 'push', 'unset',
]) // prettier-ignore

const SELECTION = ['select', 'include', 'omit']
const FIND = ['where', 'orderBy', 'take', 'skip', ...SELECTION]
const ARGUMENTS: { [O in Operation]: readonly string[] } = {
  findUnique: ['where', ...SELECTION],
  findUniqueOrThrow: ['where', ...SELECTION],
  findFirst: FIND,
  findFirstOrThrow: FIND,
  findMany: FIND,
  count: ['where', 'orderBy', 'take', 'skip', 'select'],
  create: ['data', ...SELECTION],
  createMany: ['data'],
  update: ['where', 'data', ...SELECTION],
  updateMany: ['where', 'data'],
  delete: ['where', ...SELECTION],
  deleteMany: ['where'],
}
const TO_ONE = ['where', ...SELECTION]

const NOTHING: Record<string, unknown> = Object.freeze(Object.create(null) as Record<string, unknown>)

/** A condition that always holds, and one that never does. */
const TRUE = Code.And + '\0'
const FALSE = Code.Or + '\0'

/** Encodes a call; throws an Error whose message names the argument. `undefined`: nothing is to be done. */
export function encode(model: ModelInfo, operation: Operation, given: unknown): Encoded | undefined {
  const encoder = new Encoder()
  try {
    const args = given === undefined || given === null ? NOTHING : argumentsOf(encoder, given, ARGUMENTS[operation])
    let counted: string[] | undefined
    let shape: string
    switch (operation) {
      case 'findMany':
        shape = Code.FindMany + model.word + find(encoder, model, args) + selection(encoder, model, args)
        break
      case 'findFirst':
      case 'findFirstOrThrow':
        if (![undefined, 1, -1].includes(own(args, 'take') as number | undefined)) {
          encoder.path.push('take')
          throw new Invalid('is 1 or -1 in this call')
        }
        shape = Code.FindFirst + model.word + find(encoder, model, args) + selection(encoder, model, args)
        break
      case 'findUnique':
      case 'findUniqueOrThrow':
        shape = Code.FindUnique + model.word + Code.Where + uniqueWhere(encoder, model, args) + Code.End
        shape += selection(encoder, model, args)
        break
      case 'count': {
        const rows = Code.Count + model.word + find(encoder, model, args)
        const select = own(args, 'select')
        counted = select === undefined ? undefined : countedFields(encoder, model, select)
        shape = rows + countWords(model, counted)
        break
      }
      case 'create':
        shape = Code.Create + model.word + writes(encoder, model, required(encoder, args, 'data'), 'data', true)
        shape += selection(encoder, model, args)
        break
      case 'createMany': {
        const rows = newRows(encoder, model, required(encoder, args, 'data'))
        if (rows === undefined) return undefined
        shape = Code.CreateMany + model.word + rows
        break
      }
      case 'update':
        shape = Code.Update + model.word + uniqueWhere(encoder, model, args)
        shape += writes(encoder, model, required(encoder, args, 'data'), 'data', false)
        shape += selection(encoder, model, args)
        break
      case 'updateMany':
        shape = Code.UpdateMany + model.word + (where(encoder, model, args) || TRUE)
        shape += writes(encoder, model, required(encoder, args, 'data'), 'data', false)
        break
      case 'delete':
        shape = Code.Delete + model.word + uniqueWhere(encoder, model, args) + selection(encoder, model, args)
        break
      case 'deleteMany':
        shape = Code.DeleteMany + model.word + (where(encoder, model, args) || TRUE)
        break
    }
    return { shape, values: encoder.values, counted }
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    const path = encoder.path.join('.')
    throw new Invalid(path === '' ? error.message : `argument \`${path}\`: ${error.message}`)
  }
}

function argumentsOf(encoder: Encoder, given: unknown, known: readonly string[]): Record<string, unknown> {
  if (!isPlain(given)) throw new Invalid(`expects an object of arguments, got ${describe(given)}`)
  for (const name of Object.keys(given)) {
    if (given[name] === undefined || known.includes(name)) continue
    throw unknownName(encoder, 'argument', name, known)
  }
  return given
}

function unknownName(encoder: Encoder, what: string, name: string, known: Iterable<string>): Invalid {
  const all = [...known]
  if (NOT_YET.has(name)) {
    encoder.path.push(name)
    return new Invalid(`is not supported yet; known here: ${list(all)}`)
  }
  return new Invalid(`unknown ${what} \`${name}\`${suggestion(name, all) || `; known: ${list(all)}`}`)
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 24).map(name => `\`${name}\``)
  return shown.join(', ') + (names.length > shown.length ? ' ...' : '')
}

function required(encoder: Encoder, args: Record<string, unknown>, name: string): unknown {
  const value = own(args, name)
  if (value === undefined || value === null) {
    encoder.path.push(name)
    throw new Invalid('is required')
  }
  return value
}

/** A member of the caller's object itself, never of its prototype. */
function own(object: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

// Which rows, in which order, how many

function find(encoder: Encoder, model: ModelInfo, args: Record<string, unknown>): string {
  if (args === NOTHING) return Code.End
  const filter = where(encoder, model, args)
  let words = filter === '' ? '' : Code.Where + filter
  const orderBy = own(args, 'orderBy')
  if (orderBy !== undefined) words += orders(encoder, model, orderBy)
  const take = own(args, 'take')
  if (take !== undefined) {
    const count = integer(encoder, 'take', take)
    words += count < 0 ? Code.TakeLast : Code.Take
    encoder.values.push(Math.abs(count))
  }
  const skip = own(args, 'skip')
  if (skip !== undefined) {
    const count = integer(encoder, 'skip', skip)
    if (count < 0) {
      encoder.path.push('skip')
      throw new Invalid('expects an integer that is not negative')
    }
    words += Code.Skip
    encoder.values.push(count)
  }
  return words + Code.End
}

function integer(encoder: Encoder, name: string, value: unknown): number {
  if (typeof value === 'number' && (value | 0) === value) return value
  encoder.path.push(name)
  throw new Invalid(`expects an integer, got ${typeof value === 'number' ? 'another number' : describe(value)}`)
}

function orders(encoder: Encoder, model: ModelInfo, given: unknown): string {
  encoder.path.push('orderBy')
  let words = ''
  if (Array.isArray(given)) {
    for (let index = 0; index < given.length; index++) {
      encoder.path.push(String(index))
      words += order(encoder, model, given[index], '', 0)
      encoder.path.pop()
    }
  } else {
    words = order(encoder, model, given, '', 0)
  }
  encoder.path.pop()
  return words
}

/** One sort key; `path` are the relations before it. */
function order(encoder: Encoder, model: ModelInfo, given: unknown, path: string, length: number): string {
  if (given === undefined) return ''
  if (!isPlain(given)) throw new Invalid(`expects an object like { ${model.list[0]?.name}: 'asc' }, got ${describe(given)}`)
  const names = Object.keys(given).filter(name => given[name] !== undefined)
  if (names.length === 0) return ''
  if (names.length > 1) throw new Invalid('has several members: write a list of objects with one member each')
  const name = names[0]!
  const field = fieldOf(encoder, model, name)
  const value = given[name]
  encoder.path.push(name)
  let words: string
  if (!field.relation) {
    words = Code.OrderBy + direction(encoder, value) + String.fromCharCode(length) + path + Code.Field + field.word
  } else if (field.many) {
    if (!isPlain(value)) throw new Invalid(`expects { _count: 'asc' } or { _count: 'desc' }, got ${describe(value)}`)
    const unknown = Object.keys(value).find(name => name !== '_count')
    if (unknown !== undefined) throw unknownName(encoder, 'member', unknown, ['_count'])
    const by = own(value, '_count')
    encoder.path.push('_count')
    words =
      by === undefined
        ? ''
        : Code.OrderBy + direction(encoder, by) + String.fromCharCode(length) + path + Code.Count + field.word
    encoder.path.pop()
  } else {
    words = order(encoder, field.target, value, path + field.word, length + 1)
  }
  encoder.path.pop()
  return words
}

function direction(encoder: Encoder, value: unknown): string {
  if (value === 'asc') return Code.Ascending
  if (value === 'desc') return Code.Descending
  if (!isPlain(value)) throw new Invalid("expects 'asc', 'desc' or { sort, nulls }")
  for (const name of Object.keys(value)) {
    if (name !== 'sort' && name !== 'nulls') throw unknownName(encoder, 'member', name, ['sort', 'nulls'])
  }
  const sort = own(value, 'sort')
  const nulls = own(value, 'nulls')
  if (sort !== 'asc' && sort !== 'desc') throw new Invalid("expects `sort` to be 'asc' or 'desc'")
  const words = sort === 'asc' ? Code.Ascending : Code.Descending
  if (nulls === undefined) return words
  if (nulls !== 'first' && nulls !== 'last') throw new Invalid("expects `nulls` to be 'first' or 'last'")
  return words + (nulls === 'first' ? Code.NullsFirst : Code.NullsLast)
}

// Conditions. Each function gives the words of a condition, or '' when there is none.

function where(encoder: Encoder, model: ModelInfo, args: Record<string, unknown>): string {
  const given = own(args, 'where')
  if (given === undefined || given === null) return ''
  encoder.path.push('where')
  const words = filter(encoder, model, given, true, false)
  encoder.path.pop()
  return words
}

function uniqueWhere(encoder: Encoder, model: ModelInfo, args: Record<string, unknown>): string {
  const given = required(encoder, args, 'where')
  encoder.path.push('where')
  const words = unique(encoder, model, given)
  encoder.path.pop()
  return words
}

/** A condition that names one row. The engine checks that it does. */
function unique(encoder: Encoder, model: ModelInfo, given: unknown): string {
  const words = filter(encoder, model, given, true, true)
  if (words === '') throw new Invalid(`must name one row of ${model.name} by a unique key: ${list(model.keys)}`)
  return words
}

/**
 * The members of an object, all of which must hold. `top` says that it is a `where` itself: only there an empty `OR`
 * means that nothing matches; deeper, and where its members are empty themselves, a group is left out.
 */
function filter(encoder: Encoder, model: ModelInfo, given: unknown, top: boolean, selectors: boolean): string {
  if (!isPlain(given)) throw new Invalid(`expects an object of conditions, got ${describe(given)}`)
  let words = ''
  let count = 0
  const names = Object.keys(given)
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    const value = given[name]
    if (value === undefined) continue
    encoder.path.push(name)
    const field = model.fields.get(name)
    let part: string
    if (field !== undefined) {
      part = field.relation ? relationFilter(encoder, field, value) : columnFilter(encoder, field, value)
    } else if (name === 'AND' || name === 'OR' || name === 'NOT') {
      part = group(encoder, model, name, value, top)
    } else {
      const columns = selectors ? model.compound.get(name) : undefined
      if (columns === undefined) {
        encoder.path.pop()
        const known = [...model.fields.keys(), 'AND', 'OR', 'NOT', ...(selectors ? model.compound.keys() : [])]
        throw unknownName(encoder, `field of ${model.name}`, name, known)
      }
      part = compoundKey(encoder, columns, value)
    }
    encoder.path.pop()
    if (part !== '') {
      words += part
      count++
    }
  }
  return count > 1 ? Code.And + String.fromCharCode(count) + words : words
}

function compoundKey(encoder: Encoder, columns: readonly ColumnInfo[], given: unknown): string {
  if (!isPlain(given)) throw new Invalid(`expects an object with ${list(columns.map(column => column.name))}`)
  for (const name of Object.keys(given)) {
    if (!columns.some(column => column.name === name)) {
      throw unknownName(encoder, 'member', name, columns.map(column => column.name))
    }
  }
  let words = Code.And + String.fromCharCode(columns.length)
  for (const column of columns) {
    const value = own(given, column.name)
    encoder.path.push(column.name)
    if (value === undefined || value === null) throw new Invalid('is required and cannot be null')
    words += Code.Equals + column.word
    encoder.value(column, value)
    encoder.path.pop()
  }
  return words
}

function group(encoder: Encoder, model: ModelInfo, name: 'AND' | 'OR' | 'NOT', given: unknown, top: boolean): string {
  if (name === 'OR' && !Array.isArray(given)) throw new Invalid(`expects a list of conditions, got ${describe(given)}`)
  const members: unknown[] = Array.isArray(given) ? given : [given]
  let words = ''
  let count = 0
  for (let index = 0; index < members.length; index++) {
    const member = members[index]
    if (member === undefined) continue
    encoder.path.push(String(index))
    const part = filter(encoder, model, member, false, false)
    encoder.path.pop()
    if (part === '') continue
    words += name === 'NOT' ? Code.Not + part : part
    count++
  }
  if (count === 0) return name === 'OR' && top ? FALSE : ''
  if (count === 1) return words
  return (name === 'OR' ? Code.Or : Code.And) + String.fromCharCode(count) + words
}

const COMPARE: ReadonlyMap<string, string> = new Map([
  ['lt', Code.Less],
  ['lte', Code.LessOrEqual],
  ['gt', Code.Greater],
  ['gte', Code.GreaterOrEqual],
  ['contains', Code.Contains],
  ['startsWith', Code.StartsWith],
  ['endsWith', Code.EndsWith],
])
const EQUALITY = ['equals', 'in', 'notIn', 'not']
const ORDERED = [...EQUALITY, 'lt', 'lte', 'gt', 'gte']
const OPERATORS: { [K in Kind]: readonly string[] } = {
  [Kind.String]: [...ORDERED, 'contains', 'startsWith', 'endsWith'],
  [Kind.Boolean]: ['equals', 'not'],
  [Kind.Int]: ORDERED,
  [Kind.BigInt]: ORDERED,
  [Kind.Float]: ORDERED,
  [Kind.Decimal]: ORDERED,
  [Kind.DateTime]: ORDERED,
  [Kind.Json]: ['equals', 'not'],
  [Kind.Bytes]: EQUALITY,
  [Kind.Enum]: EQUALITY,
}

function columnFilter(encoder: Encoder, column: ColumnInfo, given: unknown): string {
  if (column.kind !== Kind.Json) {
    if (given === null) return isNull(column)
    if (typeof given !== 'object' || !isPlain(given)) {
      if (Array.isArray(given)) throw mismatch(column, given)
      encoder.value(column, given)
      return Code.Equals + column.word
    }
  } else if (given instanceof DbNull || given instanceof JsonNull || given instanceof AnyNull) {
    return equals(encoder, column, given)
  } else if (!isPlain(given)) {
    throw new Invalid('a Json column is compared by { equals: .. } or { not: .. }')
  }
  return operators(encoder, column, given)
}

function operators(encoder: Encoder, column: ColumnInfo, given: Record<string, unknown>): string {
  let words = ''
  let count = 0
  const known = OPERATORS[column.kind]
  for (const name of Object.keys(given)) {
    const value = given[name]
    if (value === undefined) continue
    if (!known.includes(name)) {
      // `mode: 'default'` asks for what happens anyway.
      if (name === 'mode' && value === 'default' && column.kind === Kind.String) continue
      throw unknownName(encoder, `operator of \`${fullName(column)}\``, name, known)
    }
    encoder.path.push(name)
    const part = operator(encoder, column, name, value)
    encoder.path.pop()
    if (part === '') continue
    words += part
    count++
  }
  return count > 1 ? Code.And + String.fromCharCode(count) + words : words
}

function operator(encoder: Encoder, column: ColumnInfo, name: string, value: unknown): string {
  switch (name) {
    case 'equals':
      return equals(encoder, column, value)
    case 'not': {
      if (value === null) return isNotNull(column)
      if (column.kind === Kind.Json) {
        if (value instanceof DbNull) return isNotNull(column)
        if (value instanceof AnyNull) return Code.Not + equals(encoder, column, value)
      } else if (isPlain(value)) {
        const inner = operators(encoder, column, value)
        return inner === '' ? '' : Code.Not + inner
      }
      encoder.value(column, value)
      return Code.NotEquals + column.word
    }
    case 'in':
    case 'notIn':
      return inList(encoder, column, value, name === 'in')
    default:
      if (value === null) throw new Invalid('cannot be null')
      encoder.value(column, value)
      return COMPARE.get(name)! + column.word
  }
}

function equals(encoder: Encoder, column: ColumnInfo, value: unknown): string {
  if (value === null || value instanceof DbNull) return isNull(column)
  if (value instanceof AnyNull && column.kind === Kind.Json) {
    encoder.values.push('null')
    return Code.Or + '\u0002' + isNull(column) + Code.Equals + column.word
  }
  encoder.value(column, value)
  return Code.Equals + column.word
}

function isNull(column: ColumnInfo): string {
  if (!column.nullable) throw new Invalid(`\`${fullName(column)}\` is required, it is never null`)
  return Code.IsNull + column.word
}

function isNotNull(column: ColumnInfo): string {
  if (!column.nullable) throw new Invalid(`\`${fullName(column)}\` is required, it is never null`)
  return Code.IsNotNull + column.word
}

function inList(encoder: Encoder, column: ColumnInfo, given: unknown, positive: boolean): string {
  if (!Array.isArray(given)) throw new Invalid(`expects a list of values, got ${describe(given)}`)
  const values: EngineValue[] = []
  for (let index = 0; index < given.length; index++) {
    const value: unknown = given[index]
    // No value equals null, so it selects nothing and excludes nothing.
    if (value === null && column.nullable) continue
    encoder.path.push(String(index))
    values.push(encodeValue(column, value))
    encoder.path.pop()
  }
  if (values.length === 0) return positive ? FALSE : TRUE
  encoder.values.push(values)
  // The base-2 logarithm of the length, rounded up: the engine pads lists, so that few shapes serve all lengths.
  const bits = 32 - Math.clz32(values.length - 1)
  return (positive ? Code.In : Code.NotIn) + column.word + String.fromCharCode(bits)
}

function relationFilter(encoder: Encoder, field: RelationInfo, given: unknown): string {
  if (given === null) {
    if (field.many || !field.optional) throw new Invalid(`\`${fullName(field)}\` is never null`)
    return Code.None + field.word + TRUE
  }
  if (!isPlain(given)) throw new Invalid(`expects an object of conditions, got ${describe(given)}`)
  const names = Object.keys(given)
  const quantified = field.many || names.some(name => name === 'is' || name === 'isNot')
  if (!quantified) return Code.Some + field.word + (filter(encoder, field.target, given, false, false) || TRUE)
  let words = ''
  let count = 0
  for (const name of names) {
    const value = given[name]
    if (value === undefined) continue
    encoder.path.push(name)
    let quantifier: string
    if (field.many) {
      if (name === 'some') quantifier = Code.Some
      else if (name === 'every') quantifier = Code.Every
      else if (name === 'none') quantifier = Code.None
      else {
        encoder.path.pop()
        throw unknownName(encoder, `member of the list \`${fullName(field)}\``, name, ['some', 'every', 'none'])
      }
    } else if (name === 'is' || name === 'isNot') {
      // Null is no row: `is: null` has none, `isNot: null` has some.
      quantifier = (name === 'is') === (value !== null) ? Code.Some : Code.None
      if (value === null && !field.optional) throw new Invalid(`\`${fullName(field)}\` is never null`)
    } else {
      encoder.path.pop()
      throw unknownName(encoder, `member beside \`is\` and \`isNot\``, name, ['is', 'isNot'])
    }
    const inner = value === null && !field.many ? '' : filter(encoder, field.target, value, false, false)
    words += quantifier + field.word + (inner || TRUE)
    count++
    encoder.path.pop()
  }
  return count > 1 ? Code.And + String.fromCharCode(count) + words : words
}

function fieldOf(encoder: Encoder, model: ModelInfo, name: string): FieldInfo {
  const field = model.fields.get(name)
  if (field === undefined) throw unknownName(encoder, `field of ${model.name}`, name, model.fields.keys())
  return field
}

// What to load

function selection(encoder: Encoder, model: ModelInfo, args: Record<string, unknown>): string {
  const select = own(args, 'select')
  const include = own(args, 'include')
  const omit = own(args, 'omit')
  if (select !== undefined && select !== null) {
    if (include !== undefined && include !== null) throw new Invalid('choose either `select` or `include`, not both')
    if (omit !== undefined && omit !== null) throw new Invalid('choose either `select` or `omit`, not both')
    encoder.path.push('select')
    const words = members(encoder, model, select, true)
    if (words === '') throw new Invalid(`selects nothing: set a field of ${model.name} to true`)
    encoder.path.pop()
    return words + Code.End
  }
  let words = omit === undefined || omit === null ? Code.AllColumns : columnsWithout(encoder, model, omit)
  if (include !== undefined && include !== null) {
    encoder.path.push('include')
    words += members(encoder, model, include, false)
    encoder.path.pop()
  }
  return words + Code.End
}

function columnsWithout(encoder: Encoder, model: ModelInfo, given: unknown): string {
  encoder.path.push('omit')
  if (!isPlain(given)) throw new Invalid(`expects an object of fields, got ${describe(given)}`)
  for (const name of Object.keys(given)) {
    if (fieldOf(encoder, model, name).relation) throw new Invalid(`\`${name}\` is a relation; only columns are omitted`)
    flag(encoder, name, given[name])
  }
  encoder.path.pop()
  let words = ''
  for (const field of model.list) {
    if (!field.relation && own(given, field.name) !== true) words += Code.Field + field.word
  }
  return words
}

function flag(encoder: Encoder, name: string, value: unknown): boolean {
  if (value === true) return true
  if (value === false || value === undefined || value === null) return false
  encoder.path.push(name)
  throw new Invalid(`expects true or false, got ${describe(value)}`)
}

/** The members of `select` or `include`. */
function members(encoder: Encoder, model: ModelInfo, given: unknown, columns: boolean): string {
  if (!isPlain(given)) throw new Invalid(`expects an object of fields, got ${describe(given)}`)
  let words = ''
  const names = Object.keys(given)
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    const value = given[name]
    const field = model.fields.get(name)
    if (field === undefined) {
      if (name === '_count') {
        encoder.path.push(name)
        words += counts(encoder, model, value)
        encoder.path.pop()
        continue
      }
      const known = model.list.filter(field => columns || field.relation).map(field => field.name)
      throw unknownName(encoder, `${columns ? 'field' : 'relation'} of ${model.name}`, name, [...known, '_count'])
    }
    if (!field.relation) {
      if (!columns) throw new Invalid(`\`${name}\` is a column of ${model.name}: \`include\` takes relations, \`select\` both`)
      if (flag(encoder, name, value)) words += Code.Field + field.word
      continue
    }
    if (value === false || value === undefined || value === null) continue
    words += Code.Relation + field.word
    if (value === true) {
      words += Code.End + Code.AllColumns + Code.End
      continue
    }
    encoder.path.push(name)
    const args = argumentsOf(encoder, value, field.many ? FIND : TO_ONE)
    if (!field.many && !field.optional && own(args, 'where') !== undefined) {
      throw new Invalid('`where` would leave out a row that must be there')
    }
    words += find(encoder, field.target, args) + selection(encoder, field.target, args)
    encoder.path.pop()
  }
  return words
}

function counts(encoder: Encoder, model: ModelInfo, given: unknown): string {
  if (given === false || given === undefined || given === null) return ''
  let words = ''
  let count = 0
  if (given === true) {
    for (const field of model.list) {
      if (!field.relation || !field.many) continue
      words += field.word + Code.All
      count++
    }
    if (count === 0) throw new Invalid(`${model.name} has no to-many relation to count`)
    return Code.Counts + String.fromCharCode(count) + words
  }
  const args = argumentsOf(encoder, given, ['select'])
  const select = required(encoder, args, 'select')
  encoder.path.push('select')
  if (!isPlain(select)) throw new Invalid(`expects an object of relations, got ${describe(select)}`)
  for (const name of Object.keys(select)) {
    const value = select[name]
    const field = model.fields.get(name)
    if (field === undefined || !field.relation || !field.many) {
      const known = model.list.filter(field => field.relation && field.many).map(field => field.name)
      throw unknownName(encoder, `to-many relation of ${model.name}`, name, known)
    }
    if (value === false || value === undefined || value === null) continue
    encoder.path.push(name)
    const filter = value === true ? '' : where(encoder, field.target, argumentsOf(encoder, value, ['where']))
    words += field.word + (filter === '' ? Code.All : Code.Where + filter)
    count++
    encoder.path.pop()
  }
  encoder.path.pop()
  return count === 0 ? '' : Code.Counts + String.fromCharCode(count) + words
}

function countedFields(encoder: Encoder, model: ModelInfo, select: unknown): string[] {
  encoder.path.push('select')
  if (!isPlain(select)) throw new Invalid(`expects an object of columns, got ${describe(select)}`)
  const names = Object.keys(select).filter(name => {
    if (name !== '_all' && fieldOf(encoder, model, name).relation) throw new Invalid(`\`${name}\` is a relation`)
    return flag(encoder, name, select[name])
  })
  if (names.length === 0) throw new Invalid('counts nothing: set `_all` or a column to true')
  encoder.path.pop()
  return names
}

function countWords(model: ModelInfo, names: readonly string[] | undefined): string {
  if (names === undefined) return '\u0001' + Code.All
  let words = String.fromCharCode(names.length)
  for (const name of names) words += name === '_all' ? Code.All : Code.Field + model.fields.get(name)!.word
  return words
}

// Writes

const ARITHMETIC: ReadonlyMap<string, string> = new Map([
  ['increment', Code.Add],
  ['decrement', Code.Subtract],
  ['multiply', Code.Multiply],
  ['divide', Code.Divide],
])

function writes(encoder: Encoder, model: ModelInfo, given: unknown, name: string, create: boolean): string {
  encoder.path.push(name)
  if (!isPlain(given)) throw new Invalid(`expects an object, got ${describe(given)}`)
  let words = ''
  const names = Object.keys(given)
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    const value = given[name]
    if (value === undefined) continue
    const field = fieldOf(encoder, model, name)
    encoder.path.push(name)
    words += field.relation
      ? relationWrites(encoder, field, value)
      : columnWrite(encoder, field, value, create)
    encoder.path.pop()
  }
  encoder.path.pop()
  return words + Code.End
}

function columnWrite(encoder: Encoder, column: ColumnInfo, value: unknown, create: boolean): string {
  if (value === null || (value instanceof DbNull && column.kind === Kind.Json)) {
    if (!column.nullable) throw new Invalid(`\`${fullName(column)}\` is required, it cannot be null`)
    if (value === null && column.kind === Kind.Json) {
      throw new Invalid(`\`${fullName(column)}\`: say which null is meant, \`DbNull\` or \`JsonNull\``)
    }
    return Code.SetNull + column.word
  }
  if (column.kind !== Kind.Json && !create && typeof value === 'object' && isPlain(value)) {
    return change(encoder, column, value)
  }
  encoder.value(column, value)
  return Code.Set + column.word
}

/** `{ set }`, or one of the operators of numbers. */
function change(encoder: Encoder, column: ColumnInfo, given: Record<string, unknown>): string {
  const names = Object.keys(given).filter(name => given[name] !== undefined)
  const number = column.kind === Kind.Int || column.kind === Kind.BigInt || column.kind === Kind.Float
  const known = number ? ['set', ...ARITHMETIC.keys()] : ['set']
  for (const name of names) {
    if (!known.includes(name)) throw unknownName(encoder, `change of \`${fullName(column)}\``, name, known)
  }
  if (names.length === 0) return ''
  if (names.length > 1) throw new Invalid(`expects one of ${list(known)}, got ${names.length}`)
  const name = names[0]!
  const value = given[name]
  encoder.path.push(name)
  let words: string
  if (name === 'set') {
    if (value === null) {
      if (!column.nullable) throw new Invalid(`\`${fullName(column)}\` is required, it cannot be null`)
      words = Code.SetNull + column.word
    } else {
      encoder.value(column, value)
      words = Code.Set + column.word
    }
  } else {
    encoder.value(column, value)
    words = ARITHMETIC.get(name)! + column.word
  }
  encoder.path.pop()
  return words
}

/** `create` and `connect`, in the order in which the caller wrote them. */
function relationWrites(encoder: Encoder, field: RelationInfo, given: unknown): string {
  if (!isPlain(given)) throw new Invalid(`expects an object with \`create\` or \`connect\`, got ${describe(given)}`)
  let words = ''
  for (const name of Object.keys(given)) {
    const value = given[name]
    if (value === undefined) continue
    if (name !== 'create' && name !== 'connect') {
      throw unknownName(encoder, `operation on \`${fullName(field)}\``, name, ['create', 'connect'])
    }
    if (Array.isArray(value)) {
      if (!field.many) throw new Invalid(`\`${name}\` of a to-one relation expects an object, got an array`)
      encoder.path.push(name)
      for (let index = 0; index < value.length; index++) {
        words += relationWrite(encoder, field, name, value[index], String(index))
      }
      encoder.path.pop()
    } else {
      words += relationWrite(encoder, field, name, value, name)
    }
  }
  return words
}

function relationWrite(encoder: Encoder, field: RelationInfo, name: string, value: unknown, place: string): string {
  if (name === 'create') return Code.NestedCreate + field.word + writes(encoder, field.target, value, place, true)
  encoder.path.push(place)
  const words = Code.Connect + field.word + unique(encoder, field.target, value)
  encoder.path.pop()
  return words
}

/**
 * The rows of `createMany`: those that give the same columns make a group, so that a column that a row leaves out
 * gets its default. `undefined`: there is no row.
 */
function newRows(encoder: Encoder, model: ModelInfo, given: unknown): string | undefined {
  encoder.path.push('data')
  const rows: unknown[] = Array.isArray(given) ? given : [given]
  const groups = new Map<string, EngineValue[]>()
  for (let index = 0; index < rows.length; index++) {
    encoder.path.push(String(index))
    const row = rows[index]
    if (!isPlain(row)) throw new Invalid(`expects an object, got ${describe(row)}`)
    for (const name of Object.keys(row)) {
      if (row[name] !== undefined && fieldOf(encoder, model, name).relation) {
        throw new Invalid(`\`${name}\` is a relation: createMany writes columns, create writes related rows too`)
      }
    }
    // In the order of the schema, so that the order in which a row is written makes no other group.
    let columns = ''
    let count = 0
    const values: EngineValue[] = []
    for (const field of model.list) {
      if (field.relation) continue
      const value = own(row, field.name)
      if (value === undefined) continue
      columns += field.word
      count++
      encoder.path.push(field.name)
      values.push(rowValue(field, value))
      encoder.path.pop()
    }
    // A row that gives nothing still takes a place in its group.
    if (count === 0) values.push(null)
    const group = String.fromCharCode(count) + columns
    const others = groups.get(group)
    if (others === undefined) groups.set(group, values)
    else for (const value of values) others.push(value)
    encoder.path.pop()
  }
  encoder.path.pop()
  if (groups.size === 0) return undefined
  let words = String.fromCharCode(groups.size)
  for (const [group, values] of groups) {
    words += group
    encoder.values.push(values)
  }
  return words
}

function rowValue(column: ColumnInfo, value: unknown): EngineValue {
  if (value === null || (value instanceof DbNull && column.kind === Kind.Json)) {
    if (!column.nullable) throw new Invalid(`\`${fullName(column)}\` is required, it cannot be null`)
    if (value === null && column.kind === Kind.Json) {
      throw new Invalid(`\`${fullName(column)}\`: say which null is meant, \`DbNull\` or \`JsonNull\``)
    }
    return null
  }
  return encodeValue(column, value)
}
