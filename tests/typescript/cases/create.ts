// New rows, alone and together with related ones.

import type { PurlinClient } from '../generated/index.js'
import { code, refused } from '../refused.js'

const tagged = {
  title: true,
  views: true,
  tags: { orderBy: { name: 'asc' }, select: { name: true } },
} as const
const author = { email: true, posts: { orderBy: { id: 'asc' }, select: tagged } } as const
const signed = { title: true, author: { select: { name: true } } } as const
const cards = { email: true, profile: { select: { bio: true } }, badge: true } as const

export async function aRowWithItsDefaults(db: PurlinClient) {
  return db.user.create({ data: { email: 'new@acme.io' } })
}

export async function aRowWithAllColumns(db: PurlinClient) {
  return db.user.create({
    data: {
      id: 70,
      email: 'new@acme.io',
      name: 'Émile "N" O\'Neil',
      role: 'POWER_USER',
      visits: -1,
      score: 0.1,
      managerId: 2,
    },
  })
}

export async function nullIsGivenExplicitly(db: PurlinClient) {
  return db.user.create({ data: { email: 'new@acme.io', name: null, score: null } })
}

export async function byAForeignKey(db: PurlinClient) {
  return db.post.create({ data: { title: 'New', authorId: 3 }, select: signed })
}

export async function withAParent(db: PurlinClient) {
  const post = await db.post.create({
    data: { title: 'First', author: { create: { email: 'new@acme.io', name: 'New' } } },
    select: signed,
  })
  return [post, await db.user.count()]
}

export async function connectedToAParent(db: PurlinClient) {
  return db.post.create({ data: { title: 'New', author: { connect: { email: 'bob@acme.io' } } }, select: signed })
}

export async function withChildren(db: PurlinClient) {
  return db.user.create({
    data: { email: 'new@acme.io', posts: { create: [{ title: 'One' }, { title: 'Two', views: 2 }] } },
    select: author,
  })
}

export async function withConnectedChildren(db: PurlinClient) {
  const user = await db.user.create({
    data: { email: 'new@acme.io', posts: { connect: [{ id: 5 }, { id: 2 }] } },
    select: author,
  })
  return [user, await db.post.count({ where: { authorId: { in: [1, 4] } } })]
}

export async function withChildrenAndTheirChildren(db: PurlinClient) {
  const user = await db.user.create({
    data: {
      email: 'new@acme.io',
      posts: {
        create: {
          title: 'Tagged',
          tags: { create: { name: 'fresh' }, connect: { name: 'rust' } },
          comments: { create: [{ text: 'self' }] },
        },
      },
    },
    select: author,
  })
  return [user, await db.comment.count({ where: { post: { title: 'Tagged' } } })]
}

export async function oneToOne(db: PurlinClient) {
  return [
    await db.user.create({
      data: { email: 'new@acme.io', profile: { create: { bio: 'Writes' } }, badge: { connect: { code: 'silver' } } },
      select: cards,
    }),
    await db.user.create({ data: { email: 'other@acme.io', badge: { create: { code: 'bronze' } } }, select: cards }),
  ]
}

export async function aRelationToItsOwnModel(db: PurlinClient) {
  return db.user.create({
    data: {
      email: 'mid@acme.io',
      name: 'Mid',
      manager: { create: { email: 'top@acme.io', name: 'Top' } },
      reports: { create: { email: 'low@acme.io', name: 'Low' }, connect: { email: 'eve@acme.io' } },
    },
    select: {
      name: true,
      manager: { select: { name: true } },
      reports: { orderBy: { id: 'asc' }, select: { name: true } },
    },
  })
}

export async function aForeignKeyOfTwoColumns(db: PurlinClient) {
  return [
    await db.booking.create({
      data: { guest: 'Zoe', day: 5, seat: { create: { row: 7, number: 8, holder: 'Zoe' } } },
      select: { guest: true, seat: true },
    }),
    await db.seat.create({
      data: {
        row: 7,
        number: 9,
        bookings: { create: { guest: 'Yan', day: 5 }, connect: { guestDay: { guest: 'Ben', day: 1 } } },
      },
      select: {
        holder: true,
        bookings: { orderBy: { id: 'asc' }, select: { guest: true, seatRow: true, seatNumber: true } },
      },
    }),
  ]
}

export async function connectedByAKeyOfTwoColumns(db: PurlinClient) {
  return db.booking.create({
    data: { guest: 'Zoe', day: 5, seat: { connect: { row_number: { row: 1, number: 1 } } } },
    select: { guest: true, seat: true },
  })
}

export async function connectingTwiceIsConnectingOnce(db: PurlinClient) {
  return db.post.create({
    data: { title: 'New', authorId: 1, tags: { connect: [{ name: 'rust' }, { id: 't1' }] } },
    select: tagged,
  })
}

export async function parentsOfParents(db: PurlinClient) {
  return db.comment.create({
    data: {
      text: 'Child',
      post: { create: { title: 'Parent', author: { create: { email: 'new@acme.io', name: 'New' } } } },
    },
    select: { text: true, post: { select: signed } },
  })
}

export async function theNumbersOfRelatedRows(db: PurlinClient) {
  return db.user.create({
    data: {
      email: 'new@acme.io',
      posts: { create: [{ title: 'One' }, { title: 'Two' }] },
      reports: { connect: { id: 5 } },
    },
    select: { _count: { select: { posts: true, reports: true } } },
  })
}

export async function manyRows(db: PurlinClient) {
  const { count: created } = await db.user.createMany({
    data: [{ email: 'one@acme.io' }, { email: 'two@acme.io' }, { email: 'three@acme.io' }],
  })
  const rows = await db.user.findMany({ where: { id: { gt: 5 } }, orderBy: { id: 'asc' } })
  return { created, emails: rows.map(user => user.email) }
}

