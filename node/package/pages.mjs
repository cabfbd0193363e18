// Copies the pages of the documentation into the package: messages name them, and an installed package is all that a
// user may have. What such a page says of other files of the repository leads to its address.

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const { homepage } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
const source = new URL('../../docs/', import.meta.url)
const target = new URL('docs/', import.meta.url)

rmSync(fileURLToPath(target), { recursive: true, force: true })
mkdirSync(target)
for (const name of readdirSync(source).filter(name => name.endsWith('.md'))) {
  const page = readFileSync(new URL(name, source), 'utf8')
  const text = page.replace(/\]\((?![a-z]+:|#)([^)\s]*\/[^)\s]*)\)/g, (_, path) => {
    const { pathname } = new URL(path, 'file:///docs/')
    return `](${homepage}/blob/main${pathname})`
  })
  writeFileSync(new URL(name, target), text)
}
