import type { ReactNode } from 'react'
import type { User } from '@/generated/purlin'

/** A name with its initials in a disc; the disc's tint follows from the id. */
export function Byline({ author, as: Name = 'p', children }: { author: User; as?: 'h2' | 'p'; children?: ReactNode }) {
  const initials = author.name
    .split(' ')
    .map(word => word.charAt(0))
    .join('')
  return (
    <div className="byline">
      <span className="disc" style={{ '--hue': (author.id * 67) % 360 } as React.CSSProperties} aria-hidden>
        {initials}
      </span>
      <div>
        <Name className="name">{author.name}</Name>
        {children && <p className="aside">{children}</p>}
      </div>
    </div>
  )
}
