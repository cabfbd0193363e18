// What editors show at the positions of the example files and of typing.ts, in each environment: what the files expect,
// but for the positions that known.json lists, which must fail.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { canonical, judge } from './judge.mjs'
import { knownFailures, readKnown } from './known.mjs'
import { parse } from './positions.mjs'
import { environmentNames, survey } from './survey.mjs'
import { closers, readTyping } from './typing.mjs'

const known = readKnown()
const found = await survey('purlin', environmentNames)

for (const name of environmentNames) {
  describe(/^\d/.test(name) ? `TypeScript ${name}` : name, () => {
    const { asked, failures } = found[name]
    const listed = knownFailures(known, name)
    for (const id of asked) {
      const reason = failures.get(id)
      if (listed.includes(id)) {
        test(`${id}, which is known to fail`, () => {
          assert.notEqual(reason, undefined, `it passes: remove ${id} from known.json (node editor/run.mjs --write)`)
        })
      } else {
        test(id, () => assert.equal(reason, undefined))
      }
    }
  })
}

test('the list of known failures names positions and environments that exist, each once', () => {
  for (const name of environmentNames) {
    const listed = knownFailures(known, name)
    assert.deepEqual(
      listed.filter(id => !found[name].asked.includes(id)),
      [],
    )
    assert.equal(new Set(listed).size, listed.length)
  }
  const named = [known.worse, known.equal].flatMap(list => Object.values(list).flat())
  assert.deepEqual(
    named.filter(name => !environmentNames.includes(name)),
    [],
  )
})

test('markers are taken out of the code, and their expectations are read', () => {
  const source = `call({ /*first*/ na/*second*/me })
// first completes name, posts,
//   manager
// second hovers A
// second hovers B
// An ordinary comment.
//   and its continuation
`
  const { text, positions } = parse('a.ts', source)
  assert.equal(text.split('\n')[0], 'call({  name })')
  assert.deepEqual(positions, [
    {
      id: 'a/first completes',
      file: 'a.ts',
      offset: 7,
      line: [0, 15],
      verb: 'completes',
      wanted: ['name, posts, manager'],
    },
    { id: 'a/second hovers', file: 'a.ts', offset: 10, line: [0, 15], verb: 'hovers', wanted: ['A', 'B'] },
  ])
})

test('a marker without an expectation, an expectation without a marker, and a second marker of a name are refused', () => {
  assert.throws(() => parse('a.ts', '/*x*/'), /a\.ts: nothing is expected at x/)
  assert.throws(() => parse('a.ts', '// x completes name'), /a\.ts: no marker is named x/)
  assert.throws(() => parse('a.ts', '/*x*//*x*/\n// x completes name'), /a\.ts: the marker x is there twice/)
})

test('hovers are compared without regard to layout and to the order of members', () => {
  assert.equal(canonical('const a: { b: 1;\n  a: { d: 2; c: 3; }[]; }'), 'const a: { a: { c: 3; d: 2 }[]; b: 1 }')
  assert.notEqual(canonical('{ a: { b: 1 }; c: 2 }'), canonical('{ a: { c: 2 }; b: 1 }'))
})

test('each kind of expectation can fail', async () => {
  const editor = {
    complete: () => ['id', 'email'],
    hover: () => ({ text: 'const id: number', documentation: 'The key.' }),
    define: () => [],
    errors: () => [{ offset: 5, message: "'nmae' does not\n  exist" }],
  }
  const shown = (verb, wanted, offset = 5) =>
    judge(editor, { file: 'a.ts', offset, line: [0, 9], verb, wanted: [wanted] })

  assert.equal(await shown('completes', 'email'), undefined)
  assert.equal(await shown('completes', 'email, name'), 'offers 2 names, without name')
  assert.equal(await shown('completes only', 'email'), 'offers id too')
  assert.equal(await shown('hovers', 'const id: number'), undefined)
  assert.equal(await shown('hovers', 'const id: string'), 'shows const id: number')
  assert.equal(await shown('documents', 'The key.'), undefined)
  assert.equal(await shown('documents', 'The name.'), 'shows The key.')
  assert.equal(await shown('leads to', 'User.id'), 'leads to nothing')
  assert.equal(await shown('reports', "'nmae' ... exist"), undefined)
  assert.equal(await shown('reports', "'name'"), "reports 'nmae' does not exist")
  assert.equal(await shown('reports', "'nmae'", 4), "reports elsewhere in the line 'nmae' does not exist")
  assert.equal(await shown('is accepted', ''), "reports 'nmae' does not exist")

  const silent = { complete: () => ['globalThis', 'id'], errors: () => [] }
  const position = { file: 'a.ts', offset: 5, line: [0, 9], wanted: ['id'] }
  assert.equal(await judge(silent, { ...position, verb: 'completes' }), 'offers the global names')
  assert.equal(await judge(silent, { ...position, verb: 'reports' }), 'reports nothing')
  assert.equal(await judge(silent, { ...position, verb: 'is accepted' }), undefined)
})

test('what is typed from nothing is cut off at a name, and its brackets are closed', () => {
  assert.equal(closers("call({ a: [{ b: '"), "'}]})")
  assert.equal(closers("call({ a: '({[' }"), ')')

  const { examples, positions } = readTyping()
  const [{ text }] = examples
  const around = ({ offset }) => [text.slice(0, offset).split('\n').at(-1), text.slice(offset).split('\n')[0]]
  const found = id => around(positions.find(position => position.id === id))
  assert.deepEqual(found('typing/saveTopic where.name completes'), ['    where: { ', '}})}'])
  assert.deepEqual(found('typing/saveTopic where.name, half a name completes'), ['    where: { na', '}})}'])
  assert.deepEqual(found('typing/listUsers where.role.ADMIN completes'), ["    where: { role: '", "'}})}"])
  assert.deepEqual(found('typing/saveTopic topic._count completes'), ['  return topic.', '}'])
})
