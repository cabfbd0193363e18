// What users of libraries of this kind have reported. `reports/reports.toml` says which public report a case stands for.

import type { Prisma, PurlinClient, Visit } from '../generated/index.js'

const ids = (rows: { id: number }[]) => rows.map(row => row.id)

/** The whole numbers from the first up to the last, which is not among them. */
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

export async function aRowThatTheDatabaseDatedIsInThePast(db: PurlinClient) {
  const later = (seconds: number) => new Date(Date.now() + seconds * 1000)
  return [
    await db.visit.count({ where: { at: { lt: later(60) } } }),
    await db.visit.count({ where: { opened: { gt: later(-24 * 60 * 60) } } }),
    await db.visit.count({ where: { closed: { gt: later(60) } } }),
  ]
}

export async function datesThatOtherProgramsWroteAreRead(db: PurlinClient) {
  const rows = await db.visit.findMany({ orderBy: [{ at: 'asc' }, { id: 'asc' }] })
  return rows.map(visit => [visit.id, visit.at])
}

export async function aDayAloneIsItsMidnight(db: PurlinClient) {
  const midnight = new Date('2025-05-31T00:00:00Z')
  return [
    await db.visit.count({ where: { at: { lte: midnight } } }),
    await db.visit.count({ where: { opened: midnight } }),
    await db.visit.count({ where: { closed: { lt: midnight } } }),
    await db.visit.count({ where: { closed: { gte: new Date('2025-05-31T00:00:00.001Z') } } }),
  ]
}

export async function aRangeHasItsLowerBound(db: PurlinClient) {
  const may = { gte: new Date('2023-05-01T08:00:00Z'), lt: new Date('2023-05-31T23:59:59Z') }
  return [
    ids(await db.visit.findMany({ where: { at: may }, orderBy: { id: 'asc' } })),
    ids(await db.visit.findMany({ where: { closed: may }, orderBy: { id: 'asc' } })),
  ]
}

export async function rowsAreDeletedByTheirAge(db: PurlinClient) {
  const none = await db.visit.deleteMany({ where: { at: { lt: new Date('2022-01-01T00:00:00Z') } } })
  const one = await db.visit.deleteMany({ where: { closed: { lt: new Date('2024-01-01T00:00:00Z') } } })
  await db.visit.create({ data: { id: 4, at: new Date('2000-01-01T00:00:00Z') } })
  return [none.count, one.count, ids(await db.visit.findMany({ orderBy: { at: 'desc' } }))]
}

export async function aDateThatWasReadFindsItsRow(db: PurlinClient) {
  const found = []
  for (const { at } of (await db.visit.findMany({ orderBy: { id: 'asc' } })) as (Visit & { at: Date })[]) {
    const same = await db.visit.findMany({ where: { at } })
    const unique = await db.visit.findUnique({ where: { opened: at } })
    found.push([ids(same), unique?.id ?? null, await db.visit.count({ where: { opened: { gt: at } } })])
  }
  return found
}

export async function datesLongAgoKeepTheirYears(db: PurlinClient) {
  const dates = [
    '9999-12-31T23:59:59.999Z',
    '1969-01-01T10:33:59.828Z',
    '0099-12-31T23:59:59.999Z',
    '0000-01-01T00:00:00.000Z',
  ]
  for (const date of dates) await db.sample.create({ data: { dateTime: new Date(date) } })
  const rows = await db.sample.findMany({ orderBy: { dateTime: 'asc' } })
  const old = await db.sample.count({ where: { dateTime: { lt: '0100-01-01T00:00:00Z' } } })
  return [rows.map(row => row.dateTime), old]
}

export async function aDateWithAnOffsetIsItsInstant(db: PurlinClient) {
  const written = await db.visit.create({ data: { opened: '2024-03-05T01:30:00+05:30' } })
  const found = await db.visit.findUnique({ where: { opened: '2024-03-04T15:00:00-05:00' } })
  return [written.opened, found?.id === written.id]
}

export async function notTrueLeavesOutNull(db: PurlinClient) {
  for (const optionalBoolean of [true, false, null]) await db.sample.create({ data: { optionalBoolean } })
  return [
    await db.sample.count({ where: { optionalBoolean: { not: true } } }),
    await db.sample.count({ where: { NOT: { optionalBoolean: true } } }),
    await db.sample.count({ where: { OR: [{ optionalBoolean: { not: true } }, { optionalBoolean: null }] } }),
    await db.sample.count({ where: { optionalBoolean: { not: null } } }),
  ]
}

export async function notAForeignKeyLeavesOutNull(db: PurlinClient) {
  return [
    ids(await db.comment.findMany({ where: { authorId: { not: 2 } }, orderBy: { id: 'asc' } })),
    ids(
      await db.comment.findMany({
        where: { OR: [{ authorId: { not: 2 } }, { authorId: null }] },
        orderBy: { id: 'asc' },
      }),
    ),
  ]
}

export async function aBulkWriteByANegatedConditionOnARelation(db: PurlinClient) {
  const known = await db.post.updateMany({ where: { author: { score: { not: 4.5 } } }, data: { views: -1 } })
  const unknown = await db.post.updateMany({
    where: { author: { OR: [{ score: { not: 4.5 } }, { score: null }] } },
    data: { views: -2 },
  })
  const rows = await db.post.findMany({ orderBy: { id: 'asc' } })
  return [known.count, unknown.count, rows.map(post => post.views)]
}

