// A server in production whose actions pass what they receive into queries, as careless ones do, under requests that
// are made to hurt: bodies as React's own client writes them, and bodies that it would never write. After each, the
// server answers, its memory is bounded, nothing that it keeps is in its answer, and the rows are as they must be.
//
//   node server-action.test.mjs [--long] [--rounds N] [--seed N]

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { CASES, SECRET, nested, shared } from '../typescript/bad_inputs/cases.mjs'
import { fill, judge, picture, restore } from '../typescript/bad_inputs/stage.mjs'
import { figures, number, progress, random, seed } from './support/arguments.mjs'
import { start } from './support/child.mjs'
import { residentMemory, summarize } from './support/measure.mjs'
import { makeProject, schemaFor, temporaryFolder, tool } from './support/project.mjs'

/** Requests of random bodies. */
const rounds = number('rounds', { short: 150, long: 3000 })
/** Within which the server answers after whatever it was sent, in milliseconds. */
const HEALTH = 2000
/** After which an action has had its time, in milliseconds: the longest statement, and some. */
const ANSWER = 10_000
/** What the server may hold, in MiB; its JavaScript has a bound of its own. */
const MEMORY = 700
const HEAP = 400

const here = path => fileURLToPath(new URL(path, import.meta.url))
const require = createRequire(import.meta.url)
process.env.NODE_ENV = 'production'
// React's client, as the package that serves has it: by path, for it is no public part.
const { encodeReply, createFromNodeStream } = require(
  here('node_modules/next/dist/compiled/react-server-dom-webpack/client.node.js'),
)
const next = here('node_modules/next/dist/bin/next')

const project = makeProject('server-action')
const { PurlinClient } = await import(project.client)
const file = project.database()
const db = new PurlinClient({ url: `file:${file}` })

/** The ids of the actions, by their names. */
let actions
/** The server: its process, its address, and how often it was started. */
const server = { child: undefined, base: '', starts: 0 }
const slowest = []
let memory = 0

