// Orders, and the other members that name columns.
import { db } from './db.js'

export async function order() {
  await db.user.findMany({ orderBy: { /*order*/ } })
  // order completes id, email, posts, manager
  await db.user.findMany({ orderBy: [{ id: 'asc' }, { /*order-list*/ }] })
  // order-list completes id, email, posts, manager
  await db.user.findMany({ orderBy: { cre/*order-half*/ } })
  // order-half completes createdAt
  await db.user.findMany({ orderBy: { id: '/*direction*/' } })
  // direction completes only asc, desc
  await db.user.findMany({ orderBy: { name: { /*nulls*/ } } })
  // nulls completes only sort, nulls
  await db.user.findMany({ orderBy: { name: { sort: 'asc', nulls: '/*nulls-place*/' } } })
  // nulls-place completes only first, last
  await db.user.findMany({ orderBy: { posts: { /*order-many*/ } } })
  // order-many completes only _count
  await db.user.findMany({ orderBy: { manager: { /*order-one*/ } } })
  // order-one completes id, email, manager
  await db.post.findMany({ orderBy: { author: { manager: { /*order-third-level*/ } } } })
  // order-third-level completes id, email, posts
  await db.user.findMany({ distinct: ['/*distinct*/'] })
  // distinct completes id, email, name
}
