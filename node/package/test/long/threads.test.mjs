// The long form of a test of test/process.test.mjs.

import { test } from 'node:test'
import { freshUrl } from '../support/database.mjs'
import { startAndTerminate } from '../support/threads.mjs'

test('two hundred worker threads that are terminated with queries pending', async () => {
  await startAndTerminate(freshUrl(), 200)
})
