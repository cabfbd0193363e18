// What a cold start costs: the time from the start of a Node process to the first result, for schemas of several sizes.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './process.mjs'

const path = name => fileURLToPath(new URL(name, import.meta.url))
const SIZES = [5, 100, 168]

/** What a started process runs: the first result of a client, then the figures. */
const PROGRAM = `
const [kind, folder] = process.argv.slice(2)
if (kind === 'purlin') {
  const { PurlinClient } = await import(folder + '/client.mjs')
  await new PurlinClient({ url: 'file:' + folder + '/start.db' }).model0.findMany({ take: 1 })
} else if (kind === 'better-sqlite3') {
  const { default: Database } = await import('better-sqlite3')
  new Database(folder + '/start.db').prepare('SELECT * FROM "Model0" LIMIT 1').all()
}
const wall = performance.now()
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
const heap = process.memoryUsage().heapUsed
console.log(JSON.stringify({ wall, cpu: (userCPUTime + systemCPUTime) / 1000, rss: maxRSS / 1024, heap: heap / 2 ** 20 }))
process.exit()
`

/** A schema in which each model has seven columns and six relations. */
function schema(size) {
  const near = [1, 2, 3]
  const models = Array.from({ length: size }, (_, index) => {
    const references = near.flatMap(step => [
      `ref${step}Id Int?`,
      `ref${step} Model${(index + step) % size}? @relation("r${index}_${step}", fields: [ref${step}Id], references: [id])`,
    ])
    const back = near.map(step => (index - step + size) % size)
    const lists = near.map((step, place) => `back${step} Model${back[place]}[] @relation("r${back[place]}_${step}")`)
    const columns = ['id Int @id @default(autoincrement())', 'name String', 'email String? @unique', 'score Float?']
    columns.push('active Boolean @default(true)', 'createdAt DateTime @default(now())', 'updatedAt DateTime @updatedAt')
    return `model Model${index} {\n  ${[...columns, ...references, ...lists].join('\n  ')}\n}`
  })
  const head = ['datasource db {\n  provider = "sqlite"\n}']
  head.push('generator client {\n  provider = "purlin-typescript"\n  output = "generated"\n}')
  return [...head, ...models, ''].join('\n\n')
}

/** The command-line tool: the one that PURLIN_BIN names, or that was packaged. */
const cli = process.env.PURLIN_BIN ?? path('../../target/bin/purlin')

async function prepare(folder, size) {
  mkdirSync(folder)
  const file = join(folder, 'schema.prisma')
  writeFileSync(file, schema(size))
  await run(cli, ['generate', '--schema', file], { cwd: folder })
  await run(cli, ['db', 'push', '--schema', file, '--url', `file:${join(folder, 'start.db')}`], { cwd: folder })
  const { transform } = await import('esbuild')
  const { code } = await transform(readFileSync(join(folder, 'generated/index.ts'), 'utf8'), { loader: 'ts' })
  writeFileSync(join(folder, 'client.mjs'), code)
}

const median = list => [...list].sort((a, b) => a - b)[list.length >> 1]

/** Measures cold starts, one of each kind per round; returns the medians beyond those of an empty program. */
export async function measureStarts(rounds) {
  if (!existsSync(cli)) throw new Error(`${cli} is missing: run \`cargo xtask package\`, or set PURLIN_BIN`)
  const project = mkdtempSync(join(tmpdir(), 'purlin-start-'))
  try {
    symlinkSync(path('../node_modules'), join(project, 'node_modules'))
    const program = join(project, 'program.mjs')
    writeFileSync(program, PROGRAM)
    const cases = [['empty']]
    for (const size of SIZES) {
      const folder = join(project, `${size}`)
      await prepare(folder, size)
      cases.push(['purlin', folder, size], ['better-sqlite3', folder, size])
    }
    const figures = cases.map(() => [])
    for (let round = 0; round < rounds; round++) {
      for (const [index, [kind, folder]] of cases.entries()) {
        const parameters = [program, kind, folder ?? '']
        figures[index].push(JSON.parse(execFileSync(process.execPath, parameters, { encoding: 'utf8' })))
      }
    }
    const middle = figures.map(list => name => median(list.map(figure => figure[name])))
    return cases.slice(1).map(([kind, , size], index) => {
      const beyond = name => Number((middle[index + 1](name) - middle[0](name)).toFixed(1))
      return {
        client: kind,
        models: size,
        'wall ms': beyond('wall'),
        'CPU ms': beyond('cpu'),
        'RSS MiB': beyond('rss'),
        'heap MiB': beyond('heap'),
      }
    })
  } finally {
    rmSync(project, { recursive: true, force: true })
  }
}
