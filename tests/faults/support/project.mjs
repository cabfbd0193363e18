// The TypeScript client of `schema.prisma`, generated and compiled into a temporary folder, and databases with its
// tables. All is gone when the process ends.

import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = path => fileURLToPath(new URL(path, import.meta.url))

/** The command-line tool that `cargo xtask package` has built, or that PURLIN_BIN names. */
export const tool = process.env.PURLIN_BIN ?? here('../../../target/bin/purlin')

/** The schema of the suites, with a generator of TypeScript in the place of that of Rust. */
export function schemaFor(output) {
  const text = readFileSync(here('../schema.prisma'), 'utf8')
  const generator = `generator typescript {\n  provider = "purlin-typescript"\n  output   = "${output}"\n}`
  const changed = text.replace(/generator rust \{[^}]*\}/, generator)
  if (changed === text) throw new Error('schema.prisma has no generator of Rust to replace')
  return changed
}

/** A folder that is removed when the process ends. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `purlin-${name}-`))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

const SETTINGS = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023'],
    module: 'nodenext',
    outDir: 'build',
    rootDir: '.',
    strict: true,
    skipLibCheck: true,
    types: [],
  },
  include: ['generated'],
}

/** Generates and compiles the client; its imports resolve as those of a file in the folder `packages` do. */
export function makeProject(name, packages = here('..')) {
  if (!existsSync(tool)) throw new Error(`there is no ${tool}: run \`cargo xtask package\` first`)
  const folder = temporaryFolder(name)
  const run = (program, ...args) => execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  symlinkSync(join(packages, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(SETTINGS))
  writeFileSync(join(folder, 'schema.prisma'), schemaFor('generated'))
  const template = join(folder, 'template.db')
  run(tool, 'generate')
  run(tool, 'db', 'push', '--no-input', '--url', `file:${template}`)
  run(process.execPath, join(packages, 'node_modules/typescript/bin/tsc'), '--project', '.')
  let made = 0
  return {
    folder,
    /** The module of the client, for `import`. */
    client: pathToFileURL(join(folder, 'build/generated/index.js')).href,
    /** The file of a fresh database with the tables of the schema. */
    database() {
      const file = join(folder, `${++made}.db`)
      copyFileSync(template, file)
      return file
    },
    /** Removes a database that has served. */
    discard(file) {
      for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(file + ending, { force: true })
    },
  }
}
