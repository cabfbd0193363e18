/** What a write does to the rows that are related to it. */

import type { RelationInfo } from '../catalog.js'
import { Code } from '../codes.js'
import { Invalid } from '../errors.js'
import { describe, fullName, hasMembers, lengthOf } from '../values.js'
import { TRUE, argumentsOf, list, member, optional, own, required, unknownName, type Encoder } from './common.js'
import { relatedWhere, saysNothingOf, unique } from './filter.js'
import { newRelatedRows, writes } from './write.js'

const OF_NEW_ROWS = ['create', 'connect', 'connectOrCreate']
const OF_ONE = [...OF_NEW_ROWS, 'update', 'upsert']
const OF_OPTIONAL = [...OF_ONE, 'disconnect', 'delete']
const OF_MANY = [...OF_OPTIONAL, 'set', 'updateMany', 'deleteMany']

/** The operations that a relation has: of a new row, and of one that is there. */
function operationsOf(field: RelationInfo, create: boolean): readonly string[] {
  const withRows = field.many && field.gives.length > 0 ? ['createMany'] : []
  if (create) return [...OF_NEW_ROWS, ...withRows]
  return field.many ? [...OF_MANY, ...withRows] : field.optional ? OF_OPTIONAL : OF_ONE
}

/** The operations on a relation, in the order in which the caller wrote them. `create`: the row itself is a new one. */
export function relationWrites(encoder: Encoder, field: RelationInfo, given: unknown, create: boolean): string {
  if (!hasMembers(given)) {
    const known = list(operationsOf(field, create))
    throw new Invalid(`expects an object of operations, got ${describe(given)}; known: ${known}`)
  }
  let words = ''
  // The first operation is counted as the member that the relation is.
  let count = 0
  encoder.enterRelation()
  for (const name of Object.keys(given)) {
    const value = given[name]
    if (encoder.leftOut(name, value)) continue
    if (count++ > 0) encoder.countData(1)
    const known = operationsOf(field, create)
    if (!known.includes(name)) throw unknownOperation(encoder, field, name, known)
    encoder.path.push(name)
    if (name === 'createMany') words += createMany(encoder, field, value)
    else if (name === 'set') words += set(encoder, field, value)
    else if (Array.isArray(value)) {
      if (!field.many) throw new Invalid('expects an object for a to-one relation, got an array')
      words += eachOf(encoder, value, element => relationWrite(encoder, field, name, element))
    } else words += relationWrite(encoder, field, name, value)
    encoder.path.pop()
  }
  encoder.relationDepth--
  return words
}

function unknownOperation(encoder: Encoder, field: RelationInfo, name: string, known: readonly string[]): Invalid {
  const what = `operation on \`${fullName(field)}\``
  if (!OF_MANY.includes(name) && name !== 'createMany') return unknownName(encoder, what, name, known)
  encoder.path.push(name)
  const why = operationsOf(field, false).includes(name)
    ? `is for rows that are there, and a new row has none in \`${fullName(field)}\``
    : `is no ${what}`
  return new Invalid(`${why}; known: ${list(known)}`)
}

/** The words of each element of a list. */
function eachOf(encoder: Encoder, elements: readonly unknown[], encode: (element: unknown) => string): string {
  let words = ''
  const length = lengthOf(elements)
  encoder.expectData(length)
  for (let index = 0; index < length; index++) {
    if (index > 0) encoder.countData(1)
    const element = elements[index]
    encoder.path.push(String(index))
    encoder.expectElement(element)
    words += encode(element)
    encoder.path.pop()
  }
  return words
}

