// Types of the namespace, with and without a call.
import { db, Prisma } from './db.js'

declare function generic<T extends Prisma.UserFindManyArgs>(args: Prisma.SelectSubset<T, Prisma.UserFindManyArgs>): void

export const args = { select: { /*satisfies-args*/ } } satisfies Prisma.UserFindManyArgs
// satisfies-args completes id, email, posts, _count
export const where = { posts: { some: { /*satisfies-where*/ } } } satisfies Prisma.UserWhereInput
// satisfies-where completes AND, title, author
export const include = { posts: { include: { /*satisfies-include*/ } } } satisfies Prisma.UserInclude
// satisfies-include completes author, topics, _count
export const order = { /*satisfies-order*/ } satisfies Prisma.UserOrderByWithRelationInput
// satisfies-order completes id, email, posts
export const select: Prisma.UserSelect = { /*annotated-select*/ }
// annotated-select completes id, email, posts, _count
export const data: Prisma.UserCreateInput = { /*annotated-data*/ }
// annotated-data completes email, name, posts, manager
export const unchecked: Prisma.UserUncheckedCreateInput = { /*annotated-unchecked*/ }
// annotated-unchecked completes email, name, managerId, posts
export const update: Prisma.UserUpdateInput = { posts: { /*annotated-update*/ } }
// annotated-update completes create, update, deleteMany
export const unique: Prisma.PostWhereUniqueInput = { /*annotated-unique*/ }
// annotated-unique completes id, slug_language

export type Payload = Prisma.UserGetPayload<{ select: { /*payload*/ } }>
// payload completes id, email, posts, _count
export type NestedPayload = Prisma.UserGetPayload<{ include: { posts: { select: { /*payload-nested*/ } } } }>
// payload-nested completes id, title, author

generic({ include: { /*generic*/ } })
// generic completes posts, manager, _count
export const validated = Prisma.validator<Prisma.UserSelect>()({ /*validator*/ })
// validator completes id, email, posts

declare function find(where: Prisma.PostWhereInput, data?: Prisma.PostUpdateInput): void
find({ /*parameter*/ })
// parameter completes AND, title, author
find({}, { author: { /*parameter-nested*/ } })
// parameter-nested completes connect, create, update

const chosen = { id: true, email: true } satisfies Prisma.UserSelect
const /*constant-select*/rows = await db.user.findMany({ select: chosen })
// constant-select hovers const rows: { id: number; email: string }[]
export const first = rows[0]?./*constant-members*/
// constant-members completes id, email
