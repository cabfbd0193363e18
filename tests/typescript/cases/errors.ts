// What is refused, how the error says it, and that nothing of it is left.

import type { PurlinClient } from '../generated/index.js'
import { code, facts, refused } from '../refused.js'

export async function aUniqueColumn(db: PurlinClient) {
  return [
    await refused(db.user.create({ data: { email: 'ada@acme.io' } })),
    await refused(db.user.update({ where: { id: 2 }, data: { email: 'ada@acme.io' } })),
  ]
}

export async function aUniqueKeyOfTwoColumns(db: PurlinClient) {
  return refused(db.booking.create({ data: { guest: 'Ann', day: 2 } }))
}

export async function aPrimaryKey(db: PurlinClient) {
  return [
    await refused(db.user.create({ data: { id: 1, email: 'new@acme.io' } })),
    await refused(db.tag.create({ data: { id: 't1', name: 'new' } })),
    await refused(db.seat.create({ data: { row: 1, number: 1 } })),
  ]
}

export async function aUniqueColumnNamesTheFieldNotTheColumn(db: PurlinClient) {
  return refused(db.profile.create({ data: { bio: 'Second', userId: 1 } }))
}

export async function aForeignKeyToNothing(db: PurlinClient) {
  return [
    await refused(db.post.create({ data: { title: 'New', authorId: 99 } })),
    await refused(db.user.update({ where: { id: 1 }, data: { managerId: 99 } })),
    await db.post.count(),
  ]
}

export async function aForeignKeyOfTwoColumnsToNothing(db: PurlinClient) {
  return refused(db.booking.create({ data: { guest: 'Zoe', day: 1, seatRow: 9, seatNumber: 9 } }))
}

export async function aRowToChangeThatIsNotThere(db: PurlinClient) {
  return [
    await refused(db.user.update({ where: { id: 99 }, data: { visits: { increment: 1 } } })),
    await refused(db.user.update({ where: { id: 99 }, data: {} })),
    await refused(db.seat.delete({ where: { row_number: { row: 9, number: 9 } } })),
  ]
}

export async function aRowToConnectThatIsNotThere(db: PurlinClient) {
  return [
    await code(db.post.create({ data: { title: 'New', author: { connect: { id: 99 } } } })),
    await code(db.user.update({ where: { id: 1 }, data: { manager: { connect: { id: 99 } } } })),
    await db.post.count(),
  ]
}

export async function aRelatedRowToConnectThatIsNotThere(db: PurlinClient) {
  return [
    await code(db.user.create({ data: { email: 'new@acme.io', posts: { connect: { id: 99 } } } })),
    await code(db.post.update({ where: { id: 1 }, data: { tags: { connect: { id: 'none' } } } })),
    await db.user.count(),
  ]
}

export async function aParentThatIsNotGiven(db: PurlinClient) {
  // @ts-expect-error the types ask for an author
  return refused(db.post.create({ data: { title: 'Orphan' } }))
}

export async function aRequiredChildThatWouldBeReplaced(db: PurlinClient) {
  const created = await code(db.user.update({ where: { id: 1 }, data: { profile: { create: { bio: 'Other' } } } }))
  const connected = await code(db.user.update({ where: { id: 1 }, data: { profile: { connect: { id: 2 } } } }))
  const profiles = await db.profile.findMany({ orderBy: { id: 'asc' } })
  return [created, connected, profiles.map(profile => [profile.bio, profile.userId])]
}

export async function moreRowsThanAKeyNames(db: PurlinClient) {
  return db.user.findUnique({ where: { id: 1, AND: { id: 2 } } })
}

export async function aNestedRowThatFailsTakesBackTheWholeWrite(db: PurlinClient) {
  const created = db.user.create({
    data: { email: 'new@acme.io', posts: { create: [{ title: 'One' }, { title: 'Two', id: 1 }] } },
  })
  return [await code(created), await db.user.count(), await db.post.count()]
}

export async function aDeepRowThatFailsTakesBackTheWholeWrite(db: PurlinClient) {
  const created = db.user.create({
    data: {
      email: 'new@acme.io',
      posts: {
        create: { title: 'Tagged', comments: { create: { text: 'kept?' } }, tags: { create: { name: 'rust' } } },
      },
    },
  })
  return [await code(created), [await db.user.count(), await db.post.count(), await db.comment.count()]]
}

export async function aConnectionThatFailsTakesBackTheWholeChange(db: PurlinClient) {
  const updated = db.user.update({
    where: { id: 1 },
    data: {
      name: 'Changed',
      posts: { create: { title: 'New' } },
      reports: { connect: { email: 'nobody@acme.io' } },
    },
  })
  const refusal = await code(updated)
  const { name } = await db.user.findUniqueOrThrow({ where: { id: 1 } })
  return [refusal, name, await db.post.count()]
}

