// Values of each type, exact in both directions, in rows and in related rows, and in conditions.

import { Prisma, type PurlinClient, type Sample, type Wide } from '../generated/index.js'
import { code } from '../refused.js'

/** Writes each of the values to a row of its own and reads all back in that order. */
async function roundTrip<F extends keyof Prisma.SampleCreateInput & keyof Sample>(
  db: PurlinClient,
  field: F,
  values: Prisma.SampleCreateInput[F][],
) {
  for (const value of values) await db.sample.create({ data: { [field]: value } })
  const rows = await db.sample.findMany({ orderBy: { id: 'asc' } })
  return rows.map(row => row[field])
}

async function wide(db: PurlinClient, keys: [bigint, string, string, number[]][]) {
  for (const [bigInt, decimal, dateTime, bytes] of keys) {
    await db.wide.create({ data: { bigInt, decimal, dateTime, bytes: Uint8Array.from(bytes) } })
  }
}

/** Neighbours that a lossy road would make equal. */
async function neighbours(db: PurlinClient) {
  await wide(db, [
    [9007199254740992n, '0.1000000000000000000001', '2024-01-01T00:00:00.001Z', [0]],
    [9007199254740993n, '0.1000000000000000000002', '2024-01-01T00:00:00.002Z', [0, 0]],
    [9007199254740994n, '0.1000000000000000000003', '2024-01-01T00:00:00.003Z', []],
  ])
}

async function find(db: PurlinClient, where: Prisma.WideWhereInput) {
  return keys(await db.wide.findMany({ where, orderBy: { bigInt: 'asc' } }))
}

function keys(rows: Wide[]) {
  return rows.map(row => row.bigInt)
}

export async function strings(db: PurlinClient) {
  const long = 'ß'.repeat(3)
  const values = ['', ' a ', 'line\nbreak\ttab\r', '\'"`\\%_', '日本語 🦀 e\u0301', '\u0001\u007f\ufeff', long]
  return roundTrip(db, 'string', values)
}

export async function booleans(db: PurlinClient) {
  return roundTrip(db, 'boolean', [true, false])
}

export async function integers(db: PurlinClient) {
  return roundTrip(db, 'int', [0, -1, 2147483647, -2147483648])
}

export async function bigIntegers(db: PurlinClient) {
  return roundTrip(db, 'bigInt', [0, 9007199254740993n, -9007199254740993n, 2n ** 63n - 1n, -(2n ** 63n)])
}

export async function floats(db: PurlinClient) {
  return roundTrip(db, 'float', [0, 1, -2.5, 0.1 + 0.2, 1e308, 5e-324, 123456789012345680])
}

export async function decimals(db: PurlinClient) {
  return roundTrip(db, 'decimal', [
    0,
    -0.5,
    '1.10',
    100n,
    '12345678901234567890123456789012345.678901234567890123456789',
    1e-30,
    -99999999999999999999n,
    '0.1000000000000000055511151231257827',
  ])
}

export async function instants(db: PurlinClient) {
  return roundTrip(db, 'dateTime', [
    new Date(0),
    '2024-02-29T23:59:59.999Z',
    new Date(-1),
    '2024-06-01T12:00:00+05:30',
    new Date('0001-01-01T00:00:00Z'),
    new Date('9999-12-31T23:59:59.999Z'),
  ])
}

export async function jsonDocuments(db: PurlinClient) {
  return roundTrip(db, 'json', [
    { b: [1, 2.5, -3e10, 'x', null, true, { deep: { er: [] } }], a: '日本 " \\ \n', left: undefined },
    [],
    'text',
    0,
    false,
    JSON.parse('{"__proto__":1,"":{}}'),
  ])
}

export async function bytesOfEachValue(db: PurlinClient) {
  return roundTrip(db, 'bytes', [
    new Uint8Array(),
    Buffer.from([0]),
    Uint8Array.from({ length: 258 }, (_, index) => index - 1).subarray(1, 257),
  ])
}

export async function enums(db: PurlinClient) {
  return roundTrip(db, 'role', ['ADMIN', 'MEMBER', 'POWER_USER'])
}

