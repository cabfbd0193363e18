import Link from 'next/link'
import type { Post } from '@/generated/purlin'
import { day } from './format'

export function Posts({ posts }: { posts: Post[] }) {
  const newestFirst = [...posts].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
  return (
    <ol className="posts">
      {newestFirst.map(post => (
        <li className="post" key={post.id}>
          <Link href={`/posts/${post.id}`} prefetch={false}>
            <h3>{post.title}</h3>
            {post.content && <p className="excerpt">{post.content}</p>}
            <p className="meta">
              {post.published ? (
                <span>{post.views.toLocaleString('en')} views</span>
              ) : (
                <span className="draft">Draft</span>
              )}
              <time dateTime={post.createdAt.toISOString()}>{day(post.createdAt)}</time>
            </p>
          </Link>
        </li>
      ))}
    </ol>
  )
}
