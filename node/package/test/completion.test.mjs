// What editors offer where an argument is being written, by the language service of TypeScript.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const ts = require('typescript-5.4')

// The mark `|` is where the cursor is; then come a name that is offered and one that is not.
const places = [
  ['db.user.findMany({ | })', 'include', 'email'],
  ['db.user.findMany({ include: { | } })', 'posts', 'email'],
  ['db.user.findMany({ include: {\n  |\n} })', 'posts', 'email'],
  ['db.user.findMany({ include: { | posts: true } })', 'manager', 'email'],
  ['db.user.findMany({ include: { posts: true, | } })', 'manager', 'email'],
  ['db.user.findMany({ select: { | } })', 'email', 'title'],
  ['db.user.findMany({ select: { id: true, | } })', 'email', 'title'],
  ['db.user.findMany({ omit: { | } })', 'email', 'posts'],
  ['db.user.findUnique({ where: { id: 1 }, include: { | } })', 'posts', 'email'],
  ['db.user.findFirst({ where: { | } })', 'email', 'title'],
  ['db.user.findFirstOrThrow({ select: { | } })', 'email', 'title'],
  ['db.user.create({ data: { email: "a" }, select: { | } })', 'email', 'title'],
  ['db.user.create({ data: { | } })', 'email', 'title'],
  ['db.user.update({ where: { id: 1 }, data: { | }, omit: { id: true } })', 'email', 'title'],
  ['db.user.delete({ where: { id: 1 }, omit: { | } })', 'email', 'posts'],
  ['db.user.count({ select: { | } })', '_all', 'posts'],
  ['db.user.findMany({ include: { posts: { | } } })', 'where', 'title'],
  ['db.user.findMany({ include: { posts: { take: 1, | } } })', 'where', 'title'],
  ['db.user.findMany({ include: { posts: { where: { | } } } })', 'title', 'email'],
  ['db.user.findMany({ include: { posts: { orderBy: { | } } } })', 'title', 'email'],
  ['db.user.findMany({ include: { posts: { select: { | } } } })', 'title', 'email'],
  ['db.user.findMany({ include: { posts: { omit: { | } } } })', 'title', 'author'],
  ['db.user.findMany({ include: { posts: { include: { | } } } })', 'comments', 'title'],
  ['db.user.findMany({ select: { posts: { select: { | } } } })', 'title', 'email'],
  ['db.user.findMany({ select: { posts: { where: { title: { | } } } } })', 'contains', 'email'],
  ['db.user.findMany({ include: { _count: { | } } })', 'select', 'posts'],
  ['db.user.findMany({ include: { _count: { select: { | } } } })', 'posts', 'profile'],
  ['db.$transaction(async tx => tx.user.findMany({ include: { | } }))', 'posts', 'email'],
]

const folder = fileURLToPath(new URL('types', import.meta.url))
const file = join(folder, 'completion.ts')
const before = "import { PurlinClient } from '../generated/index.js'\ndeclare const db: PurlinClient\n"
let text = ''
let version = 0

const service = ts.createLanguageService({
  ...ts.sys,
  useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
  getScriptFileNames: () => [file],
  getScriptVersion: name => (name === file ? `${version}` : '0'),
  getScriptSnapshot: name => {
    const content = name === file ? text : ts.sys.readFile(name)
    return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content)
  },
  fileExists: name => name === file || ts.sys.fileExists(name),
  getCurrentDirectory: () => folder,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  getCompilationSettings: () => ({
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    types: [],
  }),
})

for (const [code, offered, other] of places) {
  test(code.replace(/\s+/g, ' '), () => {
    text = before + code.replace('|', '')
    version++
    const completions = service.getCompletionsAtPosition(file, before.length + code.indexOf('|'), {})
    const names = completions?.entries.map(entry => entry.name) ?? []
    assert.ok(names.includes(offered), `${offered} is not among ${names.slice(0, 20).join(', ')}`)
    // Where an editor knows nothing it offers whatever has a name.
    for (const foreign of ['Array', 'PurlinClient', other])
      assert.ok(!names.includes(foreign), `${foreign} is among ${names.slice(0, 20).join(', ')}`)
  })
}