/** One operation on one related row, or on all that satisfy a condition. */
function relationWrite(encoder: Encoder, field: RelationInfo, name: string, value: unknown): string {
  const { target } = field
  switch (name) {
    case 'create':
      return Code.NestedCreate + field.word + writes(encoder, target, value, true, field)
    case 'connect':
      return Code.Connect + field.word + named(encoder, field, value)
    case 'connectOrCreate': {
      const args = argumentsOf(encoder, value, ['where', 'create'])
      const words =
        Code.ConnectOrCreate + field.word + member(encoder, args, 'where', where => named(encoder, field, where))
      return words + member(encoder, args, 'create', row => writes(encoder, target, row, true, field))
    }
    case 'disconnect':
    case 'delete': {
      const code = name === 'delete' ? Code.NestedDelete : Code.Disconnect
      if (field.many) return code + field.word + Code.Where + named(encoder, field, value)
      if (value === false) return ''
      if (value === true) return code + field.word + Code.All
      if (!hasMembers(value)) {
        throw new Invalid(`expects true, false or a condition on the related row, got ${describe(value)}`)
      }
      return code + field.word + row(relatedWhere(encoder, field, value))
    }
    case 'update': {
      if (!field.many) return updateOne(encoder, field, value)
      const args = argumentsOf(encoder, value, ['where', 'data'])
      const where = member(encoder, args, 'where', where => named(encoder, field, where))
      const data = member(encoder, args, 'data', data => writes(encoder, target, data, false))
      return Code.NestedUpdate + field.word + Code.Where + where + data
    }
    case 'updateMany': {
      const args = argumentsOf(encoder, value, ['where', 'data'])
      const where = member(encoder, args, 'where', where => relatedWhere(encoder, field, where))
      const data = member(encoder, args, 'data', data => writes(encoder, target, data, false))
      return Code.NestedUpdateMany + field.word + where + data
    }
    case 'upsert': {
      const args = argumentsOf(encoder, value, ['where', 'create', 'update'])
      const where = field.many
        ? Code.Where + member(encoder, args, 'where', where => named(encoder, field, where))
        : optionalWhere(encoder, field, args)
      const create = member(encoder, args, 'create', row => writes(encoder, target, row, true, field))
      const update = member(encoder, args, 'update', data => writes(encoder, target, data, false))
      return Code.NestedUpsert + field.word + where + create + update
    }
    default:
      return Code.NestedDeleteMany + field.word + relatedWhere(encoder, field, value)
  }
}

/** `set`: the related rows that are named, and no others. */
function set(encoder: Encoder, field: RelationInfo, given: unknown): string {
  let count = 0
  const name = (element: unknown): string => {
    // The operation counts, and each of its rows.
    if (count++ === 0) encoder.countData(1)
    return named(encoder, field, element)
  }
  const words = Array.isArray(given) ? eachOf(encoder, given, name) : name(given)
  return Code.SetRelated + field.word + String.fromCharCode(count) + words
}

function createMany(encoder: Encoder, field: RelationInfo, given: unknown): string {
  const args = argumentsOf(encoder, given, ['data'])
  return newRelatedRows(encoder, field, required(encoder, args, 'data'))
}

/** `update` of a to-one relation: the changes, or an object of them and of a condition on the row that is there. */
function updateOne(encoder: Encoder, field: RelationInfo, given: unknown): string {
  const code = Code.NestedUpdate + field.word
  if (!hasMembers(given)) throw new Invalid(`expects an object, got ${describe(given)}`)
  if (!isNarrowed(field, given)) return code + Code.All + writes(encoder, field.target, given, false)
  const args = argumentsOf(encoder, given, ['where', 'data'])
  const where = optionalWhere(encoder, field, args)
  return code + where + member(encoder, args, 'data', data => writes(encoder, field.target, data, false))
}

/**
 * Whether the changes stand in a member `data`. Where the related model has a field of that name, an object of its fields
 * is taken for the changes, as in Prisma.
 */
function isNarrowed({ target }: RelationInfo, given: Record<string, unknown>): boolean {
  const names = Object.keys(given)
  if (!target.fields.has('data')) {
    return names.includes('data') || (names.includes('where') && !target.fields.has('where'))
  }
  if (!names.includes('data') || names.some(name => name !== 'where' && name !== 'data')) return false
  const data = own(given, 'data')
  return hasMembers(data) && Object.keys(data).every(name => target.fields.has(name))
}

function optionalWhere(encoder: Encoder, field: RelationInfo, args: Record<string, unknown>): string {
  const where = optional(encoder, args, 'where')
  if (where === undefined && (encoder.emptyWhere || !Object.hasOwn(args, 'where'))) return Code.All
  encoder.path.push('where')
  if (where === undefined) throw saysNothingOf(field)
  const words = row(relatedWhere(encoder, field, where))
  encoder.path.pop()
  return words
}

/** The row of a to-one relation. */
function row(condition: string): string {
  return condition === TRUE ? Code.All : Code.Where + condition
}

/** The related row that a key names. */
function named(encoder: Encoder, field: RelationInfo, given: unknown): string {
  encoder.relations++
  const words = unique(encoder, field.target, given)
  encoder.relations--
  return words
}
