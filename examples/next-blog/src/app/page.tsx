import { Frame } from './Frame'
import { Users } from './Users'

// Each visit reads the database; without this line Next.js would freeze the page at build time.
export const dynamic = 'force-dynamic'

export default function Page() {
  return (
    <main>
      <header className="opening">
        <div>
          <h1>Notes from people who raise timber frames</h1>
          <p>Four desks, one workshop. Pick an author, read what they learned, or write the next post yourself.</p>
        </div>
        <Frame />
      </header>
      <Users />
    </main>
  )
}
