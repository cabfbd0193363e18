// What hostile and careless callers send, and what must become of it: the table of `bad_inputs.test.mjs`, which asks
// the TypeScript client, of `../../faults/server-action.test.mjs`, which asks a server action over HTTP, and of
// `../../bad_inputs.rs`, which asks the Rust client where its types can express the input.
//
// A case is `{ id, call, args, input, expect }`: the operation, its arguments around the input, a function that makes
// the input, and the expectation:
//
//   invalid      a PurlinValidationError: nothing was run
//   limit        an error of code P2029, or a PurlinValidationError: nothing was run, or it was stopped
//   refused      an error of any code: nothing was done
//   unchanged    refused or without effect: the rows are as before
//   { rows }     so many rows, or a row where it is 1 and the operation finds one
//   { count }    so many rows were changed
//   { keeps }    the field that was written reads back as it was given, or as `as` says
//   hidden       succeeds or is refused; the secret is in neither
//
// Whatever is expected, the rows are as before when the call was refused, and no error shows a value of the input.
// `wire: false`: no request can hold the input. `rust: true`: `bad_inputs.rs` has the case too.

/** A part of a secret, which no answer may show. */
export const SECRET = '$2b$10$Nbq7YQ8Zt0'

const flight = { wire: false }
const user = { email: 'new@acme.io' }

/** As many objects as `depth`, of which each is in the next one twice. */
export function shared(depth, leaf = { id: { gt: 0 } }, [left, right] = ['AND', 'NOT']) {
  let made = leaf
  for (let level = 0; level < depth; level++) made = { [left]: made, [right]: made }
  return made
}

export function nested(depth, wrap, leaf) {
  let made = leaf
  for (let level = 0; level < depth; level++) made = wrap(made, level)
  return made
}

function cyclic(name, list = false) {
  const made = {}
  made[name] = list ? [made] : made
  return made
}

/** Cases that differ in their input alone. */
function all(prefix, { call, args, expect, ...rest }, inputs) {
  return Object.entries(inputs).map(([name, input]) => {
    const [make, own] = Array.isArray(input) ? input : [input, {}]
    return { id: `${prefix}: ${name}`, call, args, expect, ...rest, input: make, ...own }
  })
}

// Conditions where a value was meant

const operators = all(
  'an operator for a secret',
  { call: 'user.findFirst', args: input => ({ where: { resetToken: input } }), expect: 'invalid' },
  {
    'not': () => ({ not: '' }),
    'not null': () => ({ not: null }),
    'not of an operator': () => ({ not: { equals: 'x' } }),
    'contains': () => ({ contains: '' }),
    'startsWith': () => ({ startsWith: 'r' }),
    'endsWith': () => ({ endsWith: '' }),
    'in': () => ({ in: ['a', 'b'] }),
    'notIn': () => ({ notIn: ['a'] }),
    'gt': () => ({ gt: '' }),
    'gte': () => ({ gte: '' }),
    'lt': () => ({ lt: 'zz' }),
    'lte': () => ({ lte: 'zz' }),
    'with a mode': () => ({ equals: 'x', mode: 'insensitive' }),
    'several': () => ({ gte: '', lte: 'zz' }),
    'an empty object': () => ({}),
    'an object with toString': [() => ({ toString: () => 'x' }), flight],
    'a Map': () => new Map([['not', '']]),
    'a Set': () => new Set(['x']),
    'a FormData': () => new FormData(),
    'a thenable': [() => ({ then: resolve => resolve({ not: '' }) }), flight],
    'a promise': () => Promise.resolve('reset-1'),
    'a getter that changes its mind': [
      () => {
        let reads = 0
        return {
          get equals() {
            return reads++ === 0 ? 'x' : { not: '' }
          },
        }
      },
      flight,
    ],
    'a proxy': [
      () =>
        new Proxy(
          {},
          {
            ownKeys: () => ['not'],
            getOwnPropertyDescriptor: () => ({ value: '', enumerable: true, configurable: true }),
            get: () => '',
          },
        ),
      flight,
    ],
    'an inherited operator': [() => Object.create({ not: '' }), flight],
    'an array': () => ['reset-1'],
    'a String object': [() => new String('reset-1'), flight],
    'a number': () => 7,
    'a boolean': () => true,
    'a bigint': () => 7n,
    'a date': () => new Date(0),
    'a typed array': () => new Uint8Array([1]),
    'a symbol': [() => Symbol('x'), flight],
    'a function': [() => () => 'reset-1', flight],
    'a RegExp': [() => /./, flight],
  },
)

const escapes = all(
  'a condition that widens another',
  { call: 'user.findMany', args: input => ({ where: { tenantId: 1, ...input } }), expect: { rows: 0 } },
  {
    'OR': () => ({ OR: [{ tenantId: 2 }] }),
    'OR of none': () => ({ OR: [] }),
    'AND': () => ({ AND: { tenantId: 2 } }),
    'AND of OR': () => ({ AND: [{ OR: [{ tenantId: 2 }, { tenantId: 3 }] }] }),
    'NOT': () => ({ NOT: [{ tenantId: 1 }] }),
    'NOT of NOT': () => ({ NOT: { NOT: { tenantId: 2 } } }),
  },
)

// Nothing where something was meant

