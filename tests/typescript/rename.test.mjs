// A renamed field breaks the type check of the React component that shows it. `rename.rs` says the same of the Rust
// component beside it.

import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { purlin, typecheck } from './tools.mjs'

const project = mkdtempSync(join(tmpdir(), 'purlin-rename-'))
after(() => rmSync(project, { recursive: true, force: true }))

cpSync(fileURLToPath(new URL('../rename', import.meta.url)), project, { recursive: true })
symlinkSync(fileURLToPath(new URL('./node_modules', import.meta.url)), join(project, 'node_modules'))

function replace(file, from, to) {
  const path = join(project, file)
  const text = readFileSync(path, 'utf8')
  assert.ok(text.includes(from), `${file} has \`${from}\``)
  writeFileSync(path, text.replaceAll(from, to))
}

test('a renamed field breaks the React component that shows it', () => {
  purlin(project, 'generate')
  assert.deepEqual(typecheck(project), { ok: true, output: '' })

  replace('schema.prisma', 'title    String', 'headline String')
  purlin(project, 'generate')
  const broken = typecheck(project)
  assert.equal(broken.ok, false)
  assert.match(
    broken.output,
    /components\/PostEntry\.tsx\(5,20\): error TS2339: Property 'title' does not exist on type 'Post'/,
  )
  assert.equal(broken.output.match(/error TS/g).length, 1, broken.output)

  replace('components/PostEntry.tsx', 'post.title', 'post.headline')
  assert.deepEqual(typecheck(project), { ok: true, output: '' })
})
