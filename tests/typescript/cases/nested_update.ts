// Changes of the rows that are related to a changed row.

import type { PurlinClient } from '../generated/index.js'
import { refused } from '../refused.js'

const posts = { orderBy: { id: 'asc' }, select: { id: true, title: true, views: true } } as const

export async function aRowOfAList(db: PurlinClient) {
  return db.user.update({
    where: { id: 1 },
    data: { name: 'Lady', posts: { update: { where: { id: 2 }, data: { title: 'Beta', views: { increment: 1 } } } } },
    select: { name: true, posts },
  })
}

export async function severalRowsOfAList(db: PurlinClient) {
  return db.user.update({
    where: { id: 2 },
    data: {
      posts: {
        update: [
          { where: { id: 3 }, data: { views: 1 } },
          { where: { id: 4 }, data: { views: 2 } },
          { where: { id: 3 }, data: { views: { multiply: 10 } } },
        ],
      },
    },
    select: { posts },
  })
}

export async function aRowThatIsNotRelatedIsNotFound(db: PurlinClient) {
  const refusal = await refused(
    db.user.update({
      where: { id: 1 },
      data: {
        name: 'Lady',
        posts: {
          update: [
            { where: { id: 1 }, data: { views: 1 } },
            { where: { id: 5 }, data: { views: 1 } },
          ],
        },
      },
    }),
  )
  return [refusal, await db.user.findUnique({ where: { id: 1 }, select: { name: true, posts } })]
}

export async function aMissingRowIsNotFound(db: PurlinClient) {
  return refused(
    db.user.update({ where: { id: 1 }, data: { posts: { update: { where: { id: 99 }, data: { views: 1 } } } } }),
  )
}

export async function aRowOfAListNarrowedByAnotherCondition(db: PurlinClient) {
  const rename = (title: string) =>
    db.user.update({
      where: { id: 4 },
      data: { posts: { update: { where: { id: 5, title }, data: { title: 'renamed' } } } },
      select: { posts },
    })
  return [await refused(rename('other')), await rename('snakeXcase')]
}

export async function theRowThatARowRefersTo(db: PurlinClient) {
  return db.post.update({
    where: { id: 5 },
    data: { views: 9, author: { update: { name: 'Daniel', visits: { increment: 1 } } } },
    select: { views: true, author: { select: { name: true, visits: true } } },
  })
}

export async function theRowThatRefersToARow(db: PurlinClient) {
  return db.user.update({
    where: { id: 1 },
    data: { profile: { update: { bio: 'Computes' } }, badge: { update: { code: 'platinum' } } },
    select: { profile: { select: { id: true, bio: true } }, badge: true },
  })
}

export async function aToOneRelationWithoutARowIsNotFound(db: PurlinClient) {
  return [
    await refused(db.user.update({ where: { id: 5 }, data: { profile: { update: { bio: 'None' } } } })),
    await refused(db.comment.update({ where: { id: 2 }, data: { author: { update: { name: 'None' } } } })),
    await refused(db.booking.update({ where: { id: 4 }, data: { seat: { update: { holder: 'None' } } } })),
    await db.user.count({ where: { name: 'None' } }),
  ]
}

export async function theRowOfAToOneRelationWhereItMatches(db: PurlinClient) {
  const change = (bio: string) =>
    db.user.update({
      where: { id: 2 },
      data: { profile: { update: { where: { bio }, data: { bio: 'Repairs' } } } },
      select: { profile: { select: { bio: true } } },
    })
  const rename = (email: string) =>
    db.post.update({
      where: { id: 5 },
      data: { author: { update: { where: { email: { contains: email } }, data: { name: 'Daniel' } } } },
      select: { author: { select: { name: true } } },
    })
  return [await refused(change('Counts')), await change('Builds'), await refused(rename('navy')), await rename('dan')]
}

export async function aRowOfAJoinTable(db: PurlinClient) {
  const rename = (id: string) =>
    db.post.update({
      where: { id: 1 },
      data: { tags: { update: { where: { id }, data: { name: 'renamed' } } } },
      select: { tags: { orderBy: { id: 'asc' } } },
    })
  return [await rename('t2'), await refused(rename('t3'))]
}

export async function rowsOfItsOwnModel(db: PurlinClient) {
  return db.user.update({
    where: { id: 2 },
    data: {
      manager: { update: { name: 'Boss' } },
      reports: { update: { where: { id: 4 }, data: { name: 'Report' } } },
    },
    select: { name: true, manager: { select: { name: true } }, reports: { select: { name: true } } },
  })
}

export async function byACompoundKey(db: PurlinClient) {
  const booking = await db.booking.update({
    where: { id: 1 },
    data: { seat: { update: { holder: 'Anna' } } },
    select: { guest: true, seat: true },
  })
  const seat = await db.seat.update({
    where: { row_number: { row: 1, number: 2 } },
    data: { bookings: { update: { where: { guestDay: { guest: 'Ann', day: 2 } }, data: { guest: 'Anna' } } } },
    select: { number: true, bookings: { select: { id: true, guest: true } } },
  })
  const other = await refused(
    db.seat.update({
      where: { row_number: { row: 1, number: 1 } },
      data: { bookings: { update: { where: { id: 4 }, data: { guest: 'Anna' } } } },
    }),
  )
  return [booking, seat, other]
}

