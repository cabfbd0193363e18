// Values that nobody gives.

import type { Generated, PurlinClient } from '../generated/index.js'
import { refused } from '../refused.js'

/** How a generated text is made: its length, and whether all its characters are of the alphabet. */
function form(text: string, alphabet: RegExp) {
  return [text.length, alphabet.test(text)]
}

/** A UUID's form: its length, the places of its dashes, its version and whether its variant is the usual one. */
function uuid(text: string) {
  const dashes = [...text.matchAll(/-/g)].map(match => match.index)
  return [text.length, dashes, text[14], /[89ab]/.test(text[19] ?? '')]
}

function literals({ string, boolean, int, bigInt, float, decimal, dateTime, json, bytes, role }: Generated) {
  return { string, boolean, int, bigInt, float, decimal, dateTime, json, bytes, role }
}

export async function generatedTextHasItsForm(db: PurlinClient) {
  const row = await db.generated.create({ data: {} })
  return {
    uuid: uuid(row.uuid),
    uuidV7: uuid(row.uuidV7),
    cuid: [form(row.cuid, /^[0-9a-z]*$/), row.cuid[0]],
    cuid2: form(row.cuid2, /^[0-9a-z]*$/),
    ulid: form(row.ulid, /^[0-9A-HJKMNP-TV-Z]*$/),
    nanoid: form(row.nanoid, /^[0-9a-zA-Z_-]*$/),
    short: form(row.short, /^[0-9a-zA-Z_-]*$/),
  }
}

export async function generatedTextDiffersFromRowToRow(db: PurlinClient) {
  await db.tag.createMany({ data: [{ name: 'one' }, { name: 'two' }, { name: 'three' }] })
  const rows = await db.tag.findMany({ where: { name: { in: ['one', 'two', 'three'] } } })
  return new Set(rows.map(tag => tag.id)).size
}

export async function literalsOfEachType(db: PurlinClient) {
  return literals(await db.generated.create({ data: {} }))
}

export async function literalsInManyRows(db: PurlinClient) {
  await db.generated.createMany({ data: [{}, { int: 1 }] })
  const rows = await db.generated.findMany({ orderBy: { id: 'asc' } })
  return rows.map(row => [row.int, row.role, row.decimal])
}

export async function givenValuesWin(db: PurlinClient) {
  const instant = new Date('2001-01-01')
  const row = await db.generated.create({
    data: {
      uuid: 'mine',
      now: instant,
      string: '',
      boolean: false,
      int: 0,
      bigInt: 0n,
      float: 0,
      decimal: '0',
      dateTime: instant,
      json: {},
      bytes: new Uint8Array(),
      role: 'MEMBER',
    },
  })
  return [row.uuid, row.now, literals(row)]
}

export async function countedKeysGoOnAfterTheGreatest(db: PurlinClient) {
  const first = await db.user.create({ data: { email: 'a@acme.io' } })
  const given = await db.user.create({ data: { email: 'b@acme.io', id: 100 } })
  const next = await db.user.create({ data: { email: 'c@acme.io' } })
  await db.user.delete({ where: { id: next.id } })
  const after = await db.user.create({ data: { email: 'd@acme.io' } })
  return [first.id, given.id, next.id, after.id]
}

export async function nowIsOneInstantForAWholeWrite(db: PurlinClient) {
  const author = await db.user.create({
    data: { email: 'new@acme.io', posts: { create: [{ title: 'One' }, { title: 'Two' }] } },
    include: { posts: true },
  })
  const first = author.posts[0]?.createdAt.getTime()
  return author.posts.map(
    post => post.createdAt.getTime() === first && post.updatedAt.getTime() === post.createdAt.getTime(),
  )
}

export async function nowIsThePresent(db: PurlinClient) {
  const before = Date.now() - 1000
  const row = await db.generated.create({ data: {} })
  return before <= row.now.getTime() && row.now.getTime() <= Date.now() + 1000
}

export async function literalsOfKeys(db: PurlinClient) {
  const pair = await db.pairKey.create({ data: {} })
  return [
    (await db.intKey.create({ data: {} })).id,
    (await db.bigIntKey.create({ data: {} })).id,
    (await db.textKey.create({ data: {} })).id,
    (await db.enumKey.create({ data: {} })).id,
    [pair.row, pair.number],
    (await db.loneKey.create({ data: {} })).id,
    await refused(db.intKey.create({ data: {} })),
  ]
}

export async function literalsOfKeysInManyRows(db: PurlinClient) {
  const { count } = await db.intKey.createMany({ data: [{ id: 1, note: 'given' }, { note: 'left out' }] })
  const rows = await db.intKey.findMany({ orderBy: { id: 'asc' } })
  await db.pairKey.createMany({ data: [{ row: 1 }, { number: 1 }] })
  const pairs = await db.pairKey.findMany({ orderBy: { row: 'asc' } })
  return [count, rows.map(row => [row.id, row.note]), pairs.map(row => [row.row, row.number])]
}

export async function keysWithLiteralsThatAreGiven(db: PurlinClient) {
  const first = await db.intKey.create({ data: { id: 100 } })
  const second = await db.intKey.create({ data: {} })
  return [first.id, second.id]
}

export async function identifiersOfManyRowsAscend(db: PurlinClient) {
  const kinds = [{}, { int: 1 }, { float: 1.5, boolean: false }]
  await db.generated.createMany({ data: Array.from({ length: 300 }, (_, number) => kinds[number % 3]!) })
  const rows = await db.generated.findMany({ orderBy: { id: 'asc' } })
  const ascends = (column: 'ulid' | 'uuidV7' | 'cuid') =>
    rows.every((row, index) => index === 0 || rows[index - 1]![column] < row[column])
  return [
    rows.length,
    ascends('ulid'),
    ascends('uuidV7'),
    ascends('cuid'),
    rows.slice(0, 6).map(row => [row.int, row.float]),
  ]
}
