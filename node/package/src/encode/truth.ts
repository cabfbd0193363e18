/** Conditions that every row fulfils. */

import type { ModelInfo } from '../catalog.js'
import { Code } from '../codes.js'

/** What is known of a condition without looking at a row. */
type Truth = true | false | undefined

/** Whether the words of a condition hold for every row of a model, whatever the rows are. */
export function alwaysHolds(words: string, model: ModelInfo): boolean {
  return new Reader(words).condition(model) === true
}

class Reader {
  private readonly words: string
  private position = 0

  constructor(words: string) {
    this.words = words
  }

  condition(model: ModelInfo): Truth {
    switch (this.next()) {
      case Code.And:
        return this.group(model, false)
      case Code.Or:
        return this.group(model, true)
      case Code.Not: {
        const inner = this.condition(model)
        return inner === undefined ? undefined : !inner
      }
      case Code.Some: {
        const { required, inner } = this.related(model)
        if (inner === true) return required ? true : undefined
        return inner
      }
      case Code.Every:
        return this.related(model).inner === true ? true : undefined
      case Code.None: {
        const { required, inner } = this.related(model)
        if (inner === true) return required ? false : undefined
        return inner === false ? true : undefined
      }
      default:
        // An operator and its column.
        this.next()
        return undefined
    }
  }

  /**
   * The condition on related rows. A required to-one relation leads to a row, unless the database lacks the row that a foreign
   * key names: who writes that there is one means every row.
   */
  private related(model: ModelInfo): { required: boolean; inner: Truth } {
    const field = model.list[this.next().charCodeAt(0)]!
    if (!field.relation) throw new Error('a condition on related rows names a relation')
    return { required: !field.many && !field.optional, inner: this.condition(field.target) }
  }

  /** The members of a group; one that is `decisive` decides it. */
  private group(model: ModelInfo, decisive: boolean): Truth {
    let truth: Truth = !decisive
    for (let count = this.next().charCodeAt(0); count > 0; count--) {
      const member = this.condition(model)
      if (member === decisive) truth = decisive
      else if (member === undefined && truth !== decisive) truth = undefined
    }
    return truth
  }

  private next(): string {
    return this.words.charAt(this.position++)
  }
}
