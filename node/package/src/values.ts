/** Values on their way to the engine. */

import { brand } from './brand.js'
import { Kind, type ColumnInfo } from './catalog.js'
import { Invalid, isThrown, suggestion } from './errors.js'
import { writeJson } from './json.js'
import type { Limits } from './limits.js'

/** The database's null in a Json column. */
export class DbNull {
  readonly #name = 'DbNull'
  toString(): string {
    return this.#name
  }
}

/** JSON's own null in a Json column. */
export class JsonNull {
  readonly #name = 'JsonNull'
  toString(): string {
    return this.#name
  }
}

/** Either null of a Json column; in conditions only. */
export class AnyNull {
  readonly #name = 'AnyNull'
  toString(): string {
    return this.#name
  }
}

/** Leaves out the member that it is the value of. */
export class Skip {
  readonly #name = 'skip'
  toString(): string {
    return this.#name
  }
}

brand(DbNull, 'DbNull')
brand(JsonNull, 'JsonNull')
brand(AnyNull, 'AnyNull')
brand(Skip, 'Skip')

/** What the engine takes for a value. */
export type EngineValue = string | number | boolean | bigint | Uint8Array | null | EngineValue[]

const EXPECTED: { [K in Kind]: string } = {
  [Kind.String]: 'a string',
  [Kind.Boolean]: 'a boolean',
  [Kind.Int]: 'an integer',
  [Kind.BigInt]: 'a bigint',
  [Kind.Float]: 'a number',
  [Kind.Decimal]: 'a decimal number (a string, a number or a Decimal)',
  [Kind.DateTime]: 'a Date or an ISO 8601 string',
  [Kind.Json]: 'a JSON value',
  [Kind.Bytes]: 'a Uint8Array',
  [Kind.Enum]: 'a value of its enum',
}

/** A date, a time and a zone, as Date itself writes them: the groups are the year, the month and the day. */
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)$/

/** The years 0000 to 9999, in milliseconds since 1970: databases that store dates as text sort no others. */
const FIRST_TIME = -62_167_219_200_000
const LAST_TIME = 253_402_300_799_999

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/**
 * The value of a column, or one that it is `compared` with, as the engine takes it; throws where it is not one. `room` is
 * how many bytes a value may still have.
 */
export function encodeValue(
  column: ColumnInfo,
  value: unknown,
  compared: boolean,
  limits: Limits,
  room: number,
): EngineValue {
  switch (column.kind) {
    case Kind.Int:
      if (typeof value === 'number') {
        if ((value | 0) === value) return value
        throw new Invalid(
          Number.isInteger(value)
            ? `\`${fullName(column)}\` expects an integer of 32 bits; a column for wider ones is a BigInt`
            : `\`${fullName(column)}\` expects an integer, got ${describeNumber(value)}`,
        )
      }
      break
    case Kind.String:
      if (typeof value === 'string') return wellFormed(column, value)
      break
    case Kind.Boolean:
      if (typeof value === 'boolean') return value
      break
    case Kind.BigInt:
      if (typeof value === 'bigint') {
        if (BigInt.asIntN(64, value) === value) return value
        throw new Invalid(`\`${fullName(column)}\` expects an integer of 64 bits`)
      }
      if (typeof value === 'number') {
        if (Number.isSafeInteger(value)) return value
        throw new Invalid(
          Number.isInteger(value)
            ? `\`${fullName(column)}\` expects an integer that a number holds exactly, or a bigint`
            : `\`${fullName(column)}\` expects an integer or a bigint, got ${describeNumber(value)}`,
        )
      }
      break
    case Kind.Float:
      if (typeof value === 'number') {
        if (Number.isFinite(value)) return value
        throw new Invalid(`\`${fullName(column)}\` expects a finite number, got ${describeNumber(value)}`)
      }
      break
    case Kind.Decimal:
      return decimalText(column, value)
    case Kind.DateTime:
      return milliseconds(column, value, compared)
    case Kind.Json:
      return jsonText(column, value, limits, room)
    case Kind.Bytes:
      if (isBytes(value)) return copyOf(column, value, room)
      break
    case Kind.Enum: {
      const enumeration = column.enumeration!
      if (typeof value === 'string') {
        const index = enumeration.index.get(value)
        if (index !== undefined) return index
        throw new Invalid(
          `\`${fullName(column)}\` expects one of ${enumeration.values.map(name => `\`${name}\``).join(', ')}` +
            suggestion(value, enumeration.values),
        )
      }
    }
  }
  throw mismatch(column, value)
}

/** A decimal number, as the engine reads it: the groups are the digits before and after the point, and the exponent. */
const DECIMAL = /^[ \t\n\r\f]*[+-]?(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?[ \t\n\r\f]*$/

/** The digits that a Decimal may have without an exponent. */
const MOST_DIGITS = 1000

function decimalText(column: ColumnInfo, value: unknown): string {
  if (typeof value === 'string') return checkedDecimal(column, value)
  if (typeof value === 'bigint') return checkedDecimal(column, value.toString())
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return String(value)
    throw new Invalid(`\`${fullName(column)}\` expects a finite number, got ${describeNumber(value)}`)
  }
  if (typeof value === 'object' && value !== null && !isPlain(value)) {
    const { toFixed } = value as { toFixed?: unknown }
    if (typeof toFixed === 'function') {
      // decimal.js, big.js and bignumber.js write all digits and no exponent when no number of places is given.
      try {
        const text: unknown = toFixed.call(value)
        if (typeof text === 'string') return checkedDecimal(column, text)
      } catch (error) {
        if (isThrown(error, Invalid)) throw error
        // What it threw may hold the value.
      }
    }
  }
  throw mismatch(column, value)
}