export async function manyRowsOfWhichOneFails(db: PurlinClient) {
  const data = ['one@acme.io', 'two@acme.io', 'one@acme.io'].map(email => ({ email }))
  return [await refused(db.user.createMany({ data })), await db.user.count()]
}

export async function aChangeOfManyRowsOfWhichOneFails(db: PurlinClient) {
  const refusal = await refused(db.user.updateMany({ data: { email: 'same@acme.io', visits: 0 } }))
  const { visits } = await db.user.findUniqueOrThrow({ where: { id: 1 } })
  return [refusal, visits]
}

export async function numbersBeyondTheRangeOfTheirColumn(db: PurlinClient) {
  const where = { id: 1 }
  const row = await db.user.update({ where, data: { visits: 2147483647 } })
  const beyond = await code(db.user.update({ where, data: { visits: { increment: 1 } } }))
  const after = await db.user.findUniqueOrThrow({ where })
  return [row.visits, beyond, after.visits]
}

export async function bigNumbersBeyondTheRangeOfTheirColumn(db: PurlinClient) {
  const where = await db.sample.create({ data: { bigInt: 9223372036854775807n }, select: { id: true } })
  const one = await code(db.sample.update({ where, data: { bigInt: { increment: 1 } } }))
  const many = await code(db.sample.updateMany({ data: { bigInt: { multiply: 2 } } }))
  const after = await db.sample.findUniqueOrThrow({ where })
  return [one, many, after.bigInt]
}

export async function aRowToConnectThatIsNotThereWhereThePlaceIsTaken(db: PurlinClient) {
  const connect = (id: number) => code(db.user.update({ where: { id: 1 }, data: { profile: { connect: { id } } } }))
  return [await connect(99), await connect(2), await connect(1)]
}

export async function theFactsOfARowThatIsNotThere(db: PurlinClient) {
  return [
    await facts(db.user.update({ where: { id: 99 }, data: { visits: { increment: 1 } } })),
    await facts(db.seat.delete({ where: { row_number: { row: 9, number: 9 } } })),
    await facts(db.user.findUniqueOrThrow({ where: { id: 99 } })),
    await facts(db.user.update({ where: { id: 99 }, data: { posts: { create: { title: 'New' } } } })),
  ]
}

export async function theFactsOfARelatedRowThatIsNotThere(db: PurlinClient) {
  const where = { id: 1 }
  const posts = { update: { where: { id: 99 }, data: { views: 1 } } }
  return [
    await facts(db.post.create({ data: { title: 'New', author: { connect: { id: 99 } } } })),
    await facts(db.user.create({ data: { email: 'new@acme.io', profile: { connect: { id: 99 } } } })),
    await facts(db.user.update({ where, data: { profile: { connect: { id: 99 } } } })),
    await facts(db.user.create({ data: { email: 'new@acme.io', posts: { connect: { id: 99 } } } })),
    await facts(db.post.update({ where, data: { tags: { connect: { id: 'none' } } } })),
    await facts(db.user.update({ where, data: { posts } })),
    await facts(db.user.update({ where: { id: 5 }, data: { profile: { delete: true } } })),
  ]
}

export async function errorsOfDeepRowsNameTheModelOfTheCall(db: PurlinClient) {
  const comments = { update: { where: { id: 99 }, data: { text: 'x' } } }
  const changes = [{ comments: { delete: { id: 99 } } }, { comments }, { tags: { delete: { id: 'none' } } }]
  const all = []
  for (const data of changes) {
    const posts = { update: { where: { id: 1 }, data } }
    all.push(await facts(db.user.update({ where: { id: 1 }, data: { posts } })))
  }
  return all
}

export async function theFactsOfARelationWhoseNameTheCatalogDoesNotHave(db: PurlinClient) {
  return [
    await facts(db.user.update({ where: { id: 1 }, data: { manager: { connect: { id: 99 } } } })),
    await facts(db.user.update({ where: { id: 1 }, data: { reports: { connect: { id: 99 } } } })),
    await facts(db.tag.update({ where: { id: 't1' }, data: { narrower: { delete: { id: 'none' } } } })),
  ]
}

export async function theFactsOfConstraints(db: PurlinClient) {
  return [
    await facts(db.user.update({ where: { id: 1 }, data: { profile: { create: { bio: 'Other' } } } })),
    await facts(db.profile.update({ where: { id: 2 }, data: { user: { connect: { id: 1 } } } })),
    await facts(db.post.create({ data: { title: 'New', authorId: 99 } })),
    await facts(db.user.delete({ where: { id: 1 } })),
  ]
}
