// What the package exports, and to whom.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import * as purlin from 'purlin'
import { withPurlin } from 'purlin/next'

const require = createRequire(import.meta.url)

test('both module systems get the same classes', () => {
  assert.equal(purlin.Client, require('purlin').Client)
  assert.deepEqual(Object.keys(purlin).sort(), Object.keys(require('purlin')).sort())
})

/** The files of `dist` that a program has loaded after it ran `source`. */
function loaded(source) {
  const script = `${source}
    const { basename } = require('node:path')
    console.log(Object.keys(require.cache).map(file => basename(file)).sort().join(' '))`
  const cwd = fileURLToPath(new URL('.', import.meta.url))
  return execFileSync(process.execPath, ['-e', script], { cwd, encoding: 'utf8' }).trim()
}

test('a program loads few files', () => {
  assert.equal(loaded("require('purlin')"), 'index.js runtime.js shared.js')
  assert.equal(loaded("require('purlin/edge')"), 'edge.js shared.js')
  assert.equal(loaded("require('purlin/next')"), 'next.js')
})

test('the runtime loads no streams of Node, and with them no workers, before it needs them', () => {
  const script = `require('purlin'); process.exitCode = Number(process.moduleLoadList.includes('NativeModule worker_threads'))`
  const cwd = fileURLToPath(new URL('.', import.meta.url))
  assert.equal(spawnSync(process.execPath, ['-e', script], { cwd }).status, 0)
})

test('a program that loads the runtime and its stand-in for the edge has each class and each null once', () => {
  const runtime = require('purlin')
  const edge = require('purlin/edge')
  assert.deepEqual(Object.keys(runtime).sort(), Object.keys(edge).sort())
  for (const name of Object.keys(runtime).filter(name => name !== 'Client')) {
    assert.equal(runtime[name], edge[name], name)
  }
})

test('what bundlers take for the edge and for browsers has nothing of Node', () => {
  for (const name of ['edge.js', 'shared.js']) {
    const text = readFileSync(join(dirname(require.resolve('purlin')), name), 'utf8')
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^ *\/\/.*$/gm, '')
    assert.match(code, /class \w/)
    assert.deepEqual(
      [...code.matchAll(/require\((.*?)\)/g)].map(([, file]) => file),
      name === 'edge.js' ? ["'./shared.js'"] : [],
    )
    assert.doesNotMatch(code, /\b(process|Buffer|__dirname|__filename|setImmediate)\b/, name)
  }
})

test('withPurlin leaves the rest of a configuration alone', async () => {
  assert.deepEqual(withPurlin({ reactStrictMode: true }), { reactStrictMode: true, serverExternalPackages: ['purlin'] })
  assert.deepEqual(withPurlin({ serverExternalPackages: ['sharp', 'purlin'] }).serverExternalPackages, [
    'sharp',
    'purlin',
  ])
  const configure = withPurlin(async phase => ({ distDir: phase }))
  assert.deepEqual(await configure('x', {}), { distDir: 'x', serverExternalPackages: ['purlin'] })
})

for (const condition of ['edge-light', 'workerd', 'browser']) {
  test(`the condition ${condition} gets a client that says why it cannot run`, () => {
    const script = `
      import { Purlin, PurlinClient } from './build/generated/index.js'
      try { new PurlinClient() } catch (error) { console.log(error.name, error.message) }
      console.log(Purlin.ModelName.User)`
    const output = execFileSync(process.execPath, [`--conditions=${condition}`, '--input-type=module', '-e', script], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      encoding: 'utf8',
    })
    assert.match(
      output,
      /^PurlinInitializationError purlin runs its engine inside Node and cannot run here\..*\nUser\n$/,
    )
    // Jest takes the condition `browser` in its environment `jsdom`.
    for (const way of [
      'leave out `runtime = "edge"`',
      '`/** @jest-environment node */`',
      '`// @vitest-environment node`',
    ]) {
      assert.ok(output.includes(way), way)
    }
  })
}

test('what client components import reaches no package', () => {
  const { Prisma, Purlin, Role } = require('./build/generated/browser.js')
  assert.deepEqual(Role, { READER: 'READER', AUTHOR: 'AUTHOR', ADMIN: 'ADMIN' })
  // Names alone, and those of the client's namespace.
  const client = require('./build/generated/index.js')
  assert.equal(Prisma, Purlin)
  for (const [name, value] of Object.entries(Prisma)) assert.deepEqual(value, client.Prisma[name], name)
  for (const name of ['ModelName', 'UserScalarFieldEnum', 'SortOrder']) assert.ok(Object.hasOwn(Prisma, name), name)
  assert.equal(loaded("require('./build/generated/browser.js')"), 'browser.js')
})

test('the addon stands where tracers of files look for it', () => {
  // Next.js with `output: 'standalone'` copies what is written in this way, and nothing that is written in another.
  const text = readFileSync(join(dirname(require.resolve('purlin')), 'runtime.js'), 'utf8')
  const body = text.slice(text.indexOf('function traced()'))
  assert.match(body, /^function traced\(\) \{\n {4}const path = require\('node:path'\);\n/)
  for (const platform of [
    'linux-x64-gnu',
    'linux-x64-musl',
    'linux-arm64-gnu',
    'linux-arm64-musl',
    'darwin-arm64',
    'darwin-x64',
    'win32-x64-msvc',
    'win32-arm64-msvc',
  ]) {
    assert.ok(body.includes(`path.join(__dirname, '../native/purlin.${platform}.node')`), platform)
  }
})
