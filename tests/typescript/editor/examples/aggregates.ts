// Aggregates and groups.
import { db } from './db.js'

export async function aggregate() {
  await db.user.aggregate({ /*aggregate*/ })
  // aggregate completes _count, _sum, _avg, _min, _max, where, orderBy, take, skip
  await db.user.aggregate({ _sum: { /*sum*/ } })
  // sum completes score
  await db.user.aggregate({ _max: { /*max*/ } })
  // max completes email, createdAt, score
  await db.user.aggregate({ where: { /*where*/ }, _count: true })
  // where completes AND, email, posts
  const /*result*/totals = await db.user.aggregate({ _sum: { score: true }, _count: true })
  // result hovers const totals: { _count: number; _sum: { score: number | null } }
  return totals
}

export async function group() {
  await db.user.groupBy({ by: ['/*by*/'] })
  // by completes role, name
  await db.user.groupBy({ by: ['role'], /*arguments*/ })
  // arguments completes _count, _sum, having, orderBy, where
  await db.user.groupBy({ by: ['role'], having: { /*having*/ } })
  // having completes role, score
  await db.user.groupBy({ by: ['role'], _avg: { /*average*/ } })
  // average completes score
  const /*groups*/groups = await db.topic.groupBy({ by: ['name'], _count: true })
  // groups hovers const groups: { _count: number; name: string }[]
  return groups
}

export function fields() {
  db.user.fields./*fields*/
  // fields completes id, email
}
