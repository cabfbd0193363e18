// A process that writes batches with the TypeScript client and says which of them were acknowledged; `writer.rs` is the
// same with the Rust client.
//
//   ready                       the first batches are on their way
//   ack BATCH SIZE              the batch was acknowledged
//   fail BATCH CODE             it was not
//   figures JSON                at the end of a run that is bounded: the latencies of batches, in milliseconds
//   done
//
// Lines are written at once: what this process has said holds, also when it is killed with the next instruction.

import { writeSync } from 'node:fs'
import { random } from './support/arguments.mjs'

const settings = Object.fromEntries(process.argv.slice(2).map(word => /^--(\w+)=(.*)$/s.exec(word).slice(1)))
const count = name => Number(settings[name] ?? 0)
const say = line => writeSync(1, `${line}\n`)

const { PurlinClient } = await import(settings.client)
const db = new PurlinClient({ url: `file:${settings.file}`, transactionOptions: { maxWait: 30_000, timeout: 30_000 } })
const name = settings.name ?? 'a'
const payload = 'x'.repeat(count('payload'))
const deadline = count('seconds') === 0 ? Infinity : performance.now() + count('seconds') * 1000
const latencies = []
const failures = new Map()
// In a run that measures, the words would be most of the work.
const quiet = settings.quiet === '1'

/** The kind of a batch that does not fit into memory. */
const SPILL = 4

class Abandoned extends Error {}

async function write(batch, kind, size) {
  const rows = Array.from({ length: size }, (_, place) => ({ batch, place, size, payload }))
  if (kind === SPILL) {
    // All at once, and in the third more than what SQLite keeps in memory: it writes before the commit.
    for (const [place, mebibytes] of [6, 6, 14].entries()) rows[place].payload = 'x'.repeat(mebibytes << 20)
    await db.$transaction(tx => Promise.all(rows.map(data => tx.entry.create({ data }))))
  } else if (kind === 0) await db.entry.createMany({ data: rows })
  else if (kind === 1) await db.$transaction(rows.map(data => db.entry.create({ data })))
  else {
    await db.$transaction(async tx => {
      for (const data of rows) await tx.entry.create({ data })
      if (kind === 3) throw new Abandoned()
    })
  }
}

/** Writes one batch; says what became of it. */
async function attempt(batch, kind, size) {
  const start = performance.now()
  try {
    await write(batch, kind, size)
    if (!quiet) say(`ack ${batch} ${size}`)
    latencies.push(performance.now() - start)
    return true
  } catch (error) {
    if (error instanceof Abandoned) return true
    const code =
      error.code ?? error.errorCode ?? `none:${error.constructor.name}:${error.message.replaceAll(/\s+/g, '_')}`
    failures.set(code, (failures.get(code) ?? 0) + 1)
    if (!quiet) say(`fail ${batch} ${code}`)
    return false
  }
}

async function writer(index) {
  const dice = random(count('seed') * 1000 + index)
  const batches = count('batches') || Infinity
  for (let number = 0; number < batches && performance.now() < deadline; number++) {
    const spills = index === 0 && number === 2 && count('spill') === 1
    const kind = spills ? SPILL : dice.below(4)
    const size = spills ? 6 : kind === 1 || quiet ? 1 + dice.below(3) : 2 + dice.below(4)
    await attempt(`${kind === 3 ? 'abandoned-' : ''}${name}-${index}-${number}`, kind, size)
  }
}

say('ready')
await Promise.all(Array.from({ length: count('writers') }, (_, index) => writer(index)))
// A fault that is over must not outlast itself: a disk that is full for some calls is soon full no more.
for (let tries = 0; count('batches') > 0 && tries < 200; tries++) {
  if (await attempt(`${name}-last-${tries}`, 2, 3)) break
}
await db.$disconnect()
if (quiet) say(`figures ${JSON.stringify({ latencies, failures: [...failures] })}`)
say('done')
