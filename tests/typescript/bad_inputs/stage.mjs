// The database that the cases begin with, and the verdict on an answer.

import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { SECRET } from './cases.mjs'

/** A row more than a result may have. */
export const ENTRIES = 10_001

/** Fills the database: three users with their secrets, posts of theirs, tags, and many entries. */
export async function fill(db) {
  for (const [index, email] of ['one@acme.io', 'two@acme.io', 'three@acme.io'].entries()) {
    const id = index + 1
    await db.user.create({
      data: {
        id,
        email,
        name: `user ${id}`,
        tenantId: id === 3 ? 2 : 1,
        passwordHash: `${SECRET}${id}`,
        resetToken: id === 2 ? null : `reset-${id}`,
        balance: 5n,
        score: 2.5,
        meta: { seen: [] },
        createdAt: new Date(Date.UTC(2026, 0, id)),
        posts: { create: [{ id, title: `post ${id}` }] },
      },
    })
  }
  await db.tag.createMany({ data: [{ name: 'rust' }, { name: 'types' }] })
  await db.scrap.createMany({ data: [{ text: 'a' }, { text: 'b' }] })
  if ((await db.entry.count()) === ENTRIES) return
  await db.entry.deleteMany()
  for (let from = 0; from < ENTRIES; from += 1000) {
    const rows = Array.from({ length: Math.min(1000, ENTRIES - from) }, (_, row) => ({
      batch: 'many',
      place: from + row,
      size: ENTRIES,
    }))
    await db.entry.createMany({ data: rows })
  }
}

/** Fills the database anew after a case that has changed it. */
export async function restore(db) {
  for (const model of ['tag', 'scrap', 'post', 'user']) await db[model].deleteMany()
  await fill(db)
}

/** What the database holds, in short. */
export async function picture(db) {
  const select = {
    id: true,
    email: true,
    name: true,
    role: true,
    tenantId: true,
    balance: true,
    score: true,
    price: true,
    meta: true,
    avatar: true,
    createdAt: true,
  }
  return inspect(
    {
      users: await db.user.findMany({ select, orderBy: { id: 'asc' }, take: 100 }),
      posts: await db.post.findMany({ orderBy: { id: 'asc' }, take: 100 }),
      tags: await db.tag.findMany({ orderBy: { name: 'asc' }, take: 100, select: { name: true } }),
      scraps: await db.scrap.count(),
      entries: await db.entry.count(),
    },
    { depth: 9 },
  )
}

/** Texts of the input that could be values of somebody; short ones are in every message. */
function* texts(input, depth = 0) {
  if (typeof input === 'string' && input.length > 8) yield input
  if (typeof input !== 'object' || input === null || depth > 4) return
  for (const name of Object.keys(input).slice(0, 50)) {
    const member = Object.getOwnPropertyDescriptor(input, name)?.value
    yield* texts(member, depth + 1)
  }
}

/**
 * Holds an answer, `{ result }` or `{ error: { name, code, message } }`, against the expectation of its case. `before`
 * and `after` are pictures of the database.
 */
export function judge({ call, input, expect }, answer, before, after) {
  const { result, error } = answer
  const shown =
    error === undefined ? inspect(result, { depth: 6 }) : `${error.name} ${error.code ?? ''}: ${error.message}`
  assert.ok(!shown.includes(SECRET), 'the secret is shown')
  if (error !== undefined) {
    assert.ok(after === before, `refused, and the rows have changed: ${shown}`)
    assert.ok(error.message.length < 2000, `a message of ${error.message.length} characters`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    assert.doesNotMatch(error.message, /[\u0000-\u0008\u000b-\u001f\u007f\u009b]/, 'a message with control characters')
    assert.doesNotMatch(error.message, /hunter2|SELECT |INSERT |UPDATE |DELETE FROM|panicked|SQLITE_/, shown)
    for (const text of texts(input())) assert.ok(!error.message.includes(text), `the message shows a value: ${shown}`)
  }
  const one = call.endsWith('findFirst') || call.endsWith('findUnique')
  switch (expect) {
    case 'invalid':
      assert.ok(error !== undefined, `not refused: ${shown.slice(0, 300)}`)
      assert.equal(error.name, 'PurlinValidationError', shown)
      break
    case 'limit':
      assert.ok(error !== undefined, `not refused: ${shown.slice(0, 300)}`)
      assert.ok(error.name === 'PurlinValidationError' || error.code === 'P2029', shown)
      break
    case 'refused':
      assert.ok(error !== undefined, `not refused: ${shown.slice(0, 300)}`)
      assert.ok(error.name === 'PurlinValidationError' || /^P\d{4}$/.test(error.code ?? ''), shown)
      break
    case 'unchanged':
      assert.ok(after === before, 'the rows have changed')
      if (error !== undefined)
        assert.ok(error.name === 'PurlinValidationError' || /^P\d{4}$/.test(error.code ?? ''), shown)
      break
    case 'hidden':
      break
    default: {
      assert.equal(error, undefined, `refused: ${shown}`)
      if ('count' in expect) assert.equal(result.count, expect.count)
      else if ('rows' in expect) assert.equal(one ? Number(result !== null) : result.length, expect.rows)
      else {
        const { keeps, as } = expect
        assert.deepStrictEqual(result[keeps], as ?? input())
        if (typeof result[keeps] === 'object')
          assert.equal(Object.getPrototypeOf(result[keeps]), Object.getPrototypeOf(input()))
      }
    }
  }
  assert.equal({}.admin, undefined, 'a prototype was changed')
}
