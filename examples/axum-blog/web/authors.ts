// The list of authors, made in the browser of what `/api/users` returns. `types.ts` has the types of Rust.

import type { PostCard, UserCard } from './types'

/** The posts of an author that everybody sees, the latest first. */
function published(user: UserCard): PostCard[] {
  return user.posts.filter(post => post.published)
}

function item(user: UserCard): HTMLLIElement {
  const posts = published(user)
  const views = posts.reduce((sum, post) => sum + post.views, 0)
  const latest = posts[0]
  const name = document.createElement('a')
  name.href = `/#user-${user.id}`
  name.textContent = user.name
  const text = document.createElement('p')
  text.className = 'meta'
  text.textContent = latest
    ? `“${latest.title}” on ${new Date(latest.createdAt).toLocaleDateString()}, ${views} views in all`
    : (user.bio ?? 'Nothing published yet')
  const element = document.createElement('li')
  element.append(name, text)
  return element
}

async function show(list: Element): Promise<void> {
  const response = await fetch('/api/users')
  if (!response.ok) throw new Error(`the server answered ${response.status}`)
  const users: UserCard[] = await response.json()
  list.replaceChildren(...users.map(item))
}

const list = document.querySelector('#authors')
if (list) {
  show(list).catch(error => {
    list.textContent = `The authors cannot be shown: ${error.message}`
  })
}