const empty = [
  ...all(
    'a where that comes out empty, of deleteMany',
    { call: 'entry.deleteMany', args: input => ({ where: input }), expect: 'invalid' },
    {
      'an object': () => ({}),
      'an undefined member': () => ({ batch: undefined }),
      'AND of none': () => ({ AND: [] }),
      'AND of empty ones': () => ({ AND: [{}, { AND: [] }] }),
      'NOT of none': () => ({ NOT: [] }),
      'NOT of an empty one': () => ({ NOT: {} }),
      'an empty operator': () => ({ batch: {} }),
      'an undefined operator': () => ({ batch: { equals: undefined } }),
      'several that are undefined': () => ({ batch: undefined, place: undefined, AND: undefined }),
    },
  ),
  ...all(
    'a where that comes out empty, of updateMany',
    { call: 'user.updateMany', args: input => ({ where: input, data: { role: 'ADMIN' } }), expect: 'invalid' },
    {
      'an object': () => ({}),
      'an undefined member': () => ({ tenantId: undefined }),
      'AND of none': () => ({ AND: [] }),
      'an undefined operator': () => ({ email: { contains: undefined } }),
      'a relation without conditions': () => ({ AND: { posts: undefined } }),
    },
  ),
  ...all(
    'a where that matches nothing',
    { call: 'entry.deleteMany', args: input => ({ where: input }), expect: 'unchanged' },
    {
      'OR of none': () => ({ OR: [] }),
      'OR of an empty one': () => ({ OR: [{}] }),
      'OR of an undefined member': () => ({ OR: [{ batch: undefined }] }),
      'in of none': () => ({ id: { in: [] } }),
    },
  ),
  ...all(
    'a list with holes',
    { call: 'entry.deleteMany', args: input => ({ where: { id: input } }), expect: 'invalid' },
    {
      'in of undefined': () => ({ in: [undefined] }),
      'in of null': () => ({ in: [null] }),
      'notIn of undefined': () => ({ notIn: [1, undefined] }),
      'in of a hole': [() => ({ in: [1, , 2] }), flight],
      'in of no list': () => ({ in: 1 }),
      'in of a Set': () => ({ in: new Set([1]) }),
    },
  ),
  {
    id: 'leaving where out, of updateMany',
    call: 'scrap.updateMany',
    args: () => ({ data: { text: 'c' } }),
    input: () => undefined,
    expect: { count: 2 },
  },
  {
    id: 'leaving where out, of deleteMany',
    call: 'scrap.deleteMany',
    args: () => undefined,
    input: () => undefined,
    expect: { count: 2 },
  },
]

// Secrets that conditions would tell

const guess = { startsWith: SECRET.slice(0, 8) }
const oracles = [
  ...all(
    'a secret asked through a relation',
    { call: 'post.findMany', args: input => ({ where: input }), expect: 'invalid' },
    {
      'startsWith': () => ({ author: { passwordHash: guess } }),
      'is': () => ({ author: { is: { passwordHash: guess } } }),
      'isNot': () => ({ author: { isNot: { passwordHash: guess } } }),
      'a plain value': () => ({ author: { resetToken: 'reset-1' } }),
      'null': () => ({ author: { resetToken: null } }),
      'in a group': () => ({ OR: [{ id: -1 }, { NOT: { author: { passwordHash: { lt: 'b' } } } }] }),
      'there and back': () => ({ author: { posts: { some: { author: { resetToken: { gt: '' } } } } } }),
    },
  ),
  ...all(
    'a secret asked by an operator',
    { call: 'user.count', args: input => ({ where: input }), expect: 'invalid' },
    {
      'startsWith': () => ({ passwordHash: guess }),
      'in a group': () => ({ AND: [{ OR: [{ passwordHash: guess }] }] }),
      'not in NOT': () => ({ NOT: { passwordHash: { not: { startsWith: '$2b' } } } }),
    },
  ),
  ...all(
    'a secret asked by every and none',
    { call: 'tag.findMany', args: input => ({ where: { posts: input } }), expect: 'invalid' },
    {
      'some': () => ({ some: { author: { resetToken: { gt: '' } } } }),
      'every': () => ({ every: { author: { passwordHash: guess } } }),
      'none': () => ({ none: { author: { is: { passwordHash: guess } } } }),
    },
  ),
  ...all(
    'a secret to sort by',
    { call: 'user.findMany', args: input => ({ orderBy: input, select: { id: true } }), expect: 'invalid' },
    {
      'alone': () => ({ resetToken: 'desc' }),
      'in a list': () => [{ id: 'asc' }, { passwordHash: 'asc' }],
      'with nulls': () => ({ resetToken: { sort: 'asc', nulls: 'last' } }),
    },
  ),
  ...all(
    'a secret to sort by through a relation',
    { call: 'post.findMany', args: input => ({ orderBy: input }), expect: 'invalid' },
    {
      'author': () => ({ author: { passwordHash: 'asc' } }),
      'author, in a list': () => [{ author: { resetToken: { sort: 'desc', nulls: 'first' } } }],
    },
  ),
  ...all(
    'a secret in what is included',
    { call: 'user.findMany', args: input => ({ include: input }), expect: 'invalid' },
    {
      'where of a list': () => ({ posts: { where: { author: { passwordHash: guess } } } }),
      'orderBy of a list': () => ({ posts: { orderBy: { author: { resetToken: 'asc' } } } }),
      'where of a count': () => ({ _count: { select: { posts: { where: { author: { passwordHash: guess } } } } } }),
    },
  ),
  {
    id: 'a secret in the where of a change',
    call: 'user.updateMany',
    args: input => ({ where: input, data: { name: 'x' } }),
    input: () => ({ passwordHash: guess }),
    expect: 'invalid',
  },
  {
    id: 'a secret in the where of a removal',
    call: 'post.deleteMany',
    args: input => ({ where: input }),
    input: () => ({ author: { passwordHash: guess } }),
    expect: 'invalid',
  },
  {
    id: 'a secret selected through relations',
    call: 'user.findMany',
    args: input => ({ include: input }),
    input: () => ({ posts: { include: { author: { select: { passwordHash: true } } } } }),
    expect: 'hidden',
  },
  {
    id: 'a secret selected',
    call: 'user.findFirst',
    args: input => ({ select: input }),
    input: () => ({ passwordHash: true, id: true }),
    expect: 'hidden',
  },
  {
    id: 'all fields, with secrets',
    call: 'user.findMany',
    args: input => ({ omit: input }),
    input: () => ({ name: true }),
    expect: 'hidden',
  },
]

