/** Conditions. */

import { Kind, type ColumnInfo, type ModelInfo, type RelationInfo } from '../catalog.js'
import { Code, OPERATORS_OF, Operator } from '../codes.js'
import { Invalid } from '../errors.js'
import {
  AnyNull,
  DbNull,
  JsonNull,
  describe,
  fullName,
  hasMembers,
  lengthOf,
  mismatch,
  type EngineValue,
} from '../values.js'
import { LATER } from '../later.js'
import { isTrusted, unwrapTrusted } from '../trusted.js'
import { FALSE, TRUE, isOperators, list, own, required, unknownName, type Encoder } from './common.js'
import { alwaysHolds } from './truth.js'

// Each function gives the words of a condition, or '' when there is none.

export function where(encoder: Encoder, model: ModelInfo, args: Record<string, unknown>): string {
  const given = encoder.argument(args, 'where')
  if (given === undefined) return ''
  encoder.path.push('where')
  const words = filter(encoder, model, given, true, false)
  encoder.path.pop()
  return words
}

export function uniqueWhere(encoder: Encoder, model: ModelInfo, args: Record<string, unknown>): string {
  const given = required(encoder, args, 'where')
  encoder.path.push('where')
  const words = unique(encoder, model, given)
  encoder.path.pop()
  return words
}

/** The condition of a write of many rows. Only a `where` that is left out means all of them. */
export function bulkWhere(encoder: Encoder, model: ModelInfo, args: Record<string, unknown>): string {
  const allowEmpty = encoder.emptyWhere
  if (!Object.hasOwn(args, 'where')) return TRUE
  const given = encoder.argument(args, 'where')
  encoder.path.push('where')
  encoder.bulk = !allowEmpty
  // Null says as little as an empty object; where that means all rows, null still is no condition.
  const words = given === undefined || (given === null && !allowEmpty) ? '' : filter(encoder, model, given, true, false)
  encoder.bulk = false
  if (!allowEmpty && (words === '' || (words === FALSE && encoder.emptied) || alwaysHolds(words, model))) {
    encoder.path.length = 0
    throw new Invalid(
      `the \`where\` has no condition, so that it would write every row of ${model.name}: ` +
        'leave `where` out to mean all rows',
    )
  }
  encoder.path.pop()
  return words || TRUE
}

/**
 * The condition of an operation on related rows. An object without members asks for all of them, in so many words; one whose
 * members all say nothing is refused where that of a write of many rows is.
 */
export function relatedWhere(encoder: Encoder, field: RelationInfo, given: unknown): string {
  const { emptied } = encoder
  encoder.emptied = false
  encoder.bulk = !encoder.emptyWhere
  encoder.relations++
  const words = filter(encoder, field.target, given, true, false)
  encoder.relations--
  const saysNothing = words === '' || (words === FALSE && encoder.emptied) || alwaysHolds(words, field.target)
  if (encoder.bulk && saysNothing && hasMembers(given) && Object.keys(given).length > 0) {
    throw saysNothingOf(field)
  }
  encoder.bulk = false
  encoder.emptied = emptied
  return words || TRUE
}

/** The error where a condition on related rows holds nothing but members that are left out. */
export function saysNothingOf(field: RelationInfo): Invalid {
  return new Invalid(
    `holds only conditions that say nothing, so that it would write every row of \`${fullName(field)}\`: ` +
      'give them values, or write `{}` to mean every row',
  )
}

/** A condition that names one row: the value of a unique key is a member of it. The engine checks that it is. */
export function unique(encoder: Encoder, model: ModelInfo, given: unknown): string {
  encoder.named = false
  const words = filter(encoder, model, given, true, true)
  if (!encoder.named) throw new Invalid(`must name one row of ${model.name} by a unique key: ${list(model.keys)}`)
  return words
}

/**
 * The members of an object, all of which must hold. `top` says that it is a `where` itself, or the condition on related
 * rows: there an `OR` without a member that says something means that nothing matches. Inside of another group it is
 * left out, as in Prisma.
 */
