// No position is worse than in Prisma's client of the same schema, but for those that known.json lists as worse; and
// those that it lists as equal fail in Prisma's client too. Downloads Prisma by npm.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compare, readKnown } from '../known.mjs'
import { environmentNames, survey } from '../survey.mjs'

test("the positions that are worse than in Prisma's client are those that are listed", async t => {
  const prisma = await survey('prisma', environmentNames)
  const { worse, equal } = compare(await survey('purlin', environmentNames), prisma)
  for (const name of environmentNames) {
    const { asked, failures } = prisma[name]
    const count = Object.values(worse).filter(failing => failing.includes(name)).length
    t.diagnostic(
      `figures: ${name}: ${count} of ${asked.length} positions are worse than in Prisma's client, ` +
        `which fails at ${failures.size}`,
    )
  }
  assert.deepEqual({ worse, equal }, readKnown(), 'node editor/run.mjs --compare --write brings the lists up to date')
})
