// What the encoder makes of arguments: the semantics of Prisma, written as shapes.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Prisma } from './build/generated/index.js'
import { Code, ENCODE_DEFAULTS, LATER, catalogOf, encode, indexCatalog } from './support/runtime.mjs'

const [User, Post] = indexCatalog(
  catalogOf(
    'enum Role READER=r ADMIN=a',
    'model User id:Int@autoincrement email:String name:String? at:DateTime@now role:enum.Role@number(0) data:Json? ' +
      'posts<Post.author[](id=id) boss>User.boss?(id=id) | id email,name',
    'model Post id:Int@autoincrement title:String author>User.posts(id=id) | id',
  ),
)

/** `omit` of each column of a user. */
const EVERY_FIELD = { id: true, email: true, name: true, at: true, role: true, data: true }

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
  return operands.includes(before) ? String(word.charCodeAt(0)) : (NAMES.get(word) ?? String(word.charCodeAt(0)))
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
    // Lists: nulls select nothing, and a shape is the same for all lengths.
    [{ id: { in: [] } }, 'Or 0', []],
    [{ id: { notIn: [] } }, 'And 0', []],
    [{ id: { in: [1] } }, 'In 0', [[1]]],
    [{ id: { in: [1, 2, 3] } }, 'In 0', [[1, 2, 3]]],
    [{ id: { notIn: [1, 2, 3, 4, 5] } }, 'NotIn 0', [[1, 2, 3, 4, 5]]],
    [{ name: { in: ['a', null] } }, 'In 2', [['a']]],
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
    [{ name: { not: { in: ['a'], equals: null } } }, 'And 2 Not In 2 Not IsNull 2', [['a']]],
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
    [
      'every field omitted',
      { omit: EVERY_FIELD },
      /`omit`: omits every field of User: keep one, or include a relation/,
    ],
    ['every field omitted beside no relation', { omit: EVERY_FIELD, include: { posts: false } }, /`omit`: omits every/],
    [
      'every field of a related row omitted',
      { include: { posts: { omit: { id: true, title: true } } } },
      /`include.posts.omit`: omits every field of Post/,
    ],
    [
      'every field of a related row omitted in a selection',
      { select: { boss: { omit: EVERY_FIELD } } },
      /`select.boss.omit`: omits every field of User/,
    ],
    ['an included column', { include: { email: true } }, /`email` is a column of User/],
    ['where on a relation that is there', { include: { author: { where: {} } } }, /leave out a row/, Post],
  ]
  for (const [name, args, message, model = User] of cases) {
    test(name, () => refused(() => encode(model, 'findMany', args), message))
  }

  test('a write that would return nothing', () => {
    const omit = { id: true, title: true }
    const message = /`omit`: omits every field of Post/
    refused(() => encode(Post, 'create', { data: { title: 'a', author: { connect: { id: 1 } } }, omit }), message)
    refused(() => encode(Post, 'update', { where: { id: 1 }, data: { title: 'a' }, omit }), message)
    refused(() => encode(Post, 'delete', { where: { id: 1 }, omit }), message)
  })

  test('a row may consist of its related rows', () => {
    encode(User, 'findMany', { omit: EVERY_FIELD, include: { posts: true } })
    encode(User, 'findMany', { omit: EVERY_FIELD, include: { _count: true } })
    encode(User, 'findMany', { omit: { ...EVERY_FIELD, id: false } })
  })

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
    ['null for a required column', { email: null }, /`User.email` is required/],
    ['a null of Json that does not say which', { data: null }, /say which null/],
  ]
  for (const [name, data, message] of refusals) {
    test(name, () => refused(() => encode(User, 'update', { where: { id: 1 }, data }), message))
  }
})

