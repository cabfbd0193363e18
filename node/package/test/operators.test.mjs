// Fields and keys that are called like operators. Prisma accepts such schemas; there, as here, a field goes before the
// operator of its name, and the value of `is` and `isNot` tells what is meant.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'
import { catalogOf } from './support/runtime.mjs'

const { Client } = createRequire(import.meta.url)('../dist/index.js')
const url = freshUrl()
await new PurlinClient({ url }).user.createMany({
  data: [
    { id: 1, email: 'a', name: 'x' },
    { id: 2, email: 'b', name: 'y', managerId: 1 },
    { id: 3, email: 'c', managerId: 2 },
  ],
})

/** The table of users by other names. */
const catalog = catalogOf(
  'model Node=users id:Int is:Int?=managerId AND:String=email OR:String?=full_name ' +
    'boss>Node.team?(is=id)@indexed team<Node.boss[](id=is)@indexed | id NOT:id,AND',
)
const db = new Client(catalog, { provider: 'sqlite', url: { value: url }, decimal: 'string' }).node

const ids = async where =>
  (await db.findMany({ where, orderBy: { id: 'asc' }, select: { id: true } })).map(({ id }) => id)

test('a field goes before the operator', async () => {
  assert.deepEqual(await ids({ AND: 'a' }), [1])
  assert.deepEqual(await ids({ AND: { in: ['b', 'c'] }, OR: null }), [3])
  assert.deepEqual(await ids({ OR: { startsWith: 'y' } }), [2])
  assert.deepEqual(await ids({ NOT: [{ AND: 'a' }, { id: 2 }] }), [3])
  await assert.rejects(ids({ AND: [{ id: 1 }] }), /`Node.AND` expects a string, got an array/)
  await assert.rejects(ids({ OR: [{ id: 1 }] }), /`Node.OR` expects a string, got an array/)
  await assert.rejects(ids({ AND: { id: 1 } }), /unknown operator of `Node.AND` `id`/)
  await assert.rejects(db.deleteMany({ where: { OR: [{ id: 1 }] } }), /expects a string/)
})

test('a message lists each known name once', async () => {
  const names = '`id`, `is`, `AND`, `OR`, `boss`, `team`, `NOT`'
  const isListed = ({ message }) => message.endsWith(`unknown field of Node \`zzzzzzzz\`; known: ${names}`)
  await assert.rejects(db.findMany({ where: { zzzzzzzz: 1 } }), isListed)
  await assert.rejects(db.findMany({ where: { boss: { is: { id: 1, zzzzzzzz: 1 } } } }), isListed)
  await assert.rejects(db.findMany({ where: { team: { some: { zzzzzzzz: 1 } } } }), isListed)
  await assert.rejects(db.findUnique({ where: { zzzzzzzz: 1 } }), isListed)
  await assert.rejects(db.update({ where: { id: 1, zzzzzzzz: 1 }, data: {} }), isListed)
})

test('the value of `is` tells whether it is the field', async () => {
  assert.deepEqual(await ids({ is: 1 }), [2])
  assert.deepEqual(await ids({ boss: { is: 1 } }), [3])
  assert.deepEqual(await ids({ boss: { is: { gt: 0 } } }), [3])
  assert.deepEqual(await ids({ boss: { is: 1, AND: 'b' } }), [3])
  assert.deepEqual(await ids({ boss: { is: { id: 1 } } }), [2])
  assert.deepEqual(await ids({ boss: { is: { is: 1 } } }), [3])
  assert.deepEqual(await ids({ boss: { is: {} } }), [2, 3])
  assert.deepEqual(await ids({ boss: { is: null } }), [1])
  assert.deepEqual(await ids({ boss: { isNot: { id: 1 } } }), [1, 3])
  assert.deepEqual(await ids({ team: { some: { is: 2 } } }), [2])
  await assert.rejects(ids({ boss: { is: { id: 1 }, AND: 'b' } }), /unknown member beside `is` and `isNot`/)
})

test('a getter is read once', async () => {
  let reads = 0
  const boss = {
    get is() {
      return reads++ === 0 ? 1 : { id: 1 }
    },
  }
  assert.deepEqual(await ids({ boss }), [3])
  assert.equal(reads, 1)
})

test('a key that is called like an operator names a row, and the operator works beside it', async () => {
  assert.deepEqual(await db.findUnique({ where: { NOT: { id: 1, AND: 'a' } }, select: { id: true } }), { id: 1 })
  assert.equal(await db.findUnique({ where: { NOT: { id: 1, AND: 'b' } } }), null)
  await assert.rejects(db.findUnique({ where: { NOT: { id: 1 } } }), /`where.NOT.AND`/)
  assert.equal(await db.findUnique({ where: { id: 1, NOT: [{ AND: 'a' }] } }), null)
  assert.deepEqual(await ids({ NOT: { id: 1 } }), [2, 3])
})
