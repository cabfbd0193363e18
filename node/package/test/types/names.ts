// Names that TypeScript has another use for: the types are there and right.

import {
  type PurlinClient,
  Vec,
  type Date as DateRow,
  type Folder,
  type FolderColumns,
  type Prisma,
  type User_,
  type Written,
} from '../generated-names/index.js'

declare const db: PurlinClient

export async function fields(): Promise<unknown[]> {
  // Members that every object has are not taken for conditions or values.
  const rows = await db.User.findMany({ where: { userId: 1, AND: true }, orderBy: { valueOf: 'asc' } })
  const row: User_ | undefined = rows[0]
  const constructor: string | undefined = row?.constructor
  const text: string | null | undefined = row?.toString
  const some = await db.User.findFirst({ where: { id: 1 }, select: { constructor: true, then: true } })
  const then: string | undefined = some?.then
  await db.User.update({
    where: { userId_key: { userId: 1, userID: 2 } },
    data: { type: 'x', a: { increment: 1 }, A: 3 },
  })
  const data: Prisma.User_CreateInput = { id: 1, userId: 1, user_id: 2, userID: 3, constructor: 'x' }
  // @ts-expect-error a text is no number
  await db.User.findMany({ where: { valueOf: 'x' } })
  return [constructor, text, then, data]
}

export async function models(): Promise<unknown[]> {
  const date: DateRow | null = await db.date.findFirst({ where: { date: { gt: new Date() } } })
  const instant: number | undefined = date?.date.getTime()
  const vec: Vec | null | undefined = (await db.option.findFirst({ where: { vec: Vec.constructor } }))?.vec
  const omit = await db.omit.findFirst({ include: { pick: { include: { omits: true } } }, omit: { pickId: true } })
  const id: number | undefined = omit?.pick.omits[0]?.pickId
  await db.omit.create({ data: { id: 1, pick: { create: { id: 1 } } } })
  await db.omit.createMany({ data: [{ id: 2, pickId: 1 }] })
  return [instant, vec, id, await db.user.count(), await db.constructor.count(), await db.toString.count()]
}

/** A model whose name is that of another and a word for a part of one is a model of its own. */
export async function parts(): Promise<unknown[]> {
  const folder: Folder = { id: 1, name: 'x', parentId: null }
  const columns: FolderColumns = { id: 1, folderId: 1 }
  const keys = { create: { id: 1, secret: 's' } }
  await db.folder.create({ data: { id: 1, name: 'x', parent: { connect: { id: 2 } }, keys } })
  const found = await db.folder.findMany({ select: { name: true, columns: true, keys: { select: { secret: true } } } })
  const secret: string | undefined = found[0]?.keys[0]?.secret
  // @ts-expect-error no model has such a field
  await db.folder.findMany({ select: { row: true } })
  return [folder, columns, secret, await db.folderParents.count(), await db.folderRelations.count()]
}

/** What models have by a mixin, code has by its type. */
export async function written(): Promise<(string | null)[]> {
  const kind = (row: Written): string | null => row.type
  const [letter, parcel] = await Promise.all([db.letter.findFirstOrThrow(), db.parcel.findFirstOrThrow()])
  const partly = await db.letter.findFirstOrThrow({ select: { type: true } })
  // @ts-expect-error a part of the row has a part of the mixin
  return [kind(letter), kind(parcel), kind(partly)]
}
