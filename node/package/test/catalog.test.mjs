// The catalog that a generated client carries: which text is refused and how, and that a model is read when it is used.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'
import { freshUrl } from './support/database.mjs'
import { CATALOG_VERSION, catalogOf, indexCatalog } from './support/runtime.mjs'

const require = createRequire(import.meta.url)
const { Client } = require('../dist/index.js')
const { native } = require('../build/commonjs/native.js')
const settings = { provider: 'sqlite', url: { value: 'file:./none.db' }, decimal: 'string' }

describe('a client that another version of purlin generated is refused when it is made, with the remedy', () => {
  const remedy = {
    name: 'PurlinInitializationError',
    message: 'the generated client was written by another version of purlin: run `npx purlin generate`',
  }
  const text = catalogOf('model User id:Int | id')
  const catalogs = {
    'the object of an older version': { version: 2, provider: 'sqlite', models: [], enums: [] },
    'an older text': text.replace(/\d+/, `${CATALOG_VERSION - 1}`),
    'a newer text': text.replace(/\d+/, `${CATALOG_VERSION + 1}`),
    'a text whose version begins with this one': text.replace(/\d+/, `${CATALOG_VERSION}0`),
    nothing: undefined,
    'an empty text': '',
  }
  for (const [name, catalog] of Object.entries(catalogs)) {
    test(name, () => {
      assert.throws(() => new Client(catalog, settings), remedy)
      if (typeof catalog !== 'string') return
      const { message } = remedy
      assert.throws(() => native().Engine.open(catalog, freshUrl(), '{}'), { message })
    })
  }
})

describe('a damaged catalog is refused where it is read', () => {
  const message = 'the catalog of the generated client is damaged: run `npx purlin generate`'
  const lines = {
    'a type that does not exist': 'model User id:Nothing | id',
    'an enum that does not exist': 'model User id:enum.Nowhere | id',
    'a model that does not exist': 'model User id:Int boss>Boss.user(id=id) | id',
    'a word that is no field': 'model User id | id',
  }
  for (const [name, line] of Object.entries(lines)) {
    test(name, () => {
      const [User] = indexCatalog(catalogOf(line))
      assert.throws(() => User.list, { name: 'PurlinInitializationError', message })
      assert.throws(() => native().Engine.open(catalogOf(line), freshUrl(), '{}'), { message })
    })
  }
})

test('a model is read when it is used, and those that it leads to are not', () => {
  const [User, Post] = indexCatalog(
    catalogOf('model User id:Int posts<Post.author[](id=id) | id', 'model Post damaged | id'),
  )
  assert.deepEqual([...User.fields.keys()], ['id', 'posts'])
  assert.equal(User.fields.get('posts').target, Post)
  assert.throws(() => Post.list, /is damaged/)
})

test('each word of the text has its meaning', () => {
  const [User, Post, View] = indexCatalog(
    catalogOf(
      'enum Role=roles@schema(auth) USER=u%20r ADMIN',
      'model User=users@schema(auth) id:Int@autoincrement role:enum.Role=r%3D name:String?@native(VarChar)=full%20name ' +
        'tags:String[] hash:String@serverOnly@indexed at:DateTime@updatedAt sum:Int@generated bossId:Int? ' +
        'boss>User.team?(bossId=id)@indexed team<User.boss[](id=bossId) posts<Post.users[](id=id)@through(_P,A,B) ' +
        '| id who:name,hash name,role',
      'model Post@noCreate@capital id:Int title:String users<User.posts[](id=id)@through(_P,B,A) | id',
      'model View@readOnly n:Int |',
    ),
  )
  assert.deepEqual([User.name, User.accessor, User.word, Post.word], ['User', 'user', '\0', '\u0001'])
  assert.equal(Post.accessor, 'Post')
  const of = name => User.fields.get(name)
  assert.deepEqual(of('role').enumeration.values, ['USER', 'ADMIN'])
  assert.equal(of('role').enumeration.index.get('ADMIN'), 1)
  const required = User.list.filter(field => field.required).map(field => field.name)
  assert.deepEqual(required, ['role', 'hash'])
  assert.deepEqual(
    [of('name').nullable, of('tags').list, of('hash').serverOnly, of('at').serverOnly],
    [true, true, true, false],
  )
  assert.deepEqual([of('bossId').foreignKeyOf, of('id').foreignKeyOf], ['boss', undefined])
  const ends = ['boss', 'team', 'posts'].map(of)
  assert.deepEqual(
    ends.map(({ many, optional, holdsKey }) => [many, optional, holdsKey]),
    [
      [false, true, true],
      [true, false, false],
      [true, false, false],
    ],
  )
  assert.deepEqual(
    ends.map(({ gives, gets }) => [gives, gets]),
    [
      [[], ['bossId']],
      [['bossId'], []],
      [[], []],
    ],
  )
  assert.equal(of('posts').target, Post)
  assert.deepEqual(User.keys, ['id', 'who', 'name_role'])
  assert.deepEqual(
    [...User.compound].map(([name, columns]) => [name, columns.map(column => column.name)]),
    [
      ['who', ['name', 'hash']],
      ['name_role', ['name', 'role']],
    ],
  )
  assert.deepEqual(
    Post.list.filter(field => field.required),
    [],
  )
  assert.deepEqual([View.keys, View.list[0].required], [[], false])
})
