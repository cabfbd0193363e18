// The names of Prisma's namespace: those that the generated one has not are the ones that docs/status.md lists.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { tool } from './support/database.mjs'

const require = createRequire(import.meta.url)
const here = path => fileURLToPath(new URL(path, import.meta.url))
const project = mkdtempSync(join(tmpdir(), 'purlin-namespace-'))
after(() => rmSync(project, { recursive: true, force: true }))

const [typeNames, valueNames, generics] = readFileSync(here('support/prisma-namespace.txt'), 'utf8')
  .replace(/^#.*\n/gm, '')
  .split('\n\n')
  .map(part => part.trim().split('\n'))

mkdirSync(join(project, 'node_modules/purlin'), { recursive: true })
for (const name of ['dist', 'package.json']) symlinkSync(here(`../${name}`), join(project, 'node_modules/purlin', name))
for (const name of ['decimal.js', '@types'])
  symlinkSync(here(`../node_modules/${name}`), join(project, 'node_modules', name))
writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
writeFileSync(join(project, 'schema.prisma'), readFileSync(here('schema/namespace.prisma')))
execFileSync(tool(), ['generate', '--schema', 'schema.prisma'], { cwd: project })

/** What the compiler says of a file with this text. */
function errors(file, text, more = []) {
  writeFileSync(join(project, file), text)
  const tsc = join(dirname(require.resolve('typescript-5.4/package.json')), 'bin/tsc')
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--types', 'node']
  return spawnSync(process.execPath, [tsc, ...options, '--skipLibCheck', ...more, file], {
    cwd: project,
    encoding: 'utf8',
  }).stdout
}

/** The names that the compiler does not find, among those that a file uses one a line. */
function missing(uses) {
  const stdout = errors('uses.ts', `import { Prisma } from './generated/index.js'\n${uses.join('\n')}\n`)
  const found = new Set()
  for (const [, line, code] of stdout.matchAll(/^uses\.ts\((\d+),\d+\): error (TS\d+)/gm)) {
    // No such member, with and without a suggestion; others say that a type wants arguments or that a name is a value.
    if (['TS2694', 'TS2724', 'TS2339', 'TS2551', 'TS2749'].includes(code)) found.add(Number(line) - 2)
  }
  assert.doesNotMatch(stdout, /^(?!uses\.ts)\S+\.ts\(/m, 'the generated client checks')
  return uses.flatMap((_, index) => (found.has(index) ? [index] : []))
}

/** A name as the list has it: for any model, enum, relation and type of columns. */
function pattern(name) {
  return name
    .replace(/Without(Author|Posts|Tags|Users)/, 'Without{Relation}')
    .replace(/(CountOutputTypeCount)(Posts|Tags|Users)/, '$1{Relation}')
    .replace(/\$(posts|tags|users|author)Args/, '${relation}Args')
    .replace(/CreateManyAuthor/, 'CreateMany{Relation}')
    .replace(/UserNameAt/, '{Model}{Key}')
    .replace(/^(Prisma__|\$|Get|Aggregate|)(User|Post|Tag)(?!name)/, '$1{Model}')
    .replace(/EnumColor/, 'Enum{Enum}')
    .replace(/EnumQueryMode/, 'EnumQueryMode')
    .replace(
      /^(Nested|Nullable|)(String|Int|BigInt|Float|Decimal|DateTime|Bool|Boolean|Bytes|Json)(?=Nullable|Filter|With|Field)/,
      '$1{Type}',
    )
}

const listed = new Set(
  /```text names\n([\s\S]*?)```/
    .exec(readFileSync(here('../../../docs/status.md'), 'utf8'))[1]
    .trim()
    .split(/\s+/),
)

test('the list of absent names is true', () => {
  const withoutType = new Set(missing(typeNames.map((name, index) => `export type T${index} = Prisma.${name}`)))
  const withoutValue = new Set(missing(typeNames.map((name, index) => `export const v${index} = Prisma.${name}`)))
  const absent = new Set()
  for (const [index, name] of typeNames.entries())
    if (withoutType.has(index) && withoutValue.has(index)) absent.add(pattern(name))
  assert.deepEqual([...absent].sort(), [...listed].sort())
})

test('types take the type arguments that those of Prisma take', () => {
  // Those of types of columns that the schema has not.
  const others = [
    ...['Float', 'BigInt', 'Decimal', 'DateTime', 'Bytes', 'Json'].map(type => `${type}Filter 0 1`),
    ...['Bool', 'EnumColor'].map(type => `${type}NullableFilter 0 1`),
  ]
  const uses = [...generics, ...others].flatMap(line => {
    const [name, least, most] = line.split(' ')
    const numbers = listed.has(pattern(name)) ? [] : new Set([Number(least), Number(most)])
    return Array.from(numbers, number => `Prisma.${name}${number === 0 ? '' : `<${Array(number).fill('any')}>`}`)
  })
  for (const use of ['Prisma.StringFilter<any>', 'Prisma.UserSelect<any>', 'Prisma.UserDelegate<any,any>'])
    assert.ok(uses.includes(use), use)
  const text = uses.map((use, index) => `export type T${index} = ${use}`).join('\n')
  assert.equal(errors('generics.ts', `import { Prisma } from './generated/index.js'\n${text}\n`), '')
})

test('the type arguments of Prisma change nothing', () => {
  const uses = [
    "export const a: Prisma.StringFilter<'User'> = { contains: 'a', not: { in: ['b'] } }",
    "export const b: Prisma.StringNullableFilter<'User'> = { equals: null }",
    "export const c: Prisma.DateTimeNullableFilter<'User'> = { lt: new Date(), equals: null }",
    "export const d: Prisma.EnumColorFilter<'User'> = { in: ['RED'] }",
    'export const e: Prisma.UserWhereInput = { email: a, name: b, at: c, color: d }',
    'export const f: Prisma.UserFindManyArgs<{ result: {} }> = { where: e, take: 1 } satisfies Prisma.UserFindManyArgs',
    'export const g = { posts: true } as const satisfies Prisma.UserInclude<{ result: {} }>',
    'export const h = (user: Prisma.UserDelegate<{}, {}>): Prisma.UserDelegate => user',
    '// @ts-expect-error: it is no number',
    "export const i: Prisma.IntFilter<'User'> = { gt: 'a' }",
    '// @ts-expect-error: there is no such column',
    'export const j: Prisma.UserSelect<{}> = { emial: true }',
    '// @ts-expect-error: it is not null',
    "export const k: Prisma.StringFilter<'User'> = { equals: null }",
  ]
  const text = `import { Prisma } from './generated/index.js'\n${uses.join('\n')}\n`
  assert.equal(errors('arguments.ts', text, ['--noUnusedLocals', '--noUnusedParameters']), '')
})

test('values are there at run time, but for those that are listed', async () => {
  const tsc = join(dirname(require.resolve('typescript-5.4/package.json')), 'bin/tsc')
  const options = [
    '--target',
    'es2022',
    '--module',
    'nodenext',
    '--types',
    'node',
    '--skipLibCheck',
    '--outDir',
    'js',
    'generated/index.ts',
  ]
  execFileSync(process.execPath, [tsc, ...options], { cwd: project })
  const { Prisma } = await import(pathToFileURL(join(project, 'js/index.js')).href)
  for (const name of valueNames) assert.equal(name in Prisma, !listed.has(pattern(name)), name)
})

test('the enums and the promise of the client are exported by name, as values and as types', async () => {
  const uses = [
    'export const a: $Enums.Color = $Enums.Color.RED',
    "export const b: Color = 'RED' satisfies $Enums.Color",
    'export const c: browser.$Enums.Color = browser.$Enums.Color.RED',
    'export const d = (color: $Enums.Color): Prisma.UserWhereInput => ({ color })',
    'export const e = (db: PrismaClient): PrismaPromise<Post[]> => db.post.findMany()',
    'export const f: PrismaPromise<unknown>[] = []',
    'export const g: typeof $Enums.Color = Color',
    'export const h = (db: PrismaClient): Promise<unknown[]> => db.$transaction([db.user.findMany(), ...f])',
    'export type I = keyof typeof $Enums',
    "export const i: I = 'Color'",
    '// @ts-expect-error: it is no color',
    "export const j: $Enums.Color = 'PINK'",
    '// @ts-expect-error: there is no such enum',
    'export type K = $Enums.Shape',
  ]
  const names = '{ Color, Prisma, PrismaClient, $Enums, type Post, type PrismaPromise }'
  const imports = `import ${names} from './generated/index.js'\nimport * as browser from './generated/browser.js'\n`
  writeFileSync(join(project, 'enums.ts'), `${imports}${uses.join('\n')}\n`)
  const tsc = join(dirname(require.resolve('typescript-5.4/package.json')), 'bin/tsc')
  const options = [
    '--strict',
    '--isolatedModules',
    '--target',
    'es2022',
    '--module',
    'nodenext',
    '--types',
    'node',
    '--skipLibCheck',
    '--outDir',
    'js',
    'enums.ts',
  ]
  const { stdout } = spawnSync(process.execPath, [tsc, ...options], { cwd: project, encoding: 'utf8' })
  assert.equal(stdout, '')
  for (const name of ['index.js', 'browser.js']) {
    const { $Enums, Color } = await import(pathToFileURL(join(project, 'js/generated', name)).href)
    assert.equal($Enums.Color, Color, name)
    assert.deepEqual(Object.keys($Enums), ['Color'], name)
  }
})

test('the types of helpers', () => {
  const uses = [
    'export const a: Prisma.PromiseReturnType<() => Promise<{ x: 1 }>> = { x: 1 }',
    'export const b: Prisma.IntFilter = { gt: 1, not: { in: [2] } }',
    "export const c: Prisma.StringNullableFilter = { equals: null, contains: 'a' }",
    'export const d: Prisma.PostListRelationFilter = { some: { id: 1 } }',
    "export const e: Prisma.UserCreateManyArgs = { data: [{ email: 'a' }] }",
    "export const f: Prisma.EnumColorFilter = { in: ['RED'] }",
    'export const g: Prisma.TransactionIsolationLevel = Prisma.TransactionIsolationLevel.Serializable',
    'export const h: Prisma.Bytes = new Uint8Array(1)',
    'export function i<T extends Prisma.UserFindManyArgs>(args: Prisma.SelectSubset<T, Prisma.UserFindManyArgs>): T { return args as never }',
    'i({ select: { id: true } })',
    'export const j: Prisma.InputJsonObject = { a: [1, { b: null }] }',
    "export const k: Prisma.UserUncheckedUpdateManyInput = { name: 'a' }",
  ]
  assert.equal(errors('helpers.ts', `import { Prisma } from './generated/index.js'\n${uses.join('\n')}\n`), '')
})

test('the modules of a `prisma-client` block have the names that Prisma has', () => {
  const schema = readFileSync(here('schema/namespace.prisma'), 'utf8').replace(
    /provider( *)= "prisma-client-js"/,
    'provider$1= "prisma-client"',
  )
  assert.match(schema, /"prisma-client"/)
  mkdirSync(join(project, 'modules'), { recursive: true })
  writeFileSync(join(project, 'modules/schema.prisma'), schema)
  execFileSync(tool(), ['generate', '--schema', 'modules/schema.prisma'], { cwd: project })
  // Those of the namespace that begin with the name of a model, and that are there.
  const ofModels = typeNames.filter(
    name => /^(User|Post|Tag)(?!.*ScalarFieldEnum)/.test(name) && !listed.has(pattern(name)),
  )
  const uses = [
    "import { Prisma, PrismaClient, $Enums, type User } from './generated/client.js'",
    "import * as browser from './generated/browser.js'",
    "import type { UserModel, PostModel, PostFindManyArgs, UserGetPayload, StringFilter } from './generated/models.js'",
    "import type * as all from './generated/models.js'",
    'export const a: $Enums.Color = $Enums.Color.RED',
    'export const b: browser.$Enums.Color = browser.$Enums.Color.RED',
    'export const c = (user: UserModel): User & Prisma.UserModel => user',
    'export const d: PostFindManyArgs = { where: { id: 1 }, take: 1 }',
    'export const e = (user: UserGetPayload<{ select: { id: true } }>): number => user.id',
    "export const f: StringFilter<'User'> = { contains: 'a' } satisfies StringFilter",
    'export const g = (db: PrismaClient): Promise<PostModel[]> => db.post.findMany(d)',
    // The only one of these that has an argument of its own.
    ...ofModels.map((name, index) => `export type T${index} = all.${name}${name.endsWith('GetPayload') ? '<{}>' : ''}`),
  ]
  assert.equal(errors('modules/uses.ts', uses.join('\n'), ['--noUnusedLocals', '--noUnusedParameters']), '')
})
