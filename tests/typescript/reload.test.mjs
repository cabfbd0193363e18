// What a development server does: the schema changes, the client is generated anew and its module is loaded again,
// while the old ones are still there. All share one pool, and each sees the database through its own catalog.

import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { compile, purlin } from './tools.mjs'

const GENERATIONS = [0, 1, 2, 3, 4]
const project = mkdtempSync(join(tmpdir(), 'purlin-reload-'))
after(() => rmSync(project, { recursive: true, force: true }))
const file = join(project, 'shared.db')

/** In each generation the field is another column of the same table: the queries are alike, their results differ. */
const schema = generation => `
datasource db {
  provider = "sqlite"
  url      = "file:${file}"
}

generator typescript {
  provider = "purlin-typescript"
  output   = "generated/${generation}"
}

model Note {
  id   Int    @id
  text String @map("column${generation}")
}
`

const columns = GENERATIONS.map(generation => `column${generation}`)
const script = `
CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY, ${columns.map(name => `"${name}" TEXT NOT NULL`).join(', ')});
INSERT INTO "Note" VALUES (1, ${columns.map(name => `'${name}'`).join(', ')});
`

const settings = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023'],
    module: 'nodenext',
    outDir: 'build',
    rootDir: '.',
    strict: true,
    skipLibCheck: true,
    types: [],
  },
  include: ['generated'],
}

symlinkSync(fileURLToPath(new URL('./node_modules', import.meta.url)), join(project, 'node_modules'))
writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(settings))
writeFileSync(join(project, 'script.sql'), script)
for (const generation of GENERATIONS) {
  writeFileSync(join(project, 'schema.prisma'), schema(generation))
  purlin(project, 'generate')
}
purlin(project, 'db', 'execute', '--file', 'script.sql')
compile(project)

async function load(generation) {
  const { PurlinClient } = await import(pathToFileURL(join(project, `build/generated/${generation}/index.js`)).href)
  return new PurlinClient()
}

/** The file descriptors by which this process has the database open, where the system tells. */
function open() {
  if (!existsSync('/proc/self/fd')) return undefined
  const links = readdirSync('/proc/self/fd').map(fd => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return undefined
    }
  })
  return links.filter(link => link === file).length
}

/** Reads by a key, on this thread, and by a list, on one of the pool's. */
async function texts(db) {
  const one = await db.note.findUnique({ where: { id: 1 } })
  const many = await db.note.findMany({ where: { text: { contains: 'column' } }, select: { text: true } })
  return [one.text, ...many.map(note => note.text)]
}

test('five generations of a client share one pool, and none sees the catalog of another', async () => {
  const clients = []
  for (const generation of GENERATIONS) {
    clients.push(await load(generation))
    // The old ones first, so that a plan of theirs is in every cache.
    for (const [old, db] of clients.entries()) assert.deepEqual(await texts(db), [`column${old}`, `column${old}`])
  }

  await Promise.all(clients.map((db, index) => db.note.update({ where: { id: 1 }, data: { text: `column ${index}` } })))
  const changed = await Promise.all(clients.map(texts))
  assert.deepEqual(
    changed,
    GENERATIONS.map(generation => [`column ${generation}`, `column ${generation}`]),
  )

  // A pool is a writer and four readers, which it opens as it needs them; five pools would be ten at least.
  const connections = open()
  assert.ok(connections === undefined || (connections > 0 && connections <= 5), `${connections} connections`)

  await clients[0].$disconnect()
  assert.deepEqual(await texts(clients[4]), ['column 4', 'column 4'], 'the pool stays for the others')
})
