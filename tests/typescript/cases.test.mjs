// The cases, run by the TypeScript client: each on a database of its own, against the expectations in `expected/`.

import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { compile, purlin } from './tools.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const expected = fileURLToPath(new URL('../expected/', import.meta.url))

compile(here)
const { PurlinClient } = await import('./build/generated/index.js')
const folder = mkdtempSync(join(tmpdir(), 'purlin-tests-'))
const template = join(folder, 'template.db')

const project = fileURLToPath(new URL('..', import.meta.url))

before(() => {
  purlin(project, 'db', 'push', '--url', `file:${template}`)
  for (const seed of ['seed.sql', 'seed.sqlite.sql']) {
    purlin(project, 'db', 'execute', '--file', seed, '--url', `file:${template}`)
  }
})
after(() => rmSync(folder, { recursive: true, force: true }))

/** The databases that every case runs on. Each gives a client of a seeded database of its own, with these rows. */
const databases = {
  sqlite(rows) {
    const file = join(folder, `${++databases.made}.db`)
    copyFileSync(template, file)
    if (existsSync(rows)) purlin(project, 'db', 'execute', '--file', rows, '--url', `file:${file}`)
    return new PurlinClient({ url: `file:${file}` })
  },
}
Object.defineProperty(databases, 'made', { value: 0, writable: true, enumerable: false })

for (const capability of names(expected, '.json')) {
  const cases = await import(`./build/cases/${capability}.js`)
  const expectations = JSON.parse(readFileSync(join(expected, `${capability}.json`), 'utf8'))
  describe(capability, () => {
    // With its twin in `cases/main.rs` this says that both languages have the same cases.
    test('the expectations name exactly these cases', () => {
      assert.deepEqual(Object.keys(cases).map(sentence).sort(), Object.keys(expectations).sort())
    })
    for (const [name, run] of Object.entries(cases)) {
      for (const [database, open] of Object.entries(databases)) {
        test(`${sentence(name)} (${database})`, async () => {
          const db = open(join(project, 'rows', capability, `${sentence(name).replaceAll(' ', '_')}.sql`))
          try {
            assert.deepEqual(plain(await run(db)), expectations[sentence(name)])
          } finally {
            await db.$disconnect()
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
