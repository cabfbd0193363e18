// Names that JavaScript has another use for: rows have them, and what every object has is not taken for them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Infinity as Endless, PurlinClient, Vec } from './build/generated-names/index.js'
import { freshUrl } from './support/database.mjs'

const db = new PurlinClient({ url: freshUrl('../../../../tests/names/schema.prisma') })

test('fields of such names', async () => {
  const data = { id: 1, userId: 1, user_id: 2, userID: 3, constructor: 'new', A: 5 }
  const row = await db.User.create({ data })
  assert.deepEqual({ ...row, ...data }, row)
  assert.deepEqual(
    [row.toString, row.valueOf, row.then, row.self, row.Self, row.a],
    [null, 0, 'then', 'self', 'Self', 1],
  )
  assert.equal(await db.User.count({ where: { constructor: 'new', AND: true } }), 1)
  assert.equal(await db.User.count({ where: { constructor: 'other' } }), 0)
  const unique = await db.User.findUnique({
    where: { userId_key: { userId: 1, userID: 3 } },
    select: { constructor: true, toString: true },
  })
  assert.deepEqual(Object.entries(unique), [
    ['constructor', 'new'],
    ['toString', null],
  ])
  await assert.rejects(db.User.findMany({ where: { hasOwnProperty: 1 } }), /unknown field/)
})

test('models of such names', async () => {
  await db.constructor.create({ data: { id: 1 } })
  await db.toString.create({ data: { id: 2 } })
  await db.then.create({ data: { id: 3 } })
  await db.user.create({ data: { id: 4 } })
  assert.deepEqual(
    [await db.constructor.findMany(), await db.toString.findMany(), await db.then.findMany(), await db.user.findMany()],
    [[{ id: 1 }], [{ id: 2 }], [{ id: 3 }], [{ id: 4 }]],
  )
  // A client is no promise, whatever its models are called.
  assert.equal(await db, db)
  const promise = await db.promise.create({ data: { id: 1, then: 'later' } })
  assert.deepEqual(promise, { id: 1, then: 'later' })
  const date = await db.date.create({ data: { id: 1, date: new Date(0) } })
  assert.equal(date.date.getTime(), 0)
  const array = await db.array.create({ data: { id: 1, bytes: new Uint8Array([1]) } })
  assert.deepEqual(array.bytes, new Uint8Array([1]))
})

test('values of such names', async () => {
  const row = await db.option.create({ data: { id: 1, vec: Vec.constructor } })
  assert.equal(row.vec, 'constructor')
  assert.equal((await db.option.update({ where: { id: 1 }, data: { vec: Vec.someValue } })).vec, 'someValue')
  await assert.rejects(db.option.create({ data: { id: 2, vec: 'hasOwnProperty' } }), /expects one of/)
  assert.equal(Endless.e, 'e')
})
