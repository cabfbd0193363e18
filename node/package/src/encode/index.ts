/**
 * From the arguments of a call to its shape and its values.
 *
 * The shape is a string of 16-bit words (the grammar is in the engine, query/src/shape.rs): operators, indices of
 * fields, nulls, lengths. It never holds a name or a value of the caller, so calls that differ in values only have
 * equal shapes, and nothing that a caller writes becomes an identifier. Values go into a list beside it, in the order
 * in which the shape mentions them.
 */

import type { ModelInfo } from '../catalog.js'
import { Code } from '../codes.js'
import { Invalid, isThrown } from '../errors.js'
import { ENCODE_DEFAULTS, type EncodeOptions } from '../limits.js'
import { isMistake, withoutValues } from '../trace.js'
import type { EngineValue } from '../values.js'
import { Encoder, FIND, NOTHING, SELECTION, argumentsOf, member, optional, required } from './common.js'
import { bulkWhere, uniqueWhere } from './filter.js'
import { countWords, countedFields, find, selection } from './find.js'
import { newRows, writes } from './write.js'

/** The operations, as users call them. */
export type Operation =
  | 'findUnique'
  | 'findUniqueOrThrow'
  | 'findFirst'
  | 'findFirstOrThrow'
  | 'findMany'
  | 'count'
  | 'create'
  | 'createMany'
  | 'update'
  | 'updateMany'
  | 'upsert'
  | 'delete'
  | 'deleteMany'

/** A call, as the engine takes it. */
export interface Encoded {
  shape: string
  values: EngineValue[]
  /** The members of the result of `count` with `select`. */
  counted: string[] | undefined
}

const ARGUMENTS: { [O in Operation]: readonly string[] } = {
  findUnique: ['where', ...SELECTION],
  findUniqueOrThrow: ['where', ...SELECTION],
  findFirst: FIND,
  findFirstOrThrow: FIND,
  findMany: FIND,
  count: ['where', 'orderBy', 'take', 'skip', 'select'],
  create: ['data', ...SELECTION],
  createMany: ['data'],
  update: ['where', 'data', ...SELECTION],
  updateMany: ['where', 'data'],
  upsert: ['where', 'create', 'update', ...SELECTION],
  delete: ['where', ...SELECTION],
  deleteMany: ['where'],
}

/** Encodes a call; throws an Error whose message names the argument. `undefined`: nothing is to be done. */
export function encode(
  model: ModelInfo,
  operation: Operation,
  given: unknown,
  options: EncodeOptions = ENCODE_DEFAULTS,
): Encoded | undefined {
  const encoder = new Encoder(options)
  try {
    const args = given === undefined ? NOTHING : argumentsOf(encoder, given, ARGUMENTS[operation])
    let counted: string[] | undefined
    let shape: string
    switch (operation) {
      case 'findMany':
        shape = Code.FindMany + model.word + find(encoder, model, args) + selection(encoder, model, args)
        break
      case 'findFirst':
      case 'findFirstOrThrow':
        shape = Code.FindFirst + model.word + find(encoder, model, args, true) + selection(encoder, model, args)
        break
      case 'findUnique':
      case 'findUniqueOrThrow':
        shape = Code.FindUnique + model.word + Code.Where + uniqueWhere(encoder, model, args) + Code.End
        shape += selection(encoder, model, args)
        break
      case 'count': {
        const rows = Code.Count + model.word + find(encoder, model, args)
        const select = encoder.selection(args, 'select')
        counted = select === undefined ? undefined : countedFields(encoder, model, select)
        shape = rows + countWords(model, counted)
        break
      }
      case 'create': {
        // Where each column has a default, there may be nothing to say.
        const data = optional(encoder, args, 'data')
        encoder.path.push('data')
        shape = Code.Create + model.word + writes(encoder, model, data ?? {}, true)
        encoder.path.pop()
        shape += selection(encoder, model, args)
        break
      }
      case 'createMany': {
        const rows = newRows(encoder, model, required(encoder, args, 'data'))
        if (rows === undefined) return undefined
        shape = Code.CreateMany + model.word + rows
        break
      }
      case 'update':
        shape = Code.Update + model.word + uniqueWhere(encoder, model, args)
        shape += member(encoder, args, 'data', data => writes(encoder, model, data, false))
        shape += selection(encoder, model, args)
        break
      case 'updateMany':
        shape = Code.UpdateMany + model.word + bulkWhere(encoder, model, args)
        shape += member(encoder, args, 'data', data => writes(encoder, model, data, false))
        break
      case 'upsert':
        shape = Code.Upsert + model.word + uniqueWhere(encoder, model, args)
        shape += member(encoder, args, 'create', row => writes(encoder, model, row, true))
        shape += member(encoder, args, 'update', data => writes(encoder, model, data, false))
        shape += selection(encoder, model, args)
        break
      case 'delete':
        shape = Code.Delete + model.word + uniqueWhere(encoder, model, args) + selection(encoder, model, args)
        break
      case 'deleteMany':
        shape = Code.DeleteMany + model.word + bulkWhere(encoder, model, args)
        break
    }
    return { shape, values: encoder.values, counted }
  } catch (error) {
    if (isThrown(error, Invalid)) throw new Invalid(encoder.describe(error.message))
    // The stack was nearly used up before the call, or a getter of the caller failed.
    if (isThrown(error, RangeError))
      throw new Invalid('the arguments cannot be read: the stack or the memory is used up')
    if (isMistake(error)) throw withoutValues(error)
    // What the caller's code threw may hold the value.
    throw new Invalid('the arguments cannot be read: a getter or a proxy among them failed')
  }
}
