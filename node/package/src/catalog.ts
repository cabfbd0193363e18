/**
 * The catalog: what the runtime knows about a schema. The generated client carries it as text, a line per model; the engine
 * takes that text as it is, and the runtime reads the line of a model when the model is used for the first time.
 * `query/src/catalog/text.rs` describes the text.
 */

import { CATALOG_VERSION } from './codes.js'
import { PurlinInitializationError } from './errors.js'

/** The catalog of a schema, as the generator writes it. */
export type Catalog = string

/** Kinds of columns, as small numbers. */
export const Kind = {
  String: 0,
  Boolean: 1,
  Int: 2,
  BigInt: 3,
  Float: 4,
  Decimal: 5,
  DateTime: 6,
  Json: 7,
  Bytes: 8,
  Enum: 9,
} as const
export type Kind = (typeof Kind)[keyof typeof Kind]

/** An enum, both ways. */
export interface EnumInfo {
  name: string
  values: readonly string[]
  index: ReadonlyMap<string, number>
}

/** A column of a model. */
export interface ColumnInfo {
  readonly relation: false
  readonly model: ModelInfo
  readonly name: string
  readonly index: number
  /** The index as a word of a shape. */
  readonly word: string
  readonly kind: Kind
  readonly enumeration: EnumInfo | undefined
  readonly nullable: boolean
  readonly list: boolean
  /** Whether it is loaded only where it is asked for, and then in a `ServerOnly`. */
  readonly serverOnly: boolean
  /** The relation whose foreign key it is of. */
  readonly foreignKeyOf: string | undefined
  /** Whether a row cannot be created without a value for it, unless a relation brings that. */
  readonly required: boolean
}

/** A relation of a model. */
export interface RelationInfo {
  readonly relation: true
  readonly model: ModelInfo
  readonly name: string
  readonly index: number
  readonly word: string
  readonly target: ModelInfo
  readonly many: boolean
  readonly optional: boolean
  /** Whether the rows of the model hold its foreign key. */
  readonly holdsKey: boolean
  /** The columns that a related row gets from a row of the model, when it is created in it. */
  readonly gives: readonly string[]
  /** The columns that a row of the model gets from a related row. */
  readonly gets: readonly string[]
}

export type FieldInfo = ColumnInfo | RelationInfo

/** A model, its fields looked up by name. */
export interface ModelInfo {
  readonly name: string
  readonly word: string
  /** The member of a client that stands for it. */
  readonly accessor: string
  readonly list: readonly FieldInfo[]
  /** Keys of user input are looked up here and nowhere else. */
  readonly fields: ReadonlyMap<string, FieldInfo>
  /** The selectors of compound keys. */
  readonly compound: ReadonlyMap<string, readonly ColumnInfo[]>
  /** The selectors of all keys, for messages. */
  readonly keys: readonly string[]
}

/** Reads a catalog. */
export function indexCatalog(catalog: Catalog): ModelInfo[] {
  // A client of an older version holds an object.
  if (typeof catalog !== 'string' || !catalog.startsWith(`catalog ${CATALOG_VERSION} `)) {
    throw new PurlinInitializationError(
      'the generated client was written by another version of purlin: run `npx purlin generate`',
    )
  }
  const lines = catalog.trimEnd().split('\n')
  const schema = new Schema(lines.filter(line => line.startsWith('enum ')))
  const models = lines.filter(line => line.startsWith('model '))
  return models.map((line, index) => {
    const name = nameOf(line)
    const model = new Model(name, String.fromCharCode(index), accessorOf(name, line), line, schema)
    schema.models.set(name, model)
    return model
  })
}

/** The member of a client that stands for a model: its name with a small letter first, unless the line says otherwise. */
function accessorOf(name: string, line: string): string {
  const isWritten = line.slice(0, line.indexOf(' ', 'model '.length)).includes('@capital')
  return isWritten ? name : name.charAt(0).toLowerCase() + name.slice(1)
}

/** The name of the model or the enum of a line. */
function nameOf(line: string): string {
  return decodeURIComponent(/^\w+ ([^=@ ]+)/.exec(line)?.[1] ?? damaged())
}

function damaged(): never {
  throw new PurlinInitializationError('the catalog of the generated client is damaged: run `npx purlin generate`')
}

/** What names of a catalog stand for. */
class Schema {
  readonly models = new Map<string, Model>()
  readonly #enums: Map<string, string>
  readonly #known = new Map<string, EnumInfo>()

  constructor(enums: readonly string[]) {
    this.#enums = new Map(enums.map(line => [nameOf(line), line]))
  }

