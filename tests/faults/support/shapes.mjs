// Shapes with their values, as the grammar in `query/src/shape.rs` has them, for any catalog; and what is almost one.

import { Code, Kind } from './addon.mjs'

const word = number => String.fromCharCode(number)
const COMPARISONS = [
  'Equals',
  'NotEquals',
  'Less',
  'LessOrEqual',
  'Greater',
  'GreaterOrEqual',
  'Contains',
  'StartsWith',
  'EndsWith',
]
const CODES = Object.values(Code)

export class Shapes {
  constructor(models, dice) {
    this.models = models
    this.dice = dice
  }

  /** A shape with its values: by the grammar, or changed in places, or of random words. */
  next() {
    const { dice } = this
    const form = dice.below(10)
    if (form === 0) return { shape: this.words(1 + dice.below(30)), values: this.list(() => this.hostile(), 5) }
    const made = this.query()
    if (form > 6) made.shape = this.changed(made.shape)
    if (form === 9) made.values = made.values.map(value => (dice.below(3) === 0 ? this.hostile() : value))
    if (form === 8 && dice.below(4) === 0) made.values.length = dice.below(made.values.length + 2)
    return made
  }

  words(count) {
    return Array.from({ length: count }, () => this.word()).join('')
  }

  word() {
    const { dice } = this
    return dice.below(4) === 0
      ? word(dice.below(0x10000))
      : dice.below(2) === 0
        ? dice.pick(CODES)
        : word(dice.below(12))
  }

  changed(shape) {
    const { dice } = this
    for (let change = 1 + dice.below(3); change > 0; change--) {
      const at = dice.below(shape.length + 1)
      const rest = shape.slice(at + dice.below(2))
      shape = [
        shape.slice(0, at) + rest,
        shape.slice(0, at) + this.word() + rest,
        shape.slice(0, at),
        shape + shape.slice(at),
      ][dice.below(4)]
    }
    return shape.slice(0, 3000)
  }

  list(make, most) {
    return Array.from({ length: this.dice.below(most + 1) }, make)
  }

  query() {
    const { dice } = this
    const model = dice.pick(this.models)
    const values = []
    const one = () => this.unique(model, values)
    const some = () => this.filter(model, values, 3)
    const made = {
      FindMany: () => this.find(model, values) + this.selection(model, values, 3),
      FindFirst: () => this.find(model, values) + this.selection(model, values, 3),
      FindUnique: () => Code.Where + one() + Code.End + this.selection(model, values, 3),
      Count: () => this.find(model, values) + this.counted(model),
      Create: () => this.writes(model, values, 2, true) + this.selection(model, values, 2),
      CreateMany: () => this.rows(model, values),
      Update: () => one() + this.writes(model, values, 2) + this.selection(model, values, 2),
      Upsert: () =>
        one() + this.writes(model, values, 2, true) + this.writes(model, values, 2) + this.selection(model, values, 2),
      UpdateMany: () => some() + this.writes(model, values, 0),
      Delete: () => one() + this.selection(model, values, 1),
      DeleteMany: () => some(),
    }
    // Reads of one row are what runs on the caller's thread.
    const name = dice.below(4) === 0 ? 'FindUnique' : dice.pick(Object.keys(made))
    return { shape: Code[name] + model.word + made[name](), values }
  }

  columns(model) {
    return model.list.filter(field => !field.relation)
  }

  relations(model) {
    return model.list.filter(field => field.relation)
  }

  find(model, values) {
    const { dice } = this
    let shape = ''
    if (dice.below(2) === 0) shape += Code.Where + this.filter(model, values, 3)
    if (dice.below(2) === 0) shape += this.list(() => Code.OrderBy + this.order(model), 2).join('')
    if (dice.below(2) === 0) {
      shape += dice.pick([Code.Take, Code.TakeLast])
      values.push(dice.below(20))
    }
    if (dice.below(4) === 0) {
      shape += Code.Skip
      values.push(dice.below(5))
    }
    return shape + Code.End
  }

