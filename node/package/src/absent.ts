/** Members of Prisma's client that this client does not have: each says what to write instead. */

import type { ModelInfo } from './catalog.js'
import { PurlinValidationError, printable } from './errors.js'
import type { RefusedFunctions } from './types.js'

const RAW =
  'raw SQL is not supported yet: use the operations of the models; statements that no request makes are run by `npx purlin db execute`'
const EVENTS = 'events and query logs are not supported yet: remove the call, and look at calls where they are awaited'
const MONGO = 'is of MongoDB, which is not supported: use the operations of the models'
const OUTSIDE = 'a transaction has the operations of its models only: call it on the client, outside of `$transaction`'

/** The members of clients and of transactions. */
const CLIENT_MEMBERS: Readonly<Record<string, string>> = {
  $queryRaw: RAW,
  $queryRawUnsafe: RAW,
  $queryRawTyped: RAW,
  $executeRaw: RAW,
  $executeRawUnsafe: RAW,
  $runCommandRaw: MONGO,
  $extends: 'extensions are not supported yet: write a function that takes the client and calls it',
  $on: EVENTS,
  $use: 'middleware is not supported: write a function that takes the client and calls it',
}

/** What a transaction has not, beside these. */
const OF_CLIENTS_ONLY: Readonly<Record<string, string>> = {
  $transaction: 'transactions do not nest: make the calls by the client that the function of the transaction is given',
  $connect: OUTSIDE,
  $disconnect: OUTSIDE,
}

/** The operations of models. */
const OPERATIONS: Readonly<Record<string, string>> = {
  aggregate:
    'is not supported yet: `count` counts; compute others from the columns that `findMany` reads with `select`',
  groupBy: 'is not supported yet: read the columns by `findMany` with `select`, and group the rows',
  createManyAndReturn: 'is not supported yet: give `$transaction` a list of `create`',
  updateManyAndReturn: 'is not supported yet: in a `$transaction` call `updateMany`, then `findMany`',
  findRaw: MONGO,
  aggregateRaw: MONGO,
}

/** The methods of promises that lead to related rows, one for each relation: `findUnique(..).posts()`. */
const FLUENT =
  'of a query is not supported yet: load related rows with `include` or `select`, and take them from the row'

/** The functions of the namespace. */
const NAMESPACE: Readonly<Record<string, string>> = {
  sql: RAW,
  join: RAW,
  raw: RAW,
  Sql: RAW,
  defineExtension: 'extensions are not supported yet: write a function that takes the client and calls it',
  getExtensionContext: 'extensions are not supported yet: write a function that takes the client and calls it',
}

/** A function that refuses to be called. */
function refuse(message: string | (() => string)): () => never {
  return function refused() {
    const error = new PurlinValidationError(typeof message === 'string' ? message : message())
    Error.captureStackTrace(error, refused)
    throw error
  }
}

/** Gives a class members that refuse; inspection and JSON do not see them. */
function addTo(prototype: object, members: Readonly<Record<string, string>>, what: (name: string) => string): void {
  for (const [name, message] of Object.entries(members)) {
    Object.defineProperty(prototype, name, {
      value: refuse(`${what(name)}${message}`),
      writable: true,
      configurable: true,
    })
  }
}

/** Gives the class of clients, or of transactions, the members that it has not. */
export function refuseMembers(prototype: object, transaction: boolean): void {
  const what = (name: string): string => (CLIENT_MEMBERS[name] === MONGO ? `\`${name}\` ` : `\`${name}\`: `)
  addTo(prototype, CLIENT_MEMBERS, what)
  if (transaction) addTo(prototype, OF_CLIENTS_ONLY, what)
  const metrics = refuse('`$metrics`: metrics are not supported: measure calls where they are awaited')
  Object.defineProperty(prototype, '$metrics', {
    value: Object.freeze({ json: metrics, prometheus: metrics }),
    configurable: true,
  })
}

/** Gives the class of delegates the operations that it has not. */
export function refuseOperations(prototype: { readonly name: string }): void {
  for (const [name, message] of Object.entries(OPERATIONS)) {
    Object.defineProperty(prototype, name, {
      value: function refused(this: { readonly name: string }): never {
        const error = new PurlinValidationError(`\`${name}\` of ${this.name} ${message}`)
        Error.captureStackTrace(error, refused)
        throw error
      },
      writable: true,
      configurable: true,
    })
  }
}

/** Gives the class of the queries of a client the methods that lead to the related rows of a model, which it has not. */
export function refuseRelations(prototype: object, model: ModelInfo): void {
  for (const { name, relation } of model.list) {
    if (!relation || name in prototype) continue
    // A model may have hundreds: the message is made when it is needed.
    const value = refuse(() => `\`${printable(name)}\` ${FLUENT}`)
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true })
  }
}

/** What stands for the fields of a model: `db.user.fields.email`, a reference to a field, is refused. */
export function refusedFields(model: ModelInfo): object {
  const fields = {}
  for (const { name } of model.list) {
    const get = (): never => {
      throw new PurlinValidationError(
        `\`${model.accessor}.fields.${name}\`: references to fields are not supported yet: compare columns in the program`,
      )
    }
    Object.defineProperty(fields, name, { get })
  }
  return fields
}

/** The functions of the namespace that refuse. */
export const refusedFunctions: RefusedFunctions = Object.fromEntries(
  Object.entries(NAMESPACE).map(([name, message]) => [name, refuse(`\`Prisma.${name}\`: ${message}`)]),
) as unknown as RefusedFunctions
