import { PurlinClient } from '../generated/index.js'
import { PostEntry } from './PostEntry.js'

const db = new PurlinClient()

/** A server component: it queries the database and hands the rows on. */
export async function Page() {
  const users = await db.user.findMany({ include: { posts: true } })
  return (
    <ul>
      {users
        .flatMap(user => user.posts)
        .map(post => (
          <PostEntry key={post.id} post={post} />
        ))}
    </ul>
  )
}