// Names that would become SQL

const names = [
  ...all(
    'an order that is SQL',
    { call: 'user.findMany', args: input => ({ orderBy: input }), expect: 'invalid' },
    {
      'a field with a quote': () => ({ 'id"; DROP TABLE User; --': 'asc' }),
      'a field with a backtick': () => ({ 'id`': 'asc' }),
      'a direction with more': () => ({ id: 'asc; select 1' }),
      'a direction in capitals': () => ({ id: 'ASC' }),
      'a direction that is a number': () => ({ id: 1 }),
      'a text in the list': () => [{ id: 'asc' }, '1;--'],
      'a text': () => 'id',
      'an inherited name': () => ({ toString: 'asc' }),
      'constructor': () => ({ constructor: 'asc' }),
      '__proto__': () => JSON.parse('{"__proto__":"asc"}'),
      'a relation without a field': () => ({ posts: 'asc' }),
      'two fields in one object of one order': () => ({ id: { sort: 'asc', nulls: 'last; --' } }),
    },
  ),
  ...all(
    'a condition on what is no field',
    { call: 'user.findMany', args: input => ({ where: input }), expect: 'invalid' },
    {
      'a field with a quote': () => ({ 'id" OR 1=1 --': 1 }),
      '__proto__': () => JSON.parse('{"__proto__":{"id":1}}'),
      'constructor': () => ({ constructor: 1 }),
      'hasOwnProperty': () => ({ hasOwnProperty: 1 }),
      'an operator with a quote': () => ({ id: { 'gt" --': 1 } }),
      'a column of the table': () => ({ rowid: 1 }),
      'Prisma’s raw': () => ({ $queryRaw: 'select 1' }),
    },
  ),
  ...all(
    'a selection of what is no field',
    { call: 'user.findMany', args: input => ({ select: input }), expect: 'invalid' },
    {
      'a field with a quote': () => ({ 'id", sqlite_version() --': true }),
      '__proto__': () => JSON.parse('{"__proto__":true}'),
      'toString': () => ({ toString: true }),
      'an array': () => ['id'],
    },
  ),
  ...all(
    'data for what is no field',
    { call: 'user.create', args: input => ({ data: { ...user, ...input } }), expect: 'invalid' },
    {
      'a field with a quote': () => ({ 'name") VALUES (1) --': 'x' }),
      'constructor': () => ({ constructor: 'x' }),
      'a column of the table': () => ({ rowid: 9 }),
    },
  ),
  {
    id: 'an argument that is none',
    call: 'user.findMany',
    args: input => input,
    input: () => ({ where: { id: 1 }, unbounded: true }),
    expect: 'invalid',
  },
  {
    id: 'arguments that are no object',
    call: 'user.findMany',
    args: input => input,
    input: () => [{ where: {} }],
    expect: 'invalid',
  },
]

// Operators and relations where plain data was meant

