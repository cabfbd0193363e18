// Compares what an editor shows at a position with what the example file expects.

import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Returns undefined if the editor shows what is expected, or what it shows instead. */
export async function judge(editor, position) {
  const { file, offset, verb, wanted } = position
  switch (verb) {
    case 'completes':
    case 'completes only':
      return completion(await editor.complete(file, offset), wanted, verb)
    case 'hovers': {
      const { text } = await editor.hover(file, offset)
      return wanted.map(canonical).includes(canonical(text)) ? undefined : `shows ${flat(text) || 'nothing'}`
    }
    case 'documents': {
      const { documentation } = await editor.hover(file, offset)
      return wanted.some(text => documentation.includes(text))
        ? undefined
        : `shows ${flat(documentation) || 'no comment'}`
    }
    case 'leads to':
      return definition(await editor.define(file, offset), wanted)
    case 'reports':
      return error(await editor.errors(file), position)
    case 'is accepted':
      return acceptance(await editor.errors(file), position)
    default:
      throw new Error(`${verb} is not a kind of expectation`)
  }
}

function completion(names, wanted, verb) {
  if (names.includes('globalThis')) return 'offers the global names'
  const list = wanted.join(', ').split(/,\s*/)
  const missing = list.filter(name => !names.includes(name))
  if (missing.length > 0)
    return `offers ${names.length === 0 ? 'nothing' : `${names.length} names`}, without ${missing.join(', ')}`
  const extra = names.filter(name => !list.includes(name))
  return verb === 'completes only' && extra.length > 0 ? `offers ${extra.slice(0, 5).join(', ')} too` : undefined
}

/** `Model.field`: a line that declares the field, inside a declaration of the client whose name has the model's. */
function definition(places, wanted) {
  const found = places.map(({ file, line }) => {
    const lines = readFileSync(file, 'utf8').split('\n')
    const [, field] = /^\s*(?:readonly )?(\w+)\??:/.exec(lines[line]) ?? []
    const owner = lines
      .slice(0, line + 1)
      .findLast(text => /^\s*(?:export )?(?:interface|(?:declare )?type|class) /.test(text))
    const [, name = ''] = /(?:interface|type|class) (\$?\w+)/.exec(owner ?? '') ?? []
    return { file, name, field, line: lines[line].trim() }
  })
  const fits = found.some(({ file, name, field }) =>
    wanted.some(text => {
      const [model, member] = text.split('.')
      return /\/generated\//.test(file) && name.includes(model) && field === member
    }),
  )
  if (fits) return undefined
  const shown = found.map(
    ({ file, name, line }) => `${basename(dirname(file))}/${basename(file)} (${name}): ${line.slice(0, 60)}`,
  )
  return `leads to ${shown.join(' and ') || 'nothing'}`
}

/** One error in the line, which begins at the position; `...` in the expectation is for any text. */
function error(errors, position) {
  const found = inLine(errors, position)
  const patterns = position.wanted.map(text => new RegExp(text.split('...').map(literally).join('.*')))
  const [only] = found
  if (
    found.length === 1 &&
    only.offset === position.offset &&
    patterns.some(pattern => pattern.test(flat(only.message)))
  ) {
    return undefined
  }
  if (found.length === 0) return 'reports nothing'
  const where = found.some(({ offset }) => offset === position.offset) ? '' : 'elsewhere in the line '
  return `reports ${where}${messages(found)}`
}

/** No error in the line. */
function acceptance(errors, position) {
  const found = inLine(errors, position)
  return found.length === 0 ? undefined : `reports ${messages(found)}`
}

function inLine(errors, { line: [start, end] }) {
  return errors.filter(({ offset }) => offset >= start && offset < end)
}

function messages(errors) {
  return errors.map(({ message }) => flat(message)).join(' and ')
}

/**
 * A type without its layout, and with the members of its objects in alphabetical order: before version 7, TypeScript
 * has the members of some of them in no order that a program determines.
 */
export function canonical(text) {
  const inner = /\{([^{}]*)\}/
  const objects = []
  let rest = flat(text)
  // From the inside out: an object whose members are in order is replaced with its number.
  for (let match = inner.exec(rest); match !== null; match = inner.exec(rest)) {
    const members = match[1].split(/[;,]/).map(member => member.trim())
    objects.push(members.filter(Boolean).sort().join('; '))
    rest = rest.replace(match[0], () => `<#${objects.length - 1}>`)
  }
  const spell = text => text.replace(/<#(\d+)>/g, (_, number) => `{ ${spell(objects[number])} }`)
  return spell(rest)
}

function flat(text) {
  return text.replace(/\s+/g, ' ').trim()
}

function literally(text) {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
