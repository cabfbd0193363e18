// A database of its own for each test file: made once by `purlin db push`, then copied.

import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { after } from 'node:test'

const here = path => fileURLToPath(new URL(path, import.meta.url))

/** The command-line tool: the one that PURLIN_BIN names, or that was packaged, or that cargo has built. */
export function tool() {
  if (process.env.PURLIN_BIN !== undefined) return process.env.PURLIN_BIN
  const places = [
    here('../../../../target/bin/purlin'),
    join(process.env.CARGO_TARGET_DIR ?? here('../../../../target'), 'debug/purlin'),
  ]
  const found = places.find(place => existsSync(place))
  if (found === undefined) throw new Error('these tests need the tool `purlin`: run `cargo xtask package` first')
  return found
}

const folder = mkdtempSync(join(tmpdir(), 'purlin-node-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const templates = new Map()
let count = 0

/** The URL of a fresh database with the tables of a schema of `test/schema`. */
export function freshUrl(schema = 'schema.prisma') {
  let template = templates.get(schema)
  if (template === undefined) {
    template = join(folder, `template-${templates.size}.db`)
    const args = ['db', 'push', '--no-input', '--schema', here(`../schema/${schema}`), '--url', `file:${template}`]
    execFileSync(tool(), args, { stdio: ['ignore', 'ignore', 'inherit'] })
    templates.set(schema, template)
  }
  const file = join(folder, `${++count}.db`)
  copyFileSync(template, file)
  return `file:${file}`
}
