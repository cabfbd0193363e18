/** The catalog: what the runtime knows about a schema. The generated client carries it, the engine gets it as JSON. */

/** The type of a column. */
export type ColumnType =
  | 'string'
  | 'boolean'
  | 'int'
  | 'bigInt'
  | 'float'
  | 'decimal'
  | 'dateTime'
  | 'json'
  | 'bytes'
  | { enum: number }

type ColumnDefault =
  | 'none'
  | 'database'
  | 'autoincrement'
  | 'now'
  | 'ulid'
  | { number: number }
  | { instant: number }
  | { uuid: number }
  | { cuid: number }
  | { nanoid: number }

/** What is left out is false, or `none`. */
interface ColumnEntry {
  name: string
  type: ColumnType
  nullable?: boolean
  default?: ColumnDefault
  updatedAt?: boolean
  list?: boolean
  serverOnly?: boolean
  generated?: boolean
  indexed?: boolean
  native?: string
}

interface RelationEntry {
  target: number
  inverse: number
  arity: 'one' | 'optional' | 'many'
  from: number[]
  to: number[]
  holdsKey?: boolean
  indexed?: boolean
  through?: { table: string; schema?: string; fromColumn: string; toColumn: string } | null
}

interface FieldEntry {
  name: string
  kind: { column: ColumnEntry } | { relation: RelationEntry }
}

interface KeyEntry {
  name: string
  fields: number[]
}

interface ModelEntry {
  name: string
  table: string
  schema?: string
  writes?: 'noCreate' | 'none'
  fields: FieldEntry[]
  keys: KeyEntry[]
}

/** The catalog of a schema, as the generator writes it. */
export interface Catalog {
  version: number
  provider: 'sqlite' | 'postgresql' | 'mysql'
  models: ModelEntry[]
  enums: { name: string; dbName: string; schema?: string; values: { name: string; dbName: string }[] }[]
}

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

const KINDS = {
  string: Kind.String,
  boolean: Kind.Boolean,
  int: Kind.Int,
  bigInt: Kind.BigInt,
  float: Kind.Float,
  decimal: Kind.Decimal,
  dateTime: Kind.DateTime,
  json: Kind.Json,
  bytes: Kind.Bytes,
} as const

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
  /** The indices of the columns that a related row gets from a row of the model, when it is created in it. */
  readonly gives: readonly number[]
  /** The indices of the columns that a row of the model gets from a related row. */
  readonly gets: readonly number[]
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

/** The members of a client that stand for models: the names with a small letter first, unless two of them meet. */
function accessors(names: readonly string[]): string[] {
  const small = names.map(name => name.charAt(0).toLowerCase() + name.slice(1))
  return small.map((accessor, index) => {
    const shared = small.indexOf(accessor) !== index || small.lastIndexOf(accessor) !== index
    return shared ? names[index]! : accessor
  })
}

/** Indexes a catalog. */
export function indexCatalog(catalog: Catalog): ModelInfo[] {
  const enums = catalog.enums.map(({ name, values }): EnumInfo => {
    const names = values.map(value => value.name)
    return { name, values: names, index: new Map(names.map((value, index) => [value, index])) }
  })
  const members = accessors(catalog.models.map(model => model.name))
  const models = catalog.models.map(({ name }, index) => ({
    name,
    word: String.fromCharCode(index),
    accessor: members[index]!,
    list: [] as FieldInfo[],
    fields: new Map<string, FieldInfo>(),
    compound: new Map<string, readonly ColumnInfo[]>(),
    keys: [] as string[],
  }))
  catalog.models.forEach((entry, index) => {
    const model = models[index]!
    const foreignKeys = new Map<number, string>()
    for (const { name, kind } of entry.fields) {
      if ('relation' in kind && kind.relation.holdsKey) for (const key of kind.relation.from) foreignKeys.set(key, name)
    }
    entry.fields.forEach(({ name, kind }, index) => {
      const shared = { model, name, index, word: String.fromCharCode(index) }
      let field: FieldInfo
      if ('column' in kind) {
        const { type, nullable = false, list = false, serverOnly = false, default: given = 'none' } = kind.column
        const filled = kind.column.updatedAt === true || kind.column.generated === true || given !== 'none'
        // The engine refuses new rows of a model that has none, whatever they have.
        const creatable = entry.writes === undefined
        const required = creatable && !nullable && !list && !filled
        const enumeration = typeof type === 'string' ? undefined : enums[type.enum]
        const kindOfColumn = typeof type === 'string' ? KINDS[type] : Kind.Enum
        const foreignKeyOf = foreignKeys.get(index)
        field = {
          relation: false,
          ...shared,
          kind: kindOfColumn,
          enumeration,
          nullable,
          list,
          serverOnly,
          foreignKeyOf,
          required,
        }
      } else {
        const { target, arity, holdsKey = false, from, to, through = null } = kind.relation
        const [many, optional] = [arity === 'many', arity === 'optional']
        const gives = holdsKey || through !== null ? [] : to
        const gets = holdsKey ? from : []
        field = { relation: true, ...shared, target: models[target]!, many, optional, holdsKey, gives, gets }
      }
      model.list.push(field)
      model.fields.set(name, field)
    })
    for (const key of entry.keys) {
      model.keys.push(key.name)
      if (key.fields.length > 1) {
        model.compound.set(
          key.name,
          key.fields.map(field => model.list[field] as ColumnInfo),
        )
      }
    }
  })
  return models
}
