/** Which rows, in which order, how many, and what to load of them. */

import type { ModelInfo } from '../catalog.js'
import { Code } from '../codes.js'
import { Invalid } from '../errors.js'
import { describe, describeNumber, fullName, hasMembers, lengthOf } from '../values.js'
import {
  FIND,
  NOTHING,
  SELECTION,
  argumentsOf,
  fieldOf,
  membersOf,
  own,
  required,
  unknownName,
  type Encoder,
} from './common.js'
import { isTrusted, unwrapTrusted } from '../trusted.js'
import { where } from './filter.js'

const TO_ONE = ['where', ...SELECTION]

/** Which rows. `first`: only the first of them, or the last. */
export function find(encoder: Encoder, model: ModelInfo, args: Record<string, unknown>, first = false): string {
  if (args === NOTHING) return Code.End
  const filter = where(encoder, model, args)
  let words = filter === '' ? '' : Code.Where + filter
  const orderBy = encoder.argument(args, 'orderBy')
  if (orderBy !== undefined) words += orders(encoder, model, orderBy)
  const take = encoder.argument(args, 'take')
  if (take !== undefined) {
    const count = integer(encoder, 'take', take)
    if (first && count !== 1 && count !== -1) {
      encoder.path.push('take')
      throw new Invalid('is 1 or -1 in this call')
    }
    // The first row is what is taken anyway.
    if (!first || count < 0) {
      words += count < 0 ? Code.TakeLast : Code.Take
      encoder.values.push(Math.abs(count))
    }
  }
  const skip = encoder.argument(args, 'skip')
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
  if (Number.isSafeInteger(value)) return value as number
  encoder.path.push(name)
  if (Number.isInteger(value)) throw new Invalid('expects an integer of at most 2 ** 53 - 1, got a larger one')
  throw new Invalid(`expects an integer, got ${typeof value === 'number' ? describeNumber(value) : describe(value)}`)
}