const data = [
  ...all(
    'an operator in data',
    { call: 'user.update', args: input => ({ where: { id: 1 }, data: { balance: input } }), expect: 'invalid' },
    {
      'increment of a text': () => ({ increment: '1e309' }),
      'two at once': () => ({ increment: 1, decrement: 1 }),
      'one that is none': () => ({ power: 2 }),
      'multiply by NaN': () => ({ multiply: NaN }),
    },
  ),
  ...all(
    'an operation on related rows in data',
    { call: 'user.update', args: input => ({ where: { id: 1 }, data: { posts: input } }), expect: 'invalid' },
    {
      'deleteMany by what says nothing': () => ({ deleteMany: { title: {} } }),
      'deleteMany by a list of what says nothing': () => ({ deleteMany: [{ id: 9 }, { OR: [{}] }] }),
      'updateMany by what says nothing': () => ({ updateMany: { where: { AND: [] }, data: { title: 'x' } } }),
      'updateMany without a condition': () => ({ updateMany: { data: { title: 'x' } } }),
      'updateMany that moves the rows': () => ({ updateMany: { where: { id: 1 }, data: { authorId: 2 } } }),
      'update that moves the row': () => ({ update: { where: { id: 1 }, data: { author: { connect: { id: 2 } } } } }),
      'delete of all': () => ({ delete: true }),
      'delete by no key': () => ({ delete: { title: 'post 1' } }),
      'disconnect by no key': () => ({ disconnect: [{}] }),
      'delete by a secret': () => ({ delete: { id: 1, author: { passwordHash: `${SECRET}1` } } }),
      'updateMany by a secret': () => ({
        updateMany: { where: { author: { passwordHash: { startsWith: SECRET } } }, data: { title: 'x' } },
      }),
    },
  ),
  ...all(
    'an operation on rows that are related to others in data',
    { call: 'user.update', args: input => ({ where: { id: 1 }, data: { posts: input } }), expect: 'refused' },
    {
      'update': () => ({ update: { where: { id: 2 }, data: { title: 'x' } } }),
      'delete': () => ({ delete: [{ id: 1 }, { id: 2 }] }),
      'disconnect': () => ({ disconnect: [{ id: 1 }] }),
      'set of none': () => ({ set: [] }),
      'upsert with its key': () => ({ upsert: { where: { id: 2 }, create: { id: 2, title: 'x' }, update: {} } }),
    },
  ),
  ...all(
    'an operation on rows that are related to others, which finds none',
    { call: 'user.update', args: input => ({ where: { id: 1 }, data: { posts: input } }), expect: 'unchanged' },
    {
      'updateMany': () => ({ updateMany: { where: { id: 2 }, data: { title: 'x' } } }),
      'deleteMany': () => ({ deleteMany: [{ id: 2 }, { authorId: 2 }] }),
    },
  ),
  {
    id: 'a sum beyond 64 bits',
    call: 'user.update',
    args: input => ({ where: { id: 1 }, data: { balance: input } }),
    input: () => ({ increment: 9223372036854775807n }),
    expect: 'refused',
    rust: true,
  },
  {
    id: 'a product beyond Float',
    call: 'user.update',
    args: input => ({ where: { id: 1 }, data: { score: input } }),
    input: () => ({ multiply: 1.7e308 }),
    expect: 'refused',
    rust: true,
  },
  {
    id: 'a quotient by nothing',
    call: 'user.update',
    args: input => ({ where: { id: 1 }, data: { score: input } }),
    input: () => ({ divide: 0 }),
    expect: 'refused',
    rust: true,
  },
  {
    id: 'a null for a required field',
    call: 'user.update',
    args: input => ({ where: { id: 1 }, data: input }),
    input: () => ({ email: null }),
    expect: 'invalid',
  },
]

// Objects with a past

const prototypes = [
  ...all(
    'a prototype as JSON',
    {
      call: 'user.update',
      args: input => ({ where: { id: 1 }, data: { meta: input }, select: { meta: true } }),
      expect: { keeps: 'meta' },
    },
    {
      '__proto__ at the top': [() => JSON.parse('{"__proto__":{"admin":true}}'), flight],
      '__proto__ within': [() => JSON.parse('{"a":{"__proto__":{"toJSON":1}}}'), flight],
      '__proto__ in a list': [() => JSON.parse('[{"__proto__":[]}]'), flight],
      'constructor': [() => JSON.parse('{"constructor":{"prototype":{"admin":true}}}'), { rust: true }],
    },
  ),
]

// Values that a column does not have