export async function aKeyThatTheRowHasItself(db: PurlinClient) {
  const member = await db.member.update({
    where: { tenantId_number: { tenantId: 1, number: 2 } },
    data: { tenant: { update: { id: 7 } }, tasks: { create: { title: 'New' } } },
    select: { tenantId: true, number: true, tasks: { select: { title: true, tenantId: true, memberNumber: true } } },
  })
  const upserted = await db.member.upsert({
    where: { tenantId_number: { tenantId: 2, number: 1 } },
    create: { tenantId: 1, number: 9 },
    update: { tenant: { upsert: { create: { id: 1 }, update: { id: 8 } } } },
  })
  return [member, upserted, await db.member.findMany({ orderBy: [{ tenantId: 'asc' }, { number: 'asc' }] })]
}

export async function threeLevelsDeep(db: PurlinClient) {
  return db.user.update({
    where: { id: 1 },
    data: {
      posts: {
        update: {
          where: { id: 1 },
          data: {
            title: 'A',
            comments: { update: { where: { id: 5 }, data: { text: 'B', author: { update: { name: 'C' } } } } },
          },
        },
      },
    },
    select: {
      posts: {
        where: { id: 1 },
        select: {
          title: true,
          comments: { where: { id: 5 }, select: { text: true, author: { select: { name: true } } } },
        },
      },
    },
  })
}

export async function aFailureThreeLevelsDeepLeavesNothing(db: PurlinClient) {
  const refusal = await refused(
    db.user.update({
      where: { id: 1 },
      data: {
        name: 'Lady',
        posts: {
          create: { title: 'New' },
          update: {
            where: { id: 1 },
            data: { title: 'A', comments: { update: { where: { id: 3 }, data: { text: 'B' } } } },
          },
        },
      },
    }),
  )
  return [refusal, await db.user.findUnique({ where: { id: 1 }, select: { name: true, posts } }), await db.post.count()]
}

export async function withRelationsOfTheChangedRow(db: PurlinClient) {
  return db.user.update({
    where: { id: 4 },
    data: {
      posts: {
        update: {
          where: { id: 5 },
          data: {
            tags: { connect: { id: 't3' }, create: { id: 't9', name: 'new' } },
            comments: { create: { text: 'hi' } },
          },
        },
      },
    },
    select: {
      posts: {
        select: { tags: { orderBy: { id: 'asc' }, select: { id: true } }, comments: { select: { text: true } } },
      },
    },
  })
}

export async function manyRowsThatMatch(db: PurlinClient) {
  const user = await db.user.update({
    where: { id: 1 },
    data: { posts: { updateMany: { where: { views: { gte: 5 } }, data: { views: { increment: 1 } } } } },
    select: { posts },
  })
  return [user, await db.post.findUnique({ where: { id: 3 }, select: { views: true } })]
}

export async function allRelatedRows(db: PurlinClient) {
  await db.user.update({ where: { id: 2 }, data: { posts: { updateMany: { where: {}, data: { views: -1 } } } } })
  return db.post.findMany({ orderBy: { id: 'asc' }, select: { id: true, views: true } })
}

export async function manyRowsByAListOfConditions(db: PurlinClient) {
  return db.user.update({
    where: { id: 1 },
    data: {
      posts: {
        updateMany: [
          { where: { id: 1 }, data: { views: 1 } },
          { where: { id: 99 }, data: { views: 3 } },
          { where: { views: { lt: 6 } }, data: { views: { increment: 10 } } },
        ],
      },
    },
    select: { posts },
  })
}

export async function manyRowsOfAJoinTable(db: PurlinClient) {
  await db.post.update({
    where: { id: 4 },
    data: { tags: { updateMany: { where: { name: { not: 'unused' } }, data: { name: 'renamed' } } } },
  })
  return db.tag.findMany({ orderBy: { id: 'asc' } })
}

export async function manyRowsOfItsOwnModel(db: PurlinClient) {
  await db.user.update({ where: { id: 1 }, data: { reports: { updateMany: { where: {}, data: { score: 1 } } } } })
  return db.user.findMany({ orderBy: { id: 'asc' }, select: { id: true, score: true } })
}

export async function operationsOfOneRelationRunInTheirOrder(db: PurlinClient) {
  const where = { id: 5 }
  const update = { where, data: { views: { multiply: 3 } } }
  const updateMany = { where: {}, data: { views: { increment: 2 } } }
  const first = await db.user.update({ where: { id: 4 }, data: { posts: { update, updateMany } }, select: { posts } })
  const second = await db.user.update({ where: { id: 4 }, data: { posts: { updateMany, update } }, select: { posts } })
  return [first, second]
}

