// What the compiler says of an option that the client does not have is a sentence that says what to do.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const folder = fileURLToPath(new URL('..', import.meta.url))
const file = join(folder, 'test/types/messages.generated.ts')
after(() => rmSync(file, { force: true }))

test('the types of absent options are sentences', () => {
  const options = [
    ["log: ['query']", 'log is not supported yet: remove it'],
    ["log: [{ emit: 'event', level: 'query' }]", 'log is not supported yet: remove it'],
    ["errorFormat: 'pretty'", 'errorFormat is not supported yet: remove it'],
    ['omit: { user: { email: true } }', 'omit is not supported yet for a client: give it to each call'],
    [
      'adapter: new Map()',
      'adapter is not needed, since the engine speaks to the database itself: write its url in its place',
    ],
  ]
  const lines = options.map(([option]) => `new PurlinClient({ ${option} })`)
  writeFileSync(file, ["import { PurlinClient } from '../generated/index.js'", ...lines].join('\n'))
  const compilers = [
    [join(dirname(require.resolve('typescript-5.4/package.json')), 'bin/tsc')],
    [join(dirname(require.resolve('typescript/package.json')), 'bin/tsc'), '--ignoreConfig'],
  ]
  const settings = [
    '--noEmit',
    '--strict',
    '--target',
    'es2022',
    '--types',
    'node',
    '--module',
    'nodenext',
    '--pretty',
    'false',
  ]
  for (const compiler of compilers) {
    const { stdout } = spawnSync(process.execPath, [...compiler, ...settings, file], { cwd: folder, encoding: 'utf8' })
    for (const [index, [option, sentence]] of options.entries()) {
      const begins = stdout.indexOf(`messages.generated.ts(${index + 2},`)
      assert.ok(begins >= 0, `${option}: ${stdout}`)
      const told = stdout.slice(begins).split('\ntest/')[0]
      assert.ok(told.includes(sentence), `${option}: ${told}`)
    }
  }
})
