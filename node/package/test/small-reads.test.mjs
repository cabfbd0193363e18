// Reads of a few rows run on this thread once their runs have shown that they are quick; others never do.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { before, test } from 'node:test'
import { PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'

const { native } = createRequire(import.meta.url)('../dist/native.js')
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
      { id: 5002, email: 'large@example.com', name: 'L'.repeat(300_000) },
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
    const find = id => db.user.findUnique({ where: { id }, select })
    for (let time = 0; time < 6; time++) await Promise.all([find(5001), other()])
    // Results have been made for longer than a turn may last.
    await slowly(() => db.everything.findMany({ select: { json: true, text: true } }))
    let large
    let others
    const sizes = await quickReads(async () => {
      ;[large, ...others] = await Promise.all([find(5002), other(), other(), other()])
    })
    if (sizes.some(size => size > 256 * 1024)) quick++
    assert.equal(large.name, 'L'.repeat(300_000))
    if (select.id) assert.equal(large.id, 5002)
    if (select.email) assert.equal(large.email, 'large@example.com')
    for (const row of others) {
      assert.deepEqual(row, { email: 'other@example.com', name: 'O'.repeat(200) })
    }
  }
  assert.ok(quick > 0, 'a large reply was read on this thread')
})
