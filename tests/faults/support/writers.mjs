// The two programs that write batches, one with each client, and the check of what they have left in the database.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { run, start } from './child.mjs'

/** The Rust program of the suites, which `cargo xtask test faults` builds and names here. */
const program = process.env.PURLIN_FAULTS_BIN
if (program === undefined || !existsSync(program)) {
  throw new Error('PURLIN_FAULTS_BIN must name the program `purlin-faults`: run `cargo xtask test faults`')
}

/** Starts a writer of the client `language`. */
export function startWriter(language, project, file, settings, options) {
  const args = Object.entries({ file, ...settings }).map(([name, value]) => `--${name}=${value}`)
  if (language === 'rust') return start(program, ['write', ...args], options)
  const script = fileURLToPath(new URL('../writer.mjs', import.meta.url))
  return start(process.execPath, [script, `--client=${project.client}`, ...args], options)
}

/** What the lines of a writer say: the batches that were acknowledged, with their sizes, and those that failed. */
export function readLines(lines) {
  const said = { acknowledged: new Map(), failed: [], other: [] }
  for (const line of lines) {
    const [word, batch, detail] = line.split(' ')
    if (word === 'ack' && detail !== undefined) said.acknowledged.set(batch, Number(detail))
    else if (word === 'fail') said.failed.push({ batch, code: detail })
    else said.other.push(line)
  }
  return said
}

/**
 * Opens the database anew, by the Rust client and by SQLite alone, and compares it with what was acknowledged. Gives
 * the number of batches that stand without having been acknowledged.
 */
export async function checkDatabase(file, acknowledged, explain) {
  const [text] = await run(program, ['check', `--file=${file}`], { limit: 60_000 })
  const { integrity, batches } = JSON.parse(text)
  assert.equal(integrity, 'ok', `integrity_check, ${explain}`)
  const stored = new Map(batches.map(({ batch, ...rest }) => [batch, rest]))
  for (const [batch, { size, rows }] of stored) {
    assert.equal(rows, size, `half a transaction: ${batch} has ${rows} of ${size} rows, ${explain}`)
    assert.ok(!batch.startsWith('abandoned'), `${batch} was rolled back and stands, ${explain}`)
  }
  for (const [batch, size] of acknowledged) {
    assert.equal(stored.get(batch)?.rows, size, `acknowledged and lost: ${batch}, ${explain}`)
  }
  return stored.size - acknowledged.size
}
