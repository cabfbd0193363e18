// Measures what the types of a client cost the compiler, by counting: the bytes that are generated for the large schema,
// and the instantiations that a program takes. A query's cost is that of a program with one for each model, less that of
// the client alone, by the number of models: what the first query of a model takes. Later ones take less.

import { spawnSync } from 'node:child_process'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { compilers } from './editors.mjs'
import { largeSchema, MODELS, queries } from './large.mjs'
import { addClient, compilerOptions, createProject } from './project.mjs'

const require = createRequire(import.meta.url)
const programs = { 'client alone': undefined, ...queries }
const TIMED = ['client alone', 'nested read', 'nested create']

/**
 * Measures a client (see `addClient`) with the compilers of some versions. Returns `{ bytes, counts }`, where
 * `counts[version][name]` is a number of instantiations, or null if the client does not have the operation. If it is
 * `timed`, `seconds[version][name]` is the check time of some programs, the best of three runs.
 */
export async function measure(client, versions, { timed = false } = {}) {
  const project = createProject()
  try {
    const module = addClient(project, largeSchema(), client)
    for (const [name, query] of Object.entries(programs)) writeProgram(project.folder, name, module, query)
    const counts = {}
    const seconds = {}
    for (const version of versions) {
      counts[version] = perQuery(countAll(version, project.folder))
      if (timed)
        seconds[version] = Object.fromEntries(TIMED.map(name => [name, checkTime(version, project.folder, name)]))
    }
    return { bytes: size(join(project.folder, 'generated')), counts, seconds }
  } finally {
    project.remove()
  }
}

function mapPrograms(work) {
  return Object.fromEntries(Object.keys(programs).map(name => [name, work(name)]))
}

const fileName = name => `${name.replace(/\W+/g, '-')}.ts`

function writeProgram(folder, name, module, query) {
  const lines = []
  for (let i = 0; query !== undefined && i < MODELS; i++) {
    lines.push(`{ const r = await db.m${i}.${query[0]}; ${query[1]} }`)
  }
  const text = `import { PrismaClient } from '${module}'
export declare const db: PrismaClient
export async function all() {
${lines.join('\n')}
}
`
  writeFileSync(join(folder, fileName(name)), text)
  const config = { compilerOptions, files: [fileName(name)] }
  writeFileSync(join(folder, `${fileName(name)}.json`), JSON.stringify(config))
}

/** Counts the instantiations of each program; the result is null where a program does not compile. */
function countAll(version, folder) {
  if (version === '7.0') return mapPrograms(name => runCompiler(version, folder, name)?.instantiations ?? null)
  // In one process, so that the files that the programs share are read once: the counts are the same.
  const ts = require(compilers[version])
  const { options } = ts.parseJsonConfigFileContent({ compilerOptions, files: [] }, ts.sys, folder)
  const host = ts.createCompilerHost(options)
  const { getSourceFile } = host
  const files = new Map()
  host.getSourceFile = (name, ...rest) => {
    if (!files.has(name)) files.set(name, getSourceFile(name, ...rest))
    return files.get(name)
  }
  return mapPrograms(name => {
    const program = ts.createProgram({ rootNames: [join(folder, fileName(name))], options, host })
    return ts.getPreEmitDiagnostics(program).length === 0 ? program.getInstantiationCount() : null
  })
}

function checkTime(version, folder, name) {
  const runs = Array.from({ length: 3 }, () => runCompiler(version, folder, name)?.seconds ?? null)
  return runs.includes(null) ? null : Math.min(...runs)
}

/** Runs the compiler, and reads its figures; undefined if the program does not compile. */
function runCompiler(version, folder, name) {
  // TypeScript 7 divides the files among checkers, which then count what they share more than once.
  const single = version === '7.0' ? ['--singleThreaded'] : []
  const tsc = [join(compilers[version], 'bin/tsc'), '--extendedDiagnostics', ...single]
  const { status, stdout } = spawnSync(process.execPath, [...tsc, '-p', `${fileName(name)}.json`], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  const figure = label => Number(new RegExp(`^${label}:\\s+([\\d.]+)`, 'm').exec(stdout)?.[1])
  return status === 0 ? { instantiations: figure('Instantiations'), seconds: figure('Check time') } : undefined
}

/** Takes the client's own instantiations off those of the queries, and divides the rest by the number of models. */
function perQuery(counts) {
  const { 'client alone': alone, ...rest } = counts
  if (alone === null) throw new Error('the client of the large schema does not compile')
  const each = Object.entries(rest).map(([name, count]) => [name, count && Math.round((count - alone) / MODELS)])
  return { 'client alone': alone, ...Object.fromEntries(each) }
}

/** The bytes of the files in a folder. */
function size(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return entries.reduce((sum, entry) => sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size, 0)
}
