// A client of a server that is not there, and how its calls are encoded.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PurlinClient } from './build/generated-secrets/index.js'

const db = new PurlinClient({ url: 'postgresql://ada:secret@127.0.0.1:1/db' })

test('it says which server cannot be reached, and not by whom', async () => {
  await assert.rejects(db.account.findMany({ select: { id: true } }), error => {
    assert.match(error.message, /cannot reach the server at 127\.0\.0\.1:1/)
    assert.doesNotMatch(error.message, /secret|ada/)
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
