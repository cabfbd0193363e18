// Every type of value, exact on its way in and out, at the top and in included rows.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Purlin, PurlinClient } from './build/generated/index.js'
import { PurlinClient as DecimalClient, Purlin as DecimalNamespace } from './build/generated-decimal/index.js'
import { freshUrl } from './support/database.mjs'

const db = new PurlinClient({ url: freshUrl() })

const full = {
  id: 2n ** 63n - 1n,
  text: 'plain',
  flag: true,
  int: -(2 ** 31),
  big: -(2n ** 63n),
  float: 0.1 + 0.2,
  decimal: '12345678901234567890123456789.000000000000000000001',
  at: new Date('2024-02-29T12:34:56.789Z'),
  json: JSON.parse('{"a":[1,"two",null,{"b":false}],"__proto__":{"x":1},"é":"😀"}'),
  bytes: new Uint8Array([0, 255, 128, 10]),
  role: 'ADMIN',
  textN: 'häßlich 😀 \u2028',
  flagN: false,
  intN: 2 ** 31 - 1,
  bigN: 9007199254740993n,
  floatN: -1e-300,
  decimalN: '-0.5',
  atN: new Date(-1),
  jsonN: 'text',
  bytesN: new Uint8Array(),
  roleN: 'READER',
  groupId: 1,
}
const empty = {
  ...full,
  id: 1n,
  text: '',
  flag: false,
  int: 0,
  big: 9007199254740993n,
  float: 1e300,
  decimal: '0',
  at: new Date('0001-01-01T00:00:00.000Z'),
  json: [],
  bytes: new Uint8Array([1]),
  role: 'READER',
}
for (const name of Object.keys(full)) if (name.endsWith('N')) empty[name] = null

const given = row => ({ ...row, jsonN: row.jsonN ?? Purlin.DbNull })

test('values come back as they went', async () => {
  await db.group.create({ data: { id: 1 } })
  assert.deepStrictEqual(await db.everything.create({ data: given(full) }), full)
  await db.everything.createMany({ data: [given(empty)] })
  assert.deepStrictEqual(await db.everything.findMany({ orderBy: { id: 'desc' } }), [full, empty])
  for (const row of [full, empty]) {
    assert.deepStrictEqual(await db.everything.findUnique({ where: { id: row.id } }), row)
  }
  const groups = await db.group.findMany({ include: { members: { orderBy: { id: 'asc' }, include: { group: true } } } })
  const members = [empty, full].map(row => ({ ...row, group: { id: 1 } }))
  assert.deepStrictEqual(groups, [{ id: 1, members }])
})

test('bytes are copies, and plain arrays', async () => {
  const [first, second] = [0, 1].map(() => db.everything.findUnique({ where: { id: full.id } }))
  const { bytes } = await first
  assert.equal(Object.getPrototypeOf(bytes), Uint8Array.prototype)
  assert.equal(bytes.buffer.byteLength, 4)
  bytes.fill(7)
  assert.deepStrictEqual((await second).bytes, full.bytes)
})

test('a key of JSON is no prototype', async () => {
  const { json } = await db.everything.findUnique({ where: { id: full.id }, select: { json: true } })
  assert.ok(Object.hasOwn(json, '__proto__'))
  assert.equal(json.x, undefined)
})

test('each column is found by its value', async () => {
  for (const name of Object.keys(full)) {
    if (name === 'groupId' || name === 'json' || name === 'jsonN') continue
    const found = await db.everything.findMany({ where: { [name]: full[name] }, select: { id: true } })
    assert.deepStrictEqual(found, [{ id: full.id }], name)
    const inList = name.startsWith('flag') ? { equals: full[name] } : { in: [full[name]] }
    assert.deepStrictEqual(await db.everything.count({ where: { [name]: inList } }), 1, name)
  }
})

test('the nulls of Json', async () => {
  const id = 5n
  await db.everything.create({ data: { ...given(empty), id, jsonN: Purlin.JsonNull } })
  const ids = async jsonN =>
    (await db.everything.findMany({ where: { jsonN }, orderBy: { id: 'asc' } })).map(row => row.id)
  assert.deepStrictEqual(await ids({ equals: Purlin.DbNull }), [1n])
  assert.deepStrictEqual(await ids({ equals: Purlin.JsonNull }), [5n])
  assert.deepStrictEqual(await ids({ equals: Purlin.AnyNull }), [1n, 5n])
  assert.deepStrictEqual(await ids({ not: Purlin.DbNull }), [5n, full.id])
  // The types ask for a marker. Without one it is a value of JSON, as in Prisma.
  assert.deepStrictEqual(await ids({ equals: null }), [5n])
  assert.deepStrictEqual(await ids({ not: null }), [full.id])
  await db.everything.delete({ where: { id } })
})

