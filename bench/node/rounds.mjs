// Interleaved rounds over the peers, one process each: every peer runs a short block in each round, and the order turns
// from round to round, so that what disturbs the machine disturbs all alike.

import assert from 'node:assert'
import { fork } from 'node:child_process'
import { queries } from './queries.mjs'

class Contestant {
  static async start(name, file) {
    const contestant = new Contestant()
    contestant.name = name
    contestant.child = fork(new URL('measure.mjs', import.meta.url), [name, file], {
      env: { ...process.env, NODE_ENV: 'production', TZ: 'UTC' },
      serialization: 'advanced',
    })
    await contestant.#reply()
    return contestant
  }

  #reply() {
    return new Promise((resolve, reject) => {
      const died = code => reject(new Error(`${this.name}: its process ended (${code})`))
      this.child.once('exit', died)
      this.child.once('message', ({ reply, error }) => {
        this.child.off('exit', died)
        if (error) reject(new Error(`${this.name}: ${error}`))
        else resolve(reply)
      })
    })
  }

  ask(message) {
    const reply = this.#reply()
    this.child.send(message)
    return reply
  }

  stop() {
    this.child.send({ command: 'close' })
  }
}

/** Measures the named peers; gives one `{ query, peer, rounds }` for each query and peer. */
export async function measure(names, file, effort) {
  const contestants = []
  try {
    for (const name of names) contestants.push(await Contestant.start(name, file))
    await verify(contestants)
    const measured = []
    for (const query of queries) measured.push(...(await rounds(contestants, query, effort)))
    return measured
  } finally {
    for (const contestant of contestants) contestant.stop()
  }
}

/** Fails unless every peer gives the same answers. */
async function verify(contestants) {
  for (const query of queries) {
    for (let run = 0; run < 20; run++) {
      let expected
      for (const contestant of contestants) {
        const answer = sortNested(await contestant.ask({ command: 'answer', query, run }))
        expected ??= answer
        assert.deepStrictEqual(answer, expected, `${contestants[0].name} and ${contestant.name} differ in ${query}`)
      }
    }
  }
}

/** No peer is asked for an order of the nested rows, so none is compared. */
function sortNested(value, nested = false) {
  if (Array.isArray(value)) {
    const rows = value.map(row => sortNested(row, true))
    return nested ? rows.sort((a, b) => a.id - b.id) : rows
  }
  if (value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, sortNested(field, true)]))
}

async function rounds(contestants, query, { rounds, roundMillis, warmUpMillis }) {
  const states = []
  for (const contestant of contestants) {
    const operations = await sizeOfBlock(contestant, query, roundMillis, warmUpMillis)
    states.push({ contestant, operations, first: 0, rounds: [] })
  }
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < states.length; turn++) {
      const state = states[(turn + round) % states.length]
      const { contestant, operations, first } = state
      state.rounds.push(await contestant.ask({ command: 'block', query, first, operations }))
      state.first += operations
    }
  }
  return states.map(({ contestant, rounds }) => ({ query, peer: contestant.name, rounds }))
}

/** Warms the peer up and counts the operations that fill a round, so that no clock is read between them. */
async function sizeOfBlock(contestant, query, roundMillis, warmUpMillis) {
  let spent = 0
  for (let operations = 1; ; operations *= 2) {
    const { wallMicros } = await contestant.ask({ command: 'block', query, first: 0, operations })
    spent += wallMicros / 1000
    if (spent >= warmUpMillis) return Math.ceil((operations * roundMillis * 1000) / wallMicros)
  }
}