export async function nullOfEachType(db: PurlinClient) {
  const nothing = await db.sample.create({ data: {} })
  const all = await db.sample.create({
    data: {
      optionalString: 'text',
      optionalBoolean: false,
      optionalInt: 0,
      optionalBigInt: -1n,
      optionalFloat: 0.5,
      optionalDecimal: '0.5',
      optionalDateTime: new Date('2024-01-01'),
      optionalJson: { a: 1 },
      optionalBytes: Uint8Array.of(1),
      optionalRole: 'POWER_USER',
    },
  })
  const gone = await db.sample.update({
    where: { id: all.id },
    data: {
      optionalString: null,
      optionalBoolean: null,
      optionalInt: null,
      optionalBigInt: null,
      optionalFloat: null,
      optionalDecimal: null,
      optionalDateTime: null,
      optionalJson: Prisma.DbNull,
      optionalBytes: null,
      optionalRole: null,
    },
  })
  return [nothing, all, gone].map(row => [
    row.optionalString,
    row.optionalBoolean,
    row.optionalInt,
    row.optionalBigInt,
    row.optionalFloat,
    row.optionalDecimal,
    row.optionalDateTime,
    row.optionalJson,
    row.optionalBytes,
    row.optionalRole,
  ])
}

export async function jsonNullIsNotTheNullOfTheDatabase(db: PurlinClient) {
  await db.sample.create({ data: { optionalJson: Prisma.JsonNull } })
  await db.sample.create({ data: { optionalJson: Prisma.DbNull } })
  const find = async (equals: Prisma.SampleWhereInput['optionalJson']) => {
    const rows = await db.sample.findMany({ where: { optionalJson: equals }, orderBy: { id: 'asc' } })
    return rows.map(row => row.id)
  }
  return [
    await find({ equals: Prisma.JsonNull }),
    await find({ equals: Prisma.DbNull }),
    await find({ equals: Prisma.AnyNull }),
  ]
}

export async function jsonInBytesIsReadAsItIsFound(db: PurlinClient) {
  const found = await db.sample.findMany({ where: { json: { equals: { a: [1, 'é'] } } } })
  const broken = await db.sample.count({ where: { json: { equals: 'x' } } })
  const others = await code(db.sample.findMany({ where: { id: { gt: 1 } } }))
  return [found.map(sample => sample.json), broken, others]
}

export async function wideValuesInRelatedRows(db: PurlinClient) {
  const parent = await db.sample.create({
    data: {
      children: {
        create: [
          {
            bigInt: 2n ** 63n - 1n,
            decimal: '12345678901234567890.000000000000000000001',
            dateTime: new Date('2024-02-29T23:59:59.999Z'),
            json: { n: [1, 'é'] },
            bytes: Uint8Array.of(0, 127, 128, 255),
            role: 'POWER_USER',
            optionalBigInt: -(2n ** 63n),
            optionalBoolean: true,
          },
          {},
        ],
      },
    },
    include: { children: { orderBy: { id: 'asc' } } },
  })
  return parent.children.map(leaf => [
    leaf.bigInt,
    leaf.decimal,
    leaf.dateTime,
    leaf.json,
    leaf.bytes,
    leaf.role,
    leaf.optionalBigInt,
    leaf.optionalDecimal,
    leaf.optionalDateTime,
    leaf.optionalJson,
    leaf.optionalBytes,
    leaf.optionalRole,
    leaf.optionalBoolean,
  ])
}

export async function wideValuesAsKeys(db: PurlinClient) {
  await neighbours(db)
  const found = [
    await db.wide.findUnique({ where: { bigInt: 9007199254740993n } }),
    await db.wide.findUnique({ where: { decimal: '0.1000000000000000000003' } }),
    await db.wide.findUnique({ where: { dateTime: new Date('2024-01-01T00:00:00.001Z') } }),
    await db.wide.findUnique({ where: { bytes: Uint8Array.of(0, 0) } }),
    await db.wide.findUnique({ where: { bigInt: 9007199254740995n } }),
  ]
  return found.map(row => row && row.bigInt)
}

export async function wideValuesInLists(db: PurlinClient) {
  await neighbours(db)
  return [
    await find(db, { bigInt: { in: [9007199254740993n, 1] } }),
    await find(db, { decimal: { in: ['0.1000000000000000000002', 0.2] } }),
    await find(db, { dateTime: { notIn: ['2024-01-01T00:00:00.002Z', new Date('2024-01-01T00:00:00.003Z')] } }),
    await find(db, { bytes: { in: [Uint8Array.of(0, 0), new Uint8Array()] } }),
  ]
}

export async function wideValuesByOrder(db: PurlinClient) {
  await neighbours(db)
  return [
    await find(db, { bigInt: { gt: 9007199254740993n } }),
    await find(db, { decimal: { lte: '0.1000000000000000000002' } }),
    await find(db, { dateTime: { lt: new Date('2024-01-01T00:00:00.002Z') } }),
  ]
}

