// A project with a client of schema.prisma and the example files, in a temporary folder.

import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { purlin } from '../tools.mjs'

const here = path => fileURLToPath(new URL(path, import.meta.url))

/** The packages that `npm install` brings for the comparison with Prisma. */
const PRISMA = ['prisma@7.10.0', '@prisma/client@7.10.0']

export const compilerOptions = {
  strict: true,
  target: 'es2022',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  noEmit: true,
  skipLibCheck: true,
  // No package that happens to be installed adds names or instantiations.
  types: [],
  allowImportingTsExtensions: true,
}

/** Creates a project whose folder is deleted by `remove`. */
export function createProject() {
  const folder = mkdtempSync(join(tmpdir(), 'purlin-editor-'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/**
 * Generates a client from the models of a schema into the project's folder `generated`: Purlin's, or Prisma's, which npm
 * downloads. Any other name is a folder that has the client already. Returns the module to import.
 */
export function addClient({ folder }, schema, client = 'purlin') {
  if (client === 'purlin') return addPurlin(folder, schema)
  if (client === 'prisma') return addPrisma(folder, schema)
  symlinkSync(resolve(client, 'node_modules'), join(folder, 'node_modules'))
  cpSync(join(client, 'generated'), join(folder, 'generated'), { recursive: true })
  return existsSync(join(folder, 'generated/client.ts')) ? './generated/client.js' : './generated/index.js'
}

function addPurlin(folder, schema) {
  symlinkSync(here('../node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'schema.prisma'), withGenerator(schema, 'purlin-typescript'))
  purlin(folder, 'generate', '--schema', 'schema.prisma')
  return './generated/index.js'
}

function addPrisma(folder, schema) {
  writeFileSync(join(folder, 'schema.prisma'), withGenerator(schema, 'prisma-client'))
  // Generating asks for no engine; without this variable one is downloaded all the same.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true' }
  const options = { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] }
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...PRISMA], options)
  execFileSync('node', ['node_modules/prisma/build/index.js', 'generate', '--schema', 'schema.prisma'], options)
  return './generated/client.js'
}

function withGenerator(schema, provider) {
  return `${schema}\ngenerator client {\n  provider = "${provider}"\n  output   = "./generated"\n}\n`
}

/** The models of the example files. */
export function exampleSchema() {
  return readFileSync(here('./schema.prisma'), 'utf8')
}

/** Writes the example files, and the module `db.ts` that they import. */
export function addExamples({ folder }, module, examples) {
  const db = `import { Prisma, PrismaClient } from '${module}'
export { Prisma }
export type * from '${module}'
export declare const db: PrismaClient
`
  writeFileSync(join(folder, 'db.ts'), db)
  for (const { file, text } of examples) writeFileSync(join(folder, file), text)
}

/** Writes the compiler options, with settings beside or instead of the common ones. */
export function writeSettings({ folder }, examples, settings) {
  const files = ['db.ts', ...examples.map(({ file }) => file)]
  const config = { compilerOptions: { ...compilerOptions, ...settings }, files }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
}