const value = (field, rest = {}) => ({
  call: 'user.create',
  args: input => ({ data: { ...user, [field]: input } }),
  ...rest,
})
const values = [
  ...all('a number that is none', value('score', { expect: 'invalid' }), {
    'NaN': [() => NaN, { rust: true }],
    'Infinity': [() => Infinity, { rust: true }],
    'a text': () => '1',
    'a bigint': () => 1n,
    'a date': () => new Date(0),
  }),
  ...all(
    'a condition on a number that is none',
    { call: 'user.findMany', args: input => ({ where: { score: input } }), expect: 'invalid' },
    {
      'NaN': () => NaN,
      'gt -Infinity': () => ({ gt: -Infinity }),
      'in NaN': () => ({ in: [NaN] }),
    },
  ),
  { id: 'a negative zero', ...value('score'), input: () => -0, expect: { keeps: 'score', as: 0 } },
  ...all(
    'an integer that is none',
    { call: 'user.findUnique', args: input => ({ where: { id: input } }), expect: 'invalid' },
    {
      'a fraction': () => 1.5,
      'a text': () => '1',
      'a text with more': () => '1abc',
      'too wide': () => 2147483648,
      'not safe': () => 9007199254740993,
      'a bigint': () => 1n,
      'a boolean': () => true,
      'null': () => null,
      'an empty operator': () => ({}),
      'a list': () => [1],
    },
  ),
  ...all('a BigInt at its bounds', value('balance', { expect: { keeps: 'balance' } }), {
    'the least': [() => -9223372036854775808n, { rust: true }],
    'the greatest': [() => 9223372036854775807n, { rust: true }],
  }),
  ...all('a BigInt beyond its bounds', value('balance', { expect: 'invalid' }), {
    'less than the least': () => -9223372036854775809n,
    'more than the greatest': () => 1n << 63n,
    'a number that is not safe': () => 2 ** 60,
    'a fraction': () => 0.5,
    'a text': () => '1',
  }),
  ...all('a Decimal that is none', value('price', { expect: 'invalid' }), {
    'a text': () => 'twelve',
    'hexadecimal': () => '0x10',
    'a huge exponent': () => '1e999999999',
    'NaN': () => NaN,
    'text NaN': () => 'NaN',
    'empty': () => '',
    'an object with toFixed': [
      () =>
        new (class {
          toFixed() {
            return '1); DROP TABLE User; --'
          }
        })(),
      flight,
    ],
    'a plain object with toFixed': [() => ({ toFixed: () => '1' }), flight],
  }),
  {
    id: 'a Decimal of a float',
    ...value('price'),
    input: () => 0.1 + 0.2,
    expect: { keeps: 'price', as: '0.30000000000000004' },
  },
  {
    id: 'a Decimal of many digits',
    ...value('price'),
    input: () => `0.1${'9'.repeat(40)}`,
    expect: { keeps: 'price' },
  },
  ...all('a date that is none', value('createdAt', { expect: 'invalid' }), {
    'all zeros': () => '0000-00-00',
    'all zeros, with a time': () => '0000-00-00T00:00:00Z',
    'a day after February': () => '2024-02-30T00:00:00Z',
    'the leap day of no leap year': () => '2023-02-29T12:00:00.000Z',
    'a day after April, in a zone': () => '2024-04-31T10:00:00+02:00',
    'month thirteen': () => '2024-13-01T00:00:00Z',
    'hour twenty-five': () => '2024-01-01T25:00:00Z',
    'minute sixty': () => '2024-01-01T00:60:00Z',
    'without a zone': () => '2024-01-01T00:00:00',
    'a date alone': () => '2024-02-30',
    'words': () => 'tomorrow',
    'an invalid Date': () => new Date(NaN),
    'a year after 9999': () => new Date(8.64e15),
    'a year after 9999, as text': () => '+010000-01-01T00:00:00Z',
    'a year before 0': () => new Date(-8.64e15),
    'a number': () => 0,
    'a Date of another prototype': [() => Object.create(Date.prototype), flight],
  }),
  ...all(
    'a condition on a date that is none',
    { call: 'user.findMany', args: input => ({ where: { createdAt: input } }), expect: 'invalid' },
    {
      'gt an invalid Date': () => ({ gt: new Date(NaN) }),
      'a day that does not exist': () => ({ lte: '2024-02-30T00:00:00Z' }),
      'a year beyond those of a Date': () => ({ gte: new Date(8.64e15 + 1) }),
      'in an invalid one': () => ({ in: [new Date(0), new Date(NaN)] }),
    },
  ),
  ...all(
    'a Boolean that is none',
    { call: 'post.updateMany', args: input => ({ where: { id: 1 }, data: { published: input } }), expect: 'invalid' },
    {
      'two': () => 2,
      'one': () => 1,
      'a text': () => 'true',
      'a Boolean object': [() => new Boolean(false), flight],
    },
  ),
  ...all('an enum that is none', value('role', { expect: 'invalid' }), {
    'another word': () => 'ROOT',
    'its index': () => 1,
    'in small letters': () => 'admin',
    'an inherited name': () => 'toString',
    '__proto__': () => '__proto__',
  }),
  ...all('bytes that are none', value('avatar', { expect: 'invalid' }), {
    'a text': () => 'AAAA',
    'a list of numbers': () => [1, 2, 3],
    'an ArrayBuffer': () => new ArrayBuffer(4),
    'a wider array': () => new Float64Array(2),
    'a detached array': [
      () => {
        const bytes = new Uint8Array(8)
        structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
        return bytes
      },
      flight,
    ],
  }),
]

// Texts

const texts = [
  ...all('a text that databases do not hold alike', value('name', { expect: 'invalid' }), {
    'NUL within': [() => 'a\0b', { rust: true }],
    'NUL alone': () => '\0',
    'a lone high surrogate': () => '\ud800',
    'a lone low surrogate': () => 'a\udc00b',
    'surrogates the wrong way round': () => '\udc00\ud800',
  }),
  ...all(
    'such a text in a condition',
    { call: 'user.findMany', args: input => ({ where: input }), expect: 'invalid' },
    {
      'equals': () => ({ email: 'a\0b' }),
      'contains': () => ({ name: { contains: '\ud800' } }),
      'in': () => ({ name: { in: ['a', '\0'] } }),
      'not': () => ({ name: { not: 'x\0' } }),
    },
  ),
  ...all('such a text in Json', value('meta', { expect: 'invalid' }), {
    'NUL': [() => 'a\0b', { rust: true }],
    'NUL within': () => ({ a: [{ b: 'x\0' }] }),
    'NUL in a key': () => ({ 'a\0b': 1 }),
    'a lone surrogate': () => '\ud800',
    'a lone surrogate within': () => [[{ b: 'x\udfff' }]],
    'a lone surrogate in a key': () => ({ '\ud800': 1 }),
  }),
  ...all('a text that reads back as it is', value('name', { expect: { keeps: 'name' } }), {
    'not composed': [() => 'e\u0301', { rust: true }],
    'directions and no width': [() => '\u202e\u200b', { rust: true }],
    'a byte order mark': () => '\ufeffa',
    'an emoji of several': () => '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
    'without a dot': () => '\u0131',
    'control characters': () => '\u0001\u001b[31m\u007f\r\n\t',
    'a quote': () => `'"\`;--`,
    'not a character': () => '\uffff\ufffe',
    'long': () => 'ä'.repeat(200_000),
  }),
]

