// `next build` in an image that has no database: pages that leave their queries to requests are built, and a page that
// caches what it reads says what it needs.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { purlin } from '../tools.mjs'

const checkout = fileURLToPath(new URL('../../../', import.meta.url))
const example = join(checkout, 'examples/next-blog')
const tarball = 'target/npm/purlin-0.1.0.tgz'
// As deep as the example, so that its `package.json` finds the packed package.
const root = realpathSync(mkdtempSync(join(tmpdir(), 'purlin-next-build-')))
const project = join(root, 'examples/next-blog')
after(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }))

const component = body => `import { Suspense } from 'react'
import { db } from '@/db'

async function Rows() {
  ${body}
}

export default function Page() {
  return <Suspense fallback={<p>Reading ...</p>}><Rows /></Suspense>
}
`

const FILES = {
  'next.config.ts': `import { withPurlin } from 'purlin/next'
export default withPurlin({
  cacheComponents: true,
  partialPrefetching: true,
  turbopack: { root: process.cwd() },
  outputFileTracingRoot: process.cwd(),
})
`,
  'src/app/layout.tsx': `export default function Layout({ children }: { children: React.ReactNode }) {
  return <html lang="en"><body>{children}</body></html>
}
`,
  'src/app/page.tsx': component('return <p>{(await db.user.findMany()).length}</p>'),
  'src/app/several/page.tsx': component(`const [users, post] = await Promise.all([db.user.count(), db.post.findFirst()])
  return <p>{users} {post?.title}</p>`),
  'src/app/list/page.tsx': component(`const [users, posts] = await db.$transaction([db.user.count(), db.post.count()])
  return <p>{users} {posts}</p>`),
  'src/app/transaction/page.tsx': component('return <p>{await db.$transaction(tx => tx.user.count())}</p>'),
}
const CACHED = `import { db } from '@/db'

async function count() {
  'use cache'
  return await db.user.count()
}

export default async function Page() {
  return <p>{await count()}</p>
}
`

function write(name, text) {
  mkdirSync(dirname(join(project, name)), { recursive: true })
  writeFileSync(join(project, name), text)
}

function run(program, args, variables = {}) {
  const { DATABASE_URL: _, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: project,
    env: { ...env, NEXT_TELEMETRY_DISABLED: '1', ...variables },
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}

const build = variables => run(process.execPath, [join(project, 'node_modules/next/dist/bin/next'), 'build'], variables)

before(() => {
  assert.ok(existsSync(join(checkout, tarball)), `${tarball} is there: run \`cargo xtask package\``)
  mkdirSync(project, { recursive: true })
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'prisma/schema.prisma', 'src/db.ts']) {
    cpSync(join(example, name), join(project, name))
  }
  mkdirSync(join(root, 'target/npm'), { recursive: true })
  copyFileSync(join(checkout, tarball), join(root, tarball))
  for (const [name, text] of Object.entries(FILES)) write(name, text)
  const install = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  const installed = run('npm', install)
  assert.equal(installed.status, 0, installed.output)
  purlin(project, 'generate')
})

test('pages that query behind Suspense are built without an address and without a file', () => {
  for (const variables of [{}, { DATABASE_URL: '' }, { DATABASE_URL: `file:${root}/nowhere/app.db` }]) {
    const { status, output } = build(variables)
    assert.equal(status, 0, output)
    for (const page of ['/', '/several', '/list', '/transaction']) {
      assert.match(output, new RegExp(`◐ ${page.replace('/', '\\/')}\\s`), output)
    }
  }
})

test('a cached query needs the database at build time, and says so', () => {
  write('src/app/cached/page.tsx', CACHED)
  const { status, output } = build()
  assert.notEqual(status, 0, output)
  assert.match(output, /the environment variable DATABASE_URL is not set.*`next build` needs the variable/)
  const url = { DATABASE_URL: `file:${root}/build.db` }
  purlin(project, 'db', 'push', '--no-input', '--url', url.DATABASE_URL)
  const built = build(url)
  assert.equal(built.status, 0, built.output)
})
