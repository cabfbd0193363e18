// Written by `purlin::typescript` from types of Rust. Do not edit.

/** What a list shows of a post. */
export type PostCard = {
  id: number
  title: string
  content: string
  published: boolean
  views: number
  createdAt: string
}

/** An author with all posts. */
export type UserCard = {
  id: number
  name: string
  bio: string | null
  posts: PostCard[]
}