function checkedDecimal(column: ColumnInfo, text: string): string {
  const parts = DECIMAL.exec(text)
  if (parts === null) {
    throw new Invalid(
      `\`${fullName(column)}\` expects a decimal number, got a string that is none: write digits, as in '-12.50'`,
    )
  }
  const [, before = '', after = parts[3] ?? '', , exponent = '0'] = parts
  // Most have few digits, and need no counting.
  if (exponent !== '0' || before.length + after.length > MOST_DIGITS) {
    const digits = (before + after).replace(/^0+/, '')
    const point = digits.length - after.length + Number(exponent)
    const significant = digits.length - trailingZeros(digits)
    if (significant > 0 && Math.max(point, 0) + Math.max(significant - point, 0) > MOST_DIGITS) {
      throw new Invalid(
        `\`${fullName(column)}\` expects a decimal number of at most ${MOST_DIGITS} digits, got one of more`,
      )
    }
  }
  return text
}

function trailingZeros(digits: string): number {
  let count = 0
  while (count < digits.length && digits[digits.length - 1 - count] === '0') count++
  return count
}

function milliseconds(column: ColumnInfo, value: unknown, compared: boolean): number {
  let time: number
  if (isDate(value)) time = timeOf(value)
  else if (typeof value === 'string') time = parseTime(value)
  else throw mismatch(column, value)
  if (Number.isNaN(time)) {
    const what = typeof value === 'string' ? `this string ${whatIsWrong(value)}` : 'this Date is none'
    throw new Invalid(
      `\`${fullName(column)}\` expects a valid date: a Date, or a string like 2024-03-01T09:30:00Z; ${what}`,
    )
  }
  // A column is compared with any date: those of other years come before or after all that it holds.
  if (!compared && (time < FIRST_TIME || time > LAST_TIME)) {
    throw new Invalid(`\`${fullName(column)}\` expects a date in the years 0000 to 9999`)
  }
  return time
}

/** The milliseconds of an ISO string; NaN where it is none. Date.parse makes 1 March of 30 February. */
function parseTime(text: string): number {
  const parts = ISO.exec(text)
  if (parts === null) return NaN
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = month === 2 ? (leap ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return day > days ? NaN : Date.parse(text)
}

/** A date, perhaps a time after it, and perhaps a zone. */
const DATE_PARTS =
  /^\d{4}-\d{2}-\d{2}(?<between>[Tt ])?(?<time>\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?<zone> ?(?:[Zz]|[+-]\d{2}(?::?\d{2})?))?$/

/** Why a string is no valid date, without its text. */
function whatIsWrong(text: string): string {
  // The longest that is meant to be one; others are not looked at.
  const parts = text.length > 64 ? undefined : DATE_PARTS.exec(text)?.groups
  if (parts === undefined) return 'has another form'
  const { between, time, zone } = parts
  if (time === undefined) return zone === undefined ? 'has no time and no zone' : 'has no time'
  if (zone === undefined) return 'has no zone: end it in Z, or in an offset such as +02:00'
  if (between !== 'T') return 'has no T between the date and the time'
  if (!/(?:Z|[+-]\d{2}:?\d{2})$/.test(text) || zone.startsWith(' '))
    return 'has a zone in another form: write Z, or an offset such as +02:00'
  return 'names a day or a time that does not exist'
}

function jsonText(column: ColumnInfo, value: unknown, limits: Limits, room: number): string {
  if (value instanceof JsonNull) return 'null'
  if (value instanceof DbNull || value instanceof AnyNull || value === null) {
    throw new Invalid(`\`${fullName(column)}\`: say which null is meant, \`DbNull\` or \`JsonNull\``)
  }
  try {
    return writeJson(value, limits, room)
  } catch (error) {
    if (isThrown(error, Invalid)) throw new Invalid(`\`${fullName(column)}\` ${error.message}`)
    throw error
  }
}

function wellFormed(column: ColumnInfo, value: string): string {
  if (value.includes('\0')) throw new Invalid(`\`${fullName(column)}\` expects text without NUL characters`)
  // isWellFormed is in Node since 20.0; the types of older libraries do not have it.
  const check = (value as { isWellFormed?: () => boolean }).isWellFormed
  if (check === undefined ? LONE_SURROGATE.test(value) : !check.call(value)) {
    throw new Invalid(`\`${fullName(column)}\` expects well-formed text: a surrogate stands alone`)
  }
  return value
}

/** The error for a value of another type. */
export function mismatch(column: ColumnInfo, value: unknown): Invalid {
  return new Invalid(`\`${fullName(column)}\` expects ${EXPECTED[column.kind]}, got ${describe(value)}`)
}

/** `Model.field`. */
export function fullName(field: { model: { name: string }; name: string }): string {
  return `${field.model.name}.${field.name}`
}

/** What a number that is no integer is. NaN and Infinity come of a computation that went wrong, and hold nothing to hide. */
export function describeNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  return 'a number with a fraction'
}

