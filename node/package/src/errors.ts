/** Errors of the client. Messages name models, fields and arguments, never values. */

/** The version of this package, which errors carry. */
export const version = '0.1.0'

/**
 * Matches by name as well as by class: a server that bundles its module graphs apart has several copies of a class.
 */
function sameName(this: { errorName: string; prototype: object }, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return (
    Object.prototype.isPrototypeOf.call(this.prototype, value) ||
    (value instanceof Error && value.name === this.errorName)
  )
}

/** The database or the engine refused a query; `code` is Prisma's. */
export class PurlinKnownRequestError extends Error {
  static readonly errorName = 'PurlinKnownRequestError'
  /** Prisma's code: P2002 is a violated unique constraint, P2025 a row that is not there. */
  readonly code: string
  /** Facts beside the message: `modelName`, `target`, `operation` ... */
  readonly meta: Record<string, unknown> | undefined
  readonly clientVersion: string
  /** The place of the failed query in the list given to `$transaction`. */
  batchRequestIdx?: number

  constructor(
    message: string,
    details: { code: string; clientVersion?: string; meta?: Record<string, unknown>; batchRequestIdx?: number },
  ) {
    super(message)
    this.name = 'PurlinKnownRequestError'
    this.code = details.code
    this.meta = details.meta
    this.clientVersion = details.clientVersion ?? version
    if (details.batchRequestIdx !== undefined) this.batchRequestIdx = details.batchRequestIdx
  }

  get [Symbol.toStringTag](): string {
    return 'PurlinKnownRequestError'
  }

  static [Symbol.hasInstance] = sameName
}

/** The engine failed in a way that has no code. */
export class PurlinUnknownRequestError extends Error {
  static readonly errorName = 'PurlinUnknownRequestError'
  readonly clientVersion: string

  constructor(message: string, details: { clientVersion?: string } = {}) {
    super(message)
    this.name = 'PurlinUnknownRequestError'
    this.clientVersion = details.clientVersion ?? version
  }

  get [Symbol.toStringTag](): string {
    return 'PurlinUnknownRequestError'
  }

  static [Symbol.hasInstance] = sameName
}

/** The arguments of a call do not fit the schema. */
export class PurlinValidationError extends Error {
  static readonly errorName = 'PurlinValidationError'
  readonly clientVersion: string

  constructor(message: string, details: { clientVersion?: string } = {}) {
    super(message)
    this.name = 'PurlinValidationError'
    this.clientVersion = details.clientVersion ?? version
  }

  get [Symbol.toStringTag](): string {
    return 'PurlinValidationError'
  }

  static [Symbol.hasInstance] = sameName
}

/** The client cannot open its database. */
export class PurlinInitializationError extends Error {
  static readonly errorName = 'PurlinInitializationError'
  /** Prisma's code, where it has one. */
  readonly errorCode: string | undefined
  readonly clientVersion: string

  constructor(message: string, details: { errorCode?: string | undefined; clientVersion?: string } = {}) {
    super(message)
    this.name = 'PurlinInitializationError'
    this.errorCode = details.errorCode
    this.clientVersion = details.clientVersion ?? version
  }

  get [Symbol.toStringTag](): string {
    return 'PurlinInitializationError'
  }

  static [Symbol.hasInstance] = sameName
}

/** Never thrown: the engine reports its own failures as {@link PurlinUnknownRequestError}. For code that asks for it. */
export class PurlinRustPanicError extends Error {
  static readonly errorName = 'PurlinRustPanicError'
  readonly clientVersion: string

  constructor(message: string, clientVersion: string = version) {
    super(message)
    this.name = 'PurlinRustPanicError'
    this.clientVersion = clientVersion
  }

  static [Symbol.hasInstance] = sameName
}

/** What the arguments of a call do wrong; the call adds its own name. */
export class Invalid extends Error {}

/** `instanceof` for what code of the caller threw: a revoked proxy fails when it is asked what it is. */
export function isThrown<T>(error: unknown, type: abstract new (...args: never[]) => T): error is T {
  try {
    return error instanceof type
  } catch {
    return false
  }
}

/** How much of a name that a caller chose a message repeats. */
const MOST_OF_A_NAME = 64

/** How long a message may be. */
const MOST_OF_A_MESSAGE = 2000

/** Characters that forge lines of a log, move the cursor, reverse the text, or are not characters at all. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** A name that a caller chose, as messages repeat it: its beginning, without characters that do harm in a log. */
export function printable(name: string): string {
  const part = name.length > MOST_OF_A_NAME ? name.slice(0, MOST_OF_A_NAME) : name
  const text = part.replace(UNPRINTABLE, character => `\\u{${character.codePointAt(0)!.toString(16)}}`)
  return part === name ? text : `${text}...`
}

/** A message of which no caller can make a long one. */
export function bounded(message: string): string {
  return message.length > MOST_OF_A_MESSAGE ? `${message.slice(0, MOST_OF_A_MESSAGE)}...` : message
}

/** The known name that is nearest to a wrong one, as part of a message. */
export function suggestion(wrong: string, known: Iterable<string>): string {
  if (wrong.length > MOST_OF_A_NAME) return ''
  let best = ''
  let least = Math.ceil(wrong.length / 3) + 1
  for (const name of known) {
    const edits = distance(wrong.toLowerCase(), name.toLowerCase(), least)
    if (edits < least) {
      least = edits
      best = name
    }
  }
  return best === '' ? '' : `; did you mean \`${best}\`?`
}

/** The number of edits between two words, neighbours that changed places being one; `most` when it is not less. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) >= most) return most
  let last: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + change)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, last[j - 2]! + 1)
      next.push(least)
    }
    last = row
    row = next
  }
  return row[b.length]!
}
