// What hovers show of results and calls, their comments, and where their members lead.
import { db, type Prisma, type User } from './db.js'

declare const wanted: boolean

export async function hovers() {
  const /*rows*/users = await db.user.findMany()
  // rows hovers const users: User[]
  const /*row*/user = await db.user.findUnique({ where: { id: 1 } })
  // row hovers const user: User | null
  const /*select*/named = await db.user.findMany({ select: { id: true, name: true } })
  // select hovers const named: { id: number; name: string | null }[]
  const /*select-nested*/titled = await db.user.findMany({ select: { id: true, posts: { select: { title: true } } } })
  // select-nested hovers const titled: { id: number; posts: { title: string }[] }[]
  const /*select-to-one*/managed = await db.user.findFirst({ select: { manager: { select: { email: true } } } })
  // select-to-one hovers const managed: { manager: { email: string } | null } | null
  const /*include*/profile = await db.profile.findFirstOrThrow({ include: { user: { select: { email: true } } } })
  // include hovers const profile: { id: number; bio: string; userId: number; user: { email: string } }
  const /*include-many*/topics = await db.topic.findMany({ include: { posts: { select: { id: true } } } })
  // include-many hovers const topics: { name: string; posts: { id: number }[] }[]
  const /*include-arguments*/limited = await db.topic.findMany({ include: { posts: { select: { id: true }, take: 3 } } })
  // include-arguments hovers const limited: { name: string; posts: { id: number }[] }[]
  const /*include-filtered*/filtered = await db.topic.findMany({
    where: { name: { in: ['wood'] } },
    include: { posts: { where: { published: true }, orderBy: { id: 'asc' }, select: { id: true }, skip: 1 } },
    orderBy: [{ name: 'asc' }],
  })
  // include-filtered hovers const filtered: { name: string; posts: { id: number }[] }[]
  const /*select-arguments*/ordered = await db.topic.findMany({ select: { posts: { omit: { id: true, slug: true, language: true, views: true, published: true }, take: 1 } } })
  // select-arguments hovers const ordered: { posts: { title: string; authorId: number }[] }[]
  const /*omit*/profiles = await db.profile.findMany({ omit: { id: true } })
  // omit hovers const profiles: { bio: string; userId: number }[]
  const /*count*/counted = await db.post.findFirst({ select: { title: true, _count: { select: { topics: true } } } })
  // count hovers const counted: { title: string; _count: { topics: number } } | null
  const /*create*/created = await db.topic.create({ data: { name: '' }, include: { posts: { select: { id: true } } } })
  // create hovers const created: { name: string; posts: { id: number }[] }
  const /*update*/changed = await db.user.update({ where: { id: 1 }, data: { name: '' }, select: { name: true } })
  // update hovers const changed: { name: string | null }
  const /*conditional*/some = await db.post.findMany({ select: { id: true, ...(wanted ? { title: true } : {}) } })
  // conditional hovers const some: { id: number; title?: string }[]
  // conditional hovers const some: { id: number; title?: string | undefined }[]
  const /*transaction*/pair = await db.$transaction([db.topic.findMany({ select: { name: true } }), db.user.count()])
  // transaction hovers const pair: [{ name: string }[], number]
  return [users, user, named, titled, managed, profile, topics, limited, filtered, ordered, profiles, counted, created, changed, some, pair]
}

export type /*payload*/Titled = Prisma.PostGetPayload<{ select: { title: true; topics: true } }>
// payload hovers type Titled = { title: string; topics: Topic[] }
// payload hovers type Titled = { title: string; topics: { name: string }[] }

export async function members() {
  const user = await db.user.findFirstOrThrow({ select: { id: true, posts: { select: { title: true } } } })
  user./*members*/
  // members completes only id, posts
}

export async function relatedMembers() {
  const user = await db.user.findFirstOrThrow({ include: { posts: { select: { title: true } } } })
  user.posts[0]!./*related-members*/
  // related-members completes only title
}

export async function documentation() {
  const row = await db.user.findFirstOrThrow()
  row.em/*row-column*/ail
  // row-column documents Where to write to.
  // row-column leads to User.email
  const selected = await db.user.findFirstOrThrow({ select: { email: true } })
  selected.em/*selected-column*/ail
  // selected-column documents Where to write to.
  // selected-column leads to User.email
  const included = await db.user.findFirstOrThrow({ include: { posts: true } })
  included.em/*included-column*/ail
  // included-column documents Where to write to.
  // included-column leads to User.email
  included.po/*included-relation*/sts
  // included-relation documents In the order in which they were written.
  // included-relation leads to User.posts
  const post = await db.post.findFirstOrThrow({ select: { author: { select: { email: true } } } })
  post.author.em/*nested-column*/ail
  // nested-column documents Where to write to.
  // nested-column leads to User.email
  const { em/*destructured*/ail } = await db.user.findFirstOrThrow({ omit: { id: true } })
  // destructured documents Where to write to.
  const named: User = row
  named.em/*named-column*/ail
  // named-column documents Where to write to.
  // named-column leads to User.email
  return email
}

export async function inputs() {
  await db.user.findMany({ where: { em/*where-column*/ail: '' } })
  // where-column documents Where to write to.
  // where-column leads to User.email
  await db.user.findMany({ select: { em/*select-column*/ail: true } })
  // select-column documents Where to write to.
  // select-column leads to User.email
  await db.user.findMany({ orderBy: { em/*order-column*/ail: 'asc' } })
  // order-column documents Where to write to.
  await db.user.create({ data: { em/*data-column*/ail: '' } })
  // data-column documents Where to write to.
  await db.user.findMany({ where: { po/*where-relation*/sts: {} } })
  // where-relation documents In the order in which they were written.
}

export async function models() {
  await db.us/*model*/er.findMany()
  // model documents Who writes.
}
