// A server's day in short: 32 callers at once ask for all kinds of operations. No caller sees an error, memory and
// descriptors stay, and the event loop is not held.
//
//   node soak.test.mjs [--long] [--seconds N] [--seed N]

import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { test } from 'node:test'
import { figures, long, number, progress, random, seed } from './support/arguments.mjs'
import { descriptors, residentMemory, slope } from './support/measure.mjs'
import { makeProject } from './support/project.mjs'

const CALLERS = 32
const seconds = number('seconds', { short: 15, long: 300 })
const USERS = 200
/** In milliseconds; a short run has the compiler's first minutes in it, and other suites beside it. */
const LOOP_DELAY = long ? 10 : 30
/** In MiB a minute, after the warm-up. */
const GROWTH = 1

const project = makeProject('soak')
const { PurlinClient } = await import(project.client)

/** The kinds of operations; each leaves about as many rows as it found. */
const KINDS = {
  'findUnique': (db, dice) => db.user.findUnique({ where: { id: 1 + dice.below(USERS) } }),
  'findUnique by another key': (db, dice) =>
    db.user.findUniqueOrThrow({ where: { email: `${dice.below(USERS)}@acme.io` } }),
  'findFirst': (db, dice) => db.post.findFirst({ where: { views: { gte: dice.below(50) } }, orderBy: { id: 'desc' } }),
  'findMany with a filter': (db, dice) =>
    db.user.findMany({ where: { name: { contains: String(dice.below(100)) } }, take: 20 }),
  'findMany with relations': (db, dice) =>
    db.user.findMany({
      where: { id: { in: Array.from({ length: 5 }, () => 1 + dice.below(USERS)) } },
      include: { posts: { take: 5, orderBy: { id: 'desc' }, include: { tags: true } } },
    }),
  'findMany with counts': (db, dice) =>
    db.user.findMany({ skip: dice.below(USERS - 10), take: 10, include: { _count: { select: { posts: true } } } }),
  'findMany through a relation': (db, dice) =>
    db.post.findMany({ where: { author: { email: `${dice.below(USERS)}@acme.io` } }, take: 20 }),
  'count': (db, dice) => db.post.count({ where: { published: dice.below(2) === 0 } }),
  'create and delete': async (db, dice) => {
    const { id } = await db.user.create({
      data: { email: `new-${dice.next()}@acme.io`, meta: { a: [1, { b: null }] } },
    })
    await db.user.delete({ where: { id } })
  },
  'nested create': async (db, dice) => {
    const { id } = await db.post.create({
      data: {
        title: 'nested',
        author: { connect: { id: 1 + dice.below(USERS) } },
        tags: { create: [{ name: `tag-${dice.next()}` }] },
      },
    })
    await db.tag.deleteMany({ where: { posts: { some: { id } } } })
    await db.post.delete({ where: { id } })
  },
  'createMany and deleteMany': async (db, dice) => {
    const batch = `many-${dice.next()}`
    await db.entry.createMany({
      data: Array.from({ length: 20 }, (_, place) => ({ batch, place, size: 20, payload: 'x'.repeat(200) })),
    })
    assert.equal((await db.entry.deleteMany({ where: { batch } })).count, 20)
  },
  'update': (db, dice) =>
    db.user.update({ where: { id: 1 + dice.below(USERS) }, data: { balance: { increment: 1 }, score: dice.next() } }),
  'updateMany': (db, dice) =>
    db.post.updateMany({ where: { authorId: 1 + dice.below(USERS) }, data: { views: { increment: 1 } } }),
  'transaction': (db, dice) =>
    db.$transaction(async tx => {
      const id = 1 + dice.below(USERS)
      const { balance } = await tx.user.findUniqueOrThrow({ where: { id } })
      await tx.user.update({ where: { id }, data: { balance: balance + 1n } })
      await tx.user.update({ where: { id: 1 + dice.below(USERS) }, data: { balance: { decrement: 1 } } })
    }),
  'transaction that is given up': async (db, dice) => {
    const work = async tx => {
      await tx.user.updateMany({ data: { name: 'never' } })
      throw new GivenUp()
    }
    if (dice.below(10) === 0) await db.$transaction(work).catch(error => assert.ok(error instanceof GivenUp, error))
    else await db.$transaction([db.user.count(), db.post.findMany({ take: 3 })])
  },
}

