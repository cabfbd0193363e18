// A process that writes is killed at a random instant, again and again: what it had acknowledged is there, and no
// transaction is there by half.
//
//   node kill.test.mjs [--long] [--rounds N] [--seed N]

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { figures, number, progress, random, seed } from './support/arguments.mjs'
import { makeProject } from './support/project.mjs'
import { checkDatabase, readLines, startWriter } from './support/writers.mjs'

const WRITERS = 16
const rounds = number('rounds', { short: 10, long: 200 })
/** A database serves so many rounds, so that it is also recovered again and again. */
const ROUNDS_OF_A_DATABASE = 5

const project = makeProject('kill')

for (const language of ['typescript', 'rust']) {
  test(`a writer that is killed loses nothing that it acknowledged (${language})`, async t => {
    const dice = random(seed)
    let file
    let acknowledged = new Map()
    let [total, unreported, busy] = [0, 0, 0]
    for (let round = 0; round < rounds; round++) {
      if (round % ROUNDS_OF_A_DATABASE === 0) {
        if (file !== undefined) project.discard(file)
        file = project.database()
        acknowledged = new Map()
        unreported = 0
      }
      // After so many acknowledgments, and then somewhere within the next milliseconds.
      const after = 1 + dice.below(150)
      const pause = dice.next() * 8
      let heard = 0
      const onLine = (line, child) => {
        if (line.startsWith('ack ') && ++heard === after) setTimeout(() => child.kill('SIGKILL'), pause)
      }
      const settings = { writers: WRITERS, name: `r${round}`, seed: seed + round, payload: 200 }
      const child = startWriter(language, project, file, settings, { onLine, limit: 60_000 })
      const { signal } = await child.ended
      const explain = `round ${round}, seed ${seed}`
      assert.equal(signal, 'SIGKILL', `the writer ended by itself: ${child.errors}, ${explain}`)
      assert.equal(child.late, false, `the writer stood still, ${explain}`)
      const said = readLines(child.lines)
      assert.deepEqual(said.failed, [], explain)
      for (const [batch, size] of said.acknowledged) acknowledged.set(batch, size)
      total += said.acknowledged.size
      const standing = await checkDatabase(file, acknowledged, explain)
      // At most what each writer had under way when it was killed.
      busy = Math.max(busy, standing - unreported)
      assert.ok(standing - unreported <= WRITERS, `${standing - unreported} batches stand unreported, ${explain}`)
      unreported = standing
      if (round % 20 === 19) progress(`${language}: round ${round + 1} of ${rounds}, ${total} acknowledged`)
    }
    figures(
      t,
      `${language}: ${rounds} rounds, ${total} batches acknowledged, 0 lost, 0 half, at most ${busy} unreported, seed ${seed}`,
    )
  })
}
