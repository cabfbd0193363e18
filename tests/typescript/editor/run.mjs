// Asks editors about the positions of the example files, and lists those that fail:
//
//   node editor/run.mjs [--in ENVIRONMENT] [--client prisma|FOLDER] [--only TEXT] [--show] [--write]
//   node editor/run.mjs --compare [--write]
//
// An environment is a version, `5.9`, or another name of survey.mjs. `--show` says what is shown instead. `--compare`
// asks about Purlin's client and about Prisma's, and says where Purlin's is worse. `--write` writes known.json.

import { parseArgs } from 'node:util'
import { compare, readKnown, update, writeKnown } from './known.mjs'
import { environmentNames, survey } from './survey.mjs'

const { values } = parseArgs({
  options: {
    in: { type: 'string' },
    client: { type: 'string', default: 'purlin' },
    only: { type: 'string', default: '' },
    show: { type: 'boolean', default: false },
    compare: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
const partial = values.in !== undefined || values.only !== '' || values.client !== 'purlin'
if (values.write && partial) throw new Error('--write needs all positions of the client of Purlin, in all environments')

const chosen = values.in === undefined ? environmentNames : [values.in]
const found = await survey(values.client, chosen, id => id.includes(values.only))
const known = values.compare ? compare(found, await survey('prisma', environmentNames)) : undefined

for (const name of chosen) {
  const { asked, failures } = found[name]
  console.log(`${name}: ${asked.length - failures.size} of ${asked.length} positions`)
  for (const [id, reason] of failures) {
    const verdict = known?.worse[id]?.includes(name) ? ' (worse than Prisma)' : ''
    console.log(`  ${id}${verdict}${values.show ? `: ${reason}` : ''}`)
  }
}
if (values.write) writeKnown(known ?? update(readKnown(), found))
