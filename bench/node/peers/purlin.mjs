// Ours: the generated client.

import { PurlinClient } from '../generated/purlin.mjs'
import { width } from '../queries.mjs'

export function open(file) {
  const db = new PurlinClient({ url: `file:${file}` })
  const page = (after, take, include) =>
    db.user.findMany({ where: { id: { gt: after } }, orderBy: { id: 'asc' }, take, include })
  return {
    q1: id => db.user.findUnique({ where: { id } }),
    q2: after => page(after, width.q2),
    q3: after => page(after, width.q3, { posts: true }),
    q4: after => page(after, width.q4, { posts: { include: { comments: { include: { author: true } }, tags: true } } }),
    close: () => db.$disconnect(),
  }
}
