// The types of a client cost no more than budgets.json says.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { costs, excess, readBudgets } from './budgets.mjs'
import { measure } from './cost.mjs'
import { versions } from './editors.mjs'

const budgets = readBudgets()
const measured = costs(await measure('purlin', versions))

for (const [name, columns] of Object.entries(measured)) {
  for (const [column, cost] of Object.entries(columns)) {
    test(`${name}, ${column === 'all' ? 'all files' : `TypeScript ${column}`}`, () => {
      assert.equal(excess(cost, budgets[name]?.target, budgets[name]?.[column]), undefined)
    })
  }
}

test('each row of the table is measured', () => {
  assert.deepEqual(Object.keys(budgets).sort(), Object.keys(measured).sort())
})

test('costs are compared with ceilings from both sides', () => {
  assert.equal(excess(250, 300, 300), undefined)
  assert.equal(excess(301, 300, 300), '301 are more than 300')
  assert.equal(excess(1000, 300, 1000), undefined)
  assert.equal(excess(900, 300, 1000), '900 are less than the ceiling of 1000: lower it')
  assert.equal(excess(250, 300, 1000), '250 are less than the ceiling of 1000: lower it')
  assert.equal(excess(250, 300, 250), 'its ceiling of 250 is below its target of 300')
  assert.equal(excess(null, 300, null), undefined)
  assert.equal(excess(null, 300, 300), 'it does not compile')
  assert.equal(excess(200, 300, null), 'the client has it now, for 200: write its ceiling')
  assert.equal(excess(200, undefined, undefined), 'it has no budget')
})
