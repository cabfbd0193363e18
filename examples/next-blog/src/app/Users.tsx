import { db } from '@/db'
import { AddPostButton } from './AddPostButton'
import { Byline } from './Byline'
import { Posts } from './Posts'

export async function Users() {
  const users = await db.user.findMany({ include: { posts: true } })
  return users.map(user => (
    <section className="author" key={user.id} aria-label={user.name}>
      <Byline author={user} as="h2">
        {user.bio}
      </Byline>
      <div>
        <Posts posts={user.posts} />
        <AddPostButton authorId={user.id} author={user.name} />
      </div>
    </section>
  ))
}
