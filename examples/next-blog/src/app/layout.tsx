import type { Metadata, Viewport } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import './globals.css'
import { Roof } from './Roof'

export const metadata: Metadata = {
  title: { default: 'Ridge & Rafter', template: '%s · Ridge & Rafter' },
  description: 'Notes from people who raise timber frames',
}

export const viewport: Viewport = { colorScheme: 'light dark' }

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <nav className="masthead">
          <Link href="/">
            <Roof />
            Ridge &amp; Rafter
          </Link>
        </nav>
        {children}
        <footer className="colophon">
          Server components and server actions on one typed client. No API route between.
        </footer>
      </body>
    </html>
  )
}
