/**
 * From the engine's buffer to objects.
 *
 * The buffer holds columns (node/src/buffer.rs says how). For each shape a function is made that knows its columns and
 * relations by heart and builds each object by one literal, so that the JIT compiler sees one kind of object. Where
 * code may not be made from text, closures do the same, more slowly. The only names in that text are the schema's.
 */

import { Kind, type ColumnInfo, type ModelInfo, type RelationInfo } from './catalog.js'
import type { NativeError } from './native.js'
import { COLUMN_WORDS, ITEM_COUNTS, ITEM_RELATION, NEST_WORDS, RELATION_WORDS } from './protocol.js'
import { ServerOnly } from './server-only.js'
import { fullName } from './values.js'

/** The array that replies are copied into, seen in all widths. It is read at once and never kept. */
export class Scratch {
  bytes!: Buffer
  /** The same memory, for copies: a slice of a Buffer would be a Buffer. */
  plain!: Uint8Array
  i32!: Int32Array
  f64!: Float64Array
  i64!: BigInt64Array
  /** Values of Json columns that are still text, where a hydrator leaves them to its caller; undefined where it parses them. */
  unparsed: Unparsed[] | undefined

  constructor() {
    this.resize(SMALL)
  }

  /** Makes room for a reply. */
  reserve(size: number): void {
    if (size > this.bytes.length) this.resize(2 ** Math.ceil(Math.log2(size)))
  }

  /** Gives the memory of a rare large reply back. */
  release(): void {
    if (this.bytes.length > LARGE) this.resize(SMALL)
  }

  private resize(size: number): void {
    this.bytes = Buffer.allocUnsafeSlow(size)
    const { buffer } = this.bytes
    this.plain = new Uint8Array(buffer)
    this.i32 = new Int32Array(buffer)
    this.f64 = new Float64Array(buffer)
    this.i64 = new BigInt64Array(buffer)
  }
}

/** A member of a row that holds the text of a Json value. */
export interface Unparsed {
  readonly row: Record<string, unknown>
  readonly column: ColumnInfo
}

const SMALL = 64 * 1024
const LARGE = 8 * 1024 * 1024

/** Makes a decimal of its text. */
export type DecimalMaker = ((text: string) => unknown) | undefined

/** Reads a reply: rows as an array, or one row or null. */
export type Hydrator = (scratch: Scratch) => unknown

interface Nest {
  model: ModelInfo
  reversed: boolean
  items: Item[]
  /** Where its part of the header begins. */
  at: number
  /** Its number among the nests, for names. */
  id: number
}

type Item =
  | { column: ColumnInfo; at: number }
  | { relation: RelationInfo; many: boolean; at: number; nest: Nest }
  | { counts: { name: string; at: number }[] }

/** Makes the hydrator of a plan from the engine's description of it. `one`: it returns a row or null. */
export function makeHydrator(
  models: readonly ModelInfo[],
  description: ArrayLike<number>,
  start: number,
  one: boolean,
  decimal: DecimalMaker,
): Hydrator {
  let position = start
  let header = 0
  let nests = 0
  const next = (): number => description[position++]!
  const readNest = (): Nest => {
    const nest: Nest = { model: models[next()]!, reversed: next() === 1, items: [], at: header, id: nests++ }
    header += NEST_WORDS
    for (let count = next(); count > 0; count--) {
      const kind = next()
      if (kind === ITEM_COUNTS) {
        const counts: { name: string; at: number }[] = []
        for (let length = next(); length > 0; length--) {
          counts.push({ name: nest.model.list[next()]!.name, at: header })
          header += COLUMN_WORDS
        }
        nest.items.push({ counts })
      } else if (kind === ITEM_RELATION) {
        const relation = nest.model.list[next()] as RelationInfo
        const many = next() === 1
        const at = header
        header += RELATION_WORDS
        nest.items.push({ relation, many, at, nest: readNest() })
      } else {
        nest.items.push({ column: nest.model.list[next()] as ColumnInfo, at: header })
        header += COLUMN_WORDS
      }
    }
    return nest
  }
  const root = readNest()
  try {
    return compile(root, one, decimal)
  } catch (error) {
    if (error instanceof EvalError) return interpret(root, one, decimal)
    throw error
  }
}

function isText(kind: Kind): boolean {
  return kind === Kind.String || kind === Kind.Decimal || kind === Kind.Json
}

/** A chunk of text as one string; `at` is its place in the table of chunks. */
function chunk(scratch: Scratch, at: number): string {
  const start = scratch.i32[at]!
  const end = start + scratch.i32[at + 1]!
  return scratch.i32[at + 2] === 1 ? scratch.bytes.latin1Slice(start, end) : scratch.bytes.utf8Slice(start, end)
}

