// Bundlers take the client in without settings of their own, and the bundle finds the engine of the installed package.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import commonjs from '@rollup/plugin-commonjs'
import nodeResolve from '@rollup/plugin-node-resolve'
import * as esbuild from 'esbuild'
import { rollup } from 'rollup'
import webpack from 'webpack'
import { purlin, typecheck } from './tools.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const out = join(here, 'build/bundles')
const entry = join(out, 'main.mjs')
const elsewhere = mkdtempSync(join(tmpdir(), 'purlin-bundles-'))
const url = `file:${join(elsewhere, 'test.db')}`
after(() => rmSync(elsewhere, { recursive: true, force: true }))

before(() => {
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  // A folder of its own: other files of tests compile at the same time.
  const { ok, output } = typecheck(here, '--noEmit', 'false', '--outDir', join(out, 'compiled'))
  assert.ok(ok, output)
  // A result, an error of the arguments, one of the database, and where they come from.
  writeFileSync(
    entry,
    `import { Prisma, PurlinClient } from './compiled/generated/index.js'
const db = new PurlinClient({ url: process.env.TEST_URL })
async function asked(query) {
  return await query().catch(error => [error instanceof Prisma.PrismaClientKnownRequestError, error.code ?? error.name, error.stack.includes('asked')])
}
async function main() {
  console.log(JSON.stringify([
    await asked(() => db.user.count()),
    await asked(() => db.user.findMany({ where: { nothing: 1 } })),
    await asked(() => db.user.delete({ where: { id: 404 } })),
    await asked(() => db.user.findMany({ where: { get id() { throw new Error('s3cret') } } })),
  ]))
}
main().catch(error => { console.log(error.name + ': ' + error.message); process.exitCode = 1 })
`,
  )
  purlin(join(here, '..'), 'db', 'push', '--no-input', '--url', url)
})

const EXPECTED = [
  0,
  [false, 'PurlinValidationError', true],
  [true, 'P2025', true],
  [false, 'PurlinValidationError', true],
]

function run(file, cwd = out) {
  const env = { ...process.env, TEST_URL: url, NODE_ENV: 'production' }
  return spawnSync(process.execPath, [file], { cwd, env, encoding: 'utf8' })
}

const bundlers = {
  esbuild: async (format, file) => {
    const { warnings, errors } = await esbuild.build({
      entryPoints: [entry],
      bundle: true,
      platform: 'node',
      format: format === 'module' ? 'esm' : 'cjs',
      outfile: file,
      logLevel: 'silent',
    })
    return [...errors, ...warnings].map(message => message.text)
  },
  webpack: (format, file) =>
    new Promise((resolve, reject) => {
      const module = format === 'module'
      const output = {
        path: dirname(file),
        filename: file.slice(dirname(file).length + 1),
        module,
        chunkFormat: module ? 'module' : 'commonjs',
      }
      // Not minified, so that the names of functions stay.
      const options = {
        mode: 'production',
        optimization: { minimize: false },
        target: 'node',
        entry,
        output,
        experiments: { outputModule: module },
      }
      webpack(options, (error, stats) => {
        if (error !== null) return reject(error)
        const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true })
        return resolve([...errors, ...warnings].map(message => message.message))
      })
    }),
  rollup: async (format, file) => {
    const problems = []
    const bundle = await rollup({
      input: entry,
      plugins: [nodeResolve({ exportConditions: ['node'] }), commonjs()],
      onwarn: warning => warning.code === 'CIRCULAR_DEPENDENCY' || problems.push(warning.message),
    })
    await bundle.write({ file, format: format === 'module' ? 'es' : 'cjs' })
    return problems
  },
}

for (const [name, bundle] of Object.entries(bundlers)) {
  for (const format of ['module', 'commonjs']) {
    // Older versions have no function that gives a bundle of ES modules those of Node.
    const skip = name === 'esbuild' && format === 'module' && process.getBuiltinModule === undefined
    test(`${name}, ${format}`, { skip }, async () => {
      const file = join(out, `${name}.${format === 'module' ? 'mjs' : 'cjs'}`)
      assert.deepEqual(await bundle(format, file), [])
      const { stdout, stderr } = run(file)
      assert.deepEqual(stdout === '' ? stderr : JSON.parse(stdout), EXPECTED)
      // Started from elsewhere, it is found from where the bundle is.
      if (format === 'commonjs') assert.deepEqual(JSON.parse(run(file, elsewhere).stdout), EXPECTED)
    })
  }
}

test('a bundle without the package says what to do, and runs with the engine beside it', async () => {
  const file = join(elsewhere, 'alone.cjs')
  await bundlers.esbuild('commonjs', file)
  const { stdout } = run(file, elsewhere)
  const errors = JSON.parse(stdout)
  assert.equal(errors[0][1], 'PurlinInitializationError', stdout)
  const native = fileURLToPath(new URL('../../node/package/native', import.meta.url))
  for (const name of readdirSync(native))
    if (name.endsWith('.node')) copyFileSync(join(native, name), join(elsewhere, name))
  assert.deepEqual(JSON.parse(run(file, elsewhere).stdout), EXPECTED)
})

test('external in a bundle, it is loaded as any package', async () => {
  const file = join(out, 'external.mjs')
  const options = {
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['purlin'],
    outfile: file,
  }
  await esbuild.build({ ...options, logLevel: 'silent' })
  assert.deepEqual(
    JSON.parse(execFileSync(process.execPath, [file], { env: { ...process.env, TEST_URL: url }, encoding: 'utf8' })),
    EXPECTED,
  )
})
