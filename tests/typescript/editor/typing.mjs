// Turns the functions of typing.ts into positions: each is cut off at each name in it, the brackets that are open are
// closed as editors close them, and the name is expected to be offered there. As a whole, each has to be free of errors.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const ts = createRequire(import.meta.url)('typescript-5.9')

const FILE = 'typing.ts'
const WHOLE = 'whole.ts'
const CLOSERS = { '(': ')', '[': ']', '{': '}' }

/** Texts that only the types know, and that an editor offers between the quotes. */
const WORDS = ['ADMIN', 'MEMBER', 'asc', 'desc', 'first', 'last', 'role']

/** Returns examples and positions, in the form of `readExamples`. */
export function readTyping() {
  const source = readFileSync(new URL(FILE, import.meta.url), 'utf8')
  const { statements } = ts.createSourceFile(FILE, source, ts.ScriptTarget.ES2022, true)
  // What is not a function is needed by several of them.
  const shared = statements.filter(statement => !ts.isFunctionDeclaration(statement))
  let text = `${shared.map(statement => statement.getText()).join('\n')}\n`
  const positions = []
  const ids = new Set()
  for (const declaration of statements.filter(ts.isFunctionDeclaration)) {
    const start = declaration.getStart()
    const whole = { file: WHOLE, offset: start, line: [start, declaration.end], verb: 'is accepted', wanted: [] }
    positions.push({ id: `typing/${declaration.name.text} is accepted`, ...whole })
    for (const { name, node, path } of namesOf(declaration)) {
      for (const typed of [0, Math.ceil(name.length / 2)]) {
        const inside = node.getStart() + (ts.isStringLiteral(node) ? 1 : 0) + typed
        // Its own name, for all of them are in one module.
        const before = source.slice(start, inside).replace(/function \w+/, `function f${positions.length}`)
        const offset = text.length + before.length
        const id = unique(`typing/${declaration.name.text} ${path}${typed ? ', half a name' : ''} completes`, ids)
        positions.push({ id, file: FILE, offset, line: [offset, offset], verb: 'completes', wanted: [name] })
        text += `${before}${closers(before)}\n`
      }
    }
  }
  const examples = [
    { file: FILE, text },
    { file: WHOLE, text: source },
  ]
  return { examples, positions }
}

/** The names in a function that an editor has to offer: members of objects, and texts of a known set. */
function namesOf(declaration) {
  const found = []
  const visit = (node, path) => {
    let inner = path
    if (ts.isPropertyAssignment(node) || ts.isPropertyAccessExpression(node)) {
      const accessed = ts.isPropertyAccessExpression(node) ? `${node.expression.getText().replace(/\(.*/s, '()')}.` : ''
      const name = node.name.text
      if (accessed !== '') visit(node.expression, path)
      if (!isBuiltIn(name)) found.push({ name, node: node.name, path: join(path, accessed + name) })
      if (accessed !== '') return
      inner = join(path, name)
    } else if (ts.isStringLiteral(node) && WORDS.includes(node.text)) {
      found.push({ name: node.text, node, path: join(path, node.text) })
    }
    ts.forEachChild(node, child => visit(child, inner))
  }
  visit(declaration.body, '')
  return found
}

function join(path, name) {
  return path === '' ? name : `${path}.${name}`
}

/** Methods of lists say nothing about our types. */
function isBuiltIn(name) {
  return name === 'map'
}

function unique(id, ids) {
  let candidate = id
  for (let count = 2; ids.has(candidate); count++) candidate = id.replace(/ completes$/, `, ${count} completes`)
  ids.add(candidate)
  return candidate
}

/** What closes the brackets and the quotes that are open at the end of a text. */
export function closers(text) {
  const open = []
  for (const character of text) {
    const last = open.at(-1)
    if (last === "'") {
      if (character === "'") open.pop()
    } else if (character === "'") open.push("'")
    else if (character in CLOSERS) open.push(CLOSERS[character])
    else if (character === last) open.pop()
  }
  return open.reverse().join('')
}
