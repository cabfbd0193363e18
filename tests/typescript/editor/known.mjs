// The positions that are known to fail (known.json), with the environments in which they do:
//
//   worse   Purlin's client fails and Prisma's does not
//   equal   both fail: mostly what no type can make TypeScript do
//
// Both are compared strictly: a position that passes must not be listed.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { environmentNames } from './survey.mjs'

const path = fileURLToPath(new URL('./known.json', import.meta.url))

/** Returns `{ worse, equal }`, each a map of the ids of positions to the environments in which they fail. */
export function readKnown() {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/** Returns the positions that are listed for an environment, whatever Prisma's client shows there. */
export function knownFailures({ worse, equal }, environment) {
  const listed = [...Object.entries(worse), ...Object.entries(equal)]
  return listed.filter(([, failing]) => failing.includes(environment)).map(([id]) => id)
}

/** Sorts the failures of Purlin's client by what Prisma's shows at the same positions. */
export function compare(ours, prisma) {
  const known = { worse: {}, equal: {} }
  for (const name of environmentNames) {
    for (const id of ours[name].failures.keys()) {
      const list = prisma[name].failures.has(id) ? known.equal : known.worse
      list[id] = [...(list[id] ?? []), name]
    }
  }
  return known
}

/** Brings the lists up to date with the failures of Purlin's client alone: what is not listed as equal is worse. */
export function update(known, ours) {
  const updated = { worse: {}, equal: {} }
  for (const name of environmentNames) {
    for (const id of ours[name].failures.keys()) {
      const list = known.equal[id]?.includes(name) ? updated.equal : updated.worse
      list[id] = [...(list[id] ?? []), name]
    }
  }
  return updated
}

/** Writes the lists, one position per line. */
export function writeKnown(known) {
  const lists = Object.entries(known).map(([name, list]) => {
    const ids = Object.keys(list).sort()
    const lines = ids.map(id => `    ${JSON.stringify(id)}: ${JSON.stringify(list[id]).replaceAll(',', ', ')}`)
    return `  ${JSON.stringify(name)}: ${lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n  }`}`
  })
  writeFileSync(path, `{\n${lists.join(',\n')}\n}\n`)
}