/** What a value is, never what it holds. */
export function describe(value: unknown): string {
  try {
    return kindOf(value)
  } catch {
    // A proxy that is revoked, or whose traps fail.
    return 'an object that cannot be read'
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  switch (typeof value) {
    case 'undefined':
      return 'undefined'
    case 'object':
      return isDate(value) ? 'a Date' : isPlain(value) ? 'an object' : 'an object of a class'
    default:
      return Number.isNaN(value) ? 'NaN' : `a ${typeof value}`
  }
}

/** A Date, also one of another realm. */
export function isDate(value: unknown): value is Date {
  return value instanceof Date || Object.prototype.toString.call(value) === '[object Date]'
}

/** The time of a Date, without running a method of it; NaN when it is none. */
export function timeOf(value: unknown): number {
  try {
    return Date.prototype.getTime.call(value as Date)
  } catch {
    return NaN
  }
}

// The getter tells typed arrays apart whatever their prototype says, also those of another realm.
const typedArrayName = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  Symbol.toStringTag,
)!.get as (this: unknown) => string | undefined

/** Whether it is a Uint8Array, also one of another realm. */
function isBytes(value: unknown): value is Uint8Array {
  return typedArrayName.call(value) === 'Uint8Array'
}

const getByteLength = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  'byteLength',
)!.get as (this: Uint8Array) => number

/** How long a list is. A proxy may say anything. */
export function lengthOf(list: readonly unknown[]): number {
  const length: unknown = list.length
  if (typeof length !== 'number') throw new Invalid('has a length that is no number: it is a proxy')
  return length
}

/** How many bytes an array has, whatever members of its own say. */
export function byteLength(value: Uint8Array): number {
  return getByteLength.call(value)
}

/**
 * The bytes as they are now: the caller may fill a Buffer anew or cut it before the query is sent. More than there is
 * room for is not copied; the encoder refuses it.
 */
function copyOf(column: ColumnInfo, value: Uint8Array, room: number): Uint8Array {
  if (byteLength(value) > room) return value
  try {
    return new Uint8Array(value)
  } catch (error) {
    // Not enough memory.
    if (isThrown(error, RangeError)) throw error
    // A detached array has no bytes left, and an array beyond the end of its buffer none at all.
    throw new Invalid(
      `\`${fullName(column)}\` expects a Uint8Array whose buffer is still there: it was transferred or cut`,
    )
  }
}

/** An object that was written as a literal, also in another realm. A Map, say, must not pass for an empty one. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return true
  return Object.getPrototypeOf(prototype) === null && Object.prototype.toString.call(value) === '[object Object]'
}

/**
 * An object with members: a literal, or an instance of a class of the application, such as those that frameworks make of
 * requests. What keeps its content elsewhere, a Map or a Promise say, is none, nor is a decimal or an instance without
 * members, which must not pass for an empty literal.
 */
export function hasMembers(value: unknown): value is Record<string, unknown> {
  if (isPlain(value)) return true
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  if (Object.prototype.toString.call(value) !== '[object Object]') return false
  const { toFixed, then } = value as Record<string, unknown>
  return typeof toFixed !== 'function' && typeof then !== 'function' && Object.keys(value).length > 0
}
