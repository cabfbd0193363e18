// drizzle-orm on better-sqlite3: relational queries, prepared once.

import { asc, eq, gt, relations, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { blob, customType, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { connect } from '../database.mjs'
import { width } from '../queries.mjs'

const datetime = customType({
  dataType: () => 'DATETIME',
  fromDriver: value => new Date(value),
  toDriver: value => value.toISOString().replace('Z', '+00:00'),
})
const bigint = customType({ dataType: () => 'BIGINT', fromDriver: BigInt })

const users = sqliteTable('User', {
  id: integer().primaryKey({ autoIncrement: true }),
  email: text().notNull().unique(),
  name: text().notNull(),
  age: integer().notNull(),
  createdAt: datetime().notNull(),
  bio: text(),
  balance: text().notNull(),
  followers: bigint().notNull(),
  avatar: blob({ mode: 'buffer' }),
})
const posts = sqliteTable('Post', {
  id: integer().primaryKey({ autoIncrement: true }),
  title: text().notNull(),
  content: text().notNull(),
  published: integer({ mode: 'boolean' }).notNull(),
  createdAt: datetime().notNull(),
  views: integer().notNull(),
  rating: real(),
  authorId: integer().notNull(),
})
const comments = sqliteTable('Comment', {
  id: integer().primaryKey({ autoIncrement: true }),
  body: text().notNull(),
  createdAt: datetime().notNull(),
  postId: integer().notNull(),
  authorId: integer().notNull(),
})
const tags = sqliteTable('Tag', { id: integer().primaryKey({ autoIncrement: true }), name: text().notNull().unique() })
const postToTag = sqliteTable('_PostToTag', { postId: integer('A').notNull(), tagId: integer('B').notNull() })

const schema = {
  users,
  posts,
  comments,
  tags,
  postToTag,
  usersRelations: relations(users, ({ many }) => ({ posts: many(posts) })),
  postsRelations: relations(posts, ({ one, many }) => ({
    author: one(users, { fields: [posts.authorId], references: [users.id] }),
    comments: many(comments),
    tags: many(postToTag),
  })),
  commentsRelations: relations(comments, ({ one }) => ({
    post: one(posts, { fields: [comments.postId], references: [posts.id] }),
    author: one(users, { fields: [comments.authorId], references: [users.id] }),
  })),
  postToTagRelations: relations(postToTag, ({ one }) => ({
    post: one(posts, { fields: [postToTag.postId], references: [posts.id] }),
    tag: one(tags, { fields: [postToTag.tagId], references: [tags.id] }),
  })),
}

// Nested levels travel as JSON, which holds no blob in SQLite: the user reads a nested one as hexadecimal text, and
// decodes it (a decoder given to an extra column is lost on the way).
const author = {
  columns: { avatar: false },
  extras: fields => ({ avatar: sql`hex(${fields.avatar})`.as('avatar') }),
}

export function open(file) {
  const database = connect(file)
  const { query } = drizzle(database, { schema })
  const value = sql.placeholder('value')
  const page = (limit, relations) =>
    query.users.findMany({ where: gt(users.id, value), orderBy: asc(users.id), limit, with: relations }).prepare()

  const one = query.users.findFirst({ where: eq(users.id, value) }).prepare()
  const flat = page(width.q2)
  const withPosts = page(width.q3, { posts: true })
  const withAll = page(width.q4, {
    posts: { with: { comments: { with: { author } }, tags: { columns: {}, with: { tag: true } } } },
  })
  const run = (prepared, value) => prepared.execute({ value }).sync()

  return {
    q1: id => run(one, id),
    q2: after => run(flat, after),
    q3: after => run(withPosts, after),
    q4: after => {
      const found = run(withAll, after)
      for (const { posts } of found) {
        for (const post of posts) {
          post.tags = post.tags.map(({ tag }) => tag)
          for (const { author } of post.comments)
            author.avatar = author.avatar ? Buffer.from(author.avatar, 'hex') : null
        }
      }
      return found
    },
    close: () => database.close(),
  }
}
