// Runs cases of the table one after the other and says a verdict on each: `node runner.mjs CLIENT FILE FROM`. In a
// process of its own, since what it looks for includes what ends one.

import { writeSync } from 'node:fs'
import { CASES } from './cases.mjs'
import { judge, picture, restore } from './stage.mjs'

const [client, file, from] = process.argv.slice(2)
const { PurlinClient } = await import(client)
const db = new PurlinClient({ url: `file:${file}` })
const say = verdict => writeSync(1, `${JSON.stringify(verdict)}\n`)

let unhandled
process.on('unhandledRejection', error => (unhandled = error))
process.on('uncaughtException', error => (unhandled = error))

async function ask({ call, args, input }) {
  const [model, operation] = call.split('.')
  try {
    return { result: await db[model][operation](args(input())) }
  } catch (error) {
    return { error }
  }
}

let before = await picture(db)
for (let index = Number(from); index < CASES.length; index++) {
  const { id } = CASES[index]
  const verdict = { id }
  try {
    const start = performance.now()
    const answer = await ask(CASES[index])
    verdict.milliseconds = Math.round(performance.now() - start)
    const after = await picture(db)
    judge(CASES[index], answer, before, after)
    if (unhandled !== undefined) throw new Error(`an error was left to nobody: ${unhandled}`)
    if (after !== before) await restore(db)
  } catch (error) {
    verdict.failure = String(error.message).slice(0, 1500)
    unhandled = undefined
    await restore(db)
  }
  before = await picture(db)
  say(verdict)
}
await db.$disconnect()
