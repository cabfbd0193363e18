// What the addon does to the life of a process and of its threads.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { freshUrl } from './support/database.mjs'
import { startAndTerminate } from './support/threads.mjs'

/** Runs a module; it gets the client's class and the URL. */
function run(source) {
  const client = new URL('./build/generated/index.js', import.meta.url)
  const script = `import { PurlinClient } from '${client}'\nconst url = '${freshUrl()}'\nconst db = new PurlinClient({ url })\n${source}`
  const started = performance.now()
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 20_000,
  })
  return { status, signal, stdout: stdout.trim(), stderr, time: performance.now() - started }
}

test('a process with an open pool ends by itself', () => {
  const { status, stdout, stderr } = run(
    "await db.user.count(); await db.user.findUnique({ where: { id: 1 } }); console.log('end')",
  )
  assert.deepEqual([status, stdout, stderr], [0, 'end', ''])
})

test('a pending promise holds the process until it is settled', () => {
  const { status, stdout } = run(
    "db.user.create({ data: { email: 'a' } }).then(() => db.user.count()).then(console.log)",
  )
  assert.deepEqual([status, stdout], [0, '1'])
})

test('process.exit with pending queries', () => {
  const { status, stdout } = run(
    "for (let i = 0; i < 1000; i++) db.user.findMany({ include: { posts: true } }).then(() => {}); console.log('out'); process.exit(3)",
  )
  assert.deepEqual([status, stdout], [3, 'out'])
})

test('an unhandled rejection ends the process as usual', () => {
  const { status, stderr } = run('db.user.create({ data: {} }).then(() => {})')
  assert.equal(status, 1)
  assert.match(stderr, /PurlinValidationError/)
})

test('a transaction that nobody ends is rolled back, and holds nothing', () => {
  const { status, stdout } = run(`
    const tx = db.$transaction(async tx => { await tx.user.create({ data: { email: 'a' } }); await new Promise(() => {}) }, { timeout: 100 }).catch(error => error.code)
    await new Promise(resolve => setTimeout(resolve, 300))
    console.log(await db.user.count(), await tx)`)
  assert.deepEqual([status, stdout], [0, '0 P2028'])
})

test('variables of the process change while databases are opened', () => {
  // `setenv` moves the environment, and a thread that reads it meanwhile would crash the process.
  const { status, signal, stdout } = run(`
    const until = performance.now() + 2500
    const opening = (async () => {
      while (performance.now() < until) {
        await db.user.findFirst()
        await db.$disconnect()
      }
    })()
    for (let i = 0; performance.now() < until; i++) {
      for (let j = 0; j < 200; j++) process.env['V' + i + '_' + j] = 'v'.repeat(20)
      for (let j = 0; j < 190; j++) delete process.env['V' + i + '_' + j]
      await new Promise(setImmediate)
    }
    await opening
    console.log('end')`)
  assert.deepEqual([status, signal, stdout], [0, null, 'end'])
})

test('worker threads that are terminated with queries pending', async () => {
  await startAndTerminate(freshUrl(), 40)
})

test('only worker threads use the engine', () => {
  const worker = new URL('./support/worker.mjs', import.meta.url)
  const { status, stdout, stderr } = run(`
    import { Worker } from 'node:worker_threads'
    for (let i = 0; i < 5; i++) await new Promise((resolve, reject) => {
      new Worker(new URL('${worker}'), { workerData: { url, mode: 'once' }, execArgv: [] }).on('exit', resolve).on('error', reject)
    })
    console.log('end')`)
  assert.deepEqual([status, stdout], [0, 'end'], stderr)
})

/** What `jest --detectOpenHandles` reports: resources that a test has made itself and that do not say that they hold nothing. */
const JEST = `
  import { createHook } from 'node:async_hooks'
  const handles = []
  createHook({
    init(id, type, trigger, resource) {
      if (type === 'PROMISE' || 'hasRef' in resource) return
      Error.stackTraceLimit = 100
      if (new Error().stack.includes('aTest')) handles.push(type)
    },
  }).enable()
  function aTest(run) { return run() }`

for (const [name, call] of Object.entries({
  'a read': 'db.user.findMany()',
  'a read by a key': 'db.user.findUnique({ where: { id: 1 } })',
  'a write': "db.user.create({ data: { email: 'a' } })",
  'a transaction': '(db.$transaction(async tx => tx.user.count()))',
  'a list': 'db.$transaction([db.user.count()])',
  connecting: 'db.$connect()',
  'a failure': 'db.user.delete({ where: { id: 404 } }).catch(() => {})',
})) {
  test(`no handle of the addon belongs to the code that calls it first: ${name}`, () => {
    const { status, stdout, stderr } = run(`${JEST}
      await aTest(() => ${call}.then(() => db.user.findMany({ include: { posts: true } })).then(() => {}))
      await aTest(() => db.$disconnect())
      console.log(JSON.stringify(handles))`)
    assert.deepEqual([status, stdout], [0, '[]'], stderr)
  })
}
