// Several processes write to one database, each with eight writers: no caller sees that the file was locked, and nobody
// waits long.
//
//   node processes.test.mjs [--long] [--seconds N]

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { figures, number, seed } from './support/arguments.mjs'
import { fileSize, summarize } from './support/measure.mjs'
import { makeProject } from './support/project.mjs'
import { checkDatabase, readLines, startWriter } from './support/writers.mjs'

const WRITERS = 8
const seconds = number('seconds', { short: 8, long: 60 })
const project = makeProject('processes')

// The last is a server in each language on the same file.
const FLEETS = [
  { languages: ['typescript', 'typescript'], limit: 250 },
  { languages: ['rust', 'rust'], limit: 250 },
  { languages: ['typescript', 'rust', 'typescript', 'rust'], limit: 500 },
]

for (const { languages, limit } of FLEETS) {
  test(`${languages.length} processes with ${WRITERS} writers each (${languages.join(', ')})`, async t => {
    const file = project.database()
    let wal = 0
    const watch = setInterval(() => (wal = Math.max(wal, fileSize(`${file}-wal`))), 100)
    const children = languages.map((language, index) =>
      startWriter(
        language,
        project,
        file,
        { writers: WRITERS, seconds, quiet: 1, name: `p${index}`, seed: seed + index, payload: 100 },
        { limit: (seconds + 60) * 1000 },
      ),
    )
    const endings = await Promise.all(children.map(child => child.ended))
    clearInterval(watch)
    const told = children.map((child, index) => {
      assert.deepEqual(endings[index], { code: 0, signal: null }, child.errors)
      const line = readLines(child.lines).other.find(line => line.startsWith('figures '))
      return JSON.parse(line.slice('figures '.length))
    })
    const { p99, text } = summarize(told.flatMap(({ latencies }) => latencies))
    const failures = told.flatMap(({ failures }) => failures)
    const written = told.map(({ latencies }) => latencies.length)
    await checkDatabase(file, new Map(), `seed ${seed}`)
    project.discard(file)
    const errors = failures.map(([code, count]) => `${count} ${code}`).join(', ') || '0'
    figures(
      t,
      `${languages.join(' + ')}, ${WRITERS} writers each, ${seconds} s: ${written.join(' + ')} batches, errors ${errors}, ` +
        `${text}, WAL at most ${wal.toFixed(1)} MiB`,
    )
    assert.deepEqual(failures, [], 'no error reaches a caller')
    assert.ok(Math.min(...written) * languages.length * 10 > written.reduce((a, b) => a + b), `starved: ${written}`)
    assert.ok(p99 < limit, `p99 is ${p99.toFixed(1)} ms, which is not below ${limit}`)
    assert.ok(wal < 64, `the WAL grew to ${wal.toFixed(1)} MiB`)
  })
}