  enumeration(name: string): EnumInfo {
    let known = this.#known.get(name)
    if (known === undefined) {
      const values = (this.#enums.get(name) ?? damaged()).split(' ').slice(2)
      const names = values.map(value => decodeURIComponent(value.split('=', 1)[0]!))
      known = { name, values: names, index: new Map(names.map((value, index) => [value, index])) }
      this.#known.set(name, known)
    }
    return known
  }
}

/** A column as text: its name, whether it is of an enum, its type, `?`, `[]`, its attributes. */
const COLUMN = /^([^:<>]+):(enum\.)?([^?[@=]+)(\?)?(\[\])?([^=]*)/

/** A relation as text: its name, which end it is, the model, `?`, `[]`, the columns of both ends, its attributes. */
const RELATION = /^([^:<>]+)([<>])([^.]+)\.[^?[(]+(\?)?(\[\])?\(([^=]*)=([^)]*)\)(.*)$/

/** An attribute of a column that provides a value for new rows: any other than these. */
const FILLED = /@(?!serverOnly|indexed|native)/

interface Members {
  readonly list: readonly FieldInfo[]
  readonly fields: ReadonlyMap<string, FieldInfo>
  readonly compound: ReadonlyMap<string, readonly ColumnInfo[]>
  readonly keys: readonly string[]
}

/** A model, whose line is read when it is used. */
class Model implements ModelInfo {
  readonly name: string
  readonly word: string
  readonly accessor: string
  readonly #line: string
  readonly #schema: Schema
  #members: Members | undefined

  constructor(name: string, word: string, accessor: string, line: string, schema: Schema) {
    this.name = name
    this.word = word
    this.accessor = accessor
    this.#line = line
    this.#schema = schema
  }

  get list(): readonly FieldInfo[] {
    return (this.#members ?? this.#read()).list
  }

  get fields(): ReadonlyMap<string, FieldInfo> {
    return (this.#members ?? this.#read()).fields
  }

  get compound(): ReadonlyMap<string, readonly ColumnInfo[]> {
    return (this.#members ?? this.#read()).compound
  }

  get keys(): readonly string[] {
    return (this.#members ?? this.#read()).keys
  }

  #read(): Members {
    const line = this.#line
    const bar = line.indexOf(' |')
    const [, head = damaged(), ...words] = line.slice(0, bar).split(' ')
    // The engine refuses new rows of a model that takes none, whatever they have.
    const creatable = !/@(noCreate|readOnly)/.test(head)
    const foreignKeys = new Map<string, string>()
    const list = words.map((word, index) => this.#relation(word, index, foreignKeys) ?? this.#column(word, index))
    for (const field of list) {
      if (field.relation) continue
      field.foreignKeyOf = foreignKeys.get(field.name)
      field.required &&= creatable
    }
    const fields = new Map<string, FieldInfo>(list.map(field => [field.name, field]))
    const compound = new Map<string, readonly ColumnInfo[]>()
    const keys = line.slice(bar + 3)
    const names = (keys === '' ? [] : keys.split(' ')).map(key => {
      const colon = key.indexOf(':')
      const columns = namesIn(key.slice(colon + 1))
      const name = colon < 0 ? columns.join('_') : decodeURIComponent(key.slice(0, colon))
      if (columns.length > 1)
        compound.set(
          name,
          columns.map(column => fields.get(column) as ColumnInfo),
        )
      return name
    })
    this.#members = { list, fields, compound, keys: names }
    return this.#members
  }

  #column(word: string, index: number): Mutable<ColumnInfo> {
    const [, name = damaged(), ofEnum, type = damaged(), optional, many, attributes = ''] = COLUMN.exec(word) ?? []
    const [nullable, list] = [optional !== undefined, many !== undefined]
    return {
      relation: false,
      model: this,
      name: decodeURIComponent(name),
      index,
      word: String.fromCharCode(index),
      kind: ofEnum === undefined ? (Kind[type as keyof typeof Kind] ?? damaged()) : Kind.Enum,
      enumeration: ofEnum === undefined ? undefined : this.#schema.enumeration(decodeURIComponent(type)),
      nullable,
      list,
      serverOnly: attributes.includes('@serverOnly'),
      foreignKeyOf: undefined,
      required: !nullable && !list && !FILLED.test(attributes),
    }
  }

  /** Undefined when it is none. It adds its foreign key to `foreignKeys`. */
  #relation(word: string, index: number, foreignKeys: Map<string, string>): RelationInfo | undefined {
    const parts = RELATION.exec(word)
    if (parts === null) return undefined
    const [, written, end, target, optional, many, from, to, attributes] = parts
    const name = decodeURIComponent(written!)
    const holdsKey = end === '>'
    const columns = namesIn(from!)
    if (holdsKey) for (const column of columns) foreignKeys.set(column, name)
    return {
      relation: true,
      model: this,
      name,
      index,
      word: String.fromCharCode(index),
      target: this.#schema.models.get(decodeURIComponent(target!)) ?? damaged(),
      many: many !== undefined,
      optional: optional !== undefined,
      holdsKey,
      gives: holdsKey || attributes!.includes('@through') ? [] : namesIn(to!),
      gets: holdsKey ? columns : [],
    }
  }
}

/** The names of a list. */
function namesIn(list: string): string[] {
  return list === '' ? [] : list.split(',').map(decodeURIComponent)
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
