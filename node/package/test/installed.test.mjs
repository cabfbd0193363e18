// The packed package, installed in a project: `npx purlin`, and the client in both module systems.

import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const source = fileURLToPath(new URL('..', import.meta.url))
const project = mkdtempSync(join(tmpdir(), 'purlin-installed-'))
after(() => rmSync(project, { recursive: true, force: true }))

const SCHEMA = `datasource db {
  provider = "sqlite"
  url      = env("DATABASE_URL")
}

generator typescript {
  provider = "purlin-typescript"
  output   = "../src/generated"
}

model Note {
  id   Int    @id @default(autoincrement())
  text String
}
`
const env = {
  ...process.env,
  DATABASE_URL: 'file:./notes.db',
  npm_config_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
}
const npm = (args, cwd) => execFileSync('npm', args, { cwd, env, encoding: 'utf8' })
const npx = (...args) => spawnSync('npx', ['--no-install', 'purlin', ...args], { cwd: project, env, encoding: 'utf8' })

before(() => {
  const [{ filename }] = JSON.parse(npm(['pack', '--ignore-scripts', '--json', '--pack-destination', project], source))
  mkdirSync(join(project, 'prisma'))
  writeFileSync(join(project, 'package.json'), '{ "name": "notes", "private": true }')
  writeFileSync(join(project, 'prisma/schema.prisma'), SCHEMA)
  npm(['install', '--ignore-scripts', `./${filename}`], project)
})

test('the code of the package is in few files, each in `dist`', () => {
  const installed = join(project, 'node_modules/purlin')
  const files = readdirSync(installed, { recursive: true }).filter(name => /\.[cm]?js$/.test(name))
  const wrappers = ['edge.mjs', 'index.mjs', 'next.mjs']
  const expected = ['cli.js', 'edge.js', 'index.js', 'next.js', 'runtime.js', 'shared.js', ...wrappers].map(name =>
    join('dist', name),
  )
  assert.deepEqual(files.sort(), expected.sort())
  // What editors show of the types is in the declarations of the modules.
  assert.ok(existsSync(join(installed, 'dist/filters.d.ts')))
})

test('npx purlin is the command-line tool', () => {
  const valid = npx('validate')
  assert.deepEqual([valid.status, valid.stderr], [0, ''], valid.stdout)
  assert.match(valid.stdout, /Valid/)
  writeFileSync(join(project, 'prisma/wrong.prisma'), 'model A {\n  id In @id\n}\n')
  const wrong = npx('validate', '--schema', 'prisma/wrong.prisma')
  assert.equal(wrong.status, 1)
  assert.match(wrong.stderr + wrong.stdout, /wrong\.prisma:2/)
  const usage = npx('nonsense')
  assert.equal(usage.status, 2)
  assert.match(usage.stderr, /Usage: npx purlin \[OPTIONS\]/)
  rmSync(join(project, 'prisma/wrong.prisma'))
})

test('what it makes is what the installed client runs on, in both module systems', () => {
  for (const args of [['db', 'push', '--no-input'], ['generate']]) {
    const done = npx(...args)
    assert.equal(done.status, 0, done.stderr)
  }
  const tsc = require.resolve('typescript/package.json').replace('package.json', 'bin/tsc')
  const compile = (out, type) => {
    writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'notes', private: true, type }))
    const options = [
      '--ignoreConfig',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--skipLibCheck',
      '--types',
      '',
      '--outDir',
      out,
    ]
    execFileSync(process.execPath, [tsc, ...options, 'src/generated/index.ts'], { cwd: project, encoding: 'utf8' })
  }
  const query = 'new PurlinClient().note.create({ data: { text: "x" } }).then(note => console.log(note.id, note.text))'
  compile('cjs', 'commonjs')
  const common = execFileSync(
    process.execPath,
    ['-e', `const { PurlinClient } = require('./cjs/index.js'); ${query}`],
    { cwd: project, env, encoding: 'utf8' },
  )
  assert.equal(common, '1 x\n')
  compile('esm', 'module')
  const module = `import { PurlinClient } from './esm/index.js'; await ${query}`
  assert.equal(
    execFileSync(process.execPath, ['--input-type=module', '-e', module], { cwd: project, env, encoding: 'utf8' }),
    '2 x\n',
  )
})

test('the tool runs where a package manager has left out the mode of its file', () => {
  const native = join(project, 'node_modules/purlin/native')
  const name = readdirSync(native).find(name => !name.endsWith('.node'))
  chmodSync(join(native, name), 0o644)
  assert.equal(
    npx('--version').stdout,
    `purlin ${JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')).version}\n`,
  )
  assert.ok((statSync(join(native, name)).mode & 0o111) !== 0)
})

test('a signal ends the tool with its parent', async () => {
  const launcher = join(project, 'node_modules/purlin/dist/cli.js')
  const child = spawn(process.execPath, [launcher, 'generate', '--watch'], {
    cwd: project,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await new Promise(resolve => child.stdout.once('data', resolve))
  child.kill('SIGTERM')
  const [code, signal] = await new Promise(resolve => child.on('close', (...ended) => resolve(ended)))
  assert.equal(signal ?? code, 128 + 15)
})

test('the pages that messages name are in the package, and their links lead somewhere', () => {
  const installed = join(project, 'node_modules/purlin')
  const pages = readdirSync(join(installed, 'docs')).map(name => `docs/${name}`)
  const named = new Set()
  for (const folder of [
    fileURLToPath(new URL('../src', import.meta.url)),
    fileURLToPath(new URL('../../../cli/src', import.meta.url)),
  ]) {
    for (const file of readdirSync(folder, { recursive: true }).filter(name => /\.(ts|mts|rs)$/.test(name))) {
      for (const [name] of readFileSync(join(folder, file), 'utf8').matchAll(/(?<!\/)docs\/[a-z-]+\.md/g))
        named.add(name)
    }
  }
  assert.ok(named.has('docs/configuration.md') && named.has('docs/adopting.md'))
  for (const name of named) assert.ok(pages.includes(name), name)
  const { homepage } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  const checkout = fileURLToPath(new URL('../../../', import.meta.url))
  for (const name of ['README.md', ...pages]) {
    const text = readFileSync(join(installed, name), 'utf8')
    for (const [, link] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (link.startsWith(`${homepage}/blob/main/`)) {
        assert.ok(existsSync(join(checkout, link.slice(`${homepage}/blob/main/`.length))), `${name}: ${link}`)
      } else if (!/^https?:/.test(link)) {
        assert.ok(existsSync(join(installed, name, '..', link)), `${name}: ${link}`)
      }
    }
  }
})
