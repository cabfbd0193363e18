// Conditions on columns.

import { Prisma, type PurlinClient } from '../generated/index.js'

async function users(db: PurlinClient, where: Prisma.UserWhereInput) {
  const rows = await db.user.findMany({ where, orderBy: { id: 'asc' } })
  return rows.map(user => user.id)
}

async function posts(db: PurlinClient, where: Prisma.PostWhereInput) {
  const rows = await db.post.findMany({ where, orderBy: { id: 'asc' } })
  return rows.map(post => post.id)
}

async function comments(db: PurlinClient, where: Prisma.CommentWhereInput) {
  const rows = await db.comment.findMany({ where, orderBy: { id: 'asc' } })
  return rows.map(comment => comment.id)
}

export async function severalFieldsMustAllHold(db: PurlinClient) {
  return users(db, { role: 'MEMBER', visits: 3 })
}

export async function equalityDistinguishesCase(db: PurlinClient) {
  return { EVE: await users(db, { name: 'EVE' }), eve: await users(db, { name: { equals: 'eve' } }) }
}

export async function nullIsAValueToEqual(db: PurlinClient) {
  return users(db, { name: null })
}

export async function notNull(db: PurlinClient) {
  return users(db, { score: { not: null } })
}

export async function theNegationOfNullIsNotNull(db: PurlinClient) {
  return users(db, { NOT: { score: null } })
}

export async function notLeavesOutNulls(db: PurlinClient) {
  return users(db, { score: { not: 4.5 } })
}

export async function notInLeavesOutNulls(db: PurlinClient) {
  return users(db, { score: { notIn: [4.5, 0] } })
}

export async function aNegatedConditionLeavesOutNulls(db: PurlinClient) {
  return users(db, { NOT: { score: 4.5 } })
}

export async function inAList(db: PurlinClient) {
  return users(db, { email: { in: ['cy@navy.mil', 'ada@acme.io', 'nobody@acme.io'] } })
}

export async function inAListWithDuplicates(db: PurlinClient) {
  return users(db, { id: { in: [2, 2, 2] } })
}

export async function inAListOfHundreds(db: PurlinClient) {
  return users(db, { id: { in: Array.from({ length: 896 }, (_, index) => index + 4) } })
}

export async function inAnEmptyListIsNothing(db: PurlinClient) {
  return users(db, { id: { in: [] } })
}

export async function notInAnEmptyListIsEverything(db: PurlinClient) {
  return users(db, { score: { notIn: [] } })
}

export async function ranges(db: PurlinClient) {
  return users(db, { visits: { gt: 0, lt: 10 } })
}

export async function inclusiveRanges(db: PurlinClient) {
  return users(db, { visits: { gte: 0, lte: 3 } })
}

export async function textComparesByCodePoint(db: PurlinClient) {
  return users(db, { name: { gte: 'Bob' } })
}

export async function contains(db: PurlinClient) {
  return posts(db, { title: { contains: 'ph' } })
}

export async function containsIgnoresTheCaseOfAscii(db: PurlinClient) {
  return posts(db, { title: { contains: 'GAM' } })
}

export async function startsWith(db: PurlinClient) {
  return posts(db, { title: { startsWith: 'snake' } })
}

export async function endsWith(db: PurlinClient) {
  return posts(db, { title: { endsWith: 'a' } })
}

export async function aPercentSignIsLiteral(db: PurlinClient) {
  return posts(db, { title: { contains: '%' } })
}

export async function anUnderscoreIsLiteral(db: PurlinClient) {
  return posts(db, { title: { startsWith: 'snake_' } })
}

export async function aBackslashIsLiteral(db: PurlinClient) {
  return comments(db, { text: { endsWith: '\\slash' } })
}

export async function aNegatedPatternLeavesOutNulls(db: PurlinClient) {
  return users(db, { name: { not: { startsWith: 'A' } } })
}

export async function booleans(db: PurlinClient) {
  return {
    published: await posts(db, { published: true }),
    notPublished: await posts(db, { published: { not: true } }),
  }
}

