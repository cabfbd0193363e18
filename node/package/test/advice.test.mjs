// What messages tell users to do can be done, and helps.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Prisma, PurlinClient } from './build/generated/index.js'
import { freshUrl } from './support/database.mjs'

const folder = mkdtempSync(join(tmpdir(), 'purlin-advice-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** The error of a query or of a constructor. */
async function failure(run) {
  try {
    await run()
  } catch (error) {
    return error
  }
  return assert.fail('it did not fail')
}

test('no file: `?mode=rwc` makes one', async () => {
  const file = join(folder, 'new.db')
  const error = await failure(() => new PurlinClient({ url: `file:${file}` }).user.count())
  assert.equal(error.errorCode, 'P1003')
  const [, advice] = /end the URL in `(\?mode=rwc)`/.exec(error.message)
  assert.match(error.message, /`npx purlin db push` or `npx purlin migrate deploy`/)
  const db = new PurlinClient({ url: `file:${file}${advice}` })
  const unmade = await failure(() => db.user.count())
  assert.equal(unmade.code, 'P2021')
  assert.match(unmade.message, /run `npx purlin db push` or `npx purlin migrate deploy`/)
  assert.ok(existsSync(file))
  await db.$disconnect()
})

test('no address: each of the three ways leads to the database', async () => {
  writeFileSync(join(folder, '.env'), `PURLIN_TEST_URL=${freshUrl()}\n`)
  const client = new URL('./build/generated/index.js', import.meta.url)
  const { PURLIN_TEST_URL: _, ...env } = process.env
  const run = (args, url, variables = {}) => {
    const source = `import { PurlinClient } from '${client}'
      await new PurlinClient(${url === undefined ? '' : `{ url: '${url}' }`}).user.count().then(console.log, error => console.log(error.name + ': ' + error.message))`
    const { stdout } = spawnSync(process.execPath, [...args, '--input-type=module', '-e', source], {
      cwd: folder,
      env: { ...env, ...variables },
      encoding: 'utf8',
    })
    return stdout.trim()
  }
  const message = run([])
  assert.match(
    message,
    /^PurlinInitializationError: the environment variable PURLIN_TEST_URL is not set, and the client reads no \.env file/,
  )
  for (const way of ['`node --env-file=.env`', '`dotenv/config`', 'the option `url`', '`next build`'])
    assert.ok(message.includes(way), way)
  assert.match(run([], undefined, { PURLIN_TEST_URL: '' }), /PURLIN_TEST_URL is empty/)
  assert.equal(run(['--env-file=.env']), '0')
  assert.equal(run([], freshUrl()), '0')
})

test('no address: it fails as late as a query that was sent, and not in the turn of the event loop that asks', async () => {
  const client = options => new PurlinClient({ url: 'postgresql://nobody@nowhere/db', ...options })
  const calls = {
    'a query': () => client().user.findMany(),
    'two at once': () => {
      const db = client()
      return Promise.all([db.user.findFirst(), db.post.findFirst()])
    },
    'a list of queries': () => {
      const db = client()
      return db.$transaction([db.user.findMany(), db.post.count()])
    },
    'a transaction': () => client().$transaction(tx => tx.user.findMany()),
    'no address at all': () => new PurlinClient().user.findMany(),
  }
  for (const [name, call] of Object.entries(calls)) {
    let settled = false
    const running = failure(call).finally(() => (settled = true))
    for (let turn = 0; turn < 1000; turn++) await undefined
    assert.ok(!settled, `${name} has failed before the event loop had a turn`)
    assert.equal((await running).name, 'PurlinInitializationError', name)
  }
})

test('limits: the option that is named raises the limit', async () => {
  const url = freshUrl()
  await new PurlinClient({ url }).user.createMany({ data: [{ email: 'a' }, { email: 'b' }] })
  const least = { nodes: 2, listValues: 2, filterDepth: 1, inputBytes: 64, relationDepth: 1, dataNodes: 2, rows: 1 }
  const calls = {
    nodes: db => db.user.findMany({ where: { id: 1, email: 'a', name: 'b' } }),
    listValues: db => db.user.count({ where: { id: { in: [1, 2, 3] } } }),
    filterDepth: db => db.user.count({ where: { NOT: { NOT: { id: 1 } } } }),
    inputBytes: db => db.user.count({ where: { email: 'x'.repeat(100) } }),
    relationDepth: db => db.user.findMany({ include: { posts: { include: { tags: true } } } }),
    dataNodes: db => db.user.create({ data: { email: 'c', name: 'd', role: 'ADMIN' } }),
    rows: db => db.user.findMany(),
  }
  for (const [limit, call] of Object.entries(calls)) {
    const { message } = await failure(() => call(new PurlinClient({ url, limits: { [limit]: least[limit] } })))
    const named = /the option `limits\.(\w+)` of the client allows more|raise the `(\w+)` limit of the client/.exec(
      message,
    )
    assert.equal(named?.[1] ?? named?.[2], limit, message)
    await call(new PurlinClient({ url, limits: { [limit]: limit.endsWith('Depth') ? 9 : 1000 } }))
  }
})

test('options, arguments and operations that are named are there', async () => {
  const db = new PurlinClient({ url: freshUrl() })
  const strict = await failure(() => db.user.findMany({ where: { email: undefined } }))
  assert.match(strict.message, /`Prisma\.skip`.*`strictUndefinedChecks: false`/)
  assert.deepEqual(await db.user.findMany({ where: { email: Prisma.skip } }), [])
  const all = await failure(() => db.user.deleteMany({ where: {} }))
  assert.match(all.message, /leave `where` out to mean all rows/)
  assert.deepEqual(await db.user.deleteMany(), { count: 0 })
  const many = await failure(() => db.user.createMany({ data: { email: 'a', posts: { create: { title: 't' } } } }))
  assert.match(many.message, /create writes related rows too/)
  await db.user.create({ data: { email: 'a', posts: { create: { title: 't' } } } })
  const inside = await failure(() => db.$transaction(async () => db.user.create({ data: { email: 'b' } })))
  assert.match(inside.message, /use the client that its function is given, `tx`/)
  await db.$transaction(async tx => tx.user.create({ data: { email: 'b' } }))
  const order = await failure(() => db.user.findMany({ orderBy: { id: 'asc', email: 'asc' } }))
  assert.match(order.message, /write a list of objects with one member each/)
  assert.equal((await db.user.findMany({ orderBy: [{ id: 'asc' }, { email: 'asc' }] })).length, 2)
  const counted = await failure(() => db.user.count({ select: {} }))
  assert.match(counted.message, /set `_all` or a column to true/)
  assert.deepEqual(await db.user.count({ select: { _all: true } }), { _all: 2 })
  const returned = await failure(() => db.user.updateManyAndReturn({}))
  for (const [, name] of returned.message.matchAll(/call `(\w+)`|then `(\w+)`|or `(\w+)`/g)) {
    if (name !== undefined) assert.equal(typeof db.user[name], 'function')
  }
})
