/** What is written. */

import { Kind, type ColumnInfo, type FieldInfo, type ModelInfo, type RelationInfo } from '../catalog.js'
import { Code } from '../codes.js'
import { Invalid } from '../errors.js'
import { isTrusted, unwrapTrusted } from '../trusted.js'
import { DbNull, describe, fullName, hasMembers, lengthOf, type EngineValue } from '../values.js'
import { LEAST_BYTES, fieldOf, isOperators, list, membersOf, own, unknownName, type Encoder } from './common.js'
import { relationWrites } from './related.js'

const ARITHMETIC: ReadonlyMap<string, string> = new Map([
  ['increment', Code.Add],
  ['decrement', Code.Subtract],
  ['multiply', Code.Multiply],
  ['divide', Code.Divide],
])

const CHANGES = ['set', ...ARITHMETIC.keys()]

/**
 * What a row is given. `parent`: the relation in which the row is created, whose other row gives it a foreign key.
 */
export function writes(
  encoder: Encoder,
  model: ModelInfo,
  given: unknown,
  create: boolean,
  parent?: RelationInfo,
): string {
  if (!hasMembers(given)) throw new Invalid(`expects an object, got ${describe(given)}`)
  let words = ''
  const names = Object.keys(given)
  encoder.countData(Math.max(names.length, 1))
  let key: ColumnInfo | undefined
  let relation: RelationInfo | undefined
  const present: FieldInfo[] = []
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    const value = given[name]
    if (encoder.leftOut(name, value)) continue
    const field = fieldOf(encoder, model, name)
    present.push(field)
    if (!field.relation) {
      if (field.foreignKeyOf !== undefined) key = field
    } else if (field.holdsKey) {
      relation = field
    }
    encoder.path.push(name)
    words += field.relation ? relationWrites(encoder, field, value, create) : columnWrite(encoder, field, value, create)
    encoder.path.pop()
  }
  if (key !== undefined && relation !== undefined) throw mixed(key, relation)
  if (create) requireAll(encoder, model, present, parent)
  return words + Code.End
}

/** Refuses a new row that lacks a value which nothing else brings. The engine does too, and knows no path. */
function requireAll(encoder: Encoder, model: ModelInfo, present: readonly FieldInfo[], parent?: RelationInfo): void {
  for (const column of model.list) {
    if (column.relation || !column.required || parent?.gives.includes(column.name)) continue
    if (present.some(field => (field.relation ? field.gets.includes(column.name) : field === column))) continue
    throw lacking(encoder, column, column.foreignKeyOf)
  }
}

/** `relation`: the one that may bring the value instead. */
function lacking(encoder: Encoder, column: ColumnInfo, relation?: string): Invalid {
  encoder.path.push(column.name)
  const instead = relation === undefined ? '' : `, or connect or create \`${relation}\``
  return new Invalid(`\`${fullName(column)}\` is required and has no default: give it a value${instead}`)
}

/** Foreign keys are written by their columns or by their relations, as the types say. */
function mixed(key: ColumnInfo, relation: RelationInfo): Invalid {
  const { foreignKeyOf } = key
  const remedy =
    foreignKeyOf === relation.name
      ? 'write one of them'
      : `write \`${foreignKeyOf}: { connect: ... }\`, or the foreign key of \`${relation.name}\``
  return new Invalid(
    `has the foreign key \`${key.name}\` beside the relation \`${relation.name}\`, and takes keys or relations: ${remedy}`,
  )
}

function columnWrite(encoder: Encoder, column: ColumnInfo, value: unknown, create: boolean): string {
  if (column.list) return listWrite(encoder, column, value, create)
  if (value === null || (value instanceof DbNull && column.kind === Kind.Json)) {
    if (!column.nullable) throw new Invalid(`\`${fullName(column)}\` is required, it cannot be null`)
    if (value === null && column.kind === Kind.Json) {
      throw new Invalid(`\`${fullName(column)}\`: say which null is meant, \`DbNull\` or \`JsonNull\``)
    }
    return Code.SetNull + column.word
  }
  if (column.kind !== Kind.Json && !create && typeof value === 'object' && isOperators(value, CHANGES)) {
    return change(encoder, column, value)
  }
  encoder.value(column, value)
  return Code.Set + column.word
}

/** A list, `{ set }`, or `{ push }` of an element or of several. */
function listWrite(encoder: Encoder, column: ColumnInfo, given: unknown, create: boolean): string {
  if (Array.isArray(given)) {
    encoder.elements(column, given)
    return Code.Set + column.word
  }
  const known = create ? ['set'] : ['set', 'push']
  if (!hasMembers(given)) throw new Invalid(`\`${fullName(column)}\` expects an array, got ${describe(given)}`)
  const members = membersOf(encoder, given, Object.keys(given))
  if (members.length === 0) return ''
  if (members.length > 1) throw new Invalid(`expects one of ${list(known)}, got ${members.length}`)
  const [name, value] = members[0]!
  if (!known.includes(name)) throw unknownName(encoder, `change of \`${fullName(column)}\``, name, known)
  encoder.path.push(name)
  encoder.elements(column, name === 'push' && !Array.isArray(value) ? [value] : value)
  encoder.path.pop()
  return (name === 'push' ? Code.Push : Code.Set) + column.word
}