export async function enumsByTheirNamesInTheSchema(db: PurlinClient) {
  return users(db, { role: 'POWER_USER' })
}

export async function enumLists(db: PurlinClient) {
  return {
    in: await users(db, { role: { in: ['ADMIN', 'POWER_USER'] } }),
    notIn: await posts(db, { kind: { notIn: ['NOTE'] } }),
  }
}

export async function instants(db: PurlinClient) {
  return {
    before: await posts(db, { publishedAt: { lt: new Date('2024-01-01') } }),
    from: await posts(db, { publishedAt: { gte: '2024-01-01T00:00:00Z' } }),
    exactly: await posts(db, { publishedAt: new Date('2024-02-29T12:30:00.123Z') }),
  }
}

export async function floats(db: PurlinClient) {
  return users(db, { score: { gt: 0, lte: 4.5 } })
}

export async function andOrNotNest(db: PurlinClient) {
  return users(db, {
    OR: [{ role: 'ADMIN' }, { AND: [{ visits: 3 }, { NOT: { name: 'Bob' } }] }],
    email: { endsWith: '@acme.io' },
  })
}

export async function aListOfNegationsExcludesEach(db: PurlinClient) {
  return users(db, { NOT: [{ role: 'ADMIN' }, { visits: 3 }] })
}

export async function allOfNothingIsEverythingAndAnyOfNothingIsNothing(db: PurlinClient) {
  return {
    AND: await users(db, { AND: [] }),
    OR: await users(db, { OR: [] }),
    NOT: await users(db, { NOT: [] }),
  }
}

export async function conditionsThatAreNotGivenAreLeftOut(db: PurlinClient) {
  const given = new Map<string, string>()
  const name = given.get('name') ?? Prisma.skip
  return {
    all: await users(db, { name, visits: 10 }),
    any: await users(db, { OR: [{ name }, { visits: 10 }] }),
    nothing: await users(db, { name }),
  }
}

export async function eachConditionUnderOneNotIsNegated(db: PurlinClient) {
  const from = new Date('2024-02-01T00:00:00Z')
  return {
    int: await users(db, { visits: { not: { equals: 3, gt: 5 } } }),
    float: await users(db, { score: { not: { lt: 1, gt: 4 } } }),
    string: await users(db, { name: { not: { in: ['Ada'], contains: 'b' } } }),
    enum: await users(db, { role: { not: { in: ['ADMIN'], equals: 'POWER_USER' } } }),
    dateTime: await posts(db, { publishedAt: { not: { gte: from, lt: new Date('2024-01-01T00:00:00Z') } } }),
    null: await users(db, { score: { not: { equals: null, gt: 4 } } }),
    lists: await users(db, { visits: { not: { in: [3], notIn: [0, 10] } } }),
  }
}

export async function negationsOfNegations(db: PurlinClient) {
  return {
    twice: await users(db, { visits: { not: { not: { gte: 0, lt: 5 } } } }),
    thrice: await users(db, { visits: { not: { not: { not: { gte: 0, lt: -5 } } } } }),
    beside: await users(db, { visits: { not: { not: 3, gt: 5 } } }),
    null: await users(db, { score: { not: { not: { equals: null } } } }),
  }
}

export async function nullInThePlaceOfAList(db: PurlinClient) {
  return {
    in: await users(db, { score: { in: null } }),
    notIn: await users(db, { score: { notIn: null } }),
    not: await users(db, { name: { not: { in: null } } }),
    beside: await posts(db, { kind: { in: null }, views: { gt: 1 } }),
  }
}

export async function thousandsOfConditions(db: PurlinClient) {
  const numbers = Array.from({ length: 1900 }, (_, number) => number)
  return [
    await users(db, { OR: numbers.map(visits => ({ visits })) }),
    await users(db, { OR: numbers.map(number => ({ visits: { equals: number } })) }),
    await users(db, { AND: numbers.map(number => ({ visits: { not: number } })) }),
    await users(db, { NOT: numbers.map(visits => ({ visits })) }),
  ]
}
