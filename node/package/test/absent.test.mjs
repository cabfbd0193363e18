// What Prisma's client has and this one has not is refused by name, and nothing that looks at a client stumbles over it.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect, isDeepStrictEqual } from 'node:util'
import { Prisma, PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'

const db = new PurlinClient({ url: freshUrl() })

// The members of a client of Prisma 7, of its models and of its namespace, as it lists them itself.
const CLIENT =
  '$extends $on $use $metrics $connect $disconnect $executeRaw $executeRawUnsafe $runCommandRaw $queryRaw $queryRawTyped $queryRawUnsafe $transaction'
const MODEL =
  'findUnique findUniqueOrThrow findFirst findFirstOrThrow findMany create createMany createManyAndReturn update updateMany updateManyAndReturn upsert delete deleteMany groupBy count aggregate findRaw aggregateRaw'
const PRESENT = ['$connect', '$disconnect', '$transaction', '$metrics']

/** What a function throws at once. */
function thrown(run) {
  try {
    run()
  } catch (error) {
    return error
  }
  return assert.fail('it was not refused')
}

function refused(run, name) {
  const error = thrown(run)
  assert.equal(error.name, 'PurlinValidationError', error.stack)
  assert.ok(error.message.includes(`\`${name}\``), error.message)
  assert.match(error.message, /not supported|do not nest|outside of/)
  assert.match(error.message, /: \w+ /, 'and what to do')
  assert.match(error.stack.split('\n')[1], /absent\.test\.mjs/)
}

describe('members of a client', () => {
  for (const name of CLIENT.split(' ')) {
    if (PRESENT.includes(name)) test(name, () => assert.notEqual(db[name], undefined))
    else test(name, () => refused(() => db[name]`SELECT 1`, name))
  }
  test('$metrics', () => {
    refused(() => db.$metrics.json(), '$metrics')
    refused(() => db.$metrics.prometheus(), '$metrics')
  })
})

describe('members of a transaction', () => {
  for (const name of CLIENT.split(' ')) {
    test(name, () =>
      db.$transaction(async tx => {
        if (name === '$metrics') refused(() => tx.$metrics.json(), name)
        else refused(() => tx[name](() => {}), name)
      }),
    )
  }
})

describe('operations of a model', () => {
  for (const name of MODEL.split(' ')) {
    test(name, async () => {
      assert.equal(typeof db.user[name], 'function')
      await db.$transaction(async tx => {
        for (const client of [db, tx]) {
          const made = await Promise.resolve()
            .then(() => client.user[name]({ nothing: {} }))
            .then(
              () => assert.fail(),
              error => error,
            )
          assert.equal(made.name, 'PurlinValidationError', made.stack)
          if (made.message.includes('not supported'))
            assert.match(made.message, new RegExp(`^\`${name}\` of User .*not supported( yet)?: `))
        }
      })
    })
  }
  test('references to fields', () => {
    assert.match(
      thrown(() => db.post.findMany({ where: { views: { gt: db.post.fields.views } } })).message,
      /^`post.fields.views`: references to fields are not supported yet: /,
    )
  })
})

test('functions of the namespace', () => {
  for (const name of ['sql', 'join', 'raw', 'Sql', 'defineExtension', 'getExtensionContext'])
    refused(() => Prisma[name](['a']), `Prisma.${name}`)
  refused(() => new Prisma.Sql(['a'], []), 'Prisma.Sql')
  assert.equal({} instanceof Prisma.Sql, false)
})

describe('methods of a query that lead to related rows', () => {
  const queries = {
    findUnique: client => client.user.findUnique({ where: { id: 1 } }),
    findUniqueOrThrow: client => client.user.findUniqueOrThrow({ where: { id: 1 } }),
    findFirst: client => client.user.findFirst(),
    create: client => client.user.create({ data: { email: 'x' } }),
    update: client => client.user.update({ where: { id: 1 }, data: { name: 'x' } }),
    delete: client => client.user.delete({ where: { id: 1 } }),
  }
  for (const [name, query] of Object.entries(queries)) {
    test(name, async () => {
      await db.$transaction(async tx => {
        for (const client of [db, tx]) {
          for (const relation of ['posts', 'manager', 'profile']) refused(() => query(client)[relation](), relation)
        }
      })
      assert.equal(await db.user.count(), 0, 'nothing was sent')
    })
  }
  test('by the name of the relation, with the remedy', () => {
    assert.match(
      thrown(() => db.post.findUnique({ where: { id: 1 } }).author()).message,
      /^`author` of a query is not supported yet: load related rows with `include` or `select`/,
    )
    const query = db.user.findMany()
    assert.equal(query.title, undefined, 'a column is no relation')
    assert.ok(!inspect(query, { showHidden: true }).includes('posts'))
    assert.equal(Object.keys(query).length, 0)
  })
})

test('a model is found by its own name as well, as in Prisma', async () => {
  assert.equal(db[Prisma.ModelName.User], db.user)
  assert.equal(db.Membership, db.membership)
  await db.$transaction(async tx => assert.equal(tx[Prisma.ModelName.Post], tx.post))
  assert.ok(!Object.keys(db).includes('User'))
})

test('a client can be awaited, printed, written as JSON, compared, copied and asked', async () => {
  await db.$transaction(async tx => {
    for (const value of [db, tx, db.user, tx.user, Prisma]) {
      assert.equal(await value, value)
      assert.equal(typeof inspect(value, { depth: 5, showHidden: true, getters: false }), 'string')
      assert.equal(typeof inspect(value, { depth: 5, getters: true }), 'string')
      assert.equal(typeof JSON.stringify(value), 'string')
      assert.ok(isDeepStrictEqual(value, value))
      assert.equal(typeof `${Object.prototype.toString.call(value)}`, 'string')
      assert.equal(typeof { ...value }, 'object')
      assert.equal('then' in value, false)
      assert.equal(value.asymmetricMatch, undefined)
      assert.equal(value.$$typeof, undefined)
      assert.equal(value[Symbol.iterator], undefined)
      for (let object = value; object !== null && object !== Object.prototype; object = Object.getPrototypeOf(object)) {
        for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(object))) {
          if (get !== undefined) assert.doesNotThrow(() => value[name], name)
        }
      }
    }
    assert.ok(Object.keys(tx).includes('user') && !Object.keys(tx).some(name => name.startsWith('$')))
  })
  assert.equal(JSON.stringify(db.user.fields), '{}')
  assert.match(inspect(db.user.fields, { showHidden: true }), /Getter/)
  assert.ok(Object.keys(db).includes('user') && !Object.keys(db).some(name => name.startsWith('$')))
})
