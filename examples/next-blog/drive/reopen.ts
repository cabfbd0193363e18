// Prints the post with the given title as JSON: a fresh process, so nothing but the file can have told it.
import { PurlinClient } from '../src/generated/purlin'

const db = new PurlinClient()
const post = await db.post.findFirst({
  where: { title: process.argv[2] },
  select: { title: true, content: true, published: true, views: true, author: { select: { email: true } } },
})
console.log(JSON.stringify(post))
await db.$disconnect()
