// What the Node peers need before they run: the packages, ours among them, and the two generated clients.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { run } from './process.mjs'

const path = name => fileURLToPath(new URL(name, import.meta.url))

/** Installs the peers, and with them the package that `cargo xtask package` makes of the checkout. */
export async function install({ ours }) {
  const packages = []
  if (ours) {
    const output = await run('cargo', ['run', '--quiet', '--locked', '--package', 'xtask', '--', 'package'], {
      cwd: path('../..'),
    })
    packages.push(path(`../../${output.match(/\S+\.tgz/)[0]}`))
    // npm takes a package of the same version for the same package, so the old one has to go.
    rmSync(path('../node_modules/purlin'), { recursive: true, force: true })
  }
  await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', ...packages], { cwd: path('..'), env: offline })
}

/** Makes `generated/NAME.mjs` of each generated client. */
export async function generate() {
  const schema = path('../schema.prisma')
  await run('npx', ['--no-install', 'purlin', 'generate', '--schema', schema], { cwd: path('..'), env: offline })
  await bundle('generated/purlin/index.ts', 'generated/purlin.mjs')

  const folder = path('generated/prisma')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const models = readFileSync(path('../schema.prisma'), 'utf8').match(/^model [^}]*}/gm)
  const head = [
    'generator client {\n  provider = "prisma-client"\n  output   = "./client"\n  runtime  = "nodejs"\n}',
    'datasource db {\n  provider = "sqlite"\n}',
  ]
  writeFileSync(`${folder}/schema.prisma`, [...head, ...models].join('\n\n'))
  const parameters = ['--no-install', 'prisma', 'generate', '--schema', `${folder}/schema.prisma`]
  await run('npx', parameters, { cwd: path('..'), env: offline })
  await bundle('generated/prisma/client/client.ts', 'generated/prisma.mjs')
}

// Prisma's client needs no engine, but its installation and its generator fetch one unless they are shown a file.
const offline = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', PRISMA_HIDE_UPDATE_MESSAGE: '1' }

async function bundle(from, to) {
  const { build } = await import('esbuild')
  await build({
    entryPoints: [path(from)],
    outfile: path(to),
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  })
}
