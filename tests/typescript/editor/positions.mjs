// The positions of the example files: a marker in the code, such as `/*select*/`, is where the cursor is, and a comment
// that begins with the marker's name says what an editor has to show there. README.md describes the comments.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('./examples/', import.meta.url))

const MARKER = /\/\*([a-z][\w-]*)\*\//g
const VERBS = ['completes only', 'completes', 'hovers', 'documents', 'leads to', 'reports', 'is accepted']
const EXPECTATION = new RegExp(`^\\s*// ([a-z][\\w-]*) (${VERBS.join('|')})(?: (.*))?$`)
const CONTINUATION = /^\s*\/\/ {3,}(\S.*)$/

/**
 * Reads the example files. An example is `{ file, text }`, its text without the markers; a position is
 * `{ id, file, offset, line, verb, wanted }`, where `line` is where its line begins and ends, and `wanted` lists the texts
 * of its expectation.
 */
export function readExamples() {
  const examples = []
  const positions = []
  for (const file of readdirSync(folder).sort()) {
    const example = parse(file, readFileSync(folder + file, 'utf8'))
    examples.push({ file, text: example.text })
    positions.push(...example.positions)
  }
  return { examples, positions }
}

/** Separates the markers and the expectations of a file from its code. */
export function parse(file, source) {
  const offsets = new Map()
  let removed = 0
  const text = source.replace(MARKER, (marker, name, at) => {
    if (offsets.has(name)) throw new Error(`${file}: the marker ${name} is there twice`)
    offsets.set(name, at - removed)
    removed += marker.length
    return ''
  })

  const positions = new Map()
  let last
  for (const line of source.split('\n')) {
    const [, name, verb, wanted] = EXPECTATION.exec(line) ?? []
    if (name !== undefined) {
      if (!offsets.has(name)) throw new Error(`${file}: no marker is named ${name}`)
      const id = `${file.replace(/\.ts$/, '')}/${name} ${verb}`
      last = positions.get(id) ?? { id, file, ...place(text, offsets.get(name)), verb, wanted: [] }
      last.wanted.push(wanted ?? '')
      positions.set(id, last)
      continue
    }
    const [, more] = CONTINUATION.exec(line) ?? []
    if (more === undefined || last === undefined) last = undefined
    else last.wanted.push(`${last.wanted.pop()} ${more}`)
  }
  const all = [...positions.values()]
  for (const [name, offset] of offsets) {
    if (!all.some(position => position.offset === offset)) throw new Error(`${file}: nothing is expected at ${name}`)
  }
  return { text, positions: all }
}

function place(text, offset) {
  const end = text.indexOf('\n', offset)
  return { offset, line: [text.lastIndexOf('\n', offset - 1) + 1, end < 0 ? text.length : end] }
}