  order(model) {
    const { dice } = this
    let shape = dice.pick([Code.Ascending, Code.Descending]) + dice.pick(['', '', Code.NullsFirst, Code.NullsLast])
    let path = ''
    let steps = 0
    for (
      let to = this.relations(model).find(field => !field.many);
      to !== undefined && dice.below(3) === 0 && steps < 2;
      steps++
    ) {
      path += to.word
      model = to.target
      to = this.relations(model).find(field => !field.many)
    }
    shape += word(steps) + path
    const many = this.relations(model).find(field => field.many)
    return (
      shape +
      (many !== undefined && dice.below(4) === 0
        ? Code.Counts + many.word
        : Code.Field + dice.pick(this.columns(model)).word)
    )
  }

  filter(model, values, depth) {
    const { dice } = this
    const relations = this.relations(model)
    switch (dice.below(depth > 0 ? 6 : 3)) {
      case 3: {
        const members = this.list(() => this.filter(model, values, depth - 1), 3)
        return dice.pick([Code.And, Code.Or]) + word(members.length) + members.join('')
      }
      case 4:
        return Code.Not + this.filter(model, values, depth - 1)
      case 5:
        if (relations.length > 0) {
          const relation = dice.pick(relations)
          return (
            dice.pick([Code.Some, Code.Every, Code.None]) +
            relation.word +
            this.filter(relation.target, values, depth - 1)
          )
        }
    }
    const column = dice.pick(this.columns(model))
    switch (dice.below(5)) {
      case 0:
        return dice.pick([Code.IsNull, Code.IsNotNull]) + column.word
      case 1: {
        const list = this.list(() => this.value(column), 9)
        values.push(list)
        return dice.pick([Code.In, Code.NotIn]) + column.word
      }
      default:
        values.push(this.value(column))
        return Code[dice.pick(COMPARISONS)] + column.word
    }
  }

  unique(model, values) {
    const column = this.columns(model).find(column => column.name === 'id') ?? this.columns(model)[0]
    values.push(this.value(column))
    return Code.Equals + column.word
  }

  selection(model, values, depth) {
    const { dice } = this
    let shape =
      dice.below(2) === 0
        ? Code.AllColumns
        : this.list(() => Code.Field + dice.pick(this.columns(model)).word, 4).join('')
    const relations = this.relations(model)
    if (depth > 0 && relations.length > 0) {
      shape += this.list(() => {
        const relation = dice.pick(relations)
        return (
          Code.Relation +
          relation.word +
          this.find(relation.target, values) +
          this.selection(relation.target, values, depth - 1)
        )
      }, 2).join('')
    }
    const many = relations.find(field => field.many)
    if (many !== undefined && dice.below(4) === 0) {
      shape += Code.Counts + word(1) + many.word
      shape += dice.below(2) === 0 ? Code.All : Code.Where + this.filter(many.target, values, 1)
    }
    return shape + Code.End
  }

  counted(model) {
    const { dice } = this
    const members = this.list(
      () => (dice.below(2) === 0 ? Code.All : Code.Field + dice.pick(this.columns(model)).word),
      3,
    )
    return word(members.length) + members.join('')
  }

  writes(model, values, depth, create = false) {
    const { dice } = this
    let shape = ''
    for (const column of this.columns(model)) {
      if (column.name === 'id' || dice.below(3) === 0) continue
      if (column.nullable && dice.below(6) === 0) shape += Code.SetNull + column.word
      else {
        shape += dice.below(6) === 0 ? dice.pick([Code.Add, Code.Subtract, Code.Multiply, Code.Divide]) : Code.Set
        shape += column.word
        values.push(this.value(column))
      }
    }
    const relations = this.relations(model)
    if (depth > 0 && relations.length > 0 && dice.below(3) === 0) {
      shape += this.list(() => this.related(dice.pick(relations), values, depth - 1, create), 2).join('')
    }
    return shape + Code.End
  }

  /** An operation on related rows. The order of words is that of values: what is nested comes with its own. */
  related({ target, many, word: field }, values, depth, create) {
    const { dice } = this
    const one = () => this.unique(target, values)
    const some = () => this.filter(target, values, 1)
    const row = () => (many ? Code.Where + one() : dice.below(2) === 0 ? Code.All : Code.Where + some())
    const created = () => this.writes(target, values, depth, true)
    const changed = () => this.writes(target, values, depth)
    const operations = {
      NestedCreate: created,
      NestedCreateMany: () => this.group(target, values),
      Connect: one,
      ConnectOrCreate: () => one() + created(),
      ...(!create && {
        Disconnect: row,
        SetRelated: () => {
          const rows = this.list(one, 3)
          return word(rows.length) + rows.join('')
        },
        NestedUpdate: () => row() + changed(),
        NestedUpdateMany: () => some() + this.writes(target, values, 0),
        NestedUpsert: () => row() + created() + changed(),
        NestedDelete: row,
        NestedDeleteMany: some,
      }),
    }
    const name = dice.pick(Object.keys(operations))
    return Code[name] + field + operations[name]()
  }

