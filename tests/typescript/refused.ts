import { Prisma } from './generated/index.js'

/**
 * How a query was refused: by its code, the model and the target of the constraint; `invalid` when it could not be
 * asked at all. A query that succeeded is `succeeded`.
 */
export async function refused(query: Promise<unknown>) {
  try {
    await query
  } catch (error) {
    if (error instanceof Prisma.PrismaClientValidationError) return 'invalid'
    if (!(error instanceof Prisma.PrismaClientKnownRequestError)) throw error
    const { modelName: model, target } = error.meta ?? {}
    return { code: error.code, model, target }
  }
  return 'succeeded'
}

/** All that an error says to programs: its code and its `meta`, but for what is null. A query that succeeded is `succeeded`. */
export async function facts(query: Promise<unknown>) {
  try {
    await query
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError)) throw error
    const known = Object.entries(error.meta ?? {}).filter(([, value]) => value !== null)
    return { code: error.code, ...Object.fromEntries(known) }
  }
  return 'succeeded'
}

/** The code alone, where an error is of no model. */
export async function code(query: Promise<unknown>) {
  const refusal = await refused(query)
  return typeof refusal === 'string' ? refusal : refusal.code
}