export async function wideValuesSortByValue(db: PurlinClient) {
  await wide(db, [
    [10n, '10', '0999-01-01T00:00:00Z', [1]],
    [9n, '9', '2024-01-01T00:00:00Z', [2]],
    [-100n, '-100.5', '1969-12-31T23:59:59.999Z', [3]],
    [2n ** 63n - 1n, '99999999999999999999', '1970-01-01T00:00:00Z', [4]],
    [2n, '9.5', '9999-01-01T00:00:00Z', [5]],
  ])
  return [
    keys(await db.wide.findMany({ orderBy: { bigInt: 'asc' } })),
    keys(await db.wide.findMany({ orderBy: { decimal: 'desc' } })),
    keys(await db.wide.findMany({ orderBy: { dateTime: 'asc' } })),
  ]
}

export async function aWideForeignKey(db: PurlinClient) {
  await neighbours(db)
  const parentId = 9007199254740993n
  await db.wide.updateMany({ where: { bigInt: { not: parentId } }, data: { parentId } })
  const rows = await db.wide.findMany({
    orderBy: { bigInt: 'asc' },
    include: { parent: true, children: { orderBy: { bigInt: 'asc' } } },
  })
  return rows.map(row => [row.bigInt, row.parent && row.parent.bigInt, keys(row.children)])
}

export async function decimalsAreEqualByValue(db: PurlinClient) {
  for (const decimal of ['1.10', 1.1, '1.1000000000000000000001']) await db.sample.create({ data: { decimal } })
  const equal = await db.sample.count({ where: { decimal: '1.100' } })
  const not = await db.sample.count({ where: { decimal: { not: 1.1 } } })
  const hundred = await db.sample.create({ data: { decimal: '1e2' } })
  return [equal, not, hundred.decimal]
}

export async function floatsAreEqualExactly(db: PurlinClient) {
  await db.sample.create({ data: { float: 0.1 + 0.2 } })
  return [await db.sample.count({ where: { float: 0.1 + 0.2 } }), await db.sample.count({ where: { float: 0.3 } })]
}

export async function jsonIsEqualAsAWhole(db: PurlinClient) {
  await db.sample.create({ data: { json: { a: [1, { b: null }] } } })
  return [
    await db.sample.count({ where: { json: { equals: { a: [1, { b: null }] } } } }),
    await db.sample.count({ where: { json: { equals: { a: [1, { b: 0 }] } } } }),
    await db.sample.count({ where: { json: { not: { a: 2 } } } }),
  ]
}

export async function numbersOfJsonAtTheTop(db: PurlinClient) {
  const values = [
    1e21,
    2 ** 63,
    Number.MAX_SAFE_INTEGER,
    -(2 ** 63),
    0.1,
    1e-7,
    5e-324,
    Number.MAX_VALUE,
    -123456.78901234567,
    1e20,
    1.0,
    -0,
    2 ** 64,
  ]
  const found: unknown[] = []
  for (const json of values) {
    await db.sample.deleteMany()
    const written = await db.sample.create({ data: { json } })
    const rows = await db.sample.findMany({ where: { json: { equals: json } } })
    const others = await db.sample.count({ where: { json: { not: json } } })
    found.push([written.json === json, rows.map(row => row.json === json), others])
  }
  return found
}

export async function jsonIsComparedByValue(db: PurlinClient) {
  for (const json of [1, [1, 2.5], { a: 1e21, b: '1.0' }]) await db.sample.create({ data: { json } })
  const counts: number[] = []
  for (const equals of [1.0, [1, 2.5], [1, 2], { a: 1e21, b: '1.0' }, '1']) {
    counts.push(await db.sample.count({ where: { json: { equals } } }))
  }
  return counts
}

export async function jsonIsEqualInAnyOrderOfMembers(db: PurlinClient) {
  const stored = [
    { tags: [1], theme: 'dark' },
    { b: { d: [{ z: 1, y: 2 }], c: null }, a: 'é' },
    { 10: 0, 9: 0, x: {} },
    [
      { k: 1, j: 2 },
      { j: 2, k: 1 },
    ],
  ]
  for (const json of stored) await db.sample.create({ data: { json } })
  const wanted = [
    { theme: 'dark', tags: [1] },
    { a: '\u00e9', b: { c: null, d: [{ y: 2, z: 1 }] } },
    { x: {}, 9: 0, 10: 0 },
    [
      { j: 2, k: 1 },
      { k: 1, j: 2 },
    ],
    { theme: 'dark', tags: [1], more: null },
    { theme: 'dark' },
    { b: { d: [{ y: 1, z: 2 }], c: null }, a: 'é' },
    [
      { j: 1, k: 2 },
      { k: 1, j: 2 },
    ],
  ]
  const counts: number[][] = []
  for (const json of wanted) {
    counts.push([
      await db.sample.count({ where: { json: { equals: json } } }),
      await db.sample.count({ where: { json: { not: json } } }),
    ])
  }
  return counts
}