describe('operations on related rows', () => {
  // The indices of fields as words.
  const [ID, EMAIL, NAME, TITLE, POSTS, BOSS] = ['\0', '\u0001', '\u0002', '\u0001', '\u0006', '\u0007']
  const { All, Where, Equals, End } = Code
  const SET = Code.Set
  const key = Equals + ID
  const title = SET + TITLE + End
  const name = SET + NAME + End
  const head = Code.Update + '\0' + key

  /** The words and the values of what is written to the relations of a user. */
  function written(data, operation = 'update', options = ENCODE_DEFAULTS) {
    const args = operation === 'update' ? { where: { id: 9 }, data } : { data: { email: 'e', ...data } }
    const { shape, values } = encode(User, operation, args, options)
    const begin = operation === 'update' ? head : Code.Create + '\0' + SET + EMAIL
    assert.ok(shape.startsWith(begin) && shape.endsWith(End + Code.AllColumns + End))
    return [shape.slice(begin.length, -3), values.slice(1)]
  }

  const cases = [
    [
      'connectOrCreate',
      { posts: { connectOrCreate: { where: { id: 1 }, create: { title: 'a' } } } },
      Code.ConnectOrCreate + POSTS + key + title,
      [1, 'a'],
    ],
    [
      'a list',
      { posts: { delete: [{ id: 1 }, { id: 2 }] } },
      (Code.NestedDelete + POSTS + Where + key).repeat(2),
      [1, 2],
    ],
    ['an empty list', { posts: { delete: [], update: [], deleteMany: [], upsert: [], connectOrCreate: [] } }, '', []],
    ['disconnect of a list', { posts: { disconnect: { id: 1 } } }, Code.Disconnect + POSTS + Where + key, [1]],
    ['disconnect of one', { boss: { disconnect: true } }, Code.Disconnect + BOSS + All, []],
    ['disconnect where it matches', { boss: { disconnect: { id: 1 } } }, Code.Disconnect + BOSS + Where + key, [1]],
    ['no disconnect', { boss: { disconnect: false } }, '', []],
    ['delete of one', { boss: { delete: true } }, Code.NestedDelete + BOSS + All, []],
    ['delete of any', { boss: { delete: {} } }, Code.NestedDelete + BOSS + All, []],
    ['no delete', { boss: { delete: false } }, '', []],
    ['set', { posts: { set: [{ id: 1 }, { id: 2 }] } }, Code.SetRelated + POSTS + '\u0002' + key + key, [1, 2]],
    ['set of one', { posts: { set: { id: 1 } } }, Code.SetRelated + POSTS + '\u0001' + key, [1]],
    ['set of none', { posts: { set: [] } }, Code.SetRelated + POSTS + '\0', []],
    [
      'update of a list',
      { posts: { update: { where: { id: 1 }, data: { title: 'a' } } } },
      Code.NestedUpdate + POSTS + Where + key + title,
      [1, 'a'],
    ],
    ['update of one', { boss: { update: { name: 'a' } } }, Code.NestedUpdate + BOSS + All + name, ['a']],
    [
      'update of one where it matches',
      { boss: { update: { where: { id: 1 }, data: { name: 'a' } } } },
      Code.NestedUpdate + BOSS + Where + key + name,
      [1, 'a'],
    ],
    [
      'update of one in `data`',
      { boss: { update: { data: { name: 'a' } } } },
      Code.NestedUpdate + BOSS + All + name,
      ['a'],
    ],
    [
      'update of a field called data',
      { boss: { update: { data: { a: 1 } } } },
      Code.NestedUpdate + BOSS + All + SET + '\u0005' + End,
      ['{"a":1}'],
    ],
    [
      'update of a field called data beside another',
      { boss: { update: { data: {}, name: 'a' } } },
      Code.NestedUpdate + BOSS + All + SET + '\u0005' + name,
      ['{}', 'a'],
    ],
    [
      'updateMany',
      { posts: { updateMany: { where: { id: 1 }, data: { title: 'a' } } } },
      Code.NestedUpdateMany + POSTS + key + title,
      [1, 'a'],
    ],
    [
      'updateMany of all',
      { posts: { updateMany: { where: {}, data: { title: 'a' } } } },
      Code.NestedUpdateMany + POSTS + Code.And + '\0' + title,
      ['a'],
    ],
    [
      'upsert of a list',
      { posts: { upsert: { update: { title: 'b' }, create: { title: 'a' }, where: { id: 1 } } } },
      Code.NestedUpsert + POSTS + Where + key + title + title,
      [1, 'a', 'b'],
    ],
    [
      'upsert of one',
      { boss: { upsert: { update: { name: 'b' }, create: { email: 'a' } } } },
      Code.NestedUpsert + BOSS + All + SET + EMAIL + End + name,
      ['a', 'b'],
    ],
    [
      'upsert of one where it matches',
      { boss: { upsert: { where: { id: 1 }, update: {}, create: { email: 'a' } } } },
      Code.NestedUpsert + BOSS + Where + key + SET + EMAIL + End + End,
      [1, 'a'],
    ],
    [
      'deleteMany',
      { posts: { deleteMany: [{ id: 1 }, {}] } },
      Code.NestedDeleteMany + POSTS + key + Code.NestedDeleteMany + POSTS + Code.And + '\0',
      [1],
    ],
    [
      'createMany',
      { posts: { createMany: { data: [{ title: 'a' }, { title: 'b' }] } } },
      Code.NestedCreateMany + POSTS + '\u0001' + TITLE,
      [['a', 'b']],
    ],
    [
      'createMany of one row',
      { posts: { createMany: { data: { title: 'a' } } } },
      Code.NestedCreateMany + POSTS + '\u0001' + TITLE,
      [['a']],
    ],
    ['createMany of no row', { posts: { createMany: { data: [] } } }, '', []],
    [
      'several operations in their order',
      { posts: { deleteMany: {}, connect: { id: 1 }, create: { title: 'a' } } },
      Code.NestedDeleteMany + POSTS + Code.And + '\0' + Code.Connect + POSTS + key + Code.NestedCreate + POSTS + title,
      [1, 'a'],
    ],
  ]
  for (const [name, data, words, values] of cases) {
    test(name, () => assert.deepEqual(written(data), [words, values]))
  }

  test('rows of createMany stay in their order, each run of equal columns by itself', () => {
    const rows = [{ title: 'a' }, { title: 'b' }, { title: 'c', id: 1 }, { id: 2, title: 'd' }, { title: 'e' }]
    const one = Code.NestedCreateMany + POSTS + '\u0001' + TITLE
    const two = Code.NestedCreateMany + POSTS + '\u0002' + ID + TITLE
    assert.deepEqual(written({ posts: { createMany: { data: rows } } }, 'create'), [
      one + two + one,
      [['a', 'b'], [1, 'c', 2, 'd'], ['e']],
    ])
  })

  test('an upsert', () => {
    const args = { where: { id: 1 }, create: { email: 'a' }, update: { name: 'b' }, select: { id: true } }
    assert.deepEqual(encode(User, 'upsert', args), {
      shape: Code.Upsert + '\0' + key + SET + EMAIL + End + name + Code.Field + ID + End,
      values: [1, 'a', 'b'],
      counted: undefined,
    })
  })

  const refusals = [
    [
      'an unknown operation',
      { posts: { conect: {} } },
      /`data.posts`: unknown operation on `User.posts` `conect`; did you mean `connect`/,
    ],
    [
      'an operation of lists on one row',
      { boss: { set: [] } },
      /`data.boss.set`: is no operation on `User.boss`; known: /,
    ],
    [
      'a list for one row',
      { boss: { connect: [{ id: 1 }] } },
      /`data.boss.connect`: expects an object for a to-one relation, got an array/,
    ],
    ['a list of changes for one row', { boss: { update: [{ name: 'a' }] } }, /`data.boss.update`: expects an object/],
    [
      'true for a list',
      { posts: { disconnect: true } },
      /`data.posts.disconnect`: expects an object of conditions, got a boolean/,
    ],
    [
      'true in a list',
      { posts: { delete: [true] } },
      /`data.posts.delete.0`: expects an object of conditions, got a boolean/,
    ],
    ['something else than true', { boss: { delete: 1 } }, /`data.boss.delete`: expects true, false or a condition/],
    [
      'null to disconnect',
      { boss: { disconnect: null } },
      /`data.boss.disconnect`: expects true, false or a condition/,
    ],
    ['no key', { posts: { delete: { title: 'a' } } }, /`data.posts.delete`: must name one row of Post by a unique key/],
    ['no key in a list', { posts: { set: [{ id: 1 }, {}] } }, /`data.posts.set.1`: must name one row of Post/],
    ['no condition', { posts: { update: { data: {} } } }, /`data.posts.update.where`: is required/],
    ['no changes', { posts: { update: { where: { id: 1 } } } }, /`data.posts.update.data`: is required/],
    [
      'a condition alone',
      { boss: { update: { where: { id: 1 } } } },
      /`data.boss.update`: unknown field of User `where`/,
    ],
    ['no changes of many', { posts: { updateMany: [{ where: {} }] } }, /`data.posts.updateMany.0.data`: is required/],
    ['no condition of many', { posts: { updateMany: { data: {} } } }, /`data.posts.updateMany.where`: is required/],
    [
      'no new row',
      { posts: { connectOrCreate: [{ where: { id: 1 } }] } },
      /`data.posts.connectOrCreate.0.create`: is required/,
    ],
    [
      'an incomplete new row',
      { posts: { upsert: { where: { id: 1 }, create: {}, update: {} } } },
      /`data.posts.upsert.create.title`: `Post.title` is required/,
    ],
    [
      'an incomplete row of many',
      { posts: { createMany: { data: [{}] } } },
      /`data.posts.createMany.data.0.title`: `Post.title` is required/,
    ],
    [
      'relations of rows of many',
      { posts: { createMany: { data: { title: 'a', author: {} } } } },
      /`data.posts.createMany.data.0`: `author` is a relation/,
    ],
    [
      'a list of calls of createMany',
      { posts: { createMany: [] } },
      /`data.posts.createMany`: expects an object of arguments/,
    ],
    [
      'an unknown member',
      { posts: { upsert: { where: { id: 1 }, data: {} } } },
      /`data.posts.upsert`: unknown argument `data`/,
    ],
    [
      'null for an operation',
      { posts: { deleteMany: null } },
      /`data.posts.deleteMany`: expects an object of conditions, got null/,
    ],
    [
      'null for a condition',
      { posts: { updateMany: { where: null, data: {} } } },
      /`data.posts.updateMany.where`: is required/,
    ],
    ['null for the operations', { posts: null }, /`data.posts`: expects an object of operations, got null; known: /],
  ]
  for (const [name, data, message] of refusals) {
    test(`${name} is refused`, () => refused(() => written(data), message))
  }

  test('a new row has no rows yet', () => {
    for (const name of ['disconnect', 'set', 'update', 'updateMany', 'upsert', 'delete', 'deleteMany']) {
      const message = new RegExp(
        `\`data.posts.${name}\`: is for rows that are there, and a new row has none in \`User.posts\`; known: \`create\``,
      )
      refused(() => written({ posts: { [name]: {} } }, 'create'), message)
    }
    refused(
      () => written({ posts: { create: { title: 'a', author: { disconnect: true } } } }, 'update'),
      /`data.posts.create.author.disconnect`: is no operation on `Post.author`/,
    )
  })

  test('a required row stays', () => {
    for (const name of ['disconnect', 'delete']) {
      refused(
        () => encode(Post, 'update', { where: { id: 1 }, data: { author: { [name]: true } } }),
        new RegExp(`\`data.author.${name}\`: is no operation on \`Post.author\`; known: \`create\``),
      )
    }
  })

  test('a condition whose members say nothing means no row, unless the client lets it', () => {
    const { skip } = Prisma
    const nothing = [{ id: skip }, { AND: [] }, { NOT: { id: skip } }, { OR: [{ id: skip }] }, { id: { notIn: [] } }]
    const places = {
      deleteMany: where => ({ posts: { deleteMany: where } }),
      'deleteMany.1': where => ({ posts: { deleteMany: [{ id: 1 }, where] } }),
      'updateMany.where': where => ({ posts: { updateMany: { where, data: { title: 'a' } } } }),
    }
    const ones = {
      disconnect: where => ({ boss: { disconnect: where } }),
      delete: where => ({ boss: { delete: where } }),
      'update.where': where => ({ boss: { update: { where, data: { name: 'a' } } } }),
      'upsert.where': where => ({ boss: { upsert: { where, create: { email: 'a' }, update: {} } } }),
    }
    for (const [relation, all] of [
      ['posts', places],
      ['boss', ones],
    ]) {
      for (const [place, data] of Object.entries(all)) {
        for (const where of nothing) {
          const message = new RegExp(
            `\`data.${relation}.${place}\`: holds only conditions that say nothing, so that it would write every row of \`User.${relation}\``,
          )
          refused(() => written(data(where)), message)
          written(data(where), 'update', { ...LENIENT, emptyWhere: true })
        }
        written(data({}))
        written(data({ id: 1 }))
      }
    }
    for (const name of ['update', 'upsert']) {
      const change = where => ({
        boss: {
          [name]: name === 'update' ? { where, data: { name: 'a' } } : { where, create: { email: 'a' }, update: {} },
        },
      })
      refused(() => written(change(skip)), /where`: holds only conditions that say nothing/)
    }
  })

  test('a foreign key does not stand beside an operation on its relation', () => {
    const args = { where: { id: 1 }, data: { id: 2, boss: { update: { name: 'a' } } } }
    refused(() => encode(User, 'update', args), /has the foreign key `id` beside the relation `boss`/)
  })
})

describe('what is not supported yet says what to write instead', () => {
  const update = data => ['update', { where: { id: 1 }, data }]
  /** By table of what is not supported yet: calls with a member of the table, and the path of it in the arguments. */
  const places = {
    find: name => [
      [User, 'findMany', { [name]: {} }, name],
      [User, 'findFirst', { [name]: {} }, name],
      [User, 'findMany', { include: { posts: { [name]: {} } } }, `include.posts.${name}`],
    ],
    createMany: name => [
      [User, 'createMany', { data: [], [name]: true }, name],
      [User, ...update({ posts: { createMany: { data: [], [name]: true } } }), `data.posts.createMany.${name}`],
    ],
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
