// A day at `next dev`: the schema of the example changes again and again, while somebody looks at its page. The long
// form of `reload.test.mjs`, with the bundler and the server that people use.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative, sep } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { purlin, purlinAside } from '../tools.mjs'
import { DevelopmentServer, until } from './development-server.mjs'

const CHANGES = 5
/** A writer and four readers. */
const POOL = 5
/** For a change to reach the page: a bundler on a busy machine takes its time. */
const RELOAD = 60_000
const TITLE = 'What a purlin does all day'
const ADDRESS = new RegExp(`href="(/posts/[0-9]+)"[^>]*><h3>${TITLE}<`)

const checkout = fileURLToPath(new URL('../../../', import.meta.url))
const example = join(checkout, 'examples/next-blog')
const tarball = 'target/npm/purlin-0.1.0.tgz'
// The copy lies as deep as the example, so that its `package.json` finds the packed package.
const root = realpathSync(mkdtempSync(join(tmpdir(), 'purlin-next-dev-')))
const project = join(root, 'examples/next-blog')
const database = join(project, 'dev.db')
let server

after(clean)
// An interrupted test runs no hooks, and the packages alone are half a gigabyte. Not `once`: the signal comes from the
// terminal, and again from the test runner while this cleans up.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    clean()
    process.exit(1)
  })
}

function clean() {
  server?.kill()
  rmSync(root, { recursive: true, force: true, maxRetries: 5 })
}

before(() => {
  assert.ok(existsSync(join(checkout, tarball)), `${tarball} is there: run \`cargo xtask package\``)
  cpSync(example, project, { recursive: true, filter: isSource })
  mkdirSync(join(root, 'target/npm'), { recursive: true })
  copyFileSync(join(checkout, tarball), join(root, tarball))
  const install = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  execFileSync('npm', install, { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] })

  // As its README says, also where the surroundings name another database.
  delete process.env.DATABASE_URL
  copyFileSync(join(project, '.env.example'), join(project, '.env'))
  for (const command of [['generate'], ['db', 'push', '--no-input'], ['db', 'seed']]) purlin(project, ...command)
})

test('one development server through five changes of the schema', async t => {
  server = await DevelopmentServer.start(project)
  const opened = await until(
    () => server.ended || server.get('/').catch(() => undefined),
    RELOAD,
    () => `the page:\n${server.log}`,
  )
  assert.equal(opened.status, 200, server.log)
  const posts = opened.text.split('class="post"').length - 1
  const article = opened.text.match(ADDRESS)?.[1]
  assert.ok(posts > 0 && article !== undefined, 'the page has posts')
  const holders = await underLoad(article)

  for (let change = 1; change <= CHANGES; change++) {
    const visitor = new Visitor(['/', article])
    const start = Date.now()
    try {
      await addNote(change)
      await until(
        async () => notes((await server.get('/')).text) === posts * change,
        RELOAD,
        () => `the page shows note ${change}; the server says\n${server.log}`,
      )
    } finally {
      await visitor.leave()
    }
    const elapsed = Date.now() - start
    const { answers, complaints } = visitor
    assert.equal(server.ended, false, `the server has ended:\n${server.log}`)
    assert.deepEqual(complaints, [], 'each answer in between is a whole page')

    const now = await underLoad(article)
    const connections = now && [...now.values()]
    assert.deepEqual(now && [...now.keys()], holders && [...holders.keys()], 'the same process has the database open')
    assert.ok(now === undefined || (now.size === 1 && connections[0] <= POOL), `${connections} connections`)
    t.diagnostic(
      `change ${change}: on the page after ${elapsed} ms, ${answers} answers meanwhile, connections: ${connections}`,
    )
  }
  for (const sign of ['P2022', 'panicked', 'unhandledRejection']) assert.ok(!server.log.includes(sign), server.log)

  // What a process manager grants before it kills is ten seconds.
  t.diagnostic(`gone ${await server.terminate(10_000)} ms after SIGTERM`)
})

/** Adds an optional field to the posts, and to the page: it writes the field where there is none, and shows it. */
async function addNote(number) {
  const field = `note${number}`
  edit('prisma/schema.prisma', /(?<=^model Post \{\n)/m, `  ${field} String?\n`)
  await purlinAside(project, 'db', 'push', '--no-input')
  await purlinAside(project, 'generate')
  const fill = `  await db.post.updateMany({ where: { ${field}: null }, data: { ${field}: 'a note' } })\n`
  edit('src/app/Users.tsx', /(?= {2}const users)/, fill)
  edit('src/app/Posts.tsx', /(?<=<h3>.*<\/h3>\n)/, `            <p className="note">{post.${field}}</p>\n`)
}

const notes = page => page.split('<p class="note">a note</p>').length - 1

/** Inserts where the pattern is; in one step, as the server watches. */
function edit(file, place, text) {
  const path = join(project, file)
  const old = readFileSync(path, 'utf8')
  assert.match(old, place)
  writeFileSync(`${path}~`, old.replace(place, text))
  renameSync(`${path}~`, path)
}

/** Many requests at once, so that a pool opens all that it may; then which processes have the database open. */
async function underLoad(article) {
  const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => server.get(index % 2 ? '/' : article)))
  assert.deepEqual(answers.flatMap(complaint), [])
  const open = server.descriptors(database)
  assert.ok(open === undefined || open.size > 0, 'the database is open')
  return open
}

/** Looks at the pages in turn, from when it comes until it leaves. */
class Visitor {
  answers = 0
  complaints = []
  #left = false
  #visit

  constructor(paths) {
    this.#visit = this.#look(paths)
  }

  async #look(paths) {
    while (!this.#left) {
      for (const path of paths) {
        const found = await server.get(path).then(complaint, error => [error.message])
        this.answers += 1
        this.complaints.push(...found)
      }
    }
  }

  leave() {
    this.#left = true
    return this.#visit
  }
}

/** What is wrong with an answer: nothing, or one thing. */
function complaint({ path, status, text }) {
  if (status === 200 && text.includes(TITLE) && !text.includes('P2022')) return []
  return [`${path}: ${status}\n${text.slice(0, 4000)}`]
}

function isSource(path) {
  const [top] = relative(example, path).split(sep)
  return (
    !['node_modules', '.next', '.env', 'screenshots'].includes(top) &&
    !/\.(db|db-wal|db-shm|tsbuildinfo)$/.test(basename(path))
  )
}
