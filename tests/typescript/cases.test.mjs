// The cases, run by the TypeScript client: each on a database of its own, against the expectations in `expected/`.

import assert from 'node:assert/strict'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'
import { compile, postgres, purlin } from './tools.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const expected = fileURLToPath(new URL('../expected/', import.meta.url))

compile(here)
const folder = mkdtempSync(join(tmpdir(), 'purlin-tests-'))
const template = join(folder, 'template.db')
const project = fileURLToPath(new URL('..', import.meta.url))
const { PurlinClient } = await import('./build/generated/index.js')
const { PurlinClient: PostgresClient } = await import(generateFor('postgresql'))
const server = postgres()

before(() => {
  purlin(project, 'db', 'push', '--url', `file:${template}`)
  for (const seed of ['seed.sql', 'seed.sqlite.sql']) {
    purlin(project, 'db', 'execute', '--file', seed, '--url', `file:${template}`)
  }
})
after(() => {
  server.end()
  rmSync(folder, { recursive: true, force: true })
})

let files = 0

/** The databases that every case runs on. Each gives a seeded database with these rows: a client, and how it ends. */
const databases = {
  sqlite: {
    async open(rows) {
      const file = join(folder, `${++files}.db`)
      copyFileSync(template, file)
      if (rows !== '') purlin(project, 'db', 'execute', '--file', rows, '--url', `file:${file}`)
      const db = new PurlinClient({ url: `file:${file}` })
      return { db, end: () => db.$disconnect() }
    },
    expected: {},
    leavesOut: () => [],
  },
  postgres: {
    async open(rows) {
      const url = await server.open(rows)
      const db = new PostgresClient({ url })
      return {
        db,
        async end() {
          await db.$disconnect()
          server.close(url)
        },
      }
    },
    expected: JSON.parse(readFileSync(new URL('../expected_on/postgres.json', import.meta.url), 'utf8')),
    leavesOut: onlyOnSqlite,
  },
}

for (const capability of names(expected, '.json')) {
  const cases = await import(`./build/cases/${capability}.js`)
  const expectations = JSON.parse(readFileSync(join(expected, `${capability}.json`), 'utf8'))
  describe(capability, () => {
    // With its twin in `cases/main.rs` this says that both languages have the same cases.
    test('the expectations name exactly these cases', () => {
      assert.deepEqual(Object.keys(cases).map(sentence).sort(), Object.keys(expectations).sort())
    })
    for (const [database, { open, expected, leavesOut }] of Object.entries(databases)) {
      const leftOut = leavesOut(capability)
      for (const [name, run] of Object.entries(cases)) {
        if (leftOut.includes(underscored(name))) continue
        test(`${sentence(name)} (${database})`, async () => {
          const rows = join(project, 'rows', capability, `${underscored(name)}.sql`)
          const { db, end } = await open(existsSync(rows) ? rows : '')
          try {
            const given = plain(await run(db))
            assert.deepEqual(given, expected[capability]?.[sentence(name)] ?? expectations[sentence(name)])
          } finally {
            await end()
          }
        })
      }
    }
  })
}

test('the generated clients are what the schema asks for', () => {
  purlin(project, 'generate', '--check')
})

test('each capability has cases', () => {
  assert.deepEqual(names(join(here, 'cases'), '.ts'), names(expected, '.json'))
})

/** The name of a case in the expectations: the function's, in words. */
function sentence(name) {
  return name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
}

/** The name of a case in Rust, and of its file of rows. */
function underscored(name) {
  return sentence(name).replaceAll(' ', '_')
}

/** The cases of a capability that are about SQLite alone, as `cases/` says it. */
function onlyOnSqlite(capability) {
  const text = readFileSync(new URL(`../cases/${capability}.rs`, import.meta.url), 'utf8')
  const [, list = ''] = /only on SQLite:\n([^)]*)\);/.exec(text.replace(/^ *\/\/.*\n/gm, '')) ?? []
  return list.split(',').map(name => name.trim())
}

/** Generates the client of the same schema for another database; its module. */
function generateFor(provider) {
  const own = join(here, 'build', provider)
  mkdirSync(own, { recursive: true })
  const text = readFileSync(new URL('../schema.prisma', import.meta.url), 'utf8')
  const schema = text
    .replace('provider = "sqlite"', `provider = "${provider}"`)
    .replace(/generator rust \{[^}]*\}/, '')
    .replace('"typescript/generated"', '"generated"')
  writeFileSync(join(own, 'schema.prisma'), schema)
  purlin(own, 'generate', '--schema', 'schema.prisma')
  const generated = join(own, 'generated')
  for (const file of names(generated, '.ts')) {
    const { code } = transformSync(readFileSync(join(generated, `${file}.ts`), 'utf8'), { loader: 'ts' })
    writeFileSync(join(generated, `${file}.js`), code)
  }
  return join(generated, 'index.js')
}

/** The names of the files of a folder that have this ending, without it. */
function names(folder, ending) {
  return readdirSync(folder)
    .filter(file => file.endsWith(ending))
    .map(file => basename(file, ending))
    .sort()
}

/** A result as JSON, in which values that JSON has no word for begin with their type. */
function plain(value) {
  if (typeof value === 'bigint') return `bigint:${value}`
  if (value instanceof Date) return `datetime:${value.toISOString()}`
  if (value instanceof Uint8Array) return `bytes:${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]))
}