declare global {
  interface Buffer {
    latin1Slice(start: number, end: number): string
    utf8Slice(start: number, end: number): string
  }
}

// Code

/**
 * What the functions of a hydrator know the reply by. They are cleared when it is done, or has failed: a client remembers
 * many hydrators, each of which would keep the memory of its last reply.
 */
const VIEWS = ['s', 'I', 'F', 'L', 'U', 'P']

/** Writes the hydrator as text and makes it a function. */
function compile(root: Nest, one: boolean, decimal: DecimalMaker): Hydrator {
  const enums: (readonly string[])[] = []
  const columns: ColumnInfo[] = []
  const variables: string[] = [...VIEWS]
  const functions: string[] = []
  const read: string[] = []
  const clear: string[] = []

  const key = (name: string): string => (name === '__proto__' ? '["__proto__"]' : JSON.stringify(name))

  const cell = (column: ColumnInfo, at: number, id: string, single: boolean): string => {
    const row = single ? '' : ' + r'
    let value: string
    switch (column.kind) {
      case Kind.String:
      case Kind.Decimal:
      case Kind.Json: {
        const text = single ? `t${id}` : `t${id}[r]`
        if (column.kind === Kind.String || (column.kind === Kind.Decimal && decimal === undefined)) return text
        // Its text, until the object is made.
        if (column.kind === Kind.Json) return text
        const place = columns.push(column) - 1
        value = `decimal(${text}, columns[${place}])`
        return column.nullable ? `(${text} === null ? null : ${value})` : value
      }
      case Kind.Bytes: {
        const place = single ? `t${id}` : `t${id}[r]`
        value = `P.slice(${place}, ${place} + I[c${id}${row}])`
        return column.nullable ? `(${place} < 0 ? null : ${value})` : value
      }
      case Kind.Int:
        value = `I[c${id}${row}]`
        break
      case Kind.Enum:
        value = `enums[${enums.push(column.enumeration!.values) - 1}][I[c${id}${row}]]`
        break
      case Kind.Boolean:
        value = `U[c${id}${row}] === 1`
        break
      case Kind.BigInt:
        value = `L[c${id}${row}]`
        break
      case Kind.Float:
        value = `F[c${id}${row}]`
        break
      case Kind.DateTime:
        value = `new Date(F[c${id}${row}])`
        break
    }
    variables.push(`c${id}`)
    read.push(`c${id} = I[${at}]`)
    if (!column.nullable) return value
    variables.push(`n${id}`)
    read.push(`n${id} = I[${at + 1}]`)
    return `(n${id} !== 0 && U[n${id}${row}] === 1 ? null : ${value})`
  }

  const writeNest = (nest: Nest, single: boolean): void => {
    const members: string[] = []
    const texts: string[] = []
    const values: string[] = []
    nest.items.forEach((item, index) => {
      const id = `${nest.id}_${index}`
      if ('column' in item) {
        const { column, at } = item
        if (isText(column.kind)) {
          variables.push(`t${id}`)
          texts.push(id)
        } else if (column.kind === Kind.Bytes) {
          variables.push(`t${id}`, `c${id}`)
          read.push(`c${id} = I[${at}]`, places(id, at, nest.at, single))
          clear.push(`t${id}`)
        }
        const value = cell(column, at, id, single)
        const isJson = column.kind === Kind.Json
        if (isJson) values.push(`json(s, o, columns[${columns.push(column) - 1}])`)
        members.push(`${key(column.name)}: ${column.serverOnly && !isJson ? `serverOnly(${value})` : value}`)
      } else if ('counts' in item) {
        const counts = item.counts.map(({ name, at }, place) => {
          variables.push(`c${id}_${place}`)
          read.push(`c${id}_${place} = I[${at}]`)
          return `${key(name)}: F[c${id}_${place}${single ? '' : ' + r'}]`
        })
        members.push(`"_count": { ${counts.join(', ')} }`)
      } else {
        variables.push(`k${item.nest.id}`)
        read.push(`k${item.nest.id} = I[${item.at}]`)
        members.push(`${key(item.relation.name)}: ${item.many ? 'l' : 'o'}${item.nest.id}(${single ? '0' : 'r'})`)
      }
    })
    const { id } = nest
    if (texts.length > 0) read.push(textReader(nest.at, texts, single))
    clear.push(...texts.map(text => `t${text}`))
    const object = `{ ${members.join(', ')} }`
    functions.push(
      `function m${id}(r) { ${values.length === 0 ? `return ${object}` : `const o = ${object}; ${values.join('; ')}; return o`} }`,
    )
    for (const item of nest.items) {
      if (!('relation' in item)) continue
      const child = item.nest.id
      writeNest(item.nest, false)
      functions.push(
        item.many
          ? `function l${child}(p) { const at = I[k${child} + 2 * p], n = I[k${child} + 2 * p + 1], rows = new Array(n);
  for (let i = 0; i < n; i++) rows[i] = m${child}(${item.nest.reversed ? 'at + n - 1 - i' : 'at + i'}); return rows }`
          : `function o${child}(p) { return I[k${child} + 2 * p + 1] === 0 ? null : m${child}(I[k${child} + 2 * p]) }`,
      )
    }
  }
  writeNest(root, one)

  const rows = one
    ? 'const result = I[0] === 0 ? null : m0(0)'
    : `const n = I[0], result = new Array(n); for (let i = 0; i < n; i++) result[i] = m0(${root.reversed ? 'n - 1 - i' : 'i'})`
  const source = `"use strict";
let ${[...new Set(variables)].join(', ')};
${functions.join('\n')}
return function hydrate(scratch) {
  s = scratch; I = s.i32; F = s.f64; L = s.i64; U = s.bytes; P = s.plain;
  try {
    ${one ? 'if (I[0] === 0) return null;' : ''}
    ${read.join(';\n    ')};
    ${rows};
    return result
  } finally {
    ${[...VIEWS, ...clear].map(name => `${name} = undefined;`).join(' ')}
  }
}`
  const make = new Function('chunk', 'json', 'decimal', 'columns', 'enums', 'serverOnly', source) as (
    ...parts: unknown[]
  ) => Hydrator
  return make(chunk, makeJson, decimal && parseDecimal(decimal), columns, enums, serverOnly)
}

