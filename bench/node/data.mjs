// The rows: the same on every run, one in eight of them not ASCII, posts of different authors mixed as time mixes them.

const GREEK = 'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau'.split(
  ' ',
)
const WIDE = 'ναύς čtenář größe déjà ещё 東京 한국어 naïve ünïcode żółw 🚢 日本語'.split(' ')
const USERS = 1000
const POSTS_EACH = 10
const COMMENTS_EACH = 5
const TAGS = 50

function generator(seed) {
  let state = seed
  return below => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 8) % below
  }
}

/** A date as it is stored: ISO-8601 with milliseconds and the offset. */
const date = millis => new Date(millis).toISOString().replace('Z', '+00:00')

/** The rows of each table, in the order of its columns. */
export function rows() {
  const random = generator(42)
  const words = (count, id) => {
    const vocabulary = id % 8 === 0 ? WIDE : GREEK
    return Array.from({ length: count }, () => vocabulary[random(vocabulary.length)]).join(' ')
  }
  const start = Date.UTC(2024, 0, 1)
  const moment = () => date(start + random(1 << 24) * 1009)

  const User = []
  for (let id = 1; id <= USERS; id++) {
    // A decimal is stored in its canonical form, which is how JavaScript prints a number of this size.
    const balance = String((random(5) ? 1 : -1) * (random(10_000_000) / 100))
    const avatar = random(2) ? Buffer.from(Array.from({ length: 96 }, () => random(256))) : null
    const bio = random(3) ? words(12, id) : null
    User.push([
      id,
      `user${id}@example.com`,
      words(2, id),
      18 + random(60),
      moment(),
      bio,
      balance,
      id * 9_007_199_254,
      avatar,
    ])
  }

  const Post = []
  const _PostToTag = []
  const authors = Array.from({ length: USERS * POSTS_EACH }, (_, index) => 1 + (index % USERS))
  for (let index = authors.length - 1; index > 0; index--) {
    const other = random(index + 1)
    ;[authors[index], authors[other]] = [authors[other], authors[index]]
  }
  for (const authorId of authors) {
    const id = Post.length + 1
    const rating = random(4) ? random(501) / 100 : null
    Post.push([id, words(5, id), words(40, id), random(4) ? 1 : 0, moment(), random(10_000), rating, authorId])
    const first = random(TAGS)
    for (const step of [0, 7, 14]) _PostToTag.push([id, 1 + ((first + step) % TAGS)])
  }

  const Comment = []
  for (let index = 0; index < Post.length * COMMENTS_EACH; index++) {
    const id = index + 1
    Comment.push([id, words(10, id), moment(), 1 + ((index * 7919) % Post.length), 1 + random(USERS)])
  }

  const Tag = Array.from({ length: TAGS }, (_, index) => [index + 1, `tag-${index + 1}`])
  return { User, Post, Comment, Tag, _PostToTag }
}
