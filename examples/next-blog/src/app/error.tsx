'use client'

export default function Failure({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="notice">
      <p className="meta">Something gave way</p>
      <h1>The page could not be read</h1>
      <p>
        Is the database there? <code>npm run db:push</code> creates it and <code>npm run db:seed</code> fills it.
        {error.digest && <> The server’s log has the cause under {error.digest}.</>}
      </p>
      <button type="button" onClick={reset}>
        Try again
      </button>
    </main>
  )
}