export async function manyRowsThatGiveDifferentColumns(db: PurlinClient) {
  const { count: created } = await db.user.createMany({
    data: [
      { email: 'one@acme.io', visits: 7 },
      { email: 'two@acme.io' },
      { email: 'three@acme.io', name: null },
      { email: 'four@acme.io', role: 'ADMIN' },
    ],
  })
  const rows = await db.user.findMany({ where: { id: { gt: 5 } }, orderBy: { email: 'asc' } })
  return { created, rows: rows.map(user => [user.email, user.visits, user.name, user.role]) }
}

export async function manyRowsOfNone(db: PurlinClient) {
  const { count } = await db.user.createMany({ data: [] })
  return count
}

export async function nestedRowsUseTheKeyThatWasGiven(db: PurlinClient) {
  const created = await db.user.create({
    data: { id: 1000, email: 'new@acme.io', posts: { create: { title: 'Mine' } } },
  })
  const posts = await db.post.findMany({ where: { authorId: created.id } })
  const next = await db.user.create({ data: { email: 'next@acme.io' } })
  return [created.id, posts.map(post => post.title), next.id]
}

export async function manyRowsKeepTheirOrder(db: PurlinClient) {
  await db.user.createMany({
    data: [
      { email: 'a@acme.io' },
      { email: 'b@acme.io', visits: 7 },
      { email: 'c@acme.io' },
      { email: 'd@acme.io', name: null },
      { email: 'e@acme.io', visits: 8 },
      { email: 'f@acme.io' },
    ],
  })
  const rows = await db.user.findMany({ where: { id: { gt: 5 } }, orderBy: { id: 'asc' } })
  return rows.map(user => [user.email, user.visits])
}

export async function manyRowsMayReferToRowsAfterThem(db: PurlinClient) {
  const row = (id: number, managerId: number) => ({ id, email: `${id}@acme.io`, managerId })
  const before = await db.user.createMany({ data: [row(50, 1), row(51, 50)] })
  const after = await db.user.createMany({ data: [row(60, 61), row(61, 62), row(62, 60)] })
  const within = await db.$transaction(async tx => {
    const created = await tx.user.createMany({ data: [row(70, 71), row(71, 70)] })
    const nobody = await code(tx.user.createMany({ data: [row(80, 81), row(81, 99)] }))
    const parent = await code(tx.user.create({ data: row(90, 99) }))
    return [created.count, nobody, parent]
  })
  const nobody = await code(db.user.createMany({ data: [row(80, 81), row(81, 99)] }))
  const rows = await db.user.findMany({ where: { id: { gt: 5 } }, orderBy: { id: 'asc' } })
  return [before.count, after.count, within, nobody, rows.map(user => [user.id, user.managerId])]
}

export async function manyRowsOfSeveralFormsMayReferToRowsAfterThem(db: PurlinClient) {
  const row = (id: number, managerId: number) => ({ id, email: `${id}@acme.io`, managerId })
  await db.user.createMany({ data: [row(60, 61), { ...row(61, 62), visits: 3 }, row(62, 60)] })
  const rows = await db.user.findMany({ where: { id: { gt: 5 } }, orderBy: { id: 'asc' } })
  return rows.map(user => [user.id, user.managerId, user.visits])
}

export async function connectingTakesAPlaceOfOneToOne(db: PurlinClient) {
  await db.badge.create({ data: { code: 'new', user: { connect: { id: 1 } } } })
  const badges = await db.badge.findMany({ orderBy: { code: 'asc' } })
  const required = await refused(db.profile.create({ data: { bio: 'Second', user: { connect: { id: 1 } } } }))
  const profiles = await db.profile.count()
  return [badges.map(badge => [badge.code, badge.userId]), required, profiles]
}

export async function relationsThatShareAColumn(db: PurlinClient) {
  const member = (tenantId: number, number: number) => ({ connect: { tenantId_number: { tenantId, number } } })
  const alone = await db.task.create({
    data: { title: 'Alone', tenant: { connect: { id: 1 } }, member: member(1, 2) },
  })
  const others = await refused(
    db.task.create({ data: { title: 'Others', tenant: { connect: { id: 1 } }, member: member(2, 1) } }),
  )
  const inside = await db.tenant.update({
    where: { id: 2 },
    data: { tasks: { create: [{ title: 'Inside', member: member(2, 1) }] } },
    select: { tasks: { select: { title: true, tenantId: true, memberNumber: true } } },
  })
  const around = await refused(
    db.tenant.update({ where: { id: 2 }, data: { tasks: { create: [{ title: 'Around', member: member(1, 1) }] } } }),
  )
  const moved = await refused(db.task.update({ where: { id: alone.id }, data: { tenant: { connect: { id: 2 } } } }))
  const hired = await db.task.create({
    data: {
      title: 'Hired',
      tenant: { connect: { id: 2 } },
      member: { create: { number: 2, tenant: { connect: { id: 2 } } } },
    },
    select: { tenantId: true, member: true },
  })
  return [alone, others, inside, around, moved, hired, await db.task.count()]
}

export async function nestedRowsAreNumberedInTheirOrder(db: PurlinClient) {
  const create = [{ email: 'a@acme.io' }, { id: 33, email: 'b@acme.io' }, { email: 'c@acme.io' }]
  await db.user.update({ where: { id: 1 }, data: { reports: { create } } })
  const reports = await db.user.findMany({ where: { id: { gt: 5 } }, orderBy: { email: 'asc' } })
  return reports.map(report => report.id)
}
