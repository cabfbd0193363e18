// The generated client and its misuses, under the compilers and the settings that applications have.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const folder = fileURLToPath(new URL('..', import.meta.url))
const files = [
  'test/types/good.ts',
  'test/types/bad.ts',
  'test/types/conditional.ts',
  'test/types/names.ts',
  'test/types/secrets.ts',
  'test/generated-decimal/index.ts',
]

const compilers = {
  'TypeScript 5.4': [join(dirname(require.resolve('typescript-5.4/package.json')), 'bin/tsc')],
  'TypeScript 7': [join(dirname(require.resolve('typescript/package.json')), 'bin/tsc'), '--ignoreConfig'],
}
const settings = {
  nodenext: ['--module', 'nodenext', '--moduleResolution', 'nodenext'],
  bundler: ['--module', 'esnext', '--moduleResolution', 'bundler', '--isolatedModules'],
  'exact optional properties': ['--module', 'esnext', '--moduleResolution', 'bundler', '--exactOptionalPropertyTypes'],
}

for (const [compiler, command] of Object.entries(compilers)) {
  test(`${compiler}, without strictNullChecks`, () => {
    const shared = ['--noEmit', '--strict', '--strictNullChecks', 'false', '--target', 'es2022', '--types', 'node']
    const { status, stdout } = spawnSync(
      process.execPath,
      [...command, ...shared, ...settings.nodenext, 'test/types-loose/loose.ts'],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    )
    assert.equal(status, 0, stdout)
  })

  for (const [setting, options] of Object.entries(settings)) {
    test(`${compiler}, ${setting}`, () => {
      const shared = ['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--target', 'es2022', '--types', 'node']
      const { status, stdout } = spawnSync(process.execPath, [...command, ...shared, ...options, ...files], {
        cwd: folder,
        encoding: 'utf8',
      })
      assert.equal(status, 0, stdout)
    })
  }
}
