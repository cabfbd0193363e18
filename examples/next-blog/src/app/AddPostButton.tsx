'use client'

import { useActionState, useId } from 'react'
import { addPost } from './actions'

export function AddPostButton({ authorId, author }: { authorId: number; author: string }) {
  const [state, action, pending] = useActionState(addPost, {})
  const errorId = useId()
  return (
    <form className="composer" action={action}>
      <input type="hidden" name="authorId" defaultValue={authorId} />
      <input
        name="title"
        placeholder="Title of a new post"
        aria-label={`Title of a new post by ${author}`}
        aria-invalid={state.error ? true : undefined}
        aria-describedby={state.error ? errorId : undefined}
        autoComplete="off"
        defaultValue={state.title}
      />
      <button type="submit" disabled={pending}>
        {pending ? 'Adding…' : 'Add post'}
      </button>
      <textarea
        name="content"
        rows={4}
        placeholder="What happened? You can also leave this empty."
        aria-label="Text"
        defaultValue={state.content}
      />
      {state.error && (
        <p className="problem" id={errorId} role="alert">
          {state.error}
        </p>
      )}
    </form>
  )
}
