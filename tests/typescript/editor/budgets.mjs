// What the types of a client may cost (budgets.json), and the command that measures it:
//
//   node editor/budgets.mjs [--client prisma|FOLDER] [--times] [--write]
//
// A row of the table has a target, and a ceiling for each TypeScript version: the target where it is reached, otherwise
// the cost of today. A ceiling of null says that the client does not have the operation yet. `--write` writes the
// ceilings, `--times` measures some check times too.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measure } from './cost.mjs'
import { versions } from './editors.mjs'

const path = fileURLToPath(new URL('./budgets.json', import.meta.url))

/** A ceiling above its target is lowered once the cost is this much below it. */
const SLACK = 0.02

/** Returns the table: `rows[name]` is `{ target, [column]: ceiling }`, a column being a version, or `all` for bytes. */
export function readBudgets() {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/** Lays out what `measure` returns as the rows of the table. */
export function costs({ bytes, counts }) {
  const rows = { bytes: { all: bytes } }
  for (const version of Object.keys(counts)) {
    for (const [name, count] of Object.entries(counts[version])) rows[name] = { ...rows[name], [version]: count }
  }
  return rows
}

/** Returns what is wrong with a cost, or undefined. */
export function excess(cost, target, ceiling) {
  if (ceiling === undefined) return 'it has no budget'
  if (cost === null || ceiling === null) {
    if (cost === ceiling) return undefined
    return cost === null ? 'it does not compile' : `the client has it now, for ${cost}: write its ceiling`
  }
  if (cost > ceiling) return `${cost} are more than ${ceiling}`
  if (ceiling > target && cost < ceiling * (1 - SLACK))
    return `${cost} are less than the ceiling of ${ceiling}: lower it`
  return ceiling < target ? `its ceiling of ${ceiling} is below its target of ${target}` : undefined
}

function writeBudgets(rows, measured) {
  const lines = Object.entries(rows).map(([name, { target }]) => {
    const ceilings = Object.entries(measured[name]).map(([column, cost]) => [column, cost && Math.max(target, cost)])
    const row = JSON.stringify({ target, ...Object.fromEntries(ceilings) })
    return `  ${JSON.stringify(name)}: ${row.replace(/[{:,]/g, '$& ').replace('}', ' }')}`
  })
  writeFileSync(path, `{\n${lines.join(',\n')}\n}\n`)
}

async function main() {
  const { values } = parseArgs({
    options: {
      client: { type: 'string', default: 'purlin' },
      times: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  })
  if (values.write && values.client !== 'purlin') throw new Error('--write needs the client of Purlin')
  const result = await measure(values.client, versions, { timed: values.times })
  const rows = readBudgets()
  for (const [name, columns] of Object.entries(costs(result))) {
    const shown = Object.entries(columns).map(([column, cost]) => {
      const seconds = result.seconds[column]?.[name]
      return `${column}: ${cost ?? 'not there'}${seconds ? ` (${seconds} s)` : ''}`
    })
    console.log(`${name.padEnd(23)} target ${String(rows[name]?.target).padEnd(8)} ${shown.join('   ')}`)
  }
  if (values.write) writeBudgets(rows, costs(result))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
