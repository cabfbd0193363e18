// Prisma's client, from the models of ../schema.prisma: generated and bundled into generated/prisma.mjs.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { run } from './process.mjs'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))

export async function generatePrisma() {
  const folder = path('generated/prisma')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const models = readFileSync(path('../schema.prisma'), 'utf8').match(/^model [^}]*}/gm)
  const head = [
    'generator client {\n  provider = "prisma-client"\n  output   = "./client"\n  runtime  = "nodejs"\n}',
    'datasource db {\n  provider = "sqlite"\n}',
  ]
  writeFileSync(`${folder}/schema.prisma`, [...head, ...models].join('\n\n'))
  await run('npx', ['--no-install', 'prisma', 'generate', '--schema', `${folder}/schema.prisma`], { cwd: path('..') })
  await build({
    entryPoints: [`${folder}/client/client.ts`],
    outfile: path('generated/prisma.mjs'),
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  })
}