/** Makes the value of a Json column of its text, which a row holds, or leaves that to the caller of the hydrator. */
function makeJson({ unparsed }: Scratch, row: Record<string, unknown>, column: ColumnInfo): void {
  if (unparsed === undefined) parseJson({ row, column })
  else unparsed.push({ row, column })
}

/** Makes the value of a Json column of its text. The text of a SyntaxError would show the value. */
export function parseJson({ row, column }: Unparsed): void {
  // A member of the row itself, whatever its name is.
  const text = row[column.name] as string | null
  if (text === null) return
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw unfit(column, 'Json', 'text that is not JSON')
  }
  define(row, column.name, column.serverOnly ? serverOnly(value) : value)
}

function parseDecimal(make: (text: string) => unknown): (text: string, column: ColumnInfo) => unknown {
  return (text, column) => {
    try {
      return make(text)
    } catch {
      throw unfit(column, 'Decimal', 'text that is not a decimal number')
    }
  }
}

/** The error for what is stored and does not fit the schema, as the engine sends it. */
function unfit(column: ColumnInfo, type: string, found: string): NativeError {
  const message = `\`${fullName(column)}\` is ${type} in the schema, but the database holds ${found} there`
  return { code: 'P2023', message, meta: { modelName: column.model.name } }
}

/** What a row has of a column that stays on the server: null is no secret. */
function serverOnly(value: unknown): unknown {
  return value === null ? null : new ServerOnly(value)
}

