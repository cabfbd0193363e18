// better-sqlite3 by hand: prepared once, rows as objects, one statement a level with an IN list, stitched by hand.

import { connect } from '../database.mjs'
import { width } from '../queries.mjs'

const USER = '"id", "email", "name", "age", "createdAt", "bio", "balance", "followers", "avatar"'
const POST = '"id", "title", "content", "published", "createdAt", "views", "rating", "authorId"'

function user(row) {
  row.createdAt = new Date(row.createdAt)
  row.followers = BigInt(row.followers)
  return row
}

function post(row) {
  row.createdAt = new Date(row.createdAt)
  row.published = row.published === 1
  return row
}

function comment(row) {
  row.createdAt = new Date(row.createdAt)
  return row
}

function group(rows, key) {
  const groups = new Map()
  for (const row of rows) {
    const group = groups.get(row[key])
    if (group) group.push(row)
    else groups.set(row[key], [row])
  }
  return groups
}

export function open(file) {
  const database = connect(file)
  const one = database.prepare(`SELECT ${USER} FROM "User" WHERE "id" = ?`)
  const page = database.prepare(`SELECT ${USER} FROM "User" WHERE "id" > ? ORDER BY "id" LIMIT ?`)

  // A statement a length of the list.
  const whereIn = sql => {
    const statements = []
    return ids => {
      const statement = (statements[ids.length] ??= database.prepare(`${sql} IN (${ids.map(() => '?')})`))
      return statement.all(ids)
    }
  }
  const postsOf = whereIn(`SELECT ${POST} FROM "Post" WHERE "authorId"`)
  const commentsOf = whereIn('SELECT "id", "body", "createdAt", "postId", "authorId" FROM "Comment" WHERE "postId"')
  const authorsOf = whereIn(`SELECT ${USER} FROM "User" WHERE "id"`)
  const tagsOf = whereIn(
    `SELECT j."A" AS "postId", t."id", t."name" FROM "_PostToTag" j JOIN "Tag" t ON t."id" = j."B" WHERE j."A"`,
  )

  const users = (after, take) => page.all(after, take).map(user)
  const attachPosts = (users, posts) => {
    const groups = group(posts, 'authorId')
    for (const user of users) user.posts = groups.get(user.id) ?? []
    return users
  }

  return {
    q1: id => user(one.get(id)),
    q2: after => users(after, width.q2),
    q3: database.transaction(after => {
      const roots = users(after, width.q3)
      return attachPosts(roots, postsOf(roots.map(user => user.id)).map(post))
    }),
    q4: database.transaction(after => {
      const roots = users(after, width.q4)
      const posts = postsOf(roots.map(user => user.id)).map(post)
      const postIds = posts.map(post => post.id)
      const comments = commentsOf(postIds).map(comment)
      const authors = new Map()
      for (const author of authorsOf([...new Set(comments.map(comment => comment.authorId))])) {
        authors.set(author.id, user(author))
      }
      for (const comment of comments) comment.author = authors.get(comment.authorId)
      const commentGroups = group(comments, 'postId')
      const tagGroups = new Map()
      for (const { postId, id, name } of tagsOf(postIds)) {
        const tags = tagGroups.get(postId)
        if (tags) tags.push({ id, name })
        else tagGroups.set(postId, [{ id, name }])
      }
      for (const post of posts) {
        post.comments = commentGroups.get(post.id) ?? []
        post.tags = tagGroups.get(post.id) ?? []
      }
      return attachPosts(roots, posts)
    }),
    close: () => database.close(),
  }
}
