import Link from 'next/link'

export default function NotFound() {
  return (
    <main className="notice">
      <p className="meta">404</p>
      <h1>Nothing is built here</h1>
      <p>The page was taken down, or nobody has raised it yet.</p>
      <Link href="/">Back to the workshop</Link>
    </main>
  )
}
