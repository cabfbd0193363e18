// The benchmark's one command: builds, seeds, measures, reports.
//     node bench/run.mjs reads --database sqlite [--quick] [--json FILE]
//     node bench/run.mjs start [--quick]

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { run } from './node/process.mjs'

const USAGE =
  'usage: node bench/run.mjs reads --database sqlite [--client rust|node] [--quick] [--json FILE]\n' +
  '       node bench/run.mjs start [--quick]'
const FULL = { rounds: 61, roundMillis: 60, warmUpMillis: 1000 }
const QUICK = { rounds: 15, roundMillis: 40, warmUpMillis: 300 }

const here = fileURLToPath(new URL('.', import.meta.url))

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        database: { type: 'string', default: 'sqlite' },
        client: { type: 'string' },
        quick: { type: 'boolean', default: false },
        json: { type: 'string' },
      },
    })
    const name = positionals.join(' ')
    if (name !== 'reads' && name !== 'start') throw new Error(`no benchmark named "${name}"`)
    if (values.database !== 'sqlite') throw new Error(`no read benchmark on "${values.database}"`)
    if (values.client && !['rust', 'node'].includes(values.client)) throw new Error(`no client "${values.client}"`)
    return { name, ...values }
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`)
    process.exit(2)
  }
}

const step = text => console.error(`- ${text}`)

async function measureRust(file, effort) {
  step('build the Rust clients (release)')
  const target = process.env.CARGO_TARGET_DIR ?? join(here, 'target')
  await run('cargo', ['build', '--release', '--locked'], {
    cwd: here,
    env: { ...process.env, CARGO_TARGET_DIR: target },
  })
  step('measure the Rust clients')
  const parameters = [effort.rounds, effort.roundMillis, effort.warmUpMillis].map(String)
  const output = await run(join(resolve(target), 'release', 'purlin-bench'), [file, ...parameters])
  return output
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
}

async function measureNode(file, effort) {
  step('measure the Node clients')
  const { measure } = await import('./node/rounds.mjs')
  return measure(['purlin', 'better-sqlite3', 'drizzle', 'prisma'], file, effort)
}

async function start(quick) {
  step('install the Node clients')
  const { install } = await import('./node/prepare.mjs')
  await install({ ours: true })
  step('measure cold starts')
  const { measureStarts } = await import('./node/start.mjs')
  console.table(await measureStarts(quick ? 5 : 20))
}

async function main() {
  const { name, database, client, quick, json } = options()
  if (name === 'start') return start(quick)
  const effort = quick ? QUICK : FULL
  const clients = client ? [client] : ['rust', 'node']

  step('install the Node clients')
  const { generate, install } = await import('./node/prepare.mjs')
  await install({ ours: clients.includes('node') })
  if (clients.includes('node')) await generate()

  const folder = mkdtempSync(join(tmpdir(), 'purlin-bench-'))
  try {
    step('seed the database')
    const file = join(folder, 'reads.db')
    const { seed } = await import('./node/database.mjs')
    seed(file)

    const { compare, table } = await import('./node/report.mjs')
    const rows = []
    if (clients.includes('rust')) rows.push(...compare('rust', database, await measureRust(file, effort)))
    if (clients.includes('node')) rows.push(...compare('node', database, await measureNode(file, effort)))
    console.log(table(rows))
    if (json) {
      const machine = { cpu: cpus()[0]?.model, threads: availableParallelism(), node: process.version }
      writeFileSync(json, `${JSON.stringify({ machine, effort, rows }, null, 2)}\n`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

try {
  await main()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
