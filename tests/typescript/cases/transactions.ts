// Several queries as one.

import { setTimeout } from 'node:timers/promises'
import type { PurlinClient, TransactionClient } from '../generated/index.js'
import { code, refused } from '../refused.js'

export async function commitsWhenTheWorkSucceeds(db: PurlinClient) {
  const given = await db.$transaction(async tx => {
    const first = await tx.user.create({ data: { email: 'new@acme.io' } })
    await tx.user.update({ where: { id: 1 }, data: { managerId: first.id } })
    return first.email
  })
  const { managerId } = await db.user.findUniqueOrThrow({ where: { id: 1 } })
  return [given, managerId]
}

export async function rollsBackWhenTheWorkFailsAndGivesItsError(db: PurlinClient) {
  const outOfStock = new Error('out of stock')
  const caught = await db
    .$transaction(async tx => {
      await tx.tag.deleteMany()
      throw outOfStock
    })
    .catch((error: unknown) => error)
  return [caught === outOfStock ? 'out of stock' : 'something else', await db.tag.count()]
}

export async function rollsBackWhenAQueryFails(db: PurlinClient) {
  const work = db.$transaction(async tx => {
    await tx.tag.create({ data: { name: 'fresh' } })
    await tx.tag.create({ data: { name: 'rust' } })
  })
  return [await refused(work), await db.tag.count()]
}

export async function seesItsOwnWritesAndNobodyElseDoes(db: PurlinClient) {
  const counts = await db.$transaction(async tx => {
    await tx.tag.create({ data: { name: 'fresh' } })
    return [await tx.tag.count(), await db.tag.count()]
  })
  return [counts, await db.tag.count()]
}

export async function readsTheStateOfItsOwnWritesByKey(db: PurlinClient) {
  return db.$transaction(async tx => {
    await tx.user.update({ where: { id: 1 }, data: { name: 'Changed' } })
    const inside = await tx.user.findUniqueOrThrow({ where: { id: 1 } })
    const outside = await db.user.findUniqueOrThrow({ where: { id: 1 } })
    return [inside.name, outside.name]
  })
}

export async function queriesBegunTogetherRunOneAfterTheOther(db: PurlinClient) {
  return db.$transaction(async tx => {
    const [create, update, count] = await Promise.all([
      tx.tag.create({ data: { name: 'fresh' } }),
      tx.tag.update({ where: { name: 'rust' }, data: { name: 'crab' } }),
      tx.tag.count(),
    ])
    return [create.name, update.name, count]
  })
}

export async function aFailedQueryCanBeSurvived(db: PurlinClient) {
  const refusal = await db.$transaction(async tx => {
    await tx.tag.create({ data: { name: 'before' } })
    const refusal = await refused(tx.tag.create({ data: { name: 'rust' } }))
    await tx.tag.create({ data: { name: 'after' } })
    return refusal
  })
  return [refusal, await db.tag.count({ where: { name: { in: ['before', 'after'] } } })]
}

export async function endsByItsTimeout(db: PurlinClient) {
  const work = db.$transaction(
    async tx => {
      await tx.tag.create({ data: { name: 'fresh' } })
      await setTimeout(300)
      await tx.tag.create({ data: { name: 'late' } })
    },
    { timeout: 50 },
  )
  return [await code(work), await db.tag.count()]
}

export async function waitsForItsTurnNoLongerThanAllowed(db: PurlinClient) {
  let release = () => {}
  let first: Promise<void> | undefined
  await new Promise<void>(begun => {
    const work = () => new Promise<void>(done => ((release = done), begun()))
    first = db.$transaction(work)
  })
  const refusal = await code(db.$transaction(async tx => tx.tag.create({ data: { name: 'fresh' } }), { maxWait: 50 }))
  release()
  await first
  return [refusal, await db.tag.count()]
}

export async function isClosedAfterItsEnd(db: PurlinClient) {
  const leaked: TransactionClient = await db.$transaction(async tx => tx)
  return [await code(leaked.tag.create({ data: { name: 'late' } })), await db.tag.count()]
}

export async function severalWritesFailTogether(db: PurlinClient) {
  const writes = db.$transaction([
    db.user.updateMany({ data: { visits: 0 } }),
    db.post.create({ data: { title: 'New', authorId: 99 } }),
  ])
  const refusal = await refused(writes)
  const { visits } = await db.user.findUniqueOrThrow({ where: { id: 1 } })
  return [refusal, visits]
}

export async function incrementsSideBySideAllCount(db: PurlinClient) {
  const add = () =>
    db.$transaction(async tx => {
      const { visits } = await tx.user.findUniqueOrThrow({ where: { id: 1 } })
      await tx.user.update({ where: { id: 1 }, data: { visits: visits + 1 } })
    })
  await Promise.all([add(), add(), add()])
  const { visits } = await db.user.findUniqueOrThrow({ where: { id: 1 } })
  return visits
}
