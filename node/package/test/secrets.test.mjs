// A client of a database that nothing runs queries on, and how its calls are encoded.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PurlinClient } from './build/generated-secrets/index.js'

const db = new PurlinClient({ url: 'postgresql://ada:secret@host/db' })

test('it says which database cannot be opened, and no part of its URL', async () => {
  await assert.rejects(db.account.findMany(), error => {
    assert.match(error.message, /the schema is for PostgreSQL, and this version of Purlin runs on SQLite only/)
    assert.doesNotMatch(error.message, /secret@|host/)
    return true
  })
})

test('lists are checked before anything is sent', async () => {
  for (const [where, message] of [
    [{ tags: { has: 1 } }, /`Account.tags` expects a string, got a number/],
    [{ tags: { hasEvery: 'a' } }, /`Account.tags` expects an array, got a string/],
    [{ tags: 'a' }, /is a list/],
    [{ rights: { has: 'read' } }, /expects one of `READ`, `WRITE`/],
    [{ tags: { contains: 'a' } }, /unknown operator/],
    [{ tags: { isEmpty: 1 } }, /expects true or false/],
  ]) {
    await assert.rejects(db.account.findMany({ where }), message)
  }
  const update = data => db.account.update({ where: { id: 1 }, data })
  await assert.rejects(update({ tags: { push: [1] } }), /expects a string, got a number/)
  await assert.rejects(update({ tags: { set: null } }), /expects an array, got null/)
  await assert.rejects(update({ tags: null }), /expects an array, got null/)
})