class GivenUp extends Error {}

test(`${CALLERS} callers at once, ${Object.keys(KINDS).length} kinds of operations`, async t => {
  const db = new PurlinClient({ url: `file:${project.database()}`, transactionOptions: { maxWait: 10_000 } })
  await db.$transaction(
    Array.from({ length: USERS }, (_, user) =>
      db.user.create({
        data: {
          email: `${user}@acme.io`,
          name: `user ${user}`,
          posts: {
            create: Array.from({ length: 10 }, (_, post) => ({
              title: `post ${post}`,
              body: 'text '.repeat(50),
              views: post * 7,
            })),
          },
        },
      }),
    ),
    { timeout: 30_000 },
  )

  const errors = []
  let operations = 0
  let over = false
  const names = Object.keys(KINDS)
  const caller = async index => {
    const dice = random(seed + index)
    while (!over) {
      const name = dice.pick(names)
      try {
        await KINDS[name](db, dice)
        operations++
      } catch (error) {
        errors.push(`${name}: ${error.code ?? ''} ${error.message}`)
      }
    }
  }
  const callers = Array.from({ length: CALLERS }, (_, index) => caller(index))

  // Samples from the second third on: before, caches fill and the compiler works.
  const start = performance.now()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const memory = []
  let openBefore
  await new Promise(resolve => {
    const interval = setInterval(() => {
      const elapsed = (performance.now() - start) / 1000
      if (elapsed > seconds / 3) {
        if (openBefore === undefined) {
          openBefore = descriptors()
          delay.enable()
        }
        memory.push([elapsed / 60, residentMemory()])
      }
      if (Math.floor(elapsed) % 30 === 0)
        progress(`soak: ${Math.floor(elapsed)} of ${seconds} s, ${operations} operations`)
      if (elapsed < seconds) return
      clearInterval(interval)
      delay.disable()
      resolve()
    }, 1000)
  })
  const openAfter = descriptors()
  over = true
  await Promise.all(callers)

  const growth = slope(memory)
  const [p50, p99, max] = [delay.percentile(50), delay.percentile(99), delay.max].map(nanoseconds => nanoseconds / 1e6)
  figures(
    t,
    `${seconds} s, ${CALLERS} callers: ${operations} operations, ${errors.length} errors, memory ${growth.toFixed(2)} MiB/min at ` +
      `${memory.at(-1)[1].toFixed(0)} MiB, descriptors ${openBefore} -> ${openAfter}, ` +
      `loop delay p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, max ${max.toFixed(0)} ms, seed ${seed}`,
  )
  assert.deepEqual(errors.slice(0, 5), [])
  assert.equal(await db.user.count({ where: { name: 'never' } }), 0)
  assert.equal(await db.user.count(), USERS, 'each operation leaves the users that it found')
  await db.$disconnect()
  assert.ok(openAfter <= openBefore, `descriptors grew from ${openBefore} to ${openAfter}`)
  assert.ok(
    p99 < LOOP_DELAY,
    `the event loop was late by ${p99.toFixed(1)} ms at p99, which is not below ${LOOP_DELAY}`,
  )
  // A minute's slope of some seconds would be noise.
  if (seconds >= 120) assert.ok(growth < GROWTH, `memory grows by ${growth.toFixed(2)} MiB a minute`)
  else assert.ok(memory.at(-1)[1] < 512, `the process holds ${memory.at(-1)[1].toFixed(0)} MiB`)
})