export async function aNewRowIsAmongThoseThatAreChangedAfterIt(db: PurlinClient) {
  const create = { title: 'New', views: 1 }
  const updateMany = { where: {}, data: { views: { increment: 1 } } }
  const first = await db.user.update({ where: { id: 3 }, data: { posts: { create, updateMany } }, select: { posts } })
  const second = await db.user.update({ where: { id: 5 }, data: { posts: { updateMany, create } }, select: { posts } })
  return [first.posts.map(post => post.views), second.posts.map(post => post.views)]
}

export async function upsertsARowOfAList(db: PurlinClient) {
  return db.user.update({
    where: { id: 1 },
    data: {
      posts: {
        upsert: [
          { where: { id: 1 }, create: { title: 'New' }, update: { title: 'Changed' } },
          { where: { id: 99 }, create: { title: 'New', views: 3 }, update: { title: 'Changed' } },
        ],
      },
    },
    select: { posts },
  })
}

export async function upsertsARowThatIsNotRelatedAsANewOne(db: PurlinClient) {
  const upsert = (create: { id?: number; title: string }) =>
    db.user.update({
      where: { id: 1 },
      data: { posts: { upsert: { where: { id: 5 }, create, update: { title: 'Changed' } } } },
      select: { posts },
    })
  return [
    await upsert({ title: 'New' }),
    await refused(upsert({ id: 5, title: 'New' })),
    await db.post.findUnique({ where: { id: 5 }, select: { title: true, authorId: true } }),
  ]
}

export async function upsertsTheRowThatRefersToARow(db: PurlinClient) {
  const upsert = (id: number) =>
    db.user.update({
      where: { id },
      data: { profile: { upsert: { create: { bio: 'New' }, update: { bio: 'Changed' } } } },
      select: { profile: true },
    })
  return [await upsert(1), await upsert(5), await db.profile.count()]
}

export async function upsertsTheRowThatARowRefersTo(db: PurlinClient) {
  const upsert = (id: number) =>
    db.comment.update({
      where: { id },
      data: { author: { upsert: { create: { email: 'new@acme.io', name: 'New' }, update: { name: 'Changed' } } } },
      select: { author: { select: { id: true, name: true } } },
    })
  return [await upsert(5), await upsert(2), await db.user.count()]
}

export async function upsertsTheRequiredRowThatARowRefersTo(db: PurlinClient) {
  const upsert = (email: string) =>
    db.post.update({
      where: { id: 5 },
      data: {
        author: {
          upsert: { where: { email }, create: { email: 'new@acme.io', name: 'New' }, update: { name: 'Changed' } },
        },
      },
      select: { author: { select: { name: true } } },
    })
  return [await upsert('dan_1@acme.io'), await upsert('other@acme.io'), await db.user.count()]
}

export async function upsertsARowOfAJoinTable(db: PurlinClient) {
  const upsert = (id: string) =>
    db.post.update({
      where: { id: 3 },
      data: { tags: { upsert: { where: { id }, create: { id: 't9', name: 'new' }, update: { name: 'changed' } } } },
      select: { tags: { orderBy: { id: 'asc' } } },
    })
  return [await upsert('t1'), await upsert('t2'), await db.tag.count()]
}

export async function upsertsARowOfItsOwnModel(db: PurlinClient) {
  return db.user.update({
    where: { id: 2 },
    data: {
      reports: {
        upsert: [
          { where: { id: 4 }, create: { email: 'never@acme.io' }, update: { name: 'Changed' } },
          { where: { email: 'new@acme.io' }, create: { email: 'new@acme.io', name: 'New' }, update: { name: 'Never' } },
        ],
      },
    },
    select: { reports: { orderBy: { id: 'asc' }, select: { name: true } } },
  })
}

export async function upsertsByACompoundKey(db: PurlinClient) {
  const upsert = (id: number) =>
    db.booking.update({
      where: { id },
      data: { seat: { upsert: { create: { row: 9, number: 9, holder: 'New' }, update: { holder: 'Changed' } } } },
      select: { seat: true, seatRow: true, seatNumber: true },
    })
  return [await upsert(2), await upsert(3)]
}

export async function aChangeOfNothingNeedsNoRow(db: PurlinClient) {
  const user = await db.user.update({ where: { id: 3 }, data: { name: 'Cy', profile: { update: {} } } })
  return user.name
}

export async function aChangeOfNothingKeepsThoseAfterIt(db: PurlinClient) {
  const change = (missing: number) =>
    db.user.update({
      where: { id: 2 },
      data: {
        posts: {
          update: [
            { where: { id: 3 }, data: {} },
            { where: { id: 4 }, data: { views: 9 } },
            { where: { id: missing }, data: { views: 9 } },
          ],
        },
      },
    })
  await change(4)
  const post = await db.post.findUnique({ where: { id: 4 } })
  return [post?.views, await refused(change(1))]
}