// Json that is none

const json = all('Json that is none', value('meta', { expect: 'invalid' }), {
  'NaN': () => NaN,
  'Infinity within': () => ({ a: [Infinity] }),
  'a Map': () => new Map([['a', 1]]),
  'a Set within': () => ({ a: new Set([1]) }),
  'a bigint': () => ({ a: 1n }),
  'a symbol': [() => ({ a: Symbol('s') }), flight],
  'a function': [() => () => 1, flight],
  'a RegExp': [() => ({ a: /x/ }), flight],
  'an error': [() => new Error('hunter2'), flight],
  'a promise': () => ({ a: Promise.resolve(1) }),
  'a Blob': () => ({ a: new Blob(['x']) }),
  'a FormData': () => ({ a: new FormData() }),
  'typed arrays': () => ({ a: new Uint8Array(3) }),
  'undefined in a list': () => [undefined],
  'null': () => null,
  'toJSON that throws': [
    () => ({
      toJSON() {
        throw new Error('hunter2')
      },
    }),
    flight,
  ],
  'toJSON within that throws': [
    () => ({
      a: [
        {
          toJSON() {
            throw new Error('hunter2')
          },
        },
      ],
    }),
    flight,
  ],
  'a getter that throws': [
    () => ({
      get a() {
        throw new Error('hunter2')
      },
    }),
    flight,
  ],
})

// Patterns are literal

const patterns = all(
  'a pattern that is only text',
  { call: 'user.findMany', args: input => ({ where: input }), expect: { rows: 0 } },
  {
    'contains %': [() => ({ name: { contains: '%' } }), { rust: true }],
    'contains _': [() => ({ name: { contains: '_' } }), { rust: true }],
    'contains a backslash': [() => ({ name: { contains: '\\' } }), { rust: true }],
    'contains a class': [() => ({ name: { contains: '[a-z]*' } }), { rust: true }],
    'contains GLOB': () => ({ name: { contains: '*' } }),
    'contains a question mark': () => ({ name: { contains: '?' } }),
    'startsWith %': () => ({ name: { startsWith: '%' } }),
    'endsWith _': () => ({ name: { endsWith: '_' } }),
    'an escaped %': () => ({ name: { contains: '\\%' } }),
    'a pattern of many wildcards': () => ({ name: { contains: '%_'.repeat(200) } }),
  },
)

// More than is good