// What the compiler says of a mistake, where what it says by itself does not lead on.
const mistakes = [
  [
    'db.comment.create({ data: { body: "b", postId: 1, author: { connect: { id: 1 } } } })',
    /give either relations or their foreign keys, not both/,
  ],
  [
    'db.comment.create({ data: { body: "b", post: { connect: { id: 1 } }, authorId: 1 } })',
    /give either relations or their foreign keys, not both/,
  ],
  [
    'db.comment.update({ where: { id: 1 }, data: { postId: 1, author: { connect: { id: 1 } } } })',
    /give either relations or their foreign keys, not both/,
  ],
  ['db.user.findMany({ select: { id: true }, include: { posts: true } })', /choose either `select` or `include`/],
  ['db.$queryRaw`SELECT 1`', /raw SQL is not supported yet: use the operations of the models/],
  ['db.user.upsert({ where: { id: 1 }, create: { email: "a" } })', /'update' is missing/],
  ['db.post.update({ where: { id: 1 }, data: { author: { disconnect: true } } })', /disconnect/],
  ['db.post.update({ where: { id: 1 }, data: { tags: { conectOrCreate: [] } } })', /connectOrCreate/],
  ['db.user.create({ data: { email: "a", posts: { deleteMany: {} } } })', /deleteMany/],
  ['db.$extends({})', /extensions are not supported yet: write a function/],
  ['db.user.findMany({ include: { psots: true } })', /psots/],
]

// What is not supported yet is refused by the same sentence as at run time, and nothing else is proposed in its place.
const { LATER } = require('../build/commonjs/later.js')
const later = [
  ...Object.keys(LATER.find).flatMap(name => [
    ['find', name, `db.post.findMany({ ${name}: {} })`],
    ['find', name, `db.post.findFirst({ where: { id: 1 }, ${name}: {} })`],
    ['find', name, `db.user.findMany({ include: { posts: { take: 1, ${name}: {} } } })`],
    [
      'find',
      name,
      `db.user.findUnique({ where: { id: 1 }, select: { posts: { ${name}: {}, select: { id: true } } } })`,
    ],
  ]),
  ...Object.keys(LATER.createMany).flatMap(name => [
    ['createMany', name, `db.user.createMany({ data: [], ${name}: true })`],
    [
      'createMany',
      name,
      `db.user.update({ where: { id: 1 }, data: { posts: { createMany: { data: [], ${name}: true } } } })`,
    ],
  ]),
  ...Object.keys(LATER.bulk).flatMap(name => [
    ['bulk', name, `db.user.updateMany({ data: {}, ${name}: 1 })`],
    ['bulk', name, `db.user.deleteMany({ ${name}: 1 })`],
  ]),
  ...Object.keys(LATER.string).flatMap(name => [
    ['string', name, `db.user.findMany({ where: { email: { contains: 'a', ${name}: 'insensitive' } } })`],
    ['string', name, `db.user.findMany({ where: { name: { not: { contains: 'a', ${name}: 'insensitive' } } } })`],
    [
      'string',
      name,
      `db.user.findMany({ include: { posts: { where: { title: { contains: 'a', ${name}: 'insensitive' } } } } })`,
    ],
  ]),
  ...Object.keys(LATER.json).map(name => [
    'json',
    name,
    `db.everything.findMany({ where: { json: { ${name}: 'a' } } })`,
  ]),
]

for (const [table, name, code] of later) {
  test(`${name} is not supported yet: ${code}`, () => {
    text = before + code
    version++
    const messages = service
      .getSemanticDiagnostics(file)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
    const sentence = `${name} is not supported yet: ${LATER[table][name]}`
    assert.ok(messages.join('\n').includes(sentence), messages.join('\n'))
    assert.doesNotMatch(messages.join('\n'), /[Dd]id you mean/)
  })
}

for (const [code, expected] of mistakes) {
  test(`the message of ${code}`, () => {
    text = before + code
    version++
    const messages = service
      .getSemanticDiagnostics(file)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
    assert.match(messages.join('\n'), expected)
  })
}