  rows(model, values) {
    const groups = 1 + this.dice.below(2)
    let shape = word(groups)
    for (let group = 0; group < groups; group++) shape += this.group(model, values)
    return shape
  }

  /** Rows that give the same columns. */
  group(model, values) {
    const { dice } = this
    const columns = this.columns(model).filter(column => column.name !== 'id' && dice.below(3) > 0)
    const rows = []
    for (let row = dice.below(4); row >= 0; row--) {
      if (columns.length === 0) rows.push(null)
      for (const column of columns) rows.push(column.nullable && dice.below(4) === 0 ? null : this.value(column))
    }
    values.push(rows)
    return word(columns.length) + columns.map(column => column.word).join('')
  }

  value(column) {
    const { dice } = this
    if (dice.below(60) === 0) return this.hostile()
    switch (column.kind) {
      case Kind.String:
        return dice.pick(['', 'a', `text ${dice.below(1000)}`, '%_\\', 'é\u{1f600}', 'x'.repeat(dice.below(300))])
      case Kind.Boolean:
        return dice.below(2) === 0
      case Kind.Int:
        return dice.pick([dice.below(20), dice.below(20), -1, 2147483647, -2147483648])
      case Kind.BigInt:
        return dice.pick([BigInt(dice.below(1000)), 9223372036854775807n, -9223372036854775808n])
      case Kind.Float:
        return dice.pick([dice.next(), 0, -0, 1e308, 5e-324])
      case Kind.Decimal:
        return dice.pick(['0', '1.50', '-12345678901234567890.123456789', String(dice.below(100))])
      case Kind.DateTime:
        return dice.pick([0, Date.now(), -62135596800000, 253402300799999])
      case Kind.Json:
        return dice.pick(['null', '{}', '[1,"a",{"b":null}]', '"text"'])
      case Kind.Bytes:
        return new Uint8Array(dice.below(50))
      default:
        return dice.below(2)
    }
  }

  /** A value that fits no column, or that some code would trip over. */
  hostile() {
    const { dice } = this
    return dice.pick(HOSTILE)(dice)
  }
}

const HOSTILE = [
  () => undefined,
  () => null,
  () => NaN,
  () => Infinity,
  () => -0,
  () => 1e300,
  () => 2 ** 53,
  () => 1.5,
  () => '',
  () => '\0',
  () => '\ud800',
  () => 'x'.repeat(5000),
  () => '{"a":',
  () => '9'.repeat(400),
  () => '1e999999999',
  () => 1n << 200n,
  () => -(1n << 63n) - 1n,
  () => Symbol('hostile'),
  () => () => {},
  () => ({}),
  () => ({ valueOf: () => 1, toString: () => 'x' }),
  () => [],
  () => [[[]]],
  () => [undefined, null, Symbol('hostile')],
  () => new Array(50),
  () => new Date(NaN),
  () => new Map([[1, 2]]),
  () => new Proxy([], {}),
  () => new Uint8Array(0),
  () => new Float64Array(3),
  () => new DataView(new ArrayBuffer(8)),
  () => new ArrayBuffer(8),
  () => new Uint8Array(new SharedArrayBuffer(16)),
  () => {
    const bytes = new Uint8Array(16)
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
    return bytes
  },
  () => {
    const buffer = new ArrayBuffer(64, { maxByteLength: 64 })
    const bytes = new Uint8Array(buffer, 32)
    buffer.resize(8)
    return bytes
  },
  dice => Array.from({ length: dice.below(2000) }, (_, index) => index),
  () => {
    const list = [1, 2, 3]
    Object.defineProperty(list, 1, {
      get() {
        list.length = 0
        return 1
      },
    })
    return list
  },
  () => {
    const list = [1, 2]
    Object.defineProperty(list, 0, {
      get() {
        throw new Error('a getter throws')
      },
    })
    return list
  },
]