const limits = [
  ...all(
    'too many rows asked for',
    { call: 'user.findMany', args: input => ({ take: input }), expect: 'limit' },
    {
      'a milliard': [() => 1e9, { rust: true }],
      'from the end': () => -1e9,
      'one above': () => 10_001,
      'a number that is no 32 bits': () => 2 ** 40,
    },
  ),
  {
    id: 'many rows of a relation asked for, where there are few',
    call: 'user.findMany',
    args: input => ({ include: { posts: { take: input } } }),
    input: () => 1e9,
    expect: 'unchanged',
  },
  ...all(
    'a number of rows that is none',
    { call: 'user.findMany', args: input => ({ take: input }), expect: 'invalid' },
    {
      'a text': () => '10',
      'a fraction': () => 1.5,
      'NaN': () => NaN,
      'Infinity': () => Infinity,
      'null': () => null,
      'a bigint': () => 10n,
      'a list': () => [10],
    },
  ),
  ...all(
    'a number of rows to skip that is none',
    { call: 'user.findMany', args: input => ({ skip: input }), expect: 'invalid' },
    {
      'less than 0': () => -1,
      'a text': () => '1',
      'NaN': () => NaN,
    },
  ),
  {
    id: 'more rows than a result may have',
    call: 'entry.findMany',
    args: () => ({}),
    input: () => undefined,
    expect: 'limit',
    rust: true,
  },
  {
    id: 'as many rows as a result may have',
    call: 'entry.findMany',
    args: input => ({ take: input }),
    input: () => 10_000,
    expect: { rows: 10_000 },
  },
  ...all(
    'a deep condition',
    { call: 'user.findMany', args: input => ({ where: input }), expect: 'invalid' },
    {
      '10,000 NOT': [() => nested(10_000, inner => ({ NOT: inner }), { id: 1 }), flight],
      '10,000 AND': [() => nested(10_000, inner => ({ AND: [inner] }), { id: 1 }), flight],
      '10,000 relations': [
        () =>
          nested(10_000, (inner, level) => (level % 2 === 0 ? { author: inner } : { posts: { some: inner } }), {
            id: 1,
          }),
        flight,
      ],
      '200 NOT': () => nested(200, inner => ({ NOT: inner }), { id: 1 }),
      '60 relations': () =>
        nested(60, (inner, level) => (level % 2 === 0 ? { posts: { some: inner } } : { author: inner }), { id: 1 }),
      'not of not': () => ({ id: nested(500, inner => ({ not: inner }), 1) }),
    },
  ),
  ...all(
    'a condition that holds itself',
    { call: 'user.findMany', args: input => ({ where: input }), expect: 'invalid', wire: false },
    {
      'AND': () => cyclic('AND'),
      'OR': () => cyclic('OR', true),
      'NOT in a list': () => cyclic('NOT', true),
      'through a relation': () => {
        const where = { posts: { some: { author: undefined } } }
        where.posts.some.author = where
        return where
      },
      'not': () => ({ id: cyclic('not') }),
    },
  ),
  ...all(
    'one condition in many places',
    { call: 'user.findMany', args: input => ({ where: input }), expect: 'invalid' },
    {
      '28 levels': () => shared(28),
      '28 levels of lists': () => shared(28, { id: 1 }, ['OR', 'AND']).AND,
      '40 levels': () => shared(40),
    },
  ),
  ...all(
    'many conditions',
    { call: 'user.findMany', args: input => ({ where: input }), expect: 'invalid' },
    {
      '5,000 of OR': () => ({ OR: Array.from({ length: 5000 }, (_, id) => ({ id })) }),
      '100,000 of AND': [() => ({ AND: Array.from({ length: 100_000 }, (_, id) => ({ id })) }), flight],
      '5,000 of NOT': () => ({ NOT: Array.from({ length: 5000 }, (_, id) => ({ id })) }),
    },
  ),
  ...all(
    'many values',
    { call: 'user.findMany', args: input => ({ where: { id: input } }) },
    {
      '70,000 ids': [
        () => ({ in: Array.from({ length: 70_000 }, (_, index) => index + 1) }),
        { expect: { rows: 3 }, rust: true },
      ],
      '70,000 ids, not in': [
        () => ({ notIn: Array.from({ length: 70_000 }, (_, index) => index + 1) }),
        { expect: { rows: 0 } },
      ],
      '40,000 ids': [() => ({ in: Array.from({ length: 40_000 }, (_, index) => index + 2) }), { expect: { rows: 2 } }],
    },
  ),
  {
    id: 'many texts',
    call: 'user.findMany',
    args: input => ({ where: { email: { in: input } } }),
    input: () => ['one@acme.io', ...Array.from({ length: 50_000 }, (_, index) => `${index}`)],
    expect: { rows: 1 },
  },
  ...all(
    'deep or cyclic data',
    { call: 'user.create', args: input => ({ data: { ...user, meta: input } }), expect: 'invalid' },
    {
      'Json of 100,000 lists': [() => nested(100_000, inner => [inner], 1), flight],
      'Json of 5,000 objects': [() => nested(5000, inner => ({ a: inner }), 1), flight],
      'Json that holds itself': [() => cyclic('a'), flight],
      'Json that holds itself in a list': [() => cyclic('a', true), flight],
      'one object of Json in many places': () => shared(28, { a: 1 }, ['a', 'b']),
    },
  ),
  {
    id: 'relations that hold themselves',
    call: 'user.create',
    args: input => ({ data: input }),
    input: () => {
      const made = { ...user, posts: { create: [{ title: 'x', author: { create: undefined } }] } }
      made.posts.create[0].author.create = made
      return made
    },
    expect: 'invalid',
    wire: false,
  },
  ...all(
    'a deep selection',
    { call: 'user.findMany', args: input => ({ include: input }), expect: 'limit' },
    {
      '12 levels': () =>
        nested(12, (inner, level) => ({ [level % 2 === 1 ? 'posts' : 'author']: { include: inner } }), { posts: true }),
      '60 levels': () =>
        nested(60, (inner, level) => ({ [level % 2 === 1 ? 'posts' : 'author']: { include: inner } }), { posts: true }),
    },
  ),
  {
    id: 'a selection that holds itself',
    call: 'user.findMany',
    args: input => ({ include: input }),
    input: () => {
      const posts = { include: { author: { include: undefined } } }
      posts.include.author.include = { posts }
      return { posts }
    },
    expect: 'limit',
    wire: false,
  },
  {
    id: 'a long order',
    call: 'user.findMany',
    args: input => ({ orderBy: input }),
    input: () => Array.from({ length: 5000 }, () => ({ id: 'asc' })),
    expect: 'limit',
  },
  {
    id: 'a key of a megabyte',
    call: 'user.findMany',
    args: input => ({ where: input }),
    input: () => ({ ['k'.repeat(1 << 20)]: 1 }),
    expect: 'invalid',
  },
  {
    id: 'a key that forges a line of the log',
    call: 'user.findMany',
    args: input => ({ where: input }),
    input: () => ({ 'x\n2026-01-01 INFO \u001b[32mall is well': 1 }),
    expect: 'invalid',
  },
  {
    id: 'a long pattern',
    call: 'user.findMany',
    args: input => ({ where: { name: { contains: input } } }),
    input: () => 'x'.repeat(100_000),
    expect: 'unchanged',
  },
  {
    id: 'a pattern that is all wildcards',
    call: 'user.findMany',
    args: input => ({ where: { name: { contains: input } } }),
    input: () => '%a'.repeat(50_000),
    expect: 'unchanged',
  },
]

// What errors tell

