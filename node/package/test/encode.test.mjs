// What the encoder makes of arguments: the semantics of Prisma, written as shapes.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Code, ENCODE_DEFAULTS, LATER, encode, indexCatalog } from './support/runtime.mjs'

const column = (name, type, more = {}) => ({
  name,
  kind: { column: { name, type, nullable: false, default: 'none', updatedAt: false, ...more } },
})
const relation = (name, target, arity, holdsKey = false) => ({
  name,
  kind: { relation: { target, inverse: 0, arity, from: [0], to: [0], holdsKey, through: null } },
})

const [User, Post] = indexCatalog({
  version: 1,
  models: [
    {
      name: 'User',
      table: 'User',
      fields: [
        column('id', 'int', { default: 'autoincrement' }),
        column('email', 'string'),
        column('name', 'string', { nullable: true }),
        column('at', 'dateTime', { default: 'now' }),
        column('role', { enum: 0 }, { default: { number: 0 } }),
        column('data', 'json', { nullable: true }),
        relation('posts', 1, 'many'),
        relation('boss', 0, 'optional', true),
      ],
      keys: [
        { name: 'id', fields: [0] },
        { name: 'email_name', fields: [1, 2] },
      ],
    },
    {
      name: 'Post',
      table: 'Post',
      fields: [
        column('id', 'int', { default: 'autoincrement' }),
        column('title', 'string'),
        relation('author', 0, 'one', true),
      ],
      keys: [{ name: 'id', fields: [0] }],
    },
  ],
  enums: [
    {
      name: 'Role',
      values: [
        { name: 'READER', dbName: 'r' },
        { name: 'ADMIN', dbName: 'a' },
      ],
    },
  ],
})

const NAMES = new Map(Object.entries(Code).map(([name, word]) => [word, name]))

/** How a client encodes that leaves out what is undefined. */
const LENIENT = { ...ENCODE_DEFAULTS, strictUndefined: false }

/** The condition of a `findMany`, its codes as names and its indices as numbers; '' when there is none. */
function where(filter, model = User) {
  const { shape, values } = encode(model, 'findMany', { where: filter }, LENIENT)
  const words = [...shape].slice(2, -3)
  const text = words
    .map((word, index) => readable(words, word, index))
    .join(' ')
    .replace(/^Where /, '')
  return { text, values }
}

/** A word that follows a code with an operand is a number. */
function readable(words, word, index) {
  const operands = ['And', 'Or', 'Equals', 'NotEquals', 'Less', 'Greater', 'Contains', 'In', 'NotIn', 'IsNull']
  operands.push('IsNotNull', 'Some', 'Every', 'None')
  const before = NAMES.get(words[index - 1])
  const second = ['In', 'NotIn'].includes(NAMES.get(words[index - 2]))
  return operands.includes(before) || second
    ? String(word.charCodeAt(0))
    : (NAMES.get(word) ?? String(word.charCodeAt(0)))
}

const refused = (run, message) => assert.throws(run, error => message.test(error.message) || assert.fail(error.message))