before(async () => {
  await fill(db)
  const folder = temporaryFolder('server-action-schema')
  writeFileSync(join(folder, 'schema.prisma'), schemaFor(here('server/generated')))
  execFileSync(tool, ['generate'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  rmSync(here('server/.next'), { recursive: true, force: true })
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', DATABASE_URL: `file:${file}` }
  execFileSync(process.execPath, [next, 'build', 'server'], {
    cwd: here('.'),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 300_000,
  })
  const manifest = JSON.parse(readFileSync(here('server/.next/server/server-reference-manifest.json'), 'utf8'))
  actions = Object.fromEntries(Object.entries(manifest.node).map(([id, { exportedName }]) => [exportedName, id]))
  await open()
})

after(async () => {
  server.child?.kill('SIGKILL')
  await server.child?.ended
  await db.$disconnect()
  rmSync(here('server/.next'), { recursive: true, force: true })
  rmSync(here('server/generated'), { recursive: true, force: true })
})

async function open() {
  const probe = createServer().listen(0, 'localhost')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  server.starts++
  server.base = `http://localhost:${port}/`
  await new Promise((resolve, reject) => {
    server.child = start(
      process.execPath,
      [`--max-old-space-size=${HEAP}`, next, 'start', 'server', '--hostname', 'localhost', '--port', String(port)],
      {
        cwd: here('.'),
        env: { DATABASE_URL: `file:${file}`, NEXT_TELEMETRY_DISABLED: '1' },
        limit: 1_800_000,
        onLine: line => line.includes('Ready in') && resolve(),
      },
    )
    server.child.ended.then(({ code, signal }) =>
      reject(new Error(`the server ended with ${code ?? signal}: ${server.child.errors}`)),
    )
  })
}

/** Sends a body to an action; gives the status and the text of the answer, or why there is none. */
async function post(action, body, headers = {}) {
  try {
    const response = await fetch(server.base, {
      method: 'POST',
      headers: { accept: 'text/x-component', 'next-action': actions[action], connection: 'close', ...headers },
      body,
      signal: AbortSignal.timeout(ANSWER),
    })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    return { status: 0, text: '', reason: String(error.cause?.code ?? error.name) }
  }
}

/** Sends arguments as React's client does. */
const invoke = async (action, ...args) => post(action, await encodeReply(args))

/** What an action has returned. */
async function returned({ text }) {
  const manifest = { moduleMap: {}, moduleLoading: null, serverModuleMap: null }
  return (await createFromNodeStream(Readable.from([Buffer.from(text)]), manifest)).a
}

/** The server answers in time, holds no more than it may, and is the one that was started. */
async function healthy(explain) {
  if (!server.child.alive) {
    const errors = server.child.errors.slice(-600)
    await open()
    assert.fail(`the server ended: ${errors}, ${explain}`)
  }
  const begin = performance.now()
  const answer = await invoke('health')
  const took = performance.now() - begin
  slowest.push(took)
  if (server.child.alive) memory = Math.max(memory, residentMemory(server.child.pid))
  if (answer.status !== 200 || took > HEALTH || memory > MEMORY) {
    const held = memory
    memory = 0
    server.child.kill('SIGKILL')
    await server.child.ended
    await open()
    assert.equal(answer.status, 200, `no answer afterwards (${answer.reason}), ${explain}`)
    assert.ok(took <= HEALTH, `answers after ${took.toFixed(0)} ms, ${explain}`)
    assert.fail(`the server holds ${held.toFixed(0)} MiB, ${explain}`)
  }
  return returned(answer)
}

/** Nothing that the server keeps to itself is in an answer. */
function discreet({ text }, explain) {
  assert.ok(!text.includes(SECRET), `a secret in the answer, ${explain}`)
  assert.doesNotMatch(
    text,
    /\bat .*\.m?js:\d+|node_modules|SELECT |INSERT |DELETE FROM|SQLITE_|panicked|hunter2/,
    `${text.slice(0, 500)}, ${explain}`,
  )
}

test('the server answers', async () => {
  assert.deepEqual(await healthy('at the start'), { users: 3, posts: 3, first: 'one@acme.io' })
})

test('each bad input that a request can hold, by an action', async t => {
  const cases = CASES.filter(({ wire }) => wire !== false)
  let before = await picture(db)
  let failed = 0
  for (const [index, one] of cases.entries()) {
    await t.test(one.id, async () => {
      const [model, operation] = one.call.split('.')
      failed++
      try {
        const answer = await invoke('call', model, operation, one.args(one.input()))
        discreet(answer, one.id)
        const after = await picture(db)
        if (answer.status !== 200) {
          // React refuses some kinds before the action is called.
          assert.ok(answer.status >= 400, `${answer.status} ${answer.reason}`)
          assert.ok(after === before, 'the rows have changed')
          assert.ok(typeof one.expect === 'string', `not answered: ${answer.status} ${answer.text.slice(0, 200)}`)
        } else {
          // Where React does not hand out what an action returns, it says so in the answer.
          const told = await returned(answer).catch(({ message }) => ({ error: { name: 'React', message } }))
          if (told.error?.name !== 'React' || one.expect !== 'hidden') judge(one, told, before, after)
        }
        await healthy(one.id)
        if (after !== before) await restore(db)
        failed--
      } catch (error) {
        await healthy(one.id).catch(() => {})
        await restore(db)
        throw error
      } finally {
        before = await picture(db)
      }
    })
    if (index % 100 === 99) progress(`server action: ${index + 1} of ${cases.length} bad inputs`)
  }
  figures(t, `server action: ${cases.length} bad inputs by HTTP, ${cases.length - failed} answered as they must be`)
})

/** Bodies that React's client makes of what an attacker would send it, by what they do. */
const HOSTILE = {
  'one condition in 28 levels of places': ['findFirst', () => [shared(28)]],
  'one condition in 40 levels of places': ['findMany', () => [{ where: shared(40) }]],
  'one condition in many places, to change rows': ['updateMany', () => [shared(28), { name: 'x' }]],
  'one condition in many places, to remove rows': ['deleteMany', () => [shared(28)]],
  'one object of Json in 28 levels of places': ['saveMeta', () => [shared(28, { a: 1 }, ['a', 'b'])]],
  'one object of Json in a list, again and again': ['saveMeta', () => [nested(28, inner => [inner, inner], 1)]],
  'relations of relations, eight levels': ['findMany', () => [{ include: include(8) }]],
  'relations of relations, sixty levels': ['findMany', () => [{ include: include(60) }]],
  'slow conditions': ['findMany', () => [{ where: every(8) }]],
  'deep lists': ['saveMeta', () => [nested(800, inner => [inner], 1)]],
  'deep objects': ['findFirst', () => [nested(800, inner => ({ NOT: inner }), { id: 1 })]],
  'a Map of Maps': ['findFirst', () => [nested(20, inner => new Map([['id', inner]]), 1)]],
  'a Set': ['deleteMany', () => [new Set([{ id: 1 }])]],
  'a text as a condition': ['deleteMany', () => ['id']],
  'a FormData': ['login', () => [form({ not: '' })]],
  'a FormData as data': ['create', () => [form({ email: 'form@acme.io', role: 'ADMIN' })]],
  'dates, numbers and bytes where conditions belong': ['findFirst', () => [new Date(0)]],
  'a bigint as a condition': ['findFirst', () => [7n]],
  'typed arrays as a condition': ['findFirst', () => [new Uint8Array(100)]],
  'a promise of a condition': ['deleteMany', () => [Promise.resolve({})]],
  'promises within a condition': ['deleteMany', () => [{ text: Promise.resolve('a') }]],
  'NaN and infinities': ['updateMany', () => [{ id: 1 }, { score: NaN }]],
  'nothing to remove by': ['deleteMany', () => [{}]],
  'nothing to change by': ['updateMany', () => [{ tenantId: undefined }, { role: 'ADMIN' }]],
  'nothing to log in by': ['login', () => [{}]],
  'an operator to log in by': ['login', () => [{ not: '' }]],
  'a text of a megabyte': ['login', () => ['x'.repeat(1 << 20)]],
  'a megabyte of conditions': ['findFirst', () => [{ OR: Array.from({ length: 60_000 }, (_, id) => ({ id })) }]],
  'a megabyte of keys': [
    'findFirst',
    () => [Object.fromEntries(Array.from({ length: 80_000 }, (_, index) => [`key${index}`, index]))],
  ],
  'a megabyte of Json': ['saveMeta', () => [Array.from({ length: 100_000 }, (_, index) => ({ index }))]],
  'a body that is too large': ['saveMeta', () => ['x'.repeat(6 << 20)]],
  'arguments of the wrong number': ['updateMany', () => []],
  'too many arguments': ['login', () => Array.from({ length: 500 }, () => 'x')],
}

/** Bodies that no client makes: the parts of a form by their names, or a text. */
const HANDWRITTEN = {
  'a reference to itself': ['findFirst', { 0: '["$@0"]' }],
  'a model that refers to itself': ['findFirst', { 0: '["$1"]', 1: '{"AND":"$1"}' }],
  'two that refer to each other': ['findFirst', { 0: '["$1"]', 1: '{"AND":"$2"}', 2: '{"NOT":"$1"}' }],
  'a path into itself': ['findFirst', { 0: '[{"AND":"$0:0"}]' }],
  'a part that does not exist': ['findFirst', { 0: '["$9"]' }],
  'a path through prototypes': ['findFirst', { 0: '["$1:constructor:constructor"]', 1: '{}' }],
  'a path to __proto__': ['findFirst', { 0: '["$1:__proto__:toString"]', 1: '{}' }],
  '__proto__ as a key': ['findFirst', '[{"__proto__":{"id":1}}]'],
  'a thenable of texts': ['findFirst', { 0: '["$1"]', 1: '{"then":"$1:constructor:constructor"}' }],
  'a server reference': ['findFirst', { 0: '["$F1"]', 1: '{"id":"none","bound":null}' }],
  'a Map that is no list': ['findFirst', { 0: '["$Q1"]', 1: '{"a":1}' }],
  'an iterator that never ends': ['findFirst', { 0: '["$i1"]', 1: '[{"id":1}]' }],
  'a stream that is left open': ['findFirst', { 0: '["$R1"]' }],
  'a huge bigint': ['findFirst', `["$n${'9'.repeat(100_000)}"]`],
  'a date that is none': ['findFirst', '[{"createdAt":"$Dnever"}]'],
  'an unknown mark': ['findFirst', '["$Zz"]'],
  'no JSON': ['findFirst', '[{"id":'],
  'not a list': ['findFirst', '{"id":1}'],
  'empty': ['findFirst', ''],
  'lists of lists': ['findFirst', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  'a hundred parts in a circle': [
    'findFirst',
    Object.fromEntries(
      Array.from({ length: 100 }, (_, part) => [part, part === 0 ? '["$1"]' : `{"AND":"$${(part % 99) + 1}"}`]),
    ),
  ],
  'doubling by parts': [
    'findFirst',
    Object.fromEntries(
      Array.from({ length: 40 }, (_, part) => [
        part,
        part === 0
          ? '["$1"]'
          : part === 39
            ? '{"id":1}'
            : `{"AND":"$${(part + 1).toString(16)}","NOT":"$${(part + 1).toString(16)}"}`,
      ]),
    ),
  ],
}

/** From users to posts to authors to posts: so many levels. */
function include(depth) {
  const name = level => ((depth - 1 - level) % 2 === 0 ? 'posts' : 'author')
  return nested(depth, (inner, level) => ({ [name(level)]: { include: inner } }), { [name(-1)]: true })
}

function every(depth) {
  return nested(depth, inner => ({ posts: { every: { author: inner } } }), {
    posts: { every: { title: { not: 'none' } } },
  })
}

function form(members) {
  const made = new FormData()
  for (const [name, value] of Object.entries(members)) made.append(name, value)
  return made
}

function body(parts) {
  if (typeof parts === 'string') return { data: parts, headers: { 'content-type': 'text/plain;charset=UTF-8' } }
  return { data: form(parts), headers: {} }
}

/** Actions whose rows may be others afterwards, when they were not refused. */
const SAVES = new Set(['saveMeta'])

test('hostile bodies', async t => {
  // Enough rows for what multiplies: one user with sixty posts.
  const crowd = () =>
    db.post.createMany({ data: Array.from({ length: 59 }, (_, post) => ({ title: `more ${post}`, authorId: 1 })) })
  await crowd()
  let before = await picture(db)
  let failed = 0
  const send = (name, action, request) =>
    t.test(name, async () => {
      failed++
      const answer = await request()
      discreet(answer, name)
      const state = await healthy(name)
      // A query that nobody waits for would go on: the next test begins with another server.
      if (answer.reason === 'TimeoutError') {
        server.child.kill('SIGKILL')
        await server.child.ended
        await open()
        assert.fail(`no answer within ${ANSWER / 1000} s: ${answer.reason}`)
      }
      assert.equal(state.users, 3, name)
      assert.equal(state.first, 'one@acme.io')
      // What finds nobody may not log anybody in.
      if (action === 'login') assert.ok(!answer.text.includes('@acme.io'), `${answer.text.slice(0, 200)}`)
      const after = await picture(db)
      if (SAVES.has(action)) await db.user.update({ where: { id: 1 }, data: { meta: { seen: [] } } })
      else assert.ok(after === before, 'the rows have changed')
      failed--
    })
  for (const [name, [action, make]] of Object.entries(HOSTILE)) {
    await send(name, action, async () => invoke(action, ...make()))
    const now = await picture(db)
    if (now !== before) {
      await restore(db)
      await crowd()
      before = await picture(db)
    }
  }
  for (const [name, [action, parts]] of Object.entries(HANDWRITTEN)) {
    const { data, headers } = body(parts)
    await send(name, action, () => post(action, data, headers))
  }
  const count = Object.keys(HOSTILE).length + Object.keys(HANDWRITTEN).length
  figures(t, `server action: ${count} hostile bodies, ${count - failed} without effect on others`)
})

test(`${rounds} random bodies`, async t => {
  await restore(db)
  const dice = random(seed)
  const before = await picture(db)
  const statuses = new Map()
  const one = async () => {
    const action = dice.pick(['login', 'findFirst', 'findMany', 'deleteMany', 'updateMany'])
    // Removals and changes are of a user that is not there: what is random is all else.
    const nobody = { id: -1 }
    const made = randomValue(dice, 4)
    const args = {
      login: [made],
      findFirst: [made],
      findMany: [randomArguments(dice)],
      deleteMany: [{ AND: [nobody, made] }],
      updateMany: [{ AND: [nobody, made] }, made],
    }[action]
    let text = await encodeReply(args)
    if (typeof text === 'string' && dice.below(3) === 0) text = damaged(text, dice)
    const answer = await post(action, text)
    discreet(answer, `seed ${seed}`)
    assert.ok(answer.status > 0, `no answer: ${answer.reason}, seed ${seed}`)
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
  }
  for (let sent = 0; sent < rounds; sent += 10) {
    await Promise.all(Array.from({ length: 10 }, one))
    if (sent % 50 === 0) await healthy(`round ${sent}, seed ${seed}`)
    if (sent % 500 === 0) progress(`server action: ${sent} of ${rounds} random bodies`)
  }
  assert.ok((await picture(db)) === before, `the rows have changed, seed ${seed}`)
  const seen = [...statuses]
    .sort()
    .map(([status, count]) => `${count} x ${status}`)
    .join(', ')
  figures(t, `server action: ${rounds} random bodies (${seen}), rows unchanged, seed ${seed}`)
})

test('the server stayed the same process', t => {
  figures(
    t,
    `server action: health ${summarize(slowest).text}, memory at most ${memory.toFixed(0)} MiB, ${server.starts} start(s) of the server`,
  )
  assert.equal(server.starts, 1, `the server had to be started ${server.starts} times`)
  assert.ok(existsSync(`/proc/${server.child.pid}`))
  assert.doesNotMatch(server.child.errors, /panicked|internal error \d/)
})

const KEYS = [
  'id',
  'email',
  'name',
  'tenantId',
  'role',
  'meta',
  'posts',
  'AND',
  'OR',
  'NOT',
  'some',
  'every',
  'not',
  'in',
  'equals',
  'contains',
  'gt',
  'author',
  'passwordHash',
  'constructor',
  '$ne',
  'x',
]

function randomValue(dice, depth) {
  switch (dice.below(depth > 0 ? 9 : 6)) {
    case 0:
      return dice.below(100)
    case 1:
      return dice.pick(['', 'a', '%', 'ADMIN', '\ud83d\ude00', 'asc', '2024-01-01T00:00:00Z', "' OR 1=1"])
    case 2:
      return dice.pick([true, false, null, undefined])
    case 3:
      return dice.pick([NaN, -0, Infinity, 5n, new Date(0), new Date(NaN)])
    case 4:
      return dice.pick([new Map([['id', 1]]), new Set(['id']), new Uint8Array(4), Promise.resolve(1)])
    case 5:
      return []
    case 6:
      return Array.from({ length: dice.below(4) }, () => randomValue(dice, depth - 1))
    default: {
      const made = {}
      let last
      for (let member = dice.below(4); member > 0; member--) {
        // Now and then one object in two places.
        last = last !== undefined && dice.below(4) === 0 ? last : randomValue(dice, depth - 1)
        made[dice.pick(KEYS)] = last
      }
      return made
    }
  }
}

function randomArguments(dice) {
  const made = {}
  for (const name of ['where', 'orderBy', 'take', 'skip', 'select', 'include', 'omit']) {
    if (dice.below(3) === 0) made[name] = name === 'take' ? dice.pick([1, 10, -3, 1e9, 'x', NaN]) : randomValue(dice, 3)
  }
  return made
}

function damaged(text, dice) {
  const at = dice.below(text.length)
  return dice.pick([
    text.slice(0, at),
    text.slice(0, at) + dice.pick(['$', '"', '{', '$1', '\0', '$Q0', '$@0']) + text.slice(at),
    text.slice(at),
  ])
}
