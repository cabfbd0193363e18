// A large schema, 100 models with 6 relations each, and the queries whose types are measured with it.

export const MODELS = 100

/** The schema: each model refers to three others, and three refer to it. */
export function largeSchema() {
  const other = (index, distance) => (index + distance + MODELS) % MODELS
  const models = Array.from(
    { length: MODELS },
    (_, i) => `model M${i} {
  id        Int      @id @default(autoincrement())
  name      String
  email     String   @unique
  age       Int?
  score     Float?
  active    Boolean  @default(true)
  createdAt DateTime @default(now())
  data      Json?
  aId       Int
  a         M${other(i, 1)} @relation("a${i}", fields: [aId], references: [id])
  bId       Int?
  b         M${other(i, 7)}? @relation("b${i}", fields: [bId], references: [id])
  cId       Int?
  c         M${other(i, 13)}? @relation("c${i}", fields: [cId], references: [id])
  as        M${other(i, -1)}[] @relation("a${other(i, -1)}")
  bs        M${other(i, -7)}[] @relation("b${other(i, -7)}")
  cs        M${other(i, -13)}[] @relation("c${other(i, -13)}")
}
`,
  )
  return `datasource db {\n  provider = "sqlite"\n}\n\n${models.join('\n')}`
}

/** Each query: a call of a model's delegate, and what the program reads of its result. */
export const queries = {
  'nested read': [
    "findMany({ where: { name: { contains: 'x' }, as: { some: { active: true } } }, include: { a: { select: { name: true, bs: true } }, cs: { take: 3, orderBy: { id: 'desc' } } } })",
    'r[0]?.a.bs[0]?.email.length; r[0]?.cs[0]?.age',
  ],
  'findMany': ['findMany()', 'r[0]?.name'],
  'findMany, where': ["findMany({ where: { name: 'x' } })", 'r[0]?.name'],
  'findUnique, include': ['findUnique({ where: { id: 1 }, include: { a: true } })', 'r?.a.name'],
  'count': ["count({ where: { name: 'x' } })", 'r.toFixed()'],
  'create': ["create({ data: { name: 'x', email: 'y', aId: 1 } })", 'r.name'],
  'nested create': [
    "create({ data: { name: 'x', email: 'y', a: { connect: { id: 1 } }, bs: { create: [{ name: 'x', email: 'z', a: { connect: { id: 2 } } }] } }, include: { bs: true } })",
    'r.bs[0]?.name',
  ],
  'nested update': [
    "update({ where: { email: 'x' }, data: { age: { increment: 1 }, cs: { update: { where: { id: 1 }, data: { name: 'q' } }, deleteMany: { active: false } } }, select: { id: true, cs: { select: { name: true } } } })",
    'r.cs[0]?.name',
  ],
  'nested upsert': [
    "update({ where: { id: 1 }, data: { bs: { upsert: { where: { id: 1 }, create: { name: 'x', email: 'y', aId: 1 }, update: { name: 'z' } } } } })",
    'r.name',
  ],
  'nested connectOrCreate': [
    "create({ data: { name: 'x', email: 'y', aId: 1, bs: { connectOrCreate: { where: { id: 1 }, create: { name: 'x', email: 'z', aId: 1 } } } } })",
    'r.name',
  ],
  'upsert': [
    "upsert({ where: { id: 1 }, create: { name: 'x', email: 'y', aId: 1 }, update: { name: 'z' } })",
    'r.name',
  ],
  'createMany': ["createMany({ data: [{ name: 'x', email: 'y', aId: 1 }] })", 'r.count'],
  'createManyAndReturn': [
    "createManyAndReturn({ data: [{ name: 'x', email: 'y', aId: 1 }], select: { id: true } })",
    'r[0]?.id',
  ],
  'aggregate': ['aggregate({ _max: { age: true }, _count: true })', 'r._max.age'],
  'groupBy': ["groupBy({ by: ['name'], _sum: { age: true }, orderBy: { name: 'asc' } })", 'r[0]?._sum.age'],
}