function filter(encoder: Encoder, model: ModelInfo, given: unknown, top: boolean, selectors: boolean): string {
  if (!hasMembers(given)) throw new Invalid(`expects an object of conditions, got ${describe(given)}`)
  let words = ''
  let count = 0
  const names = Object.keys(given)
  // As the engine counts: several conditions and the group that they make.
  encoder.countNodes(names.length > 1 ? names.length + 1 : 1)
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    const value = given[name]
    const field = model.fields.get(name)
    if (value === undefined && field !== undefined && !field.relation && field.serverOnly) {
      encoder.path.push(name)
      throw new Invalid(
        `\`${fullName(field)}\` stays on the server: a condition on it is not left out by undefined; leave out the member`,
      )
    }
    if (encoder.leftOut(name, value)) continue
    encoder.path.push(name)
    let part: string
    if (field !== undefined) {
      part = field.relation ? relationFilter(encoder, field, value) : columnFilter(encoder, field, value)
      if (selectors && model.keys.includes(name)) {
        // An object of operators is no value of a key, even where it asks for one.
        encoder.named ||= part.startsWith(Code.Equals) && !hasMembers(isTrusted(value) ? unwrapTrusted(value) : value)
      }
    } else if (
      (name === 'AND' || name === 'OR' || name === 'NOT') &&
      !(selectors && model.compound.has(name) && hasMembers(value))
    ) {
      part = group(encoder, model, name, value, top)
    } else {
      const columns = selectors ? model.compound.get(name) : undefined
      if (columns === undefined) {
        encoder.path.pop()
        const known = [...model.fields.keys(), 'AND', 'OR', 'NOT', ...(selectors ? model.compound.keys() : [])]
        throw unknownName(encoder, `field of ${model.name}`, name, known)
      }
      part = compoundKey(encoder, columns, value)
      encoder.named = true
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
  if (!hasMembers(given)) throw new Invalid(`expects an object with ${list(columns.map(column => column.name))}`)
  for (const name of Object.keys(given)) {
    if (!columns.some(column => column.name === name)) {
      throw unknownName(
        encoder,
        'member',
        name,
        columns.map(column => column.name),
      )
    }
  }
  encoder.countNodes(columns.length)
  let words = Code.And + String.fromCharCode(columns.length)
  for (const column of columns) {
    encoder.path.push(column.name)
    const value = condition(encoder, column, own(given, column.name))
    if (value === undefined || value === null) throw new Invalid('is required and cannot be null')
    words += Code.Equals + column.word
    encoder.compared(column, value)
    encoder.path.pop()
  }
  return words
}

function group(encoder: Encoder, model: ModelInfo, name: 'AND' | 'OR' | 'NOT', given: unknown, top: boolean): string {
  if (name === 'OR' && !Array.isArray(given)) throw new Invalid(`expects a list of conditions, got ${describe(given)}`)
  const members: unknown[] = Array.isArray(given) ? given : [given]
  const length = lengthOf(members)
  encoder.expectNodes(length)
  encoder.enterFilter()
  if (name === 'NOT') encoder.negations++
  let words = ''
  let count = 0
  for (let index = 0; index < length; index++) {
    const member = members[index]
    encoder.path.push(String(index))
    encoder.expectElement(member)
    const part = filter(encoder, model, member, false, false)
    encoder.path.pop()
    if (part === '') continue
    words += name === 'NOT' ? Code.Not + part : part
    count++
  }
  encoder.filterDepth--
  if (name === 'NOT') encoder.negations--
  if (count === 0) {
    if (name !== 'OR' || !top) return ''
    encoder.emptied ||= length > 0
    return FALSE
  }
  if (count === 1) return words
  return (name === 'OR' ? Code.Or : Code.And) + String.fromCharCode(count) + words
}

/** The words of operators by their names. */
const WORDS: ReadonlyMap<string, string> = new Map(Object.entries(Operator))

/** The operators of the columns of each kind. */
const OPERATORS: { [K in Kind]: readonly string[] } = {
  [Kind.String]: OPERATORS_OF.String,
  [Kind.Boolean]: OPERATORS_OF.Boolean,
  [Kind.Int]: OPERATORS_OF.Int,
  [Kind.BigInt]: OPERATORS_OF.BigInt,
  [Kind.Float]: OPERATORS_OF.Float,
  [Kind.Decimal]: OPERATORS_OF.Decimal,
  [Kind.DateTime]: OPERATORS_OF.DateTime,
  [Kind.Json]: OPERATORS_OF.Json,
  [Kind.Bytes]: OPERATORS_OF.Bytes,
  [Kind.Enum]: OPERATORS_OF.Enum,
}

const LATER_OPERATORS: { [K in Kind]?: Readonly<Record<string, string>> } = {
  [Kind.String]: LATER.string,
  [Kind.Json]: LATER.json,
}

/**
 * The condition on a column, which may be in `trusted`. One on a field that stays on the server must be: else whoever
 * chooses the arguments finds the value out bit by bit. Equality tells no more than what was known before.
 */
function condition(encoder: Encoder, column: ColumnInfo, given: unknown): unknown {
  if (isTrusted(given)) return unwrapTrusted(given)
  if (!column.serverOnly) return given
  let why: string
  if (encoder.relations > 0) why = 'has no condition through a relation'
  else if (encoder.negations > 0) why = 'has no condition in a negation'
  else if (hasMembers(given)) why = 'is compared with a plain value only'
  else return given
  throw new Invalid(
    `\`${fullName(column)}\` stays on the server and ${why}, which could find it out bit by bit; ` +
      'if the condition is not from a request, write it as `trusted(...)`',
  )
}

function columnFilter(encoder: Encoder, column: ColumnInfo, written: unknown): string {
  // Most conditions are plain values of plain columns.
  const given =
    column.serverOnly || (typeof written === 'object' && written !== null)
      ? condition(encoder, column, written)
      : written
  if (column.list) return listFilter(encoder, column, given)
  if (column.kind !== Kind.Json) {
    if (given === null) return isNull(column)
    if (typeof given !== 'object' || !isOperators(given, OPERATORS[column.kind])) {
      if (Array.isArray(given)) throw mismatch(column, given)
      encoder.compared(column, given)
      return Code.Equals + column.word
    }
  } else if (given instanceof DbNull || given instanceof JsonNull || given instanceof AnyNull) {
    return equals(encoder, column, given)
  } else if (!isOperators(given, OPERATORS[column.kind])) {
    throw new Invalid('a Json column is compared by { equals: .. } or { not: .. }')
  }
  return operators(encoder, column, given)
}

const LIST_OPERATORS = ['equals', 'has', 'hasEvery', 'hasSome', 'isEmpty']

/** Conditions on a column of lists. */
function listFilter(encoder: Encoder, column: ColumnInfo, given: unknown): string {
  if (Array.isArray(given)) {
    encoder.elements(column, given)
    return Code.Equals + column.word
  }
  if (!hasMembers(given))
    throw new Invalid(`\`${fullName(column)}\` is a list: expects ${list(LIST_OPERATORS)} in an object`)
  let words = ''
  let count = 0
  const names = Object.keys(given)
  encoder.countNodes(names.length)
  for (const name of names) {
    const value = given[name]
    if (encoder.leftOut(name, value)) continue
    encoder.path.push(name)
    switch (name) {
      case 'equals':
        encoder.elements(column, value)
        words += Code.Equals + column.word
        break
      case 'has':
        encoder.compared(column, value)
        words += Code.Has + column.word
        break
      case 'hasEvery':
      case 'hasSome':
        encoder.elements(column, value)
        words += (name === 'hasEvery' ? Code.HasEvery : Code.HasSome) + column.word
        break
      case 'isEmpty':
        if (typeof value !== 'boolean') throw new Invalid(`expects true or false, got ${describe(value)}`)
        words += (value ? '' : Code.Not) + Code.IsEmpty + column.word
        break
      default:
        encoder.path.pop()
        throw unknownName(encoder, `operator of \`${fullName(column)}\``, name, LIST_OPERATORS)
    }
    encoder.path.pop()
    count++
  }
  return count > 1 ? Code.And + String.fromCharCode(count) + words : words
}

/** The operators of a column, all of which must hold; `negated`: none of which may hold, as each of a `not` is negated. */
function operators(encoder: Encoder, column: ColumnInfo, given: Record<string, unknown>, negated = false): string {
  let words = ''
  let count = 0
  const known = OPERATORS[column.kind]
  const names = Object.keys(given)
  // One is counted as the member that the operators belong to; several are a group.
  if (names.length > 1) encoder.countNodes(names.length)
  for (const name of names) {
    const value = given[name]
    if (encoder.leftOut(name, value)) continue
    if (!known.includes(name)) {
      // `mode: 'default'` asks for what happens anyway.
      if (name === 'mode' && value === 'default' && column.kind === Kind.String) continue
      throw unknownName(encoder, `operator of \`${fullName(column)}\``, name, known, LATER_OPERATORS[column.kind])
    }
    encoder.path.push(name)
    const part = operator(encoder, column, name, value, negated)
    encoder.path.pop()
    if (part === '') continue
    words += part
    count++
  }
  return count > 1 ? Code.And + String.fromCharCode(count) + words : words
}

function operator(encoder: Encoder, column: ColumnInfo, name: string, value: unknown, negated: boolean): string {
  const not = negated ? Code.Not : ''
  switch (name) {
    case 'equals':
      return not + equals(encoder, column, value)
    case 'not': {
      if (value === null && column.kind !== Kind.Json) return negated ? isNull(column) : isNotNull(column)
      if (column.kind === Kind.Json) {
        if (value === null) return jsonNull(encoder, Code.NotEquals, column)
        if (value instanceof DbNull) return column.nullable ? isNotNull(column) : TRUE
        if (value instanceof AnyNull && column.nullable) return Code.Not + equals(encoder, column, value)
        if (value instanceof AnyNull) return jsonNull(encoder, Code.NotEquals, column)
      } else if (isOperators(value, OPERATORS[column.kind])) {
        encoder.enterFilter()
        const inner = operators(encoder, column, value, !negated)
        encoder.filterDepth--
        return inner
      }
      encoder.compared(column, value)
      return (negated ? Code.Equals : Code.NotEquals) + column.word
    }
    case 'in':
    case 'notIn':
      // No list stands for null, and Prisma's types have it where the column may be null.
      if (value === null && column.nullable) return not + (name === 'in' ? Code.IsNull : Code.IsNotNull) + column.word
      return not + inList(encoder, column, value, name === 'in')
    default:
      if (value === null) throw new Invalid('cannot be null')
      encoder.compared(column, value)
      return not + WORDS.get(name)! + column.word
  }
}

function equals(encoder: Encoder, column: ColumnInfo, value: unknown): string {
  // A required column is never the null of the database; as in Prisma that is no mistake of a filter of Json.
  if (value instanceof DbNull && column.kind === Kind.Json && !column.nullable) return FALSE
  // The types ask for a marker; a plain null is the value of JSON, as Prisma takes it.
  if (value === null && column.kind === Kind.Json) return jsonNull(encoder, Code.Equals, column)
  if (value === null || value instanceof DbNull) return isNull(column)
  if (value instanceof AnyNull && column.kind === Kind.Json) {
    if (!column.nullable) return jsonNull(encoder, Code.Equals, column)
    encoder.countNodes(2)
    return Code.Or + '\u0002' + isNull(column) + jsonNull(encoder, Code.Equals, column)
  }
  encoder.compared(column, value)
  return Code.Equals + column.word
}

/** A column of Json compared with the null of JSON. */
function jsonNull(encoder: Encoder, code: string, column: ColumnInfo): string {
  encoder.values.push('null')
  return code + column.word
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
  const length = lengthOf(given)
  encoder.countList(length)
  const values: EngineValue[] = []
  for (let index = 0; index < length; index++) {
    const value: unknown = given[index]
    // No value equals null, so it selects nothing and excludes nothing.
    if (value === null && column.nullable) continue
    encoder.path.push(String(index))
    encoder.expectElement(value)
    values.push(encoder.encode(column, value, true))
    encoder.path.pop()
  }
  if (values.length === 0) return positive ? FALSE : TRUE
  encoder.values.push(values)
  return (positive ? Code.In : Code.NotIn) + column.word
}

function relationFilter(encoder: Encoder, field: RelationInfo, given: unknown): string {
  if (given === null) {
    if (field.many || !field.optional) throw new Invalid(`\`${fullName(field)}\` is never null`)
    encoder.countNodes(1)
    return Code.None + field.word + TRUE
  }
  if (!hasMembers(given)) throw new Invalid(`expects an object of conditions, got ${describe(given)}`)
  encoder.enterFilter()
  encoder.relations++
  const words = relatedFilter(encoder, field, given)
  encoder.relations--
  encoder.filterDepth--
  return words
}

function relatedFilter(encoder: Encoder, field: RelationInfo, written: Record<string, unknown>): string {
  const names = Object.keys(written)
  let given = written
  let quantified = field.many || names.some(isQuantifier)
  if (quantified && !field.many && (field.target.fields.has('is') || field.target.fields.has('isNot'))) {
    // The names are those of columns too. Looked at before it is read: a copy, so that members are read once.
    given = Object.create(null) as Record<string, unknown>
    for (const name of names) given[name] = written[name]
    quantified = names.some(name => isQuantifier(name) && !isOfColumn(field.target, name, given[name]))
  }
  if (!quantified) {
    // An object without members is no condition on the row, not even that there is one.
    if (names.every(name => encoder.leftOut(name, given[name]))) {
      if (encoder.bulk) throw saysNothing()
      return ''
    }
    return related(encoder, field, Code.Some, given, () => filter(encoder, field.target, given, true, false))
  }
  let words = ''
  let count = 0
  // One is counted as the member that they belong to; several are a group.
  if (names.length > 1) encoder.countNodes(names.length)
  for (const name of names) {
    const value = given[name]
    if (encoder.leftOut(name, value)) continue
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
      if (value === null) encoder.countNodes(1)
      if (value === null && !field.optional) throw new Invalid(`\`${fullName(field)}\` is never null`)
    } else {
      encoder.path.pop()
      throw unknownName(encoder, `member beside \`is\` and \`isNot\``, name, ['is', 'isNot'])
    }
    words += related(encoder, field, quantifier, value, () =>
      value === null && !field.many ? '' : filter(encoder, field.target, value, true, false),
    )
    count++
    encoder.path.pop()
  }
  return count > 1 ? Code.And + String.fromCharCode(count) + words : words
}

