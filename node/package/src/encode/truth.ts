/** Conditions that every row fulfils. */

import { Code } from '../codes.js'

/** What is known of a condition without looking at a row. */
type Truth = true | false | undefined

/** Whether the words of a condition hold for every row, whatever the rows are. */
export function alwaysHolds(words: string): boolean {
  return new Reader(words).condition() === true
}

class Reader {
  private readonly words: string
  private position = 0

  constructor(words: string) {
    this.words = words
  }

  condition(): Truth {
    switch (this.next()) {
      case Code.And:
        return this.group(false)
      case Code.Or:
        return this.group(true)
      case Code.Not: {
        const inner = this.condition()
        return inner === undefined ? undefined : !inner
      }
      case Code.Some:
        this.next()
        return this.condition() === false ? false : undefined
      case Code.Every:
        this.next()
        return this.condition() === true ? true : undefined
      case Code.None:
        this.next()
        return this.condition() === false ? true : undefined
      default:
        // An operator and its column.
        this.next()
        return undefined
    }
  }

  /** The members of a group; one that is `decisive` decides it. */
  private group(decisive: boolean): Truth {
    let truth: Truth = !decisive
    for (let count = this.next().charCodeAt(0); count > 0; count--) {
      const member = this.condition()
      if (member === decisive) truth = decisive
      else if (member === undefined && truth !== decisive) truth = undefined
    }
    return truth
  }

  private next(): string {
    return this.words.charAt(this.position++)
  }
}
