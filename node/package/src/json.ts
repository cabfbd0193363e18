/**
 * JSON text of values for Json columns.
 *
 * JSON.stringify stores much that is not JSON without a word: a Map as `{}`, NaN as null, a class by its fields. It also
 * has no bounds, and an object that is referred to twice is written twice, so that a small value can become gigabytes.
 * This writer refuses what does not come back as it went in, and counts. It reads each member once: what it has checked
 * is what it writes.
 */

import { hasBrand } from './brand.js'
import { Invalid, printable } from './errors.js'
import type { Limits } from './limits.js'
import { describe, isDate, isPlain, lengthOf, timeOf } from './values.js'

/** Writes `value`; `bytes` is the room that is left. Throws where it is not JSON. */
export function writeJson(value: unknown, limits: Limits, bytes: number): string {
  const writer = new Writer(limits, bytes)
  const given = typeof value === 'object' && value !== null ? writer.converted(value, '') : value
  if (given === undefined) throw writer.refuse('expects a JSON value, got undefined')
  return writer.value(given)
}

/** What JSON.stringify escapes, and NUL characters and lone surrogates with it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are among what is looked for
const SPECIAL = /["\\\u0000-\u001f\ud800-\udfff]/

const LONE_SURROGATE = /\p{Cs}/u

/** Text of names that occurred before, with their colons: objects of a list have equal names. */
const keys = new Map<string, string>()
const MOST_KEYS = 1000
const LONGEST_KEY = 40

class Writer {
  /** The names and indices of the members that are being written, and the objects that they are members of. */
  readonly path: (string | number)[] = []
  readonly parents: object[] = []
  readonly limits: Limits
  depth = 0
  nodes = 0
  /** UTF-16 units that strings may still have; the encoder counts the bytes of the whole text. */
  room: number

  constructor(limits: Limits, room: number) {
    this.limits = limits
    this.room = room
  }

  refuse(why: string): Invalid {
    const path = this.path.slice(0, this.depth)
    const place = path.length === 0 ? '' : `, at \`${printablePath(path)}\` of the value`
    return new Invalid(why + place)
  }

  /** Text of a string. */
  string(value: string): string {
    if ((this.room -= value.length + 2) < 0) throw this.tooLarge()
    if (!SPECIAL.test(value)) return `"${value}"`
    const text = JSON.stringify(value)
    // It writes NUL characters and lone surrogates as `\\u`, besides some that are allowed.
    if (text.includes('\\u')) {
      if (value.includes('\0')) throw this.refuse('expects text without NUL characters')
      if (LONE_SURROGATE.test(value)) throw this.refuse('expects well-formed text: a surrogate stands alone')
    }
    return text
  }

  /** Text of the name of a member, with its colon. */
  private key(name: string): string {
    const known = keys.get(name)
    if (known !== undefined) {
      this.room -= known.length
      return known
    }
    const text = `${this.string(name)}:`
    if (keys.size < MOST_KEYS && name.length <= LONGEST_KEY) keys.set(name, text)
    return text
  }

  private tooLarge(): Invalid {
    return this.refuse(
      `is larger than the values of a call may be, ${this.limits.inputBytes} bytes; ` +
        'the option `limits.inputBytes` of the client allows more',
    )
  }

  private tooMany(): Invalid {
    return this.refuse(
      `has more than ${this.limits.jsonNodes} members; the option \`limits.jsonNodes\` of the client allows more`,
    )
  }

  /** Text of a value. Its `toJSON` was called before. */
  value(value: unknown): string {
    if (++this.nodes > this.limits.jsonNodes) throw this.tooMany()
    switch (typeof value) {
      case 'string':
        return this.string(value)
      case 'number':
        if (!Number.isFinite(value)) throw this.refuse('expects JSON, which has no NaN and no Infinity')
        return `${value}`
      case 'boolean':
        return value ? 'true' : 'false'
      case 'object':
        if (value === null) return 'null'
        if (Array.isArray(value)) return this.array(value)
        if (isPlain(value)) return this.object(value)
    }
    throw this.refuse(`expects JSON, got ${kindOf(value)}`)
  }

  private enter(value: object): void {
    if (this.parents.length <= this.depth) this.parents.push(value)
    else this.parents[this.depth] = value
    if (this.path.length <= this.depth) this.path.push('')
    if (++this.depth <= this.limits.jsonDepth) return
    const ancestors = this.parents.slice(0, this.depth - 1)
    this.depth = Math.min(this.depth - 1, 8)
    throw this.refuse(
      ancestors.includes(value)
        ? 'expects JSON, got an object that contains itself'
        : `nests deeper than ${this.limits.jsonDepth} levels; the option \`limits.jsonDepth\` of the client allows more`,
    )
  }

  private array(value: readonly unknown[]): string {
    this.enter(value)
    const length = lengthOf(value)
    // Before the loop: an array can be long without having elements.
    if (this.nodes + length > this.limits.jsonNodes) {
      this.depth--
      throw this.tooMany()
    }
    const place = this.depth - 1
    let text = ''
    for (let index = 0; index < length; index++) {
      this.path[place] = index
      let element = value[index]
      if (typeof element === 'object' && element !== null) element = this.converted(element, index)
      text += index === 0 ? this.value(element) : ',' + this.value(element)
    }
    this.depth--
    return `[${text}]`
  }

  private object(value: Record<string, unknown>): string {
    this.enter(value)
    const place = this.depth - 1
    const names = Object.keys(value)
    let text = ''
    for (let index = 0; index < names.length; index++) {
      const name = names[index]!
      this.path[place] = name
      let member = value[name]
      if (typeof member === 'object' && member !== null) {
        member = hasBrand(member, 'Skip') ? undefined : this.converted(member, name)
      }
      if (member === undefined) {
        // As JSON.stringify does, and Prisma; a member that is `Prisma.skip` likewise.
        if (++this.nodes > this.limits.jsonNodes) throw this.tooMany()
        continue
      }
      text += (text === '' ? '{' : ',') + this.key(name) + this.value(member)
    }
    this.depth--
    return text === '' ? '{}' : text + '}'
  }

  /** What an object says that it is in JSON: a Date its text, say. */
  converted(value: object, key: string | number): unknown {
    if (ArrayBuffer.isView(value)) return value
    const { toJSON } = value as { toJSON?: unknown }
    if (typeof toJSON !== 'function') return value
    if (isDate(value) && Number.isNaN(timeOf(value))) {
      throw this.refuse('expects JSON, got an invalid Date')
    }
    try {
      return toJSON.call(value, String(key)) as unknown
    } catch {
      // What it threw may hold the value.
      throw this.refuse('expects JSON, and the `toJSON` of an object failed')
    }
  }
}

function kindOf(value: unknown): string {
  if (ArrayBuffer.isView(value)) return 'an array of bytes or numbers: write a list of numbers, or text'
  if (typeof value === 'object' && value !== null && !isPlain(value)) {
    return `${describe(value)} that has no \`toJSON\``
  }
  return describe(value)
}

function printablePath(path: readonly (string | number)[]): string {
  let text = ''
  for (const step of path.slice(0, 8)) {
    text += typeof step === 'number' ? `[${step}]` : text === '' ? printable(step) : `.${printable(step)}`
  }
  return path.length > 8 ? `${text}...` : text
}
