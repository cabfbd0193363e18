// Fields that the schema declares `@server`: no condition and no order of a request finds their values out.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { trusted } from 'purlin'
import { Purlin } from './build/generated/index.js'
import { ENCODE_DEFAULTS, catalogOf, encode, indexCatalog } from './support/runtime.mjs'

const [User, Post] = indexCatalog(
  catalogOf(
    'model User id:Int email:String hash:String@serverOnly token:String?@serverOnly pin:Int?@serverOnly ' +
      'seen:DateTime?@serverOnly key:Bytes?@serverOnly extra:Json?@serverOnly codes:String?[]@serverOnly ' +
      'posts<Post.author[](id=id) boss>User.boss?(id=id) | id token email,hash',
    'model Post id:Int author>User.posts(id=id) | id',
  ),
)

function refused(model, operation, args, field = 'hash') {
  assert.throws(
    () => encode(model, operation, args),
    error => {
      assert.match(error.message, new RegExp(`\`User.${field}\` stays on the server`))
      assert.match(error.message, /trusted\(|leave out the member/)
      assert.ok(!error.message.includes('s3cret'), error.message)
      return true
    },
  )
}

const allowed = (model, operation, args) => assert.equal(typeof encode(model, operation, args).shape, 'string')

describe('a plain value of the model itself is allowed', () => {
  const wheres = [
    { hash: 'x' },
    { token: null },
    { pin: 5 },
    { seen: new Date(0) },
    { seen: '2024-01-01T00:00:00Z' },
    { key: new Uint8Array(2) },
    { codes: ['a'] },
    { extra: Purlin.DbNull },
    { id: 1, hash: 'x' },
    { OR: [{ hash: 'x' }, { hash: 'y' }] },
    { AND: { AND: [{ hash: 'x' }] } },
  ]
  for (const where of wheres) {
    test(JSON.stringify(where), () => {
      for (const operation of ['findMany', 'findFirst', 'count', 'deleteMany']) allowed(User, operation, { where })
    })
  }
  test('as a key', () => {
    allowed(User, 'findUnique', { where: { token: 'x' } })
    allowed(User, 'findUnique', { where: { id: 1, hash: 'x' } })
    allowed(User, 'findUnique', { where: { email_hash: { email: 'a', hash: 'x' } } })
    allowed(User, 'update', { where: { token: 'x' }, data: { hash: 'y', pin: { set: 1 } } })
  })
  test('selected by name', () =>
    allowed(User, 'findMany', { select: { hash: true, boss: { select: { hash: true } } } }))
})

describe('an object of operators is refused', () => {
  const operators = [
    {},
    { not: '' },
    { equals: 's3cret' },
    { contains: '' },
    { startsWith: 's3cret' },
    { endsWith: '' },
    { in: [] },
    { in: ['s3cret'] },
    { notIn: [] },
    { gt: '' },
    { lte: 's3cret' },
    { equals: undefined },
    { not: null },
    { equals: 'x', mode: 'insensitive' },
    {
      get equals() {
        return 's3cret'
      },
    },
    new Proxy({}, {}),
    { toString: () => 's3cret' },
    { then() {} },
  ]
  operators.forEach((value, index) => {
    test(`${index}: ${JSON.stringify(value)}`, () => {
      refused(User, 'findFirst', { where: { hash: value } })
      refused(User, 'findFirst', { where: { token: value } }, 'token')
      refused(User, 'findUnique', { where: { id: 1, token: value } }, 'token')
      refused(User, 'findMany', { where: { OR: [{ id: 1 }, { AND: { hash: value } }] } })
      refused(User, 'updateMany', { where: { hash: value }, data: { email: 'a' } })
      refused(User, 'delete', { where: { id: 1, hash: value } })
    })
  })
  test('of lists, of numbers, of Json', () => {
    refused(User, 'count', { where: { codes: { has: 'a' } } }, 'codes')
    refused(User, 'count', { where: { codes: { isEmpty: false } } }, 'codes')
    refused(User, 'count', { where: { pin: { lt: 5 } } }, 'pin')
    refused(User, 'count', { where: { extra: { equals: 1 } } }, 'extra')
    refused(User, 'count', { where: { extra: { not: Purlin.DbNull } } }, 'extra')
  })
  test('undefined does not leave the condition out', () => {
    refused(User, 'findFirst', { where: { token: undefined } }, 'token')
    refused(User, 'findFirst', { where: { OR: [{ hash: undefined }] } })
    for (const where of [{ token: undefined }, { OR: [{ hash: undefined }] }]) {
      assert.throws(
        () => encode(User, 'findFirst', { where }, { ...ENCODE_DEFAULTS, strictUndefined: false }),
        /stays on the server: a condition on it is not left out/,
      )
    }
  })
})

test('a negation is refused', () => {
  for (const where of [
    { NOT: { hash: 'x' } },
    { NOT: [{ hash: 'x' }] },
    { NOT: { AND: [{ hash: 'x' }] } },
    { NOT: { NOT: { hash: 'x' } } },
    { NOT: { OR: [{ hash: 'x' }] } },
  ]) {
    refused(User, 'findMany', { where })
  }
  refused(User, 'findMany', { where: { NOT: { token: null } } }, 'token')
  // What comes after a negation is outside of it.
  allowed(User, 'findMany', { where: { NOT: { id: 1 }, hash: 'x' } })
})

test('a condition through a relation is refused', () => {
  const wheres = [
    { author: { hash: 'x' } },
    { author: { is: { hash: 'x' } } },
    { author: { isNot: { hash: 'x' } } },
    { AND: { author: { OR: [{ hash: 'x' }] } } },
    { author: { posts: { some: { author: { hash: 'x' } } } } },
    { author: { boss: { hash: 'x' } } },
    { author: { hash: { startsWith: 's3cret' } } },
  ]
  for (const where of wheres) {
    refused(Post, 'findMany', { where })
    refused(Post, 'updateMany', { where, data: { id: 1 } })
    refused(User, 'findMany', { include: { posts: { where } } })
    refused(User, 'findMany', { include: { _count: { select: { posts: { where } } } } })
  }
  refused(User, 'findMany', { where: { boss: { token: null } } }, 'token')
  for (const quantifier of ['some', 'every', 'none']) {
    refused(User, 'count', { where: { posts: { [quantifier]: { author: { hash: 'x' } } } } })
  }
  refused(User, 'findMany', { include: { boss: { where: { hash: 'x' } } } })
  refused(Post, 'update', { where: { id: 1 }, data: { author: { connect: { token: 'x' } } } }, 'token')
  refused(Post, 'update', {
    where: { id: 1 },
    data: { author: { connect: { email_hash: { email: 'a', hash: 'x' } } } },
  })
  const changes = [
    where => ({ disconnect: where }),
    where => ({ delete: where }),
    where => ({ update: { where, data: { email: 'a' } } }),
    where => ({ upsert: { where, create: { id: 1, email: 'a', hash: 'a' }, update: {} } }),
  ]
  for (const change of changes) {
    refused(User, 'update', { where: { id: 1 }, data: { boss: change({ hash: 'x' }) } })
    refused(User, 'update', { where: { id: 1 }, data: { boss: change({ AND: [{ email: 'a', hash: 's3cret' }] }) } })
    allowed(User, 'update', { where: { id: 1 }, data: { boss: change({ hash: trusted('x') }) } })
  }
  const where = { id: 1, author: { hash: 'x' } }
  for (const posts of [
    { updateMany: { where, data: { id: 1 } } },
    { deleteMany: where },
    { deleteMany: [{ id: 2 }, where] },
    { delete: where },
    { disconnect: [where] },
    { set: [where] },
    { update: { where, data: { id: 2 } } },
    { upsert: { where, create: { id: 2 }, update: {} } },
    { connectOrCreate: { where, create: { id: 2 } } },
  ]) {
    refused(User, 'update', { where: { id: 1 }, data: { posts } })
  }
  // What comes after a relation is on the model itself.
  allowed(User, 'findMany', { where: { posts: { some: { id: 1 } }, hash: 'x' } })
})

test('an order is refused at any depth', () => {
  refused(User, 'findMany', { orderBy: { hash: 'asc' } })
  refused(User, 'findMany', { orderBy: [{ id: 'asc' }, { token: { sort: 'desc', nulls: 'last' } }] }, 'token')
  refused(Post, 'findMany', { orderBy: { author: { hash: 'asc' } } })
  refused(Post, 'findFirst', { orderBy: { author: { boss: { hash: 'asc' } } } })
  refused(User, 'findMany', { include: { posts: { orderBy: { author: { hash: 'desc' } } } } })
  refused(User, 'count', { orderBy: { hash: 'asc' } })
})

test('arithmetic that fails at its limits does not find a field out', () => {
  for (const operator of ['increment', 'decrement', 'multiply', 'divide']) {
    refused(User, 'update', { where: { id: 1 }, data: { pin: { [operator]: 1 } } }, 'pin')
    refused(User, 'updateMany', { data: { pin: { [operator]: 1 } } }, 'pin')
    allowed(User, 'update', { where: { id: 1 }, data: { pin: { [operator]: trusted(1) } } })
  }
})

describe('trusted', () => {
  test('lets a program write all of these', () => {
    allowed(User, 'findMany', { where: { hash: trusted({ startsWith: '$2b$' }), token: trusted({ not: null }) } })
    allowed(User, 'findMany', { where: { NOT: { hash: trusted('x') }, codes: trusted({ has: 'a' }) } })
    allowed(Post, 'findMany', {
      where: { author: { hash: trusted({ in: ['x'] }) } },
      orderBy: { author: { hash: trusted('asc') } },
    })
    allowed(User, 'findMany', { orderBy: { token: trusted({ sort: 'asc', nulls: 'first' }) } })
    allowed(Post, 'update', { where: { id: 1 }, data: { author: { connect: { token: trusted('x') } } } })
    allowed(User, 'findMany', { where: { email: trusted({ contains: 'a' }) } })
    const { values } = encode(User, 'findMany', { where: { hash: trusted({ startsWith: 'a' }) } })
    assert.deepEqual(values, ['a'])
  })

  test('values are checked as always', () => {
    assert.throws(() => encode(User, 'findMany', { where: { hash: trusted(5) } }), /`User.hash` expects a string/)
    assert.throws(() => encode(User, 'findMany', { where: { hash: trusted({ nope: 5 }) } }), /unknown operator/)
    assert.throws(
      () => encode(User, 'findMany', { where: { hash: trusted(undefined) } }),
      /`User.hash` expects a string/,
    )
  })

  test('nothing that can be sent passes for it', () => {
    const real = trusted({ not: '' })
    const forged = [
      JSON.parse(JSON.stringify(real)),
      { ...real },
      Object.create(real),
      Object.create(Object.getPrototypeOf(real)),
      structuredClone(real),
      { constructor: { name: 'Trusted' }, value: { not: '' } },
    ]
    for (const value of forged)
      assert.throws(() => encode(User, 'findMany', { where: { hash: value } }), /stays on the server|expects a string/)
  })

  test('the namespace of the generated client has it too', () => assert.equal(Purlin.trusted, trusted))
})
