'use server'

import { refresh } from 'next/cache'
import { db } from '@/db'
import { Purlin } from '@/generated/purlin'
import { readId } from './ids'

/** What the form shows after it was sent: what to mend, and what was typed. */
export type AddPost = { error?: string; title?: string; content?: string }

export async function addPost(_: AddPost, form: FormData): Promise<AddPost> {
  const title = String(form.get('title') ?? '').trim()
  // Forms send line ends as CRLF.
  const content = String(form.get('content') ?? '')
    .replaceAll('\r\n', '\n')
    .trim()
  const authorId = readId(form.get('authorId'))
  if (title.length < 3) return { error: 'A title needs at least 3 characters.', title, content }
  if (authorId === null) return { error: 'A post needs an author.', title, content }

  try {
    await db.post.create({ data: { title, content, authorId } })
  } catch (error) {
    // The page was open while the author left: the foreign key says so, no second query has to ask.
    if (error instanceof Purlin.PrismaClientKnownRequestError && error.code === 'P2003') {
      return { error: 'This author no longer exists.', title, content }
    }
    throw error
  }
  refresh()
  return {}
}

export async function publish(id: number) {
  await db.post.update({ where: { id }, data: { published: true } })
  refresh()
}
