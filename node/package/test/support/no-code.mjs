// Runs where `new Function` is refused: every type, nested, reversed, absent. The URL is the argument.

import assert from 'node:assert/strict'
import { Purlin, PurlinClient } from '../build/generated/index.js'

assert.throws(() => new Function('return 1'), EvalError)

const db = new PurlinClient({ url: process.argv[2] })
const row = {
  id: 1n,
  text: 'a',
  flag: true,
  int: 1,
  big: 2n ** 60n,
  float: 1.5,
  decimal: '1.5',
  at: new Date(5),
  json: { a: [1] },
  bytes: new Uint8Array([1, 2]),
  role: 'ADMIN',
  textN: null,
  flagN: null,
  intN: null,
  bigN: null,
  floatN: null,
  decimalN: null,
  atN: null,
  jsonN: null,
  bytesN: null,
  roleN: null,
  groupId: 1,
}
await db.group.create({ data: { id: 1 } })
await db.everything.create({ data: { ...row, jsonN: Purlin.DbNull } })
assert.deepStrictEqual(await db.everything.findUnique({ where: { id: 1 } }), row)
const included = await db.group.findMany({ include: { members: true } })
assert.deepStrictEqual(included, [{ id: 1, members: [row] }])

await db.user.create({
  data: { id: 1, email: 'a', posts: { create: [{ title: 'é' }, { title: 'b' }, { title: 'c' }] } },
})
const user = await db.user.findUnique({
  where: { id: 1 },
  select: { posts: { take: -2, select: { title: true } }, profile: true, _count: { select: { posts: true } } },
})
assert.deepStrictEqual(user, { posts: [{ title: 'b' }, { title: 'c' }], profile: null, _count: { posts: 3 } })
assert.deepStrictEqual(await db.post.findMany({ take: -1, select: { author: { select: { email: true } } } }), [
  { author: { email: 'a' } },
])
assert.equal(await db.user.findUnique({ where: { id: 2 } }), null)
