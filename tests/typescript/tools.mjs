// The programs that the tests run.

import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
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