describe('where', () => {
  const cases = [
    // A value is short for `equals`; several members must all hold.
    [{ id: 1 }, 'Equals 0', [1]],
    [{ id: { equals: 1 } }, 'Equals 0', [1]],
    [{ id: 1, email: 'a' }, 'And 2 Equals 0 Equals 1', [1, 'a']],
    [{ id: { lt: 5, gt: 1 } }, 'And 2 Less 0 Greater 0', [5, 1]],
    // `undefined` is absent, where the client lets it.
    [{ id: undefined }, '', []],
    [{ id: { equals: undefined } }, '', []],
    [{}, '', []],
    // Null is an operator, not a value.
    [{ name: null }, 'IsNull 2', []],
    [{ name: { equals: null } }, 'IsNull 2', []],
    [{ name: { not: null } }, 'IsNotNull 2', []],
    [{ name: { not: 'a' } }, 'NotEquals 2', ['a']],
    [{ name: { not: { contains: 'a' } } }, 'Not Contains 2', ['a']],
    [{ name: { not: {} } }, '', []],
    // Lists: nulls select nothing, lengths are rounded up to powers of two.
    [{ id: { in: [] } }, 'Or 0', []],
    [{ id: { notIn: [] } }, 'And 0', []],
    [{ id: { in: [1] } }, 'In 0 0', [[1]]],
    [{ id: { in: [1, 2, 3] } }, 'In 0 2', [[1, 2, 3]]],
    [{ id: { notIn: [1, 2, 3, 4, 5] } }, 'NotIn 0 3', [[1, 2, 3, 4, 5]]],
    [{ name: { in: ['a', null] } }, 'In 2 0', [['a']]],
    // Groups.
    [{ AND: [] }, '', []],
    [{ NOT: [] }, '', []],
    [{ OR: [] }, 'Or 0', []],
    [{ OR: [{}] }, 'Or 0', []],
    [{ OR: [{ id: undefined }] }, 'Or 0', []],
    [{ OR: [{ id: 1 }, {}] }, 'Equals 0', [1]],
    [{ OR: [{ id: 1 }, { id: 2 }] }, 'Or 2 Equals 0 Equals 0', [1, 2]],
    [{ AND: { id: 1 } }, 'Equals 0', [1]],
    [{ AND: [{ OR: [] }] }, '', []],
    [{ AND: [{ id: 1 }, { OR: [] }] }, 'Equals 0', [1]],
    [{ NOT: [{ id: 1 }, { id: 2 }] }, 'And 2 Not Equals 0 Not Equals 0', [1, 2]],
    [{ NOT: { id: 1, email: 'a' } }, 'Not And 2 Equals 0 Equals 1', [1, 'a']],
    [{ NOT: {} }, '', []],
    // Relations.
    [{ posts: { some: {} } }, 'Some 6 And 0', []],
    [{ posts: { none: { id: 1 } } }, 'None 6 Equals 0', [1]],
    [{ posts: { every: { id: 1 }, some: {} } }, 'And 2 Every 6 Equals 0 Some 6 And 0', [1]],
    [{ posts: { some: undefined } }, '', []],
    [{ posts: { some: { OR: [] } } }, 'Some 6 Or 0', []],
    [{ posts: { every: { OR: [{}] } } }, 'Every 6 Or 0', []],
    [{ posts: { none: { AND: [{ OR: [] }] } } }, 'None 6 And 0', []],
    [{ posts: { some: { OR: [{ OR: [] }, { id: 1 }] } } }, 'Some 6 Equals 0', [1]],
    [{ id: { not: { equals: 1, gt: 2 } } }, 'And 2 Not Equals 0 Not Greater 0', [1, 2]],
    [{ id: { not: { not: { lt: 1, gt: 2 } } } }, 'And 2 Less 0 Greater 0', [1, 2]],
    [{ id: { not: { not: 1 } } }, 'Equals 0', [1]],
    [{ name: { not: { in: ['a'], equals: null } } }, 'And 2 Not In 2 0 Not IsNull 2', [['a']]],
    [{ name: { in: null } }, 'IsNull 2', []],
    [{ name: { not: { notIn: null } } }, 'Not IsNotNull 2', []],
    [{ boss: null }, 'None 7 And 0', []],
    [{ boss: { is: null } }, 'None 7 And 0', []],
    [{ boss: { isNot: null } }, 'Some 7 And 0', []],
    [{ boss: { id: 1 } }, 'Some 7 Equals 0', [1]],
    [{ boss: { is: { id: 1 } } }, 'Some 7 Equals 0', [1]],
    [{ boss: { isNot: { id: 1 } } }, 'None 7 Equals 0', [1]],
    // Values are converted.
    [{ at: new Date(5) }, 'Equals 3', [5]],
    [{ at: '1970-01-01T00:00:01Z' }, 'Equals 3', [1000]],
    [{ role: 'ADMIN' }, 'Equals 4', [1]],
    [{ data: { equals: { a: [1] } } }, 'Equals 5', ['{"a":[1]}']],
  ]
  for (const [filter, text, values] of cases) {
    test(`${JSON.stringify(filter, (_, value) => (value === undefined ? 'undefined' : value))}`, () => {
      assert.deepEqual(where(filter), { text, values })
    })
  }

  test('null of a required relation or column is refused', () => {
    refused(() => where({ author: null }, Post), /`Post.author` is never null/)
    refused(() => where({ email: null }), /argument `where.email`: `User.email` is required/)
  })

  test('a selector of a compound key is equality of its columns', () => {
    const { shape, values } = encode(User, 'findUnique', { where: { email_name: { email: 'a', name: 'b' } } })
    assert.ok(shape.includes(`${Code.And}\u0002${Code.Equals}\u0001${Code.Equals}\u0002`))
    assert.deepEqual(values, ['a', 'b'])
    refused(
      () => encode(User, 'findUnique', { where: { email_name: { email: 'a' } } }),
      /email_name.name`: is required/,
    )
    refused(() => where({ email_name: { email: 'a', name: 'b' } }), /unknown field of User `email_name`/)
  })

  test('findUnique without a key is refused', () => {
    refused(
      () => encode(User, 'findUnique', { where: { id: undefined } }, LENIENT),
      /by a unique key: `id`, `email_name`/,
    )
    refused(() => encode(User, 'findUnique', {}), /argument `where`: is required/)
  })
})

describe('what a caller may not say', () => {
  const cases = [
    ['an unknown field', { where: { emial: 'a' } }, /unknown field of User `emial`; did you mean `email`\?/],
    ['an unknown operator', { where: { email: { containz: 'a' } } }, /did you mean `contains`/],
    ['an operator of another type', { where: { role: { gt: 'ADMIN' } } }, /unknown operator of `User.role` `gt`/],
    ['an unknown argument', { wher: {} }, /unknown argument `wher`; did you mean `where`/],
    ['what is not there yet', { cursor: { id: 1 } }, /argument `cursor`: is not supported yet/],
    [
      'another mode',
      { where: { email: { contains: 'a', mode: 'insensitive' } } },
      /`where.email.mode`: is not supported yet/,
    ],
    ['a number for a string', { where: { email: 5 } }, /`User.email` expects a string, got a number/],
    ['a fraction', { where: { id: 1.5 } }, /`User.id` expects an integer/],
    ['a wide integer', { where: { id: 2 ** 31 } }, /32 bits/],
    ['NaN', { where: { id: NaN } }, /`User.id` expects an integer/],
    ['an invalid date', { where: { at: new Date(NaN) } }, /`User.at` expects a valid date/],
    ['a date without a zone', { where: { at: '2024-01-01' } }, /`User.at` expects a valid date/],
    ['an unknown enum value', { where: { role: 'ADMINN' } }, /one of `READER`, `ADMIN`; did you mean `ADMIN`/],
    ['NUL', { where: { email: 'a\0' } }, /NUL/],
    ['a lone surrogate', { where: { email: 'a\ud800' } }, /surrogate/],
    ['a Map as a condition', { where: { posts: { some: new Map() } } }, /expects an object of conditions/],
    ['a Map as arguments', new Map(), /expects an object of arguments/],
    ['a promise as a value', { where: { id: Promise.resolve(1) } }, /expects an integer, got an object of a class/],
    ['an array as a value', { where: { id: [1] } }, /expects an integer, got an array/],
    ['a prototype', { where: JSON.parse('{"__proto__": {"id": 1}}') }, /unknown field of User `__proto__`/],
    ['a method of all objects', { where: { constructor: 1 } }, /unknown field of User `constructor`/],
    ['two sort keys in one object', { orderBy: { id: 'asc', email: 'asc' } }, /`orderBy`: has several members/],
    ['a list of posts as a sort key', { orderBy: { posts: 'asc' } }, /_count/],
    ['a negative skip', { skip: -1 }, /`skip`: expects an integer that is not negative/],
    ['a fraction to take', { take: 0.5 }, /`take`: expects an integer/],
    ['select beside include', { select: { id: true }, include: { posts: true } }, /either `select` or `include`/],
    ['an empty selection', { select: {} }, /selects nothing/],
    ['an included column', { include: { email: true } }, /`email` is a column of User/],
    ['where on a relation that is there', { include: { author: { where: {} } } }, /leave out a row/, Post],
  ]
  for (const [name, args, message, model = User] of cases) {
    test(name, () => refused(() => encode(model, 'findMany', args), message))
  }

  test('messages never hold values', () => {
    for (const value of ['s3cret\0', 's3cret\ud800', ['s3cret'], new Map([['s3cret', 1]])]) {
      try {
        encode(User, 'findMany', { where: { email: value } })
        assert.fail('it was not refused')
      } catch (error) {
        assert.ok(!error.message.includes('s3cret'), error.message)
      }
    }
  })

  test('inherited members are not arguments', () => {
    const { shape } = encode(User, 'findMany', Object.create(null))
    try {
      Object.defineProperty(Object.prototype, 'where', { value: { id: 1 }, enumerable: true, configurable: true })
      assert.equal(encode(User, 'findMany', {}).shape, shape)
    } finally {
      delete Object.prototype.where
    }
  })
})

describe('order and pages', () => {
  const words = args => [...encode(User, 'findMany', args).shape].slice(2, -2)
  const codes = (...names) => names.map(name => (typeof name === 'number' ? String.fromCharCode(name) : Code[name]))

  test('a key, its direction and its nulls', () => {
    assert.deepEqual(words({ orderBy: { id: 'desc' } }), codes('OrderBy', 'Descending', 0, 'Field', 0, 'End'))
    assert.deepEqual(
      words({ orderBy: [{ name: { sort: 'asc', nulls: 'last' } }, {}] }),
      codes('OrderBy', 'Ascending', 'NullsLast', 0, 'Field', 2, 'End'),
    )
  })

  test('a path of relations, and the number of related rows', () => {
    assert.deepEqual(
      words({ orderBy: { boss: { boss: { id: 'asc' } } } }),
      codes('OrderBy', 'Ascending', 2, 7, 7, 'Field', 0, 'End'),
    )
    assert.deepEqual(
      words({ orderBy: { posts: { _count: 'desc' } } }),
      codes('OrderBy', 'Descending', 0, 'Count', 6, 'End'),
    )
  })

  test('a negative take is the last rows', () => {
    const { values } = encode(User, 'findMany', { take: -3, skip: 2 })
    assert.deepEqual(words({ take: -3, skip: 2 }), codes('TakeLast', 'Skip', 'End'))
    assert.deepEqual(values, [3, 2])
  })
})

test('findFirst takes one row, the first or the last, whether it says so or not', () => {
  const shape = args => encode(User, 'findFirst', args).shape
  assert.equal(shape({ take: 1 }), shape({}))
  assert.ok(shape({ take: -1 }).includes(Code.TakeLast))
  refused(() => shape({ take: 2 }), /argument `take`: is 1 or -1 in this call/)
})

describe('writes', () => {
  test('rows of createMany that give the same columns make a group', () => {
    const { shape, values } = encode(
      User,
      'createMany',
      {
        data: [
          { id: 1, email: 'a' },
          { email: 'b', name: undefined, id: 2 },
          { id: 3, email: 'c', name: null },
        ],
      },
      LENIENT,
    )
    assert.equal(shape, Code.CreateMany + '\0' + '\u0002' + '\u0002\0\u0001' + '\u0003\0\u0001\u0002')
    assert.deepEqual(values, [
      [1, 'a', 2, 'b'],
      [3, 'c', null],
      [0, 0, 1],
    ])
  })

  test('no rows are no query', () => {
    assert.equal(encode(User, 'createMany', { data: [] }), undefined)
  })

  test('operations on relations keep their order', () => {
    const { shape, values } = encode(User, 'update', {
      where: { id: 1 },
      data: { posts: { connect: { id: 7 }, create: [{ title: 'x' }] }, name: { set: null } },
    })
    const nested =
      Code.Connect + '\u0006' + Code.Equals + '\0' + Code.NestedCreate + '\u0006' + Code.Set + '\u0001' + Code.End
    assert.ok(shape.includes(nested + Code.SetNull + '\u0002' + Code.End))
    assert.deepEqual(values, [1, 7, 'x'])
  })

  const refusals = [
    ['arithmetic on text', { email: { increment: 1 } }, /unknown change of `User.email`/],
    ['two changes of one column', { id: { increment: 1, set: 2 } }, /expects one of/],
    ['a list of related rows to set', { posts: { set: [] } }, /`data.posts.set`: is not supported yet/],
    ['null for a required column', { email: null }, /`User.email` is required/],
    ['a nested write that is not there yet', { posts: { upsert: {} } }, /`data.posts.upsert`: is not supported yet/],
    ['a null of Json that does not say which', { data: null }, /say which null/],
  ]
  for (const [name, data, message] of refusals) {
    test(name, () => refused(() => encode(User, 'update', { where: { id: 1 }, data }), message))
  }
})

describe('what is not supported yet says what to write instead', () => {
  const update = data => ['update', { where: { id: 1 }, data }]
  /** By table of what is not supported yet: calls with a member of the table, and the path of it in the arguments. */
  const places = {
    one: name => [
      [User, ...update({ boss: { [name]: {} } }), `data.boss.${name}`],
      [Post, ...update({ author: { [name]: {} } }), `data.author.${name}`],
    ],
    many: name => [
      [User, ...update({ posts: { [name]: {} } }), `data.posts.${name}`],
      [User, ...update({ posts: { connect: { id: 1 }, [name]: [{}] } }), `data.posts.${name}`],
      [User, 'create', { data: { email: 'a', posts: { [name]: {} } } }, `data.posts.${name}`],
    ],
    find: name => [
      [User, 'findMany', { [name]: {} }, name],
      [User, 'findFirst', { [name]: {} }, name],
      [User, 'findMany', { include: { posts: { [name]: {} } } }, `include.posts.${name}`],
    ],
    createMany: name => [[User, 'createMany', { data: [], [name]: true }, name]],
    bulk: name => [
      [User, 'updateMany', { data: {}, [name]: 1 }, name],
      [User, 'deleteMany', { [name]: 1 }, name],
    ],
    string: name => [
      [User, 'findMany', { where: { email: { contains: 'a', [name]: 'insensitive' } } }, `where.email.${name}`],
      [User, 'count', { where: { name: { not: { [name]: 'a' } } } }, `where.name.not.${name}`],
    ],
    json: name => [[User, 'findMany', { where: { data: { [name]: 'a' } } }, `where.data.${name}`]],
  }
  for (const [table, remedies] of Object.entries(LATER)) {
    for (const [name, remedy] of Object.entries(remedies)) {
      test(`${name} of ${table}`, () => {
        for (const [model, operation, args, path] of places[table](name)) {
          assert.throws(() => encode(model, operation, args, LENIENT), {
            message: `argument \`${path}\`: is not supported yet: ${remedy}`,
          })
        }
      })
    }
  }

  test('a name of these that means something else is an unknown one', () => {
    refused(
      () => encode(User, 'findMany', { where: { role: { lt: 'ADMIN' } } }),
      /unknown operator of `User.role` `lt`/,
    )
    refused(() => encode(User, 'update', { where: { id: 1 }, data: { set: 1 } }), /unknown field of User `set`/)
    refused(
      () => encode(User, 'findMany', { where: { posts: { set: {} } } }),
      /unknown member of the list `User.posts` `set`/,
    )
  })
})