test('the nulls of Json that is required', async () => {
  const id = 5n
  await db.everything.create({ data: { ...given(empty), id, json: Purlin.JsonNull } })
  const idsWhere = async where => {
    const rows = await db.everything.findMany({ where, orderBy: { id: 'asc' } })
    return rows.map(row => row.id)
  }
  const ids = json => idsWhere({ json })
  const all = await idsWhere({})
  const others = all.filter(other => other !== id)
  for (const marker of [Purlin.JsonNull, Purlin.AnyNull, null]) {
    assert.deepStrictEqual(await ids({ equals: marker }), [5n])
    assert.deepStrictEqual(await ids({ not: marker }), others)
  }
  // It is never the null of the database.
  assert.deepStrictEqual(await ids({ equals: Purlin.DbNull }), [])
  assert.deepStrictEqual(await ids({ not: Purlin.DbNull }), all)
  await assert.rejects(() => db.everything.deleteMany({ where: { json: { not: Purlin.DbNull } } }), /has no condition/)
  assert.strictEqual((await db.everything.deleteMany({ where: { json: { equals: Purlin.DbNull } } })).count, 0)
  await db.everything.delete({ where: { id } })
})

test('text of all lengths and alphabets, across the bounds of chunks', async () => {
  const texts = []
  // Around 32 KiB of UTF-8, alone and summed up, with characters of one to four bytes on either side.
  for (const character of ['a', 'é', '한', '😀']) {
    for (const length of [0, 1, 12, 13, 1000, 8191, 8192, 16384, 32767, 32768, 32769, 70000]) {
      texts.push(character.repeat(length), `x${character.repeat(length)}`)
    }
  }
  await db.user.create({ data: { id: 1, email: 'a' } })
  const rows = texts.map((content, index) => ({ id: index + 1, title: `t${index}`, content, authorId: 1 }))
  rows.push({ id: rows.length + 1, title: '', content: null, authorId: 1 })
  await db.post.createMany({ data: rows })
  const select = { id: true, title: true, content: true, authorId: true }
  assert.deepStrictEqual(await db.post.findMany({ select, orderBy: { id: 'asc' } }), rows)
  const user = await db.user.findUnique({ where: { id: 1 }, select: { posts: { select, orderBy: { id: 'desc' } } } })
  assert.deepStrictEqual(user.posts, [...rows].reverse())
  for (const row of rows) assert.deepStrictEqual(await db.post.findUnique({ where: { id: row.id }, select }), row)
})

test('dates are given as Date or as text, decimals in any form', async () => {
  const data = {
    ...given(empty),
    id: 7n,
    at: '2024-01-02T03:04:05+01:00',
    decimal: 1.25,
    decimalN: { toFixed: () => '9' },
  }
  await assert.rejects(db.everything.create({ data }), /decimalN` expects a decimal number .*, got an object/)
  class Money {
    toFixed() {
      return '9.50'
    }
  }
  const row = await db.everything.create({ data: { ...data, decimalN: new Money(), big: 5, id: 8 } })
  assert.deepStrictEqual(row.at, new Date('2024-01-02T02:04:05Z'))
  assert.deepStrictEqual([row.decimal, row.decimalN, row.big, row.id], ['1.25', '9.5', 5n, 8n])
  await db.everything.delete({ where: { id: 8 } })
})

test('a string that is no date says what it lacks', async () => {
  const wrong = {
    '2024-01-01': 'has no time and no zone',
    '2024-01-01Z': 'has no time',
    '2024-01-01T09:30': 'has no zone',
    '2024-01-01T09:30:00.5': 'has no zone',
    '2024-01-01 09:30:00Z': 'has no T between the date and the time',
    '2024-01-01T09:30:00z': 'has a zone in another form',
    '2024-01-01T09:30:00+02': 'has a zone in another form',
    '2024-01-01T09:30:00 Z': 'has a zone in another form',
    '2024-02-30T00:00:00Z': 'names a day or a time that does not exist',
    '2024-01-01T24:00:00Z': 'names a day or a time that does not exist',
    'January 1, 2024': 'has another form',
    '1/1/2024': 'has another form',
    '': 'has another form',
    ['9'.repeat(100_000)]: 'has another form',
  }
  for (const [at, what] of Object.entries(wrong)) {
    for (const call of [
      () => db.everything.findMany({ where: { at } }),
      () => db.everything.findMany({ where: { at: { gt: at } } }),
      () => db.everything.updateMany({ data: { at } }),
    ]) {
      await assert.rejects(call, ({ name, message }) => {
        assert.equal(name, 'PurlinValidationError')
        assert.ok(
          message.includes(`expects a valid date: a Date, or a string like 2024-03-01T09:30:00Z; this string ${what}`),
          `${at}: ${message}`,
        )
        assert.ok(at === '' || !message.includes(at))
        return true
      })
    }
  }
  await assert.rejects(db.everything.count({ where: { at: new Date('x') } }), /; this Date is none/)
})

test('a number that is none says so', async () => {
  const rejected = (where, message) => assert.rejects(db.everything.findMany({ where }), message)
  for (const [number, name] of [
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [-Infinity, '-Infinity'],
  ]) {
    await rejected(
      { int: number },
      new RegExp(`argument \`where.int\`: \`Everything.int\` expects an integer, got ${name}`),
    )
    await rejected({ int: { in: [1, number] } }, new RegExp(`expects an integer, got ${name}`))
    await rejected({ big: number }, new RegExp(`expects an integer or a bigint, got ${name}`))
    await rejected({ float: { lt: number } }, new RegExp(`expects a finite number, got ${name}`))
    await rejected({ decimal: number }, new RegExp(`expects a finite number, got ${name}`))
  }
  await rejected({ int: 1.5 }, /expects an integer, got a number with a fraction/)
  await rejected({ big: 1.5 }, /expects an integer or a bigint, got a number with a fraction/)
  await rejected({ big: 2 ** 60 }, /expects an integer that a number holds exactly, or a bigint/)
  await rejected({ text: NaN }, /expects a string, got NaN/)
})