const leaks = [
  {
    id: 'a value that is taken',
    call: 'user.create',
    args: input => ({ data: { email: input } }),
    input: () => 'one@acme.io',
    expect: 'refused',
    rust: true,
  },
  {
    id: 'a key that is taken',
    call: 'user.create',
    args: input => ({ data: { ...user, id: input } }),
    input: () => 1,
    expect: 'refused',
  },
  {
    id: 'a relation that leads nowhere',
    call: 'post.create',
    args: input => ({ data: { title: 'x', authorId: input } }),
    input: () => 987654321,
    expect: 'refused',
    rust: true,
  },
  {
    id: 'a connection that leads nowhere',
    call: 'post.create',
    args: input => ({ data: { title: 'x', author: { connect: { email: input } } } }),
    input: () => 'hunter2@acme.io',
    expect: 'refused',
  },
  {
    id: 'a row that is not there',
    call: 'user.update',
    args: input => ({ where: { email: input }, data: { name: 'x' } }),
    input: () => 'hunter2@acme.io',
    expect: 'refused',
  },
  {
    id: 'a generated key beyond 32 bits',
    call: 'entry.createMany',
    args: input => ({ data: input }),
    input: () => [
      { id: 2147483647, batch: 'z', place: 0, size: 2 },
      { batch: 'z', place: 1, size: 2 },
    ],
    expect: 'refused',
  },
]

export const CASES = [
  ...operators,
  ...escapes,
  ...empty,
  ...oracles,
  ...names,
  ...data,
  ...prototypes,
  ...values,
  ...texts,
  ...json,
  ...patterns,
  ...limits,
  ...leaks,
]

/**
 * What asks for an operation or a policy that does not exist yet: `later` says which. Each is refused today, in words;
 * when the operation comes, its cases move into the table above.
 */
export const LATER = [
  ...[
    ['a field that the caller may not write', { name: 'x', role: 'ADMIN' }],
    ['a key of the caller', { id: 1, email: 'e@acme.io' }],
    ['a secret of the caller', { passwordHash: 'x' }],
    ['a relation of another tenant', { posts: { connect: { id: 3 } } }],
    ['a removal of related rows', { posts: { deleteMany: {} } }],
    ['a change of related rows', { posts: { updateMany: { where: {}, data: { title: 'x' } } } }],
  ].map(([id, data]) => ({
    id,
    later: 'allow-lists of fields for data',
    run: db => db.user.update({ where: { id: 1 }, data, allow: ['name'] }),
  })),
  {
    id: 'a nested create of the caller',
    later: 'allow-lists of fields for data',
    run: db => db.user.create({ data: { email: 'e@acme.io' }, allow: ['email'] }),
  },
  { id: 'rows of another tenant', later: 'policies', run: db => db.user.findMany({ policy: { tenantId: 1 } }) },
  { id: 'a setting that the next caller would inherit', later: 'policies', run: db => db.$with({ tenantId: 1 }) },
  {
    id: 'a row of another tenant, or none',
    later: 'policies',
    run: db => db.user.findUnique({ where: { id: 1 }, policy: {} }),
  },
  {
    id: 'a result that two callers share',
    later: 'a cache of results',
    run: db => db.user.findMany({ cacheStrategy: { ttl: 60 } }),
  },
  {
    id: 'a bound value in SQL',
    later: 'raw SQL',
    run: db => db.$queryRaw`select * from User where name = ${"' OR 1=1 --"}`,
  },
  { id: 'SQL as a text', later: 'raw SQL', run: db => db.$queryRaw('select 1') },
  {
    id: 'SQL as an object of a request',
    later: 'raw SQL',
    run: db => db.$queryRaw({ sql: 'drop table User', values: [] }),
  },
  { id: 'SQL that changes', later: 'raw SQL', run: db => db.$executeRaw`delete from User` },
  { id: 'SQL that says it is unsafe', later: 'raw SQL', run: db => db.$queryRawUnsafe('select 1') },
  {
    id: 'a comment that closes itself',
    later: 'comments in SQL',
    run: db => db.user.findMany({ comment: '*/ ; drop table User; /*' }),
  },
  ...[
    { path: ["a') OR 1=1 --"], equals: 1 },
    { path: ['**'], string_contains: '' },
    { path: ['a.b', '0', '-1'], equals: 1 },
    { path: ['$'], array_contains: [1] },
  ].map((meta, index) => ({
    id: `a path into Json, ${index + 1}`,
    later: 'conditions on parts of Json',
    run: db => db.user.findMany({ where: { meta } }),
  })),
  { id: 'groups by a secret', later: 'groupBy', run: db => db.user.groupBy({ by: ['passwordHash'], _count: true }) },
  { id: 'the greatest secret', later: 'aggregate', run: db => db.user.aggregate({ _max: { passwordHash: true } }) },
  { id: 'distinct secrets', later: 'distinct', run: db => db.user.findMany({ distinct: ['resetToken'] }) },
  { id: 'a page after a secret', later: 'cursors', run: db => db.user.findMany({ cursor: { resetToken: 'a' } }) },
  {
    id: 'an upsert of what was asked for',
    later: 'upsert',
    run: db => db.user.upsert({ where: {}, create: {}, update: {} }),
  },
  {
    id: 'a search without regard to case',
    later: 'mode: insensitive',
    run: db => db.user.findMany({ where: { name: { contains: 'I', mode: 'insensitive' } } }),
  },
  {
    id: 'a change of no more than some rows',
    later: 'limit of updateMany',
    run: db => db.user.updateMany({ data: { name: 'x' }, limit: 1 }),
  },
]
