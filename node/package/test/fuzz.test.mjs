// Random arguments: graphs in which objects occur many times and contain themselves, wrong values, wrong names. The
// encoder refuses them by an error of its own, or takes them; nothing else comes out of it, and nothing takes long.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Invalid, catalogOf, encode, indexCatalog } from './support/runtime.mjs'

const [User] = indexCatalog(
  catalogOf(
    'enum E A',
    'model User id:Int? s:String? j:Json? d:DateTime? b:Bytes? x:Decimal? e:enum.E? l:String?[] h:String?@serverOnly ' +
      'posts<User.boss[](id=id) boss<User.posts?(id=id) | id id,s',
  ),
)

// biome-ignore format: a list of words, read as a block
const NAMES = [
  'id', 's', 'j', 'd', 'b', 'x', 'e', 'l', 'h', 'posts', 'boss', 'AND', 'OR', 'NOT', 'equals', 'in', 'notIn', 'not', 'lt', 'contains', 'has', 'hasEvery', 'isEmpty',
  'some', 'every', 'none', 'is', 'isNot', 'where', 'orderBy', 'take', 'skip', 'select', 'include', 'omit', 'data', 'create', 'connect', 'connectOrCreate', 'createMany', 'disconnect', 'update', 'updateMany', 'upsert', 'delete', 'deleteMany', 'set', 'push', 'increment', '_count',
  'id_s', 'sort', 'nulls', '__proto__', 'toJSON', 'length', 'mode', 'x'.repeat(200), '\n',
]
const detached = new Uint8Array(3)
structuredClone(detached, { transfer: [detached.buffer] })
const endless = []
endless.length = 2 ** 32 - 1
const fails = () => {
  throw new Error('s3cret')
}
// biome-ignore format: a list of words, read as a block
const LEAVES = [
  1, 'a', null, undefined, true, false, 'asc', 'first', NaN, -1, 2n, 2n ** 99n, new Date(NaN), new Date(), new Map(), detached, new Uint8Array(2), Symbol('q'), () => 1, endless,
  '\ud800', 'a\0', '2024-02-30T00:00:00Z', [], {}, new Array(3), Object.create(null), new Proxy({}, {}), new Proxy([], {}), 1e308, 'x'.repeat(1000), { toFixed: fails },
  { toJSON: fails }, Object.create(Date.prototype), Object.create(Uint8Array.prototype),
]
const OPERATIONS = [
  'findUnique',
  'findFirst',
  'findMany',
  'count',
  'create',
  'createMany',
  'update',
  'updateMany',
  'upsert',
  'delete',
  'deleteMany',
]

for (const seed of [1, 2, 3, Date.now() & 0xffff]) {
  test(`seed ${seed}`, () => {
    let state = seed
    // The high bits: the low ones of such a generator repeat after a few numbers.
    const random = below => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
      return (state >>> 12) % below
    }
    const shared = []
    const make = depth => {
      if (shared.length > 0 && random(6) === 0) return shared[random(shared.length)]
      if (depth <= 0 || random(4) === 0) return LEAVES[random(LEAVES.length)]
      const value = random(4) === 0 ? [] : {}
      if (shared.length > 30) shared.length = 0
      shared.push(value)
      for (let count = random(4) + 1; count > 0; count--) {
        const member = make(depth - 1)
        if (Array.isArray(value)) value.push(member)
        else
          Object.defineProperty(value, NAMES[random(NAMES.length)], {
            value: member,
            enumerable: true,
            configurable: true,
            writable: true,
          })
      }
      return value
    }
    let taken = 0
    const rounds = 20_000
    for (let round = 0; round < rounds; round++) {
      const operation = OPERATIONS[random(OPERATIONS.length)]
      const args = {}
      for (const name of ['where', 'data', 'create', 'update', 'select', 'include', 'omit', 'orderBy', 'take']) {
        if (random(4) === 0) args[name] = make(6)
      }
      const start = performance.now()
      try {
        encode(User, operation, args)
        taken++
      } catch (error) {
        assert.ok(error instanceof Invalid, `round ${round}: ${error.stack}`)
        assert.ok(error.message.length < 2100 && !/[\n\0]|s3cret/.test(error.message), error.message)
      }
      assert.ok(performance.now() - start < 2000, `round ${round} of ${operation} takes long`)
    }
    assert.ok(taken > rounds / 100, 'hardly any call is taken: the test asks nothing')
    assert.ok(taken < rounds / 2, 'hardly any call is refused: the test asks nothing')
  })
}
