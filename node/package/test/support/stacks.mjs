// Prints, as JSON, the names of the functions on the stacks of errors: of each case those that are of the application.

import { PurlinClient } from '../build/generated/index.js'

const db = new PurlinClient({ url: process.argv[2] })
await db.user.create({ data: { id: 1, email: 'taken' } })

const nobody = { where: { id: 404 } }
const taken = { data: { email: 'taken' } }

/** What a repository and a service of an application are: each awaits the next. */
async function repository(query) {
  return await query()
}
async function service(query) {
  const row = await repository(query)
  return row
}

const cases = {
  findUnique: () => db.user.findUnique({ where: { nothing: 1 } }),
  findUniqueOrThrow: () => db.user.findUniqueOrThrow(nobody),
  findMany: () => db.user.findMany({ where: { email: 7 } }),
  findFirstOrThrow: () => db.user.findFirstOrThrow(nobody),
  count: () => db.user.count({ where: { nothing: 1 } }),
  create: () => db.user.create(taken),
  createMany: () => db.user.createMany(taken),
  update: () => db.user.update({ ...nobody, data: { email: 'other' } }),
  delete: () => db.user.delete(nobody),
  'a limit of the engine': () =>
    new PurlinClient({ url: process.argv[2], limits: { rows: 1 } }).user.findMany({ include: { posts: true } }),
  'no database': () => new PurlinClient({ url: 'file:/nowhere/at/all.db' }).user.count(),
  connect: () => new PurlinClient({ url: 'file:/nowhere/at/all.db' }).$connect(),
  'a closure': () =>
    db.$transaction(async function work(tx) {
      await tx.user.create(taken)
    }),
  'a closure that ends late': () => db.$transaction(() => new Promise(() => {}), { timeout: 1 }),
  'a list': () => db.$transaction([db.user.count(), db.user.create(taken)]),
  'Promise.all': () => Promise.all([db.user.count(), db.user.create(taken)]),
  'Promise.race': () => Promise.race([db.user.create(taken)]),
  'returned by an async function': async function returned() {
    return db.user.create(taken)
  },
  'made before it is awaited': async function later() {
    const query = db.user.create(taken)
    await db.user.count()
    return await query
  },
  then: () => db.user.create(taken).then(row => row.id),
  finally: () => db.user.create(taken).finally(() => {}),
}

await db.user.create({ data: { email: 'second' } })
const printed = {}
for (const [name, query] of Object.entries(cases)) {
  const error = await service(query).then(
    () => undefined,
    error => error,
  )
  const lines = String(error?.stack).split('\n')
  const frames = lines.filter(line => line.startsWith('    at '))
  printed[name] = {
    header: lines[0] === `${error?.name}: ${error?.message}`,
    names: frames.map(line => /^ {4}at (?:async )?([\w.]+) /.exec(line)?.[1] ?? line),
    own: frames.filter(line => /package.dist/.test(line)),
  }
}
console.log(JSON.stringify(printed))