/** `{ set }`, or one of the operators of numbers. */
function change(encoder: Encoder, column: ColumnInfo, given: Record<string, unknown>): string {
  const members = membersOf(encoder, given, Object.keys(given))
  const number =
    column.kind === Kind.Int ||
    column.kind === Kind.BigInt ||
    column.kind === Kind.Float ||
    column.kind === Kind.Decimal
  const known = number ? ['set', ...ARITHMETIC.keys()] : ['set']
  for (const [name] of members) {
    if (!known.includes(name)) throw unknownName(encoder, `change of \`${fullName(column)}\``, name, known)
  }
  // An object without members is more likely a value of another kind than a change of nothing.
  if (members.length !== 1) throw new Invalid(`expects one of ${list(known)}, got ${members.length || 'none of them'}`)
  const [name, value] = members[0]!
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
    if (column.serverOnly && !isTrusted(value)) {
      throw new Invalid(
        `\`${fullName(column)}\` stays on the server, and arithmetic that fails at its limits could find it out; ` +
          'if the number is not from a request, write it as `trusted(...)`',
      )
    }
    encoder.value(column, unwrapTrusted(value))
    words = ARITHMETIC.get(name)! + column.word
  }
  encoder.path.pop()
  return words
}

/**
 * The rows of `createMany`: those that give the same columns make a group, so that a column that a row leaves out
 * gets its default. Beside several groups goes the group of each row, so that the rows are written in their order.
 * `undefined`: there is no row.
 */
export function newRows(encoder: Encoder, model: ModelInfo, given: unknown): string | undefined {
  const groups = new Map<string, { index: number; values: EngineValue[] }>()
  const order: number[] = []
  eachRow(encoder, model, given, undefined, (group, values) => {
    let others = groups.get(group)
    if (others === undefined) groups.set(group, (others = { index: groups.size, values }))
    else for (const value of values) others.values.push(value)
    order.push(others.index)
  })
  if (groups.size === 0) return undefined
  let words = String.fromCharCode(groups.size)
  for (const [group, { values }] of groups) {
    words += group
    encoder.values.push(values)
  }
  if (groups.size > 1) encoder.values.push(order)
  return words
}

/**
 * The rows of a nested `createMany`. It has one group of rows, so that each run of rows that give the same columns is a
 * `createMany` of its own: they are written in their order.
 */
export function newRelatedRows(encoder: Encoder, relation: RelationInfo, given: unknown): string {
  let words = ''
  let last: string | undefined
  let run: EngineValue[] = []
  eachRow(encoder, relation.target, given, relation, (group, values) => {
    if (group === last) {
      for (const value of values) run.push(value)
      return
    }
    // Each run but the first is one more operation.
    encoder.countData(group.length + (last === undefined ? 0 : 1))
    encoder.values.push((run = values))
    words += Code.NestedCreateMany + relation.word + (last = group)
  })
  return words
}

/**
 * Hands over each row of a `createMany`: the words of its columns, in the order of the schema, so that the order in which a
 * row is written makes no other group, and their values.
 */
function eachRow(
  encoder: Encoder,
  model: ModelInfo,
  given: unknown,
  parent: RelationInfo | undefined,
  take: (group: string, values: EngineValue[]) => void,
): void {
  encoder.path.push('data')
  const rows: unknown[] = Array.isArray(given) ? given : [given]
  const length = lengthOf(rows)
  // Before the loop: an array can be long without having elements.
  if (length > encoder.room / LEAST_BYTES) encoder.spend(length * LEAST_BYTES)
  for (let index = 0; index < length; index++) {
    encoder.path.push(String(index))
    const row = rows[index]
    encoder.expectElement(row)
    if (!hasMembers(row)) throw new Invalid(`expects an object, got ${describe(row)}`)
    // Without holes: reading one would find what somebody has put into the prototype of all objects.
    const members = new Array<unknown>(model.list.length).fill(undefined)
    for (const name of Object.keys(row)) {
      const value = row[name]
      if (encoder.leftOut(name, value)) continue
      const field = fieldOf(encoder, model, name)
      if (field.relation) {
        throw new Invalid(`\`${name}\` is a relation: createMany writes columns, create writes related rows too`)
      }
      members[field.index] = value
    }
    let columns = ''
    let count = 0
    const values: EngineValue[] = []
    for (const field of model.list) {
      if (field.relation) continue
      const value = members[field.index]
      if (value === undefined) {
        if (field.required && !parent?.gives.includes(field.name)) throw lacking(encoder, field)
        continue
      }
      columns += field.word
      count++
      encoder.path.push(field.name)
      values.push(rowValue(encoder, field, value))
      encoder.path.pop()
    }
    // A row that gives nothing still takes a place in its group.
    if (count === 0) {
      encoder.spend(LEAST_BYTES)
      values.push(null)
    }
    take(String.fromCharCode(count) + columns, values)
    encoder.path.pop()
  }
  encoder.path.pop()
}

function rowValue(encoder: Encoder, column: ColumnInfo, value: unknown): EngineValue {
  if (column.list) return encoder.encodeElements(column, hasMembers(value) ? own(value, 'set') : value)
  if (value === null || (value instanceof DbNull && column.kind === Kind.Json)) {
    if (!column.nullable) throw new Invalid(`\`${fullName(column)}\` is required, it cannot be null`)
    if (value === null && column.kind === Kind.Json) {
      throw new Invalid(`\`${fullName(column)}\`: say which null is meant, \`DbNull\` or \`JsonNull\``)
    }
    encoder.spend(LEAST_BYTES)
    return null
  }
  return encoder.encode(column, value, false)
}