export async function rowsAreDeletedByEveryAndSome(db: PurlinClient) {
  const every = { title: 'zzz' }
  const both = await db.tag.deleteMany({ where: { posts: { every, some: every } } })
  const alone = await db.tag.deleteMany({ where: { posts: { every } } })
  const left = await db.tag.findMany({ orderBy: { name: 'asc' } })
  return [both.count, alone.count, left.map(tag => tag.name)]
}

export async function nestedRowsKeepTheirOrder(db: PurlinClient) {
  const user = await db.user.create({
    data: {
      email: 'new@acme.io',
      posts: {
        create: [
          { title: 'One' },
          { title: 'Two', views: 2, tags: { connect: { id: 't1' } } },
          { title: 'Three', kind: 'NOTE' },
          { title: 'Four' },
          { title: 'Five', views: 5 },
        ],
      },
    },
  })
  const rows = await db.post.findMany({ where: { authorId: user.id }, orderBy: { id: 'asc' } })
  return rows.map(post => post.title)
}

export async function aDecimalOfManyDigits(db: PurlinClient) {
  const greatest = '115792089237316195423570985008687907853269984665640564039457584007913129639935'
  const { id } = await db.sample.create({ data: { decimal: greatest } })
  const equal = await db.sample.count({ where: { decimal: greatest } })
  const next = await db.sample.update({ where: { id }, data: { decimal: { increment: 1 } } })
  return [equal, next.decimal, await db.sample.count({ where: { decimal: { gt: greatest } } })]
}

export async function decimalsHaveNoNoise(db: PurlinClient) {
  const first = await db.sample.create({ data: { decimal: '54.234246451' } })
  const { id } = await db.sample.create({ data: { decimal: '0.1' } })
  const sum = await db.sample.update({ where: { id }, data: { decimal: { increment: '0.2' } } })
  return [first.decimal, sum.decimal, await db.sample.count({ where: { decimal: '0.3' } })]
}

export async function numbersWithinJson(db: PurlinClient) {
  const json = { template: 7088992364139642880, small: [5e-324, 0.1], large: -1e21 }
  await db.sample.create({ data: { json } })
  const rows = await db.sample.findMany({ where: { json: { equals: json } } })
  return rows.map(row => {
    const read = row.json as typeof json
    return [
      read.template === json.template,
      read.small[0] === json.small[0],
      read.small[1] === json.small[1],
      read.large === json.large,
    ]
  })
}

async function tags(db: PurlinClient, names: string[]) {
  await db.tag.createMany({ data: names.map(name => ({ name })) })
}

async function found(db: PurlinClient, name: Prisma.TagWhereInput['name']) {
  const rows = await db.tag.findMany({ where: { name }, orderBy: { name: 'asc' } })
  return rows.map(tag => tag.name)
}

export async function underscoresFindThemselves(db: PurlinClient) {
  await tags(db, ['____', 'abcd', 'a_%d'])
  return [
    await found(db, { contains: '____' }),
    await found(db, { startsWith: '__' }),
    await found(db, { endsWith: '%d' }),
    await found(db, { contains: '_' }),
    await found(db, { contains: '%' }),
  ]
}

export async function anUnderscoreAtTheEndOfASearch(db: PurlinClient) {
  await tags(db, ['jane_doe', 'test_data'])
  return found(db, { contains: 't_' })
}

export async function aPrefixOfMoreThanFiftyCharacters(db: PurlinClient) {
  const prefix = 'x'.repeat(51)
  await tags(db, [`${prefix}/a`, `${prefix}/b`, 'x'])
  return [
    await db.tag.count({ where: { name: { startsWith: prefix } } }),
    await db.tag.count({ where: { name: { startsWith: 'x'.repeat(52) } } }),
  ]
}

export async function aLongTextWithinALongerOne(db: PurlinClient) {
  const text = `${'a'.repeat(55_000)}b${'_'.repeat(25_000)}`
  await db.comment.create({ data: { text, postId: 1 } })
  const counts = []
  for (const contains of [`${'a'.repeat(55_000)}b`, '_'.repeat(25_000), 'a'.repeat(55_001), '_'.repeat(25_001)]) {
    counts.push(await db.comment.count({ where: { text: { contains } } }))
  }
  return counts
}

export async function lettersBeyondAsciiKeepTheirCase(db: PurlinClient) {
  await tags(db, ['ÉCOLE', 'école'])
  return [
    await found(db, { contains: 'COLE' }),
    await found(db, { contains: 'École' }),
    await found(db, { startsWith: 'é' }),
  ]
}

export async function hundredsOfPairsOfConditions(db: PurlinClient) {
  const OR = range(0, 600).map(id => ({ id, visits: 3 }))
  return ids(await db.user.findMany({ where: { OR }, orderBy: { id: 'asc' } }))
}

export async function threeListsOfThousands(db: PurlinClient) {
  const where = {
    id: { in: range(2, 13_000) },
    visits: { in: range(-1, 13_000) },
    email: { notIn: range(0, 13_000).map(number => `${number}@acme.io`) },
  }
  return ids(await db.user.findMany({ where, orderBy: { id: 'asc' } }))
}

export async function rowsOfThousandsOfParents(db: PurlinClient) {
  await db.user.createMany({ data: range(1000, 4000).map(id => ({ id, email: `${id}@acme.io` })) })
  await db.post.createMany({ data: range(1000, 4000).map(id => ({ id, title: 'New', authorId: id })) })
  const where = { id: { gte: 1000 } }
  const all = await db.user.findMany({ where, include: { posts: true } })
  const some = await db.user.findMany({ where, include: { posts: { where: { id: { in: range(2000, 18_384) } } } } })
  const mine = (rows: typeof all) => rows.filter(user => user.posts.some(post => post.authorId === user.id)).length
  return [all.length, mine(all), some.length, mine(some)]
}
