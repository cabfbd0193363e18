// Reads of a few rows run on this thread once their runs have shown that they are quick; others never do.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { before, test } from 'node:test'
import { PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'

const { native } = createRequire(import.meta.url)('../build/commonjs/native.js')
const db = new PurlinClient({ url: freshUrl() })

/** What the quick reads of a call gave: the sizes of their replies, or why there was none. */
async function quickReads(call) {
  const addon = native()
  const real = addon.runInline
  const sizes = []
  addon.runInline = (...args) => {
    const size = real(...args)
    sizes.push(size)
    return size
  }
  try {
    await call()
  } finally {
    addon.runInline = real
  }
  return sizes
}

const few = id => db.user.findMany({ where: { id: { gt: id } }, orderBy: { id: 'asc' }, take: 10 })
const ids = rows => rows.map(({ id }) => id)
const range = (from, length) => Array.from({ length }, (_, index) => from + index)

before(async () => {
  await db.user.createMany({
    data: range(1, 1000).map(id => ({ id, email: `user${id}@example.com`, name: `Name ${id}` })),
  })
})

test('a read of a few rows, when it has shown to be quick', async () => {
  assert.deepEqual(await quickReads(() => few(0)), [], 'nothing is known of it')
  let inline = 0
  // A busy machine makes some of them slow.
  for (let time = 0; time < 2000 && inline < 20; time++) {
    const from = time % 900
    let rows
    const sizes = await quickReads(async () => (rows = await few(from)))
    assert.deepEqual(ids(rows), range(from + 1, 10))
    if (sizes.some(size => size > 0)) inline++
  }
  assert.equal(inline, 20)
})

test('what is written before is seen', async () => {
  for (let time = 0; time < 50; time++) {
    await db.user.update({ where: { id: 5 }, data: { name: `v${time}` } })
    assert.equal((await few(4))[0].name, `v${time}`)
  }
})

test('a read of many rows never does', async () => {
  for (let time = 0; time < 20; time++) {
    const sizes = await quickReads(async () => assert.equal((await db.user.findMany({ take: 500 })).length, 500))
    assert.deepEqual(sizes, [])
  }
})

test('when the same read finds many rows, the next goes to another thread again', async () => {
  const find = text => db.user.findMany({ where: { email: { contains: text } }, orderBy: { id: 'asc' } })
  for (let time = 0; time < 20; time++) {
    assert.deepEqual(ids(await find('user500@')), [500])
    assert.equal((await find('example')).length, 1000)
    assert.deepEqual(await quickReads(() => find('user500@')), [])
  }
})

test('writes, counts and reads of a transaction never do', async () => {
  const sizes = await quickReads(async () => {
    for (let time = 0; time < 20; time++) {
      await db.tag.create({ data: { name: `t${time}` } })
      await db.tag.updateMany({ data: { name: { set: `t${time}` } }, where: { name: `t${time}` } })
      await db.tag.count()
      await db.$transaction(async tx => {
        for (let again = 0; again < 5; again++) assert.equal((await tx.user.findMany({ take: 2 })).length, 2)
      })
    }
  })
  assert.deepEqual(sizes, [])
})

test('many at once are all answered', async () => {
  const replies = await Promise.all(range(0, 500).map(id => few(id % 900)))
  for (const [id, rows] of replies.entries()) assert.deepEqual(ids(rows), range(id + 1, 10))
})

/** The bytes that the rows of a quick read may come to, and beyond which a reply is a large one. */
const BOUND = 256 * 1024

test('a read that meets large rows does not run here, however quick it was', async () => {
  const large = id => ({ id, email: `b${id}@example.com`, name: 'é'.repeat(100_000) })
  await db.user.createMany({ data: [2001, 2002, 2003, 2004].map(large) })
  const finds = {
    findMany: id => db.user.findMany({ where: { id: { gte: id } }, take: 4, select: { name: true } }),
    sorted: id => db.user.findMany({ where: { id: { gte: id } }, orderBy: { id: 'asc' }, take: 2 }),
    // The first two are less than the bound.
    findFirst: id => db.user.findFirst({ where: { id: { gte: id } }, select: { name: true, email: true } }),
    findUnique: id => db.user.findUnique({ where: { id }, select: { id: true, name: true } }),
  }
  for (const [name, find] of Object.entries(finds)) {
    for (let time = 0; time < 3; time++) {
      let isQuick = false
      // A busy machine makes some of them slow.
      for (let again = 0; again < 5000 && !isQuick; again++) {
        isQuick = (await quickReads(() => find(1))).some(size => size > 0)
      }
      assert.ok(isQuick, name)
      let found
      const sizes = await quickReads(async () => (found = [await find(2001)].flat()))
      assert.equal(sizes.length, 1, `${name} was tried here`)
      assert.ok(sizes[0] <= BOUND, `${name}: ${sizes}`)
      assert.deepEqual([...new Set(found.map(row => row.name))], ['é'.repeat(100_000)], name)
    }
  }
  await db.user.deleteMany({ where: { id: { gt: 2000 } } })
})

/** Makes the results of a call for longer than one turn of the event loop may do so. */
async function slowly(call) {
  const parse = JSON.parse
  JSON.parse = text => {
    const until = performance.now() + 20
    while (performance.now() < until);
    return parse(text)
  }
  try {
    await call()
  } finally {
    JSON.parse = parse
  }
}

test('a quick read with a large reply is read before the next quick read', async () => {
  await db.group.create({ data: { id: 1 } })
  await db.everything.create({
    data: {
      id: 1n,
      // Such a reply is made on another thread.
      text: 'x'.repeat(20_000),
      flag: true,
      int: 1,
      big: 1n,
      float: 1,
      decimal: '1',
      at: new Date(0),
      json: {},
      bytes: new Uint8Array(),
      role: 'ADMIN',
      groupId: 1,
    },
  })
  await db.user.createMany({
    data: [
      { id: 5001, email: 'small@example.com', name: 'small' },
      { id: 5003, email: 'other@example.com', name: 'O'.repeat(200) },
    ],
  })
  const other = () => db.user.findUnique({ where: { id: 5003 }, select: { email: true, name: true } })
  const shapes = [
    { name: true },
    { id: true, name: true },
    { name: true, id: true },
    { email: true, name: true },
    { name: true, email: true },
    { id: true, email: true, name: true },
  ]
  let quick = 0
  // A turn in which queries have taken their time lets the read wait: several attempts.
  for (const select of Array.from({ length: 10 }, () => shapes).flat()) {
    // As large as a quick read may be: the reply, which has a head, is more than the bound, and so it is a large one.
    const email = 'large@example.com'
    const name = 'L'.repeat(BOUND - 8 * Object.keys(select).length - (select.email ? email.length : 0))
    await db.user.deleteMany({ where: { id: 5002 } })
    await db.user.create({ data: { id: 5002, email, name } })
    const find = id => db.user.findUnique({ where: { id }, select })
    for (let time = 0; time < 6; time++) await Promise.all([find(5001), other()])
    // Results have been made for longer than a turn may last.
    await slowly(() => db.everything.findMany({ select: { json: true, text: true } }))
    let large
    let others
    const sizes = await quickReads(async () => {
      ;[large, ...others] = await Promise.all([find(5002), other(), other(), other()])
    })
    if (sizes.some(size => size > BOUND)) quick++
    assert.equal(large.name, name)
    if (select.id) assert.equal(large.id, 5002)
    if (select.email) assert.equal(large.email, 'large@example.com')
    for (const row of others) {
      assert.deepEqual(row, { email: 'other@example.com', name: 'O'.repeat(200) })
    }
  }
  assert.ok(quick > 0, 'a large reply was read on this thread')
})