/** Cuts the text of a nest into values, row by row. */
function textReader(at: number, ids: readonly string[], single: boolean): string {
  const cells = ids.map(
    id => `len = I[next++];
    if (len > 0) { if (from === to) { text = chunk(s, table); table += 3; from = 0; to = text.length }
      t${id}${single ? '' : '[r]'} = text.substring(from, from += len) }
    else t${id}${single ? '' : '[r]'} = len === 0 ? '' : null`,
  )
  const arrays = single ? '' : ids.map(id => `t${id} = new Array(rows);`).join(' ')
  return `{ let table = I[${at + 1}], next = I[table], from = 0, to = 0, text = '', len; table += 2;
    ${single ? '' : `const rows = I[${at}]; ${arrays} for (let r = 0; r < rows; r++) {`}
    ${cells.join('\n    ')}
  ${single ? '' : '}'} }`
}

/** Finds where the values of a column of bytes begin; -1 is null. */
function places(id: string, at: number, nest: number, single: boolean): string {
  if (single) return `t${id} = I[c${id}] < 0 ? -1 : I[${at + 1}]`
  return `{ const rows = I[${nest}]; t${id} = new Array(rows); let at = I[${at + 1}];
    for (let r = 0; r < rows; r++) { const len = I[c${id} + r]; if (len < 0) t${id}[r] = -1; else { t${id}[r] = at; at += len } } }`
}

// Closures

type Cell = (row: number) => unknown
/** Reads what its columns need of a reply, then gives its rows one by one. */
type Reader = (scratch: Scratch) => Cell

/** The same without making code. */
function interpret(root: Nest, one: boolean, decimal: DecimalMaker): Hydrator {
  const rows = nestReader(root, decimal)
  return scratch => {
    const make = rows(scratch)
    const count = scratch.i32[root.at]!
    if (one) return count === 0 ? null : make(0)
    return Array.from({ length: count }, (_, index) => make(root.reversed ? count - 1 - index : index))
  }
}

function nestReader(nest: Nest, decimal: DecimalMaker): Reader {
  const texts = nest.items.filter(item => 'column' in item && isText(item.column.kind)).length
  let text = 0
  const jsons: ColumnInfo[] = []
  const members = nest.items.map((item): [string, (scratch: Scratch, texts: (string | null)[][]) => Cell] => {
    if ('counts' in item) {
      return [
        '_count',
        ({ i32, f64 }) =>
          row => {
            const counts: Record<string, number> = {}
            for (const { name, at } of item.counts) define(counts, name, f64[i32[at]! + row])
            return counts
          },
      ]
    }
    if ('relation' in item) {
      const reader = nestReader(item.nest, decimal)
      return [
        item.relation.name,
        scratch => {
          const make = reader(scratch)
          const links = scratch.i32[item.at]!
          return row => {
            const start = scratch.i32[links + 2 * row]!
            const count = scratch.i32[links + 2 * row + 1]!
            if (!item.many) return count === 0 ? null : make(start)
            const { reversed } = item.nest
            return Array.from({ length: count }, (_, i) => make(start + (reversed ? count - 1 - i : i)))
          }
        },
      ]
    }
    const { column, at } = item
    const isJson = column.kind === Kind.Json
    if (isJson) jsons.push(column)
    const shown =
      column.serverOnly && !isJson
        ? (cell: Cell): Cell =>
            row =>
              serverOnly(cell(row))
        : (cell: Cell) => cell
    if (isText(column.kind)) {
      const place = text++
      return [
        column.name,
        (_, texts) =>
          shown(row => {
            const value = texts[place]![row]!
            // What is Json is text, until the object is made.
            if (value === null || column.kind === Kind.String || isJson) return value
            return decimal === undefined ? value : parseDecimal(decimal)(value, column)
          }),
      ]
    }
    return [column.name, scratch => shown(plainCell(scratch, column, at, nest.at))]
  })
  return scratch => {
    const columns = readTexts(scratch, nest.at, texts)
    const cells = members.map(([name, cell]) => [name, cell(scratch, columns)] as const)
    return row => {
      const object: Record<string, unknown> = {}
      for (const [name, cell] of cells) define(object, name, cell(row))
      for (const column of jsons) makeJson(scratch, object, column)
      return object
    }
  }
}

function define(object: object, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
  } else {
    ;(object as Record<string, unknown>)[name] = value
  }
}

function plainCell(scratch: Scratch, column: ColumnInfo, at: number, nest: number): Cell {
  const { i32, f64, i64, plain } = scratch
  const start = i32[at]!
  const nulls = i32[at + 1]!
  if (column.kind === Kind.Bytes) {
    const starts: number[] = []
    for (let row = 0, place = nulls; row < i32[nest]!; row++) {
      starts.push(place)
      place += Math.max(0, i32[start + row]!)
    }
    return row => {
      const length = i32[start + row]!
      return length < 0 ? null : plain.slice(starts[row], starts[row]! + length)
    }
  }
  const value: Cell = row => {
    switch (column.kind) {
      case Kind.Int:
        return i32[start + row]
      case Kind.Enum:
        return column.enumeration!.values[i32[start + row]!]
      case Kind.Boolean:
        return plain[start + row] === 1
      case Kind.BigInt:
        return i64[start + row]
      case Kind.DateTime:
        return new Date(f64[start + row]!)
      default:
        return f64[start + row]
    }
  }
  return column.nullable && nulls !== 0 ? row => (plain[nulls + row] === 1 ? null : value(row)) : value
}

function readTexts(scratch: Scratch, at: number, columns: number): (string | null)[][] {
  const { i32 } = scratch
  const values: (string | null)[][] = Array.from({ length: columns }, () => [])
  if (columns === 0) return values
  let table = i32[at + 1]!
  let next = i32[table]!
  table += 2
  let text = ''
  let from = 0
  for (let row = 0; row < i32[at]!; row++) {
    for (const column of values) {
      const length = i32[next++]!
      if (length > 0 && from === text.length) {
        text = chunk(scratch, table)
        table += 3
        from = 0
      }
      column.push(length < 0 ? null : text.substring(from, from + length))
      if (length > 0) from += length
    }
  }
  return values
}
