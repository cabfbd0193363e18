// The stack of an error of a query names the functions of the application, in production too, where no call takes one.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freshUrl } from './support/database.mjs'

const script = fileURLToPath(new URL('./support/stacks.mjs', import.meta.url))

for (const NODE_ENV of ['production', 'development']) {
  const env = { ...process.env, NODE_ENV }
  const stacks = JSON.parse(execFileSync(process.execPath, [script, freshUrl()], { env, encoding: 'utf8' }))
  for (const [name, { header, names, own }] of Object.entries(stacks)) {
    test(`${NODE_ENV}, ${name}`, () => {
      assert.ok(header, 'it begins with the name and the message')
      assert.deepEqual(own, [], 'no frame is of this package')
      const callers = names.filter(name => name === 'repository' || name === 'service')
      assert.deepEqual(callers, ['repository', 'service'], names.join(', '))
    })
  }
}

test('the frames of this package take no place of those of the application', () => {
  const module = new URL('./build/generated/index.js', import.meta.url)
  const source = `
    import { PurlinClient } from '${module}'
    Error.stackTraceLimit = 3
    const db = new PurlinClient({ url: '${freshUrl()}' })
    async function a() { await db.$transaction(async () => { await new Promise(() => {}) }, { timeout: 1 }) }
    async function b() { await a() }
    async function c() { await b() }
    await c().catch(error => console.log(error.stack, Error.stackTraceLimit))`
  const env = { ...process.env, NODE_ENV: 'production' }
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', source], { env, encoding: 'utf8' })
  assert.match(output, /at async a .*\n.*at async b .*\n.*at async c [\s\S]* 3\n$/)
})

test('a function that awaits what it returns is on the stack in production', () => {
  const module = new URL('./build/generated/index.js', import.meta.url)
  const source = `
    import { PurlinClient } from '${module}'
    const db = new PurlinClient({ url: '${freshUrl()}' })
    const args = { where: { email: 7 } }
    async function awaited() { return await db.user.findMany(args) }
    async function outer() { return await awaited() }
    class Posts { async all() { return await db.post.findFirstOrThrow() } }
    const arrow = async () => await db.user.create({ data: {} })
    for (const call of [outer, () => new Posts().all(), arrow]) await call().catch(error => console.log(error.stack.split('\\n    at ').slice(1)[0]))`
  const env = { ...process.env, NODE_ENV: 'production' }
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', source], { env, encoding: 'utf8' })
  assert.match(output, /^async awaited .*\nasync Posts\.all .*\nasync arrow .*\n$/)
})