function isQuantifier(name: string): boolean {
  return name === 'is' || name === 'isNot'
}

/** Whether a member called `is` or `isNot` is a condition on the column of that name: as in Prisma, its value tells. */
function isOfColumn(model: ModelInfo, name: string, value: unknown): boolean {
  if (!model.fields.has(name) || value === null) return false
  if (!hasMembers(value)) return true
  const operators = Object.keys(value)
  const isOfRow = (name: string): boolean => model.fields.has(name) || name === 'AND' || name === 'OR' || name === 'NOT'
  return operators.length > 0 && !operators.some(isOfRow)
}

/** A condition on related rows; `each` encodes the condition on each of them. */
function related(
  encoder: Encoder,
  field: RelationInfo,
  quantifier: string,
  given: unknown,
  each: () => string,
): string {
  const before = encoder.emptied
  encoder.emptied = false
  const inner = each()
  const holds = inner === '' || inner === TRUE || (encoder.bulk && alwaysHolds(inner, field.target))
  // Only a bulk write looks at it. An empty list of alternatives is a condition: nothing fulfils it. An object without
  // members asks for any row, in so many words.
  if (encoder.bulk && (encoder.emptied || (holds && hasMembers(given) && Object.keys(given).length > 0)))
    throw saysNothing()
  encoder.emptied = before
  return quantifier + field.word + (inner || TRUE)
}

function saysNothing(): Invalid {
  return new Invalid(
    'holds only conditions that say nothing, so that any related row would do: leave it out, or give its members values',
  )
}
