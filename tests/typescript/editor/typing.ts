// Pieces of an application. typing.mjs writes each from nothing, as a user does, and asks at each name in it, both
// before its first letter and in the middle of it, whether the editor offers the name.

import { db, type Prisma } from './db.js'

export async function listUsers() {
  const users = await db.user.findMany({
    where: { role: 'ADMIN', posts: { some: { published: true, title: { contains: 'roof' } } } },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    include: { posts: { select: { title: true, topics: { select: { name: true } } }, take: 3 } },
    skip: 10,
    take: 10,
  })
  return users.map(user => user.posts.map(post => post.topics.map(topic => topic.name)))
}

export async function searchPosts() {
  const posts = await db.post.findMany({
    where: {
      OR: [{ title: { startsWith: 'beam' } }, { author: { is: { name: { endsWith: 'smith' } } } }],
      NOT: { topics: { none: { name: { in: ['wood'] } } } },
    },
    orderBy: { author: { name: { sort: 'asc', nulls: 'last' } } },
    select: { slug: true, _count: { select: { topics: true } }, author: { select: { email: true } } },
  })
  return posts.map(post => [post.slug, post._count.topics, post.author.email])
}

export async function findPost() {
  const post = await db.post.findUnique({
    where: { slug_language: { slug: 'beams', language: 'en' } },
    include: { author: { include: { profile: true, manager: { select: { name: true } } } } },
  })
  return post?.author.profile?.bio ?? post?.author.manager?.name
}

export async function signUp() {
  const user = await db.user.create({
    data: {
      email: 'ada@example.com',
      role: 'MEMBER',
      profile: { create: { bio: 'Builds roofs.' } },
      manager: { connect: { email: 'charles@example.com' } },
      posts: {
        create: [{ slug: 'hello', language: 'en', title: 'Hello', topics: { connect: [{ name: 'wood' }] } }],
        connectOrCreate: {
          where: { slug_language: { slug: 'old', language: 'en' } },
          create: { slug: 'old', language: 'en', title: 'Old' },
        },
      },
    },
    select: { id: true, posts: { select: { id: true, title: true } } },
  })
  return user.posts.map(post => post.title)
}

export async function editUser() {
  return await db.user.update({
    where: { email: 'ada@example.com' },
    data: {
      score: { increment: 1 },
      manager: { disconnect: true },
      profile: { upsert: { create: { bio: 'New.' }, update: { bio: 'Changed.' } } },
      posts: {
        update: { where: { id: 1 }, data: { title: 'Changed', topics: { set: [{ name: 'wood' }] } } },
        updateMany: { where: { published: false }, data: { published: true } },
        deleteMany: { views: { lt: 1n } },
        set: [{ id: 3 }],
      },
    },
    omit: { settings: true },
  })
}

export async function saveTopic() {
  const topic = await db.topic.upsert({
    where: { name: 'wood' },
    create: { name: 'wood', posts: { connect: { id: 1 } } },
    update: { posts: { set: [], connect: [{ slug_language: { slug: 'a', language: 'en' } }] } },
    include: { _count: { select: { posts: { where: { published: true } } } } },
  })
  return topic._count.posts
}

export async function importPosts() {
  const { count } = await db.post.createMany({ data: [{ slug: 'a', language: 'en', title: 'A', authorId: 1 }] })
  const all = await db.post.count({ where: { published: { equals: false } } })
  await db.post.updateMany({ where: { id: { notIn: [1] } }, data: { views: { multiply: 2n } } })
  await db.post.deleteMany({ where: { AND: [{ published: false }, { authorId: { gte: 1 } }] } })
  return [count, all]
}

export async function movePosts() {
  return await db.$transaction(async tx => {
    const user = await tx.user.findFirstOrThrow({ where: { reports: { every: { score: { not: null } } } } })
    const moved = await tx.post.updateMany({ where: { authorId: user.id }, data: { authorId: user.managerId ?? 1 } })
    await tx.user.delete({ where: { id: user.id }, select: { email: true } })
    return moved.count
  })
}

const card = { select: { title: true, author: { select: { name: true } } } } satisfies Prisma.PostFindManyArgs
type Card = Prisma.PostGetPayload<typeof card>

export async function showCards() {
  const where: Prisma.PostWhereInput = { published: true, author: { role: { not: 'ADMIN' } } }
  const cards: Card[] = await db.post.findMany({ where, ...card, orderBy: { author: { posts: { _count: 'desc' } } } })
  return cards.map(card => [card.title, card.author.name])
}

export async function statistics() {
  const groups = await db.user.groupBy({ by: ['role'], where: { posts: { some: {} } }, _count: { _all: true } })
  const totals = await db.user.aggregate({ _avg: { score: true }, _max: { createdAt: true } })
  return [groups.map(group => [group.role, group._count._all]), totals._avg.score, totals._max.createdAt]
}