function orders(encoder: Encoder, model: ModelInfo, given: unknown): string {
  encoder.path.push('orderBy')
  let words = ''
  if (Array.isArray(given)) {
    const length = lengthOf(given)
    encoder.expectNodes(length)
    for (let index = 0; index < length; index++) {
      encoder.path.push(String(index))
      const member: unknown = given[index]
      encoder.expectElement(member)
      words += order(encoder, model, member, '', 0)
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
  if (!hasMembers(given))
    throw new Invalid(`expects an object like { ${model.list[0]?.name}: 'asc' }, got ${describe(given)}`)
  const names = Object.keys(given)
  encoder.countNodes(Math.max(names.length, 1))
  const members = membersOf(encoder, given, names)
  if (members.length === 0) return ''
  if (members.length > 1) throw new Invalid('has several members: write a list of objects with one member each')
  const [name, member] = members[0]!
  const field = fieldOf(encoder, model, name)
  const value = unwrapTrusted(member)
  encoder.path.push(name)
  let words: string
  if (!field.relation) {
    if (field.serverOnly && !isTrusted(member)) {
      throw new Invalid(
        `\`${fullName(field)}\` stays on the server and sorts no rows, which could find it out bit by bit; ` +
          "if the order is not from a request, write it as `trusted('asc')`",
      )
    }
    words = Code.OrderBy + direction(encoder, value) + String.fromCharCode(length) + path + Code.Field + field.word
  } else if (field.many) {
    if (!hasMembers(value)) throw new Invalid(`expects { _count: 'asc' } or { _count: 'desc' }, got ${describe(value)}`)
    const unknown = Object.keys(value).find(name => name !== '_count')
    if (unknown !== undefined) throw unknownName(encoder, 'member', unknown, ['_count'])
    const by = encoder.argument(value, '_count')
    if (by === undefined)
      throw new Invalid("expects { _count: 'asc' } or { _count: 'desc' }, got an object without `_count`")
    encoder.path.push('_count')
    words = Code.OrderBy + direction(encoder, by) + String.fromCharCode(length) + path + Code.Count + field.word
    encoder.path.pop()
  } else {
    encoder.enterRelation()
    words = order(encoder, field.target, value, path + field.word, length + 1)
    encoder.relationDepth--
  }
  encoder.path.pop()
  return words
}

function direction(encoder: Encoder, value: unknown): string {
  if (value === 'asc') return Code.Ascending
  if (value === 'desc') return Code.Descending
  if (!hasMembers(value)) throw new Invalid("expects 'asc', 'desc' or { sort, nulls }")
  for (const name of Object.keys(value)) {
    if (name !== 'sort' && name !== 'nulls') throw unknownName(encoder, 'member', name, ['sort', 'nulls'])
  }
  const sort = own(value, 'sort')
  const nulls = encoder.argument(value, 'nulls')
  if (sort !== 'asc' && sort !== 'desc') throw new Invalid("expects `sort` to be 'asc' or 'desc'")
  const words = sort === 'asc' ? Code.Ascending : Code.Descending
  if (nulls === undefined) return words
  if (nulls !== 'first' && nulls !== 'last') throw new Invalid("expects `nulls` to be 'first' or 'last'")
  return words + (nulls === 'first' ? Code.NullsFirst : Code.NullsLast)
}

// What to load

export function selection(encoder: Encoder, model: ModelInfo, args: Record<string, unknown>): string {
  const select = encoder.selection(args, 'select')
  const include = encoder.selection(args, 'include')
  const omit = encoder.selection(args, 'omit')
  if (select !== undefined && select !== null) {
    if (include !== undefined && include !== null) throw new Invalid('choose either `select` or `include`, not both')
    if (omit !== undefined && omit !== null) throw new Invalid('choose either `select` or `omit`, not both')
    encoder.path.push('select')
    const words = members(encoder, model, select, true)
    if (words === '') throw new Invalid(`selects nothing: set a field of ${model.name} to true`)
    encoder.path.pop()
    return words + Code.End
  }
  let words: string
  if (omit === undefined || omit === null) {
    // As the engine counts.
    encoder.countNodes(1)
    words = Code.AllColumns
  } else {
    words = columnsWithout(encoder, model, omit)
  }
  if (include !== undefined && include !== null) {
    encoder.path.push('include')
    words += members(encoder, model, include, false)
    encoder.path.pop()
  }
  if (words === '' && model.list.some(field => !field.relation && !field.serverOnly)) {
    encoder.path.push('omit')
    throw new Invalid(`omits every field of ${model.name}: keep one, or include a relation`)
  }
  return words + Code.End
}

function columnsWithout(encoder: Encoder, model: ModelInfo, given: unknown): string {
  encoder.path.push('omit')
  if (!hasMembers(given)) throw new Invalid(`expects an object of fields, got ${describe(given)}`)
  const names = Object.keys(given)
  encoder.countNodes(names.length)
  const choices = new Map<string, unknown>()
  for (const name of names) {
    if (fieldOf(encoder, model, name).relation) throw new Invalid(`\`${name}\` is a relation; only columns are omitted`)
    const value = given[name]
    flag(encoder, name, value)
    choices.set(name, value)
  }
  encoder.path.pop()
  let words = ''
  for (const field of model.list) {
    if (field.relation) continue
    const omitted = choices.get(field.name)
    if (field.serverOnly ? omitted === false : omitted !== true) words += Code.Field + field.word
  }
  // Two words for each column that is left.
  if (words.length / 2 > names.length) encoder.countNodes(words.length / 2 - names.length)
  return words
}

function flag(encoder: Encoder, name: string, value: unknown): boolean {
  if (value === true) return true
  if (value === false || value === null || encoder.leftOut(name, value)) return false
  encoder.path.push(name)
  throw new Invalid(`expects true or false, got ${describe(value)}`)
}

/** The members of `select` or `include`. */
function members(encoder: Encoder, model: ModelInfo, given: unknown, columns: boolean): string {
  if (!hasMembers(given)) throw new Invalid(`expects an object of fields, got ${describe(given)}`)
  let words = ''
  const names = Object.keys(given)
  encoder.countNodes(names.length)
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    const value = given[name]
    const field = model.fields.get(name)
    if (field === undefined) {
      if (name === '_count') {
        if (encoder.leftOut(name, value)) continue
        encoder.path.push(name)
        words += counts(encoder, model, value)
        encoder.path.pop()
        continue
      }
      const known = model.list.filter(field => columns || field.relation).map(field => field.name)
      throw unknownName(encoder, `${columns ? 'field' : 'relation'} of ${model.name}`, name, [...known, '_count'])
    }
    if (!field.relation) {
      if (!columns)
        throw new Invalid(`\`${name}\` is a column of ${model.name}: \`include\` takes relations, \`select\` both`)
      if (flag(encoder, name, value)) words += Code.Field + field.word
      continue
    }
    if (value === false || value === null || encoder.leftOut(name, value)) continue
    encoder.path.push(name)
    encoder.enterRelation()
    words += Code.Relation + field.word
    if (value === true) {
      encoder.countNodes(1)
      words += Code.End + Code.AllColumns + Code.End
    } else {
      const args = argumentsOf(encoder, value, field.many ? FIND : TO_ONE)
      encoder.relations++
      const rows = field.many || field.optional ? find(encoder, field.target, args) : theRow(encoder, args)
      encoder.relations--
      words += rows + selection(encoder, field.target, args)
    }
    encoder.relationDepth--
    encoder.path.pop()
  }
  return words
}

/** The row of a required relation is always there. */
function theRow(encoder: Encoder, args: Record<string, unknown>): string {
  if (encoder.argument(args, 'where') !== undefined)
    throw new Invalid('`where` would leave out a row that must be there')
  return Code.End
}

function counts(encoder: Encoder, model: ModelInfo, given: unknown): string {
  if (given === false || given === null) return ''
  let words = ''
  let count = 0
  if (given === true) {
    for (const field of model.list) {
      if (!field.relation || !field.many) continue
      words += field.word + Code.All
      count++
    }
    if (count === 0) throw new Invalid(`${model.name} has no to-many relation to count`)
    encoder.countNodes(count)
    return Code.Counts + String.fromCharCode(count) + words
  }
  const args = argumentsOf(encoder, given, ['select'])
  const select = required(encoder, args, 'select')
  encoder.path.push('select')
  if (!hasMembers(select)) throw new Invalid(`expects an object of relations, got ${describe(select)}`)
  const names = Object.keys(select)
  encoder.countNodes(names.length)
  for (const name of names) {
    const value = select[name]
    const field = model.fields.get(name)
    if (field === undefined || !field.relation || !field.many) {
      const known = model.list.filter(field => field.relation && field.many).map(field => field.name)
      throw unknownName(encoder, `to-many relation of ${model.name}`, name, known)
    }
    if (value === false || value === null || encoder.leftOut(name, value)) continue
    encoder.path.push(name)
    encoder.relations++
    const filter = value === true ? '' : where(encoder, field.target, argumentsOf(encoder, value, ['where']))
    encoder.relations--
    words += field.word + (filter === '' ? Code.All : Code.Where + filter)
    count++
    encoder.path.pop()
  }
  if (count === 0) throw new Invalid(`counts nothing: set a to-many relation of ${model.name} to true`)
  encoder.path.pop()
  return Code.Counts + String.fromCharCode(count) + words
}

export function countedFields(encoder: Encoder, model: ModelInfo, select: unknown): string[] {
  encoder.path.push('select')
  if (!hasMembers(select)) throw new Invalid(`expects an object of columns, got ${describe(select)}`)
  const given = Object.keys(select)
  encoder.countNodes(given.length)
  const names = given.filter(name => {
    if (name !== '_all' && fieldOf(encoder, model, name).relation) throw new Invalid(`\`${name}\` is a relation`)
    return flag(encoder, name, select[name])
  })
  if (names.length === 0) throw new Invalid('counts nothing: set `_all` or a column to true')
  encoder.path.pop()
  return names
}

export function countWords(model: ModelInfo, names: readonly string[] | undefined): string {
  if (names === undefined) return '\u0001' + Code.All
  let words = String.fromCharCode(names.length)
  for (const name of names) words += name === '_all' ? Code.All : Code.Field + model.fields.get(name)!.word
  return words
}
