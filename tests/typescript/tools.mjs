// The programs that the tests run.

import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../../', import.meta.url))
const tsc = fileURLToPath(new URL('./node_modules/typescript/bin/tsc', import.meta.url))

/** Compiles a project; it must be free of errors. */
export function compile(project) {
  const { ok, output } = typecheck(project, '--noEmit', 'false')
  if (!ok) throw new Error(`tsc:\n${output}`)
}

/** Runs the TypeScript compiler on a project; what it says, and whether it was content. */
export function typecheck(project, ...options) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '--project', '.', ...options], {
    cwd: project,
    encoding: 'utf8',
  })
  return { ok: status === 0, output: stdout + stderr }
}

/** Runs the command-line tool in a folder: the one that PURLIN_BIN names, or that was packaged, or Cargo's. */
export function purlin(folder, ...args) {
  const [program, all] = command(args)
  return execFileSync(program, all, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The same, while this process goes on. */
export async function purlinAside(folder, ...args) {
  const [program, all] = command(args)
  const { stdout } = await promisify(execFile)(program, all, { cwd: folder })
  return stdout
}

/** Databases of a PostgreSQL server that ends with them: `open` makes a seeded one and gives its URL, `close` takes it back. */
export function postgres() {
  const server = spawn(...databasesProgram(), { stdio: ['pipe', 'pipe', 'inherit'] })
  const answers = createInterface({ input: server.stdout })[Symbol.asyncIterator]()
  return {
    async open(rows) {
      server.stdin.write(`open ${rows}\n`)
      const { value, done } = await answers.next()
      if (done) throw new Error('the program that makes databases on PostgreSQL has ended')
      return value
    },
    close: url => server.stdin.write(`close ${url}\n`),
    end: () => server.stdin.end(),
  }
}

/** The program that PURLIN_DATABASES_BIN names, or Cargo's. */
function databasesProgram() {
  const program = process.env.PURLIN_DATABASES_BIN
  if (program !== undefined) return [resolve(program), []]
  const manifest = ['--manifest-path', `${root}Cargo.toml`, '--package', 'purlin-tests']
  return ['cargo', ['run', '--quiet', '--locked', ...manifest, '--features', 'postgres', '--bin', 'purlin-databases']]
}

function command(args) {
  // A relative path starts where the tests do, not in the folder that the tool is to work in.
  if (process.env.PURLIN_BIN !== undefined) return [resolve(process.env.PURLIN_BIN), args]
  const packaged = fileURLToPath(new URL('../../target/bin/purlin', import.meta.url))
  if (existsSync(packaged)) return [packaged, args]
  const manifest = `${root}Cargo.toml`
  return [
    'cargo',
    ['run', '--quiet', '--locked', '--manifest-path', manifest, '--package', 'purlin-cli', '--', ...args],
  ]
}
