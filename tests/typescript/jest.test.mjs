// The client inside of jest, which has a realm, timers and a cache of modules of its own.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { purlin } from './tools.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const out = join(here, 'build/jest')

test('jest, which finds no handle that is open at the end', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'purlin-jest-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const url = `file:${join(folder, 'test.db')}`
  purlin(join(here, '..'), 'db', 'push', '--no-input', '--url', url)
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  const options = {
    entryPoints: [join(here, 'generated/index.ts')],
    bundle: true,
    platform: 'node',
    external: ['purlin', 'decimal.js'],
  }
  await esbuild.build({ ...options, format: 'cjs', outfile: join(out, 'client.cjs'), logLevel: 'silent' })
  copyFileSync(join(here, 'jest/suite.cjs'), join(out, 'suite.cjs'))
  const jest = join(dirname(createRequire(import.meta.url).resolve('jest/package.json')), 'bin/jest.js')
  const config = {
    rootDir: out,
    testMatch: ['**/suite.cjs'],
    testEnvironment: 'node',
    // The first test loads the client, for seconds on a machine that is busy.
    testTimeout: 60_000,
    cacheDirectory: join(folder, 'cache'),
  }
  const args = [jest, '--ci', '--detectOpenHandles', '--watchman=false', '--config', JSON.stringify(config)]
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: out,
    env: { ...process.env, TEST_URL: url },
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
  assert.match(stderr, /Tests: +4 passed, 4 total/)
  assert.doesNotMatch(stderr, /open handle|did not exit/)
})
