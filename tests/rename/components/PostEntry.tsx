import type { Post } from '../generated/index.js'

/** A list entry, typed by the model's own row. */
export function PostEntry({ post }: { post: Post }) {
  return <li>{post.title}</li>
}
