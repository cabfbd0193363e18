// The start script of the command-line tool, in a package whose tool tells how it was started.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

test('the tool is told that npx runs it, and gets its arguments and the environment', {
  skip: process.platform === 'win32',
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'purlin-cli-'))
  try {
    for (const name of ['dist', 'native']) mkdirSync(join(folder, name))
    copyFileSync(fileURLToPath(new URL('../dist/cli.js', import.meta.url)), join(folder, 'dist', 'cli.js'))
    const name = `purlin.${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}`
    writeFileSync(join(folder, 'native', name), '#!/bin/sh\necho "$PURLIN_RUN_BY $KEPT $*"\n')
    const env = { ...process.env, KEPT: 'kept' }
    const out = execFileSync(process.execPath, [join(folder, 'dist', 'cli.js'), 'db', 'push'], {
      env,
      encoding: 'utf8',
    })
    assert.equal(out, 'npx kept db push\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
