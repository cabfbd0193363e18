// Fills an empty database with the people, posts and comments of `seed-data.ts`; run it as often as you like.
import { PurlinClient } from '../src/generated/purlin'
import { comments, people, tags } from './seed-data'

const db = new PurlinClient()

// Deleting the people takes their posts and comments along (onDelete: Cascade).
await db.user.deleteMany()
await db.tag.deleteMany()

await db.tag.createMany({ data: tags.map(name => ({ name })) })
for (const { posts, ...person } of people) {
  await db.user.create({
    data: {
      ...person,
      posts: {
        create: posts.map(({ tags, ...post }) => ({ ...post, tags: { connect: tags.map(name => ({ name })) } })),
      },
    },
  })
}

const users = await db.user.findMany({ include: { posts: true } })
const authorIds = new Map(users.map(user => [user.email, user.id]))
const postIds = new Map(users.flatMap(user => user.posts.map(post => [post.title, post.id])))
await db.comment.createMany({
  data: comments.map(({ post, author, ...comment }) => ({
    ...comment,
    postId: known(postIds, post),
    authorId: known(authorIds, author),
  })),
})

console.log(`seeded ${users.length} people, ${postIds.size} posts, ${tags.length} tags, ${comments.length} comments`)
await db.$disconnect()

function known(ids: Map<string, number>, key: string): number {
  const id = ids.get(key)
  if (id === undefined) throw new Error(`seed-data.ts names ${key}, which it does not define`)
  return id
}