test('a string that is no decimal number is refused with its path', async () => {
  const wrong = [
    'abc',
    '',
    ' ',
    '1.2.3',
    '0x10',
    '1,5',
    'NaN',
    'Infinity',
    '1e',
    '.',
    '--1',
    '1 000',
    '\v1',
    `${'1'.repeat(100_000)}x`,
  ]
  const none = /expects a decimal number, got a string that is none/
  for (const decimal of wrong) {
    await assert.rejects(db.everything.create({ data: { ...given(empty), decimal } }), ({ name, message }) => {
      assert.equal(name, 'PurlinValidationError')
      assert.match(message, /^`everything\.create`: argument `data\.decimal`: `Everything\.decimal` /)
      assert.match(message, none)
      return true
    })
  }
  await assert.rejects(
    db.everything.updateMany({ data: { decimalN: { increment: 'abc' } } }),
    /argument `data\.decimalN\.increment`: `Everything\.decimalN` expects/,
  )
  await assert.rejects(
    db.everything.createMany({ data: [given(empty), { ...given(empty), decimalN: 'abc' }] }),
    /argument `data\.1\.decimalN`: .*expects/,
  )
  await assert.rejects(
    db.everything.count({ where: { decimal: { in: ['1', 'abc'] } } }),
    /argument `where\.decimal\.in.*expects a decimal number, got a string/,
  )
  await assert.rejects(
    db.everything.count({ where: { decimal: { toFixed: () => 'abc' } } }),
    /argument `where\.decimal/,
  )
})

test('a decimal number has at most 1,000 digits, and any form that the engine reads', async () => {
  const many = /argument `where\.decimal`: `Everything\.decimal` expects a decimal number of at most 1000 digits/
  for (const decimal of [
    '1e1000',
    '1e-1001',
    `0.${'1'.repeat(1001)}`,
    '9'.repeat(1001),
    '1e99999999999',
    10n ** 1000n,
  ]) {
    await assert.rejects(db.everything.count({ where: { decimal } }), many, String(decimal).slice(0, 20))
  }
  const right = [
    '1e999',
    '1e-1000',
    `${'0'.repeat(2000)}1`,
    `1.${'0'.repeat(2000)}`,
    '9'.repeat(1000),
    '.5',
    '5.',
    ' +1.5E+1\n',
    '-0',
    '0e9',
    `${'1'.repeat(500)}.${'1'.repeat(500)}`,
    -5n,
  ]
  for (const decimal of right) await db.everything.count({ where: { decimal } })
})

test('without making code from text, the same', () => {
  const script = fileURLToPath(new URL('./support/no-code.mjs', import.meta.url))
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--disallow-code-generation-from-strings', script, freshUrl()],
    { encoding: 'utf8' },
  )
  assert.equal(status, 0, stdout + stderr)
})

test('decimals as objects of decimal.js', async () => {
  const client = new DecimalClient({ url: freshUrl('decimal.prisma') })
  const { Decimal } = DecimalNamespace
  const row = await client.price.create({ data: { id: 1, amount: new Decimal('1.10'), old: '2e3' } })
  assert.ok(Decimal.isDecimal(row.amount) && row.amount.equals('1.1'))
  assert.equal((await client.price.findFirst()).old.toFixed(), '2000')
})
