// What runs inside of jest: its realm is not that of Node, its timers can be replaced, and it loads modules again.

/* global test, expect, jest */
const url = process.env.TEST_URL
const load = () => require('./client.cjs')

test('values and errors are those of the realm of the test', async () => {
  const { Prisma, PurlinClient } = load()
  const db = new PurlinClient({ url })
  const data = { email: 'ada@jest.test', name: 'Ada' }
  const user = await db.user.create({ data: { ...data, posts: { create: { title: 't' } } }, include: { posts: true } })
  expect(user).toMatchObject({ ...data, posts: [{ title: 't' }] })
  expect(Array.isArray(user.posts)).toBe(true)
  const [{ createdAt }] = user.posts
  expect(createdAt instanceof Date).toBe(true)
  expect(await db.post.findMany({ where: { createdAt: new Date(createdAt), title: { in: ['t'] } }, select: { title: true } })).toEqual([{ title: 't' }])
  const error = await db.user.create({ data }).catch((error) => error)
  expect(error).toBeInstanceOf(Prisma.PrismaClientKnownRequestError)
  expect(error).toBeInstanceOf(Error)
  expect(error.code).toBe('P2002')
  await expect(db.user.create({ data: { email: 5 } })).rejects.toThrow('expects a string')
  await db.$disconnect()
})

test('modules that are loaded again share values and errors', async () => {
  const first = load()
  jest.resetModules()
  const second = load()
  expect(second.PurlinClient).not.toBe(first.PurlinClient)
  const db = new second.PurlinClient({ url })
  expect(await db.user.count({ where: { email: 'ada@jest.test', name: first.Prisma.skip } })).toBe(1)
  const error = await db.user.delete({ where: { id: 404 } }).catch((error) => error)
  expect(error).toBeInstanceOf(first.Prisma.PrismaClientKnownRequestError)
  expect(first.Prisma.DbNull).toBeInstanceOf(second.Prisma.NullTypes.DbNull)
  await db.$disconnect()
})

for (const legacyFakeTimers of [false, true]) {
  test(`queries do not wait for timers that are faked (${legacyFakeTimers ? 'legacy' : 'modern'})`, async () => {
    jest.useFakeTimers({ legacyFakeTimers })
    jest.resetModules()
    const db = new (load().PurlinClient)({ url })
    for (let time = 0; time < 300; time++) await db.user.findUnique({ where: { email: 'ada@jest.test' } })
    for (let time = 0; time < 100; time++) await db.user.findMany({ take: 10 })
    await Promise.all(Array.from({ length: 300 }, () => db.user.findMany({ include: { posts: true } })))
    await db.$transaction(async (tx) => expect(await tx.user.count()).toBe(1))
    await db.$disconnect()
    jest.useRealTimers()
  })
}
