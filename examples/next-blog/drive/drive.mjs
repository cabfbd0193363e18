// Drives the running page in headless Chromium as a visitor would, and reports in TAP:
//   BASE=http://localhost:3000 SHOTS=folder node drive/drive.mjs
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'

const base = process.env.BASE ?? 'http://localhost:3000'
const shots = process.env.SHOTS ?? 'screenshots'
const title = `Notes from a raising, no. ${Date.now() % 1_000_000}`

await mkdir(shots, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // Most containers have neither a user namespace nor a GPU; nothing here needs the network beyond the page.
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
  ],
})
const context = await browser.newContext({ viewport: { width: 1120, height: 900 }, colorScheme: 'light' })
context.setDefaultTimeout(15_000)
const page = await context.newPage()

const complaints = []
const strangers = []
page.on('pageerror', error => complaints.push(error.message))
page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
page.on('request', request => {
  if (!request.url().startsWith(base) && !request.url().startsWith('data:')) strangers.push(request.url())
})

const author = name => page.getByRole('region', { name })
const shoot = (name, options = {}) => page.screenshot({ path: join(shots, `${name}.png`), ...options })

let failed = 0
let count = 0
async function check(name, run) {
  try {
    await run()
    console.log(`ok ${++count} - ${name}`)
  } catch (error) {
    failed++
    console.log(`not ok ${++count} - ${name}`)
    for (const line of String(error?.stack ?? error).split('\n')) console.log(`  # ${line}`)
    await shoot(`failed-${count}`).catch(() => {})
  }
}

/** A page settles in steps: tries again until the assertions hold, 10 seconds at most. */
async function eventually(assertions) {
  for (const deadline = Date.now() + 10_000; ; await page.waitForTimeout(50)) {
    try {
      return await assertions()
    } catch (error) {
      if (Date.now() > deadline) throw error
    }
  }
}

await check('the page shows the users with their posts', async () => {
  await page.goto(base, { waitUntil: 'networkidle' })
  for (const name of ['Marta Lindqvist', 'Tomás Figueira', 'Inès Moreau', 'Kofi Asante']) await author(name).waitFor()
  const posts = author('Marta Lindqvist').locator('.post')
  assert.equal(await posts.count(), 3)
  await author('Marta Lindqvist').getByText('What a purlin does all day', { exact: true }).waitFor()
  await shoot('users', { fullPage: true })
})

await check('the button adds a post, and it appears without a reload', async () => {
  await page.evaluate(() => (window.sameDocument = true))
  const kofi = author('Kofi Asante')
  const before = await kofi.locator('.post').count()
  await kofi.getByPlaceholder('Title of a new post').fill(title)
  await kofi.getByLabel('Text').fill('The whole village lifted.\n\nNobody spoke.')
  await shoot('writing')
  await kofi.getByRole('button', { name: 'Add post' }).click()
  await kofi.getByText(title, { exact: true }).waitFor()
  await eventually(async () => {
    assert.equal(await kofi.locator('.post').count(), before + 1)
    assert.equal(await kofi.getByPlaceholder('Title of a new post').inputValue(), '', 'the form is empty again')
  })
  assert.equal(await page.evaluate(() => window.sameDocument), true, 'the document was not reloaded')
  await shoot('added')
})

await check('a title that is too short is refused, and stays in the form', async () => {
  const tomas = author('Tomás Figueira')
  const before = await tomas.locator('.post').count()
  await tomas.getByPlaceholder('Title of a new post').fill('ab')
  await tomas.getByRole('button', { name: 'Add post' }).click()
  await tomas.getByRole('alert').getByText('A title needs at least 3 characters.').waitFor()
  assert.equal(await tomas.getByPlaceholder('Title of a new post').inputValue(), 'ab')
  assert.equal(await tomas.locator('.post').count(), before)
  await shoot('refused')
})

await check('an author who is gone is a foreign-key error, told in words', async () => {
  const ines = author('Inès Moreau')
  await ines.locator('input[name=authorId]').evaluate(input => (input.value = '999999'))
  await ines.getByPlaceholder('Title of a new post').fill('A post by nobody')
  await ines.getByRole('button', { name: 'Add post' }).click()
  await ines.getByRole('alert').getByText('This author no longer exists.').waitFor()
  await page.reload({ waitUntil: 'networkidle' })
  assert.equal(await page.getByText('A post by nobody').count(), 0)
})

await check('the new row is in the database file, read by another process', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'drive/reopen.ts', title])
  assert.deepEqual(JSON.parse(stdout), {
    title,
    content: 'The whole village lifted.\n\nNobody spoke.',
    published: false,
    views: 0,
    author: { email: 'kofi@ridgeandrafter.example' },
  })
})

await check('a post opens with its author, tags and the comments with their authors', async () => {
  await page.getByRole('link', { name: 'What a purlin does all day' }).click()
  await page.waitForURL(/\/posts\/\d+$/)
  await page.getByRole('heading', { name: 'What a purlin does all day' }).waitFor()
  assert.deepEqual(await page.locator('.tags li').allInnerTexts(), ['frames', 'roofs'])
  assert.deepEqual(await page.locator('.comment .name').allInnerTexts(), [
    'Tomás Figueira',
    'Marta Lindqvist',
    'Kofi Asante',
  ])
  // Next.js streams the title behind the page.
  await page.waitForFunction(expected => document.title === expected, 'What a purlin does all day · Ridge & Rafter')
  await shoot('post', { fullPage: true })
})

await check('a draft is published by its button', async () => {
  await page.goto(base, { waitUntil: 'networkidle' })
  await page.getByRole('link', { name: title }).click()
  await page.getByRole('button', { name: 'Publish' }).click()
  await page.getByText('0 views').waitFor()
  await shoot('published')
})

await check('an unknown post is a page that was not found', async () => {
  for (const id of ['999999', 'first', '-1', '99999999999999999999']) {
    const response = await context.request.get(`${base}/posts/${id}`)
    assert.equal(response.status(), 404, id)
  }
  await page.goto(`${base}/posts/999999`)
  await page.getByRole('heading', { name: 'Nothing is built here' }).waitFor()
  await shoot('not-found')
})

await check('the form works before any script has loaded', async () => {
  const plain = await browser.newContext({
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
  })
  const narrow = await plain.newPage()
  await narrow.goto(base)
  const marta = narrow.getByRole('region', { name: 'Marta Lindqvist' })
  const before = await marta.locator('.post').count()
  await marta.getByPlaceholder('Title of a new post').fill('Posted without a script')
  await marta.getByRole('button', { name: 'Add post' }).click()
  await marta.getByText('Posted without a script', { exact: true }).waitFor()
  assert.equal(await marta.locator('.post').count(), before + 1)
  await narrow.screenshot({ path: join(shots, 'narrow-dark.png') })
  await plain.close()
})

await check('the page asks nobody else, and the console stays clean', async () => {
  assert.deepEqual(strangers, [])
  // The browser itself reports the one document that is not there, on purpose.
  assert.deepEqual(
    complaints.filter(text => !text.includes('404')),
    [],
  )
})

await page.emulateMedia({ colorScheme: 'dark' })
await page.goto(base, { waitUntil: 'networkidle' })
await shoot('users-dark', { fullPage: true })

await browser.close()
console.log(`1..${count}`)
process.exitCode = failed ? 1 : 0
