import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { db } from '@/db'
import { publish } from '../../actions'
import { Byline } from '../../Byline'
import { day } from '../../format'
import { readId } from '../../ids'

export const dynamic = 'force-dynamic'

// The title and the page need the same post; React.cache asks the database once a request.
const findPost = cache(async (text: string) => {
  const id = readId(text)
  if (id === null) notFound()
  const post = await db.post.findUnique({
    where: { id },
    include: {
      author: true,
      tags: { orderBy: { name: 'asc' } },
      comments: { include: { author: true }, orderBy: { createdAt: 'asc' } },
    },
  })
  return post ?? notFound()
})

export async function generateMetadata({ params }: PageProps<'/posts/[id]'>): Promise<Metadata> {
  return { title: (await findPost((await params).id)).title }
}

export default async function Page({ params }: PageProps<'/posts/[id]'>) {
  const post = await findPost((await params).id)
  return (
    <main>
      <article className="article">
        <header>
          <ul className="tags">
            {post.tags.map(tag => (
              <li key={tag.id}>{tag.name}</li>
            ))}
            {!post.published && <li className="draft">Draft</li>}
          </ul>
          <h1>{post.title}</h1>
          <Byline author={post.author}>
            <time dateTime={post.createdAt.toISOString()}>{day(post.createdAt)}</time>
            {post.published && <> · {post.views.toLocaleString('en')} views</>}
          </Byline>
        </header>

        <div className="prose">
          {post.content.split(/\n\n+/).map((paragraph, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the paragraphs of a text have no other name, and never move
            <p key={index}>{paragraph}</p>
          ))}
        </div>
        {!post.published && (
          <form className="publish" action={publish.bind(null, post.id)}>
            <p>Only people with the address see this draft.</p>
            <button type="submit">Publish</button>
          </form>
        )}

        <section className="comments">
          <h2>{counted(post.comments.length)}</h2>
          {post.comments.map(comment => (
            <div className="comment" key={comment.id}>
              <Byline author={comment.author}>
                <time dateTime={comment.createdAt.toISOString()}>{day(comment.createdAt)}</time>
              </Byline>
              <p>{comment.body}</p>
            </div>
          ))}
        </section>
        <Link className="back" href="/">
          ← All authors
        </Link>
      </article>
    </main>
  )
}

const counted = (comments: number) =>
  comments === 0 ? 'No comments yet' : comments === 1 ? '1 comment' : `${comments} comments`
