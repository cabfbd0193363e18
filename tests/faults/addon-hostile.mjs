// One hostile call of the addon, in a process of its own: `node addon-hostile.mjs CLIENT FILE CASE`. It may be refused
// and it may be answered; it must not end the process, and afterwards the engine answers as before.

import { writeSync } from 'node:fs'

/** Of the addon, which only the process of a case loads. */
let runInline, takeInline

/** The kinds of calls: each gets the addon and plans of some queries, and may throw what it likes. */
const CASES = {
  // What runs while the values of a call are read.
  'a getter that resizes the scratch array to nothing': ({ engine, point }) => {
    const buffer = new ArrayBuffer(1 << 16, { maxByteLength: 1 << 16 })
    runInline(
      engine,
      point,
      withGetter([1], 0, () => (buffer.resize(0), 1)),
      new Uint8Array(buffer),
    )
  },
  'a getter that shrinks the scratch array by a little': ({ engine, point }) => {
    const buffer = new ArrayBuffer(1 << 20, { maxByteLength: 1 << 20 })
    runInline(
      engine,
      point,
      withGetter([1], 0, () => (buffer.resize(1), 1)),
      new Uint8Array(buffer),
    )
  },
  'a getter that transfers the scratch array': ({ engine, point }) => {
    const scratch = new Uint8Array(1 << 16)
    const others = []
    runInline(
      engine,
      point,
      withGetter(
        [1],
        0,
        () => (
          structuredClone(scratch.buffer, { transfer: [scratch.buffer] }), others.push(new Uint8Array(1 << 16)), 1
        ),
      ),
      scratch,
    )
    if (others.some(bytes => bytes.some(byte => byte !== 0))) throw new Damage('the reply went into another array')
  },
  'a getter that collects garbage': ({ engine, list }, requests) =>
    requests.send((port, request) =>
      engine.run(port, request, list, [withGetter([1, 2, 3], 1, () => (globalThis.gc(), 2))]),
    ),
  'a getter that empties its list': ({ engine, list }, requests) => {
    const values = [1, 2, 3, 4]
    Object.defineProperty(values, 0, { get: () => ((values.length = 1), 1) })
    return requests.send((port, request) => engine.run(port, request, list, [values]))
  },
  'a getter that makes its list longer': ({ engine, list }, requests) => {
    const values = withGetter([1, 2], 0, () => (values.push(...Array(1e5).fill(1)), 1))
    return requests.send((port, request) => engine.run(port, request, list, [values]))
  },
  'a getter that throws': ({ engine, point }) => {
    const thrown = new Error('mine')
    try {
      runInline(
        engine,
        point,
        withGetter([1], 0, () => {
          throw thrown
        }),
        new Uint8Array(1000),
      )
    } catch (error) {
      if (error !== thrown && error?.message === undefined) throw new Damage('the error is lost')
    }
  },
  'a getter that throws what is no error': ({ engine, list }, requests) =>
    requests.send((port, request) =>
      engine.run(port, request, list, [
        withGetter([1], 0, () => {
          throw undefined
        }),
      ]),
    ),
  'a getter that calls the engine': ({ engine, point, scratch }) =>
    runInline(
      engine,
      point,
      withGetter([1], 0, () => (runInline(engine, point, [2], scratch), 1)),
      scratch,
    ),
  'a getter that runs the same query for ever': ({ engine, point, scratch }) => {
    const deeper = () => (runInline(engine, point, withGetter([1], 0, deeper), scratch), 1)
    runInline(engine, point, withGetter([1], 0, deeper), scratch)
  },
  'a getter that closes the engine': ({ engine, point, port, scratch }) =>
    runInline(
      engine,
      point,
      withGetter([1], 0, () => (engine.close(port, 77), 1)),
      scratch,
    ),
  'a getter that forgets the plan': ({ engine, point, scratch, shapes }) =>
    runInline(
      engine,
      point,
      withGetter([1], 0, () => shapes.map(shape => engine.register(shape)).length),
      scratch,
    ),
  'a getter that takes the reply': ({ engine, point, scratch }) =>
    runInline(
      engine,
      point,
      withGetter([1], 0, () => (takeInline(scratch), 1)),
      scratch,
    ),

  // Lists that are not what they seem.
  'a sparse list of the greatest length': ({ engine, list }, requests) =>
    requests.send((port, request) => engine.run(port, request, list, [new Array(2 ** 32 - 1)])),
  'a sparse list of rows of the greatest length': ({ engine, rows }, requests) =>
    requests.send((port, request) => engine.run(port, request, rows, [new Array(2 ** 32 - 1)])),
  'values of the greatest length': ({ engine, list }, requests) =>
    requests.send((port, request) => engine.run(port, request, list, new Array(2 ** 32 - 1))),
  'a list with holes': ({ engine, list }, requests) =>
    requests.send((port, request) => engine.run(port, request, list, [[1, , 3]])),
  'a list that says it is longer': ({ engine, list }, requests) =>
    requests.send((port, request) => engine.run(port, request, list, [{ length: 2 ** 31, 0: 1 }])),
  'values that only look like a list': ({ engine, list }, requests) =>
    requests.send((port, request) => engine.run(port, request, list, { length: 1, 0: [1] })),
  'a proxy of a list': ({ engine, list }, requests) =>
    requests.send((port, request) =>
      engine.run(
        port,
        request,
        list,
        new Proxy([[1]], {
          get: () => {
            throw new Error('trap')
          },
        }),
      ),
    ),
  'a revoked proxy': ({ engine, list }, requests) => {
    const { proxy, revoke } = Proxy.revocable([[1]], {})
    revoke()
    return requests.send((port, request) => engine.run(port, request, list, proxy))
  },
  'a list of a million': ({ engine, list }, requests) =>
    requests.send((port, request) =>
      engine.run(port, request, list, [Array.from({ length: 1e6 }, (_, index) => index)]),
    ),
  'a list that holds itself': ({ engine, list }, requests) => {
    const values = []
    values.push(values)
    return requests.send((port, request) => engine.run(port, request, list, [values]))
  },
  'prototypes of lists that were changed': ({ engine, list }, requests) => {
    Object.defineProperty(Array.prototype, 1, {
      get: () => {
        throw new Error('inherited')
      },
      configurable: true,
    })
    try {
      return requests.send((port, request) => engine.run(port, request, list, [new Array(3)]))
    } finally {
      delete Array.prototype[1]
    }
  },

  // Bytes that are not there.
  'a detached array of bytes': ({ engine, bytes }, requests) => {
    const array = new Uint8Array(100)
    structuredClone(array.buffer, { transfer: [array.buffer] })
    return requests.send((port, request) => engine.run(port, request, bytes, [array, 'detached@acme.io']))
  },
  'an array of bytes out of bounds': ({ engine, bytes }, requests) => {
    const buffer = new ArrayBuffer(100, { maxByteLength: 100 })
    const array = new Uint8Array(buffer, 50, 50)
    buffer.resize(10)
    return requests.send((port, request) => engine.run(port, request, bytes, [array, 'bounds@acme.io']))
  },
  'bytes that another thread may change': ({ engine, bytes }, requests) =>
    requests.send((port, request) =>
      engine.run(port, request, bytes, [new Uint8Array(new SharedArrayBuffer(1000)), 'shared@acme.io']),
    ),
  'a gigabyte of bytes': ({ engine, bytes }, requests) =>
    requests.send((port, request) => engine.run(port, request, bytes, [new Uint8Array(1 << 30), 'giga@acme.io'])),
  'a detached scratch array': ({ engine, point }) => {
    const scratch = new Uint8Array(1000)
    structuredClone(scratch.buffer, { transfer: [scratch.buffer] })
    runInline(engine, point, [1], scratch)
  },
  'scratch arrays of other kinds': ({ engine, point }) =>
    each(
      [
        new Uint8Array(0),
        new Float64Array(9),
        new DataView(new ArrayBuffer(99)),
        new ArrayBuffer(99),
        new Uint8Array(new SharedArrayBuffer(99)),
        {},
        null,
        7,
      ],
      scratch => runInline(engine, point, [1], scratch),
    ),
  'a reply taken into what is no array': ({ port }) =>
    each([new Uint8Array(0), new Uint16Array(4), null, undefined, 'text', [], {}], scratch => port.take(scratch)),

  // Values of other kinds.
  'symbols, functions and the like as values': ({ engine, point, scratch }) =>
    each(
      [
        Symbol('s'),
        () => 1,
        {},
        [],
        null,
        undefined,
        NaN,
        Infinity,
        1n,
        new Date(),
        /x/,
        new Map(),
        true,
        '1',
        1.5,
        2 ** 40,
      ],
      value => runInline(engine, point, [value], scratch),
    ),
  'an integer of a million bits': ({ engine, big }, requests) =>
    requests.send((port, request) => engine.run(port, request, big, [1n << 1_000_000n])),
  'a text of two hundred million units': ({ engine, text }, requests) =>
    requests.send((port, request) => engine.run(port, request, text, ['x'.repeat(2e8)])),
  'a text of lone surrogates': ({ engine, text }, requests) =>
    requests.send((port, request) => engine.run(port, request, text, ['\ud800'.repeat(1e6)])),

  // Objects that are not what the method is of.
  'methods on other objects': ({ Engine, Port, Transaction, engine, port, point, scratch }) => {
    const transaction = new Transaction()
    const objects = [
      {},
      null,
      undefined,
      1,
      Engine,
      port,
      transaction,
      engine,
      new Proxy(engine, {}),
      Object.create(engine),
      Object.create(Engine.prototype),
    ]
    for (const { prototype } of [Engine, Port, Transaction]) {
      for (const name of Object.getOwnPropertyNames(prototype)) {
        if (name === 'constructor') continue
        each(objects, self => {
          // Its own object is called in the other cases, with the arguments that it needs.
          if (self !== null && self !== undefined && Object.getPrototypeOf(self) === prototype) return
          prototype[name].call(self, point, [1], scratch, port)
        })
      }
    }
  },
  'a port that is none': ({ Transaction, engine, point, scratch }) =>
    each([{}, null, undefined, engine, new Transaction(), () => {}, 'port'], port => {
      each([() => runInline(engine, point, [1], scratch), () => engine.run(port, 1, point, [1])], call => call())
    }),
  'a transaction that is none': ({ engine, port, point }) =>
    each([{}, null, undefined, engine, port, 'transaction'], transaction => {
      each(
        [() => engine.begin(port, 1, transaction, 1, 1), () => engine.runIn(port, 1, transaction, point, [1])],
        call => call(),
      )
    }),
  'classes called without new, and with what they do not take': ({ Engine, Port, Transaction }) =>
    each(
      [
        () => Engine(),
        () => new Engine(),
        () => Port(() => {}),
        () => new Port(),
        () => new Port(1),
        () => new Port({}),
        () => Transaction(),
        () => new Transaction(1, 2),
      ],
      call => call(),
    ),
  'subclasses and stolen prototypes': ({ Engine, Port, engine, point, scratch }) => {
    class Mine extends Port {}
    const port = new Mine(() => {})
    Object.setPrototypeOf(port, Engine.prototype)
    each(
      [
        () => runInline(engine, point, [1], scratch),
        () => port.register('\u0001'),
        () => port.run(port, 1, point, [1]),
      ],
      call => call(),
    )
  },
  'too few arguments': ({ engine, port, point }) => {
    each(['register', 'run', 'runIn', 'begin'], name => each([[], [port], [port, 1]], args => engine[name](...args)))
    each([[], [point], [point, [1]], [engine, [1]], [point, engine, port]], args => runInline(engine, ...args))
  },
  'engines that are none': ({ engine, point, scratch }) =>
    each([NaN, -1, 0, 2 ** 32, 2 ** 53, '1', {}, null, undefined, engine, 1n, Symbol('engine')], number =>
      runInline({ number: () => number }, point, [1], scratch),
    ),

  // Numbers that are none.
  'plans that are none': ({ engine, scratch }) =>
    each([NaN, -1, -Infinity, Infinity, 1.5, 2 ** 53, 2 ** 64, 1e308, '1', {}, null, undefined, 1n, Symbol('id')], id =>
      runInline(engine, id, [], scratch),
    ),
  'requests that are none': ({ engine, point, port }) =>
    each([NaN, -1, Infinity, 1.5, 2 ** 40, '1', {}, null, undefined], request => engine.run(port, request, point, [1])),
  'bounds of transactions that are none': async ({ Transaction, engine }, requests) => {
    for (const bound of [NaN, -1, Infinity, 2 ** 40, '1', null, 0]) {
      const transaction = new Transaction()
      const { kind } = await requests.send((port, request) => engine.begin(port, request, transaction, 100, bound))
      if (kind !== 4) await requests.send((port, request) => transaction.end(port, request, false))
    }
  },
  'shapes that are none': ({ engine }) =>
    each([1, null, undefined, {}, [], '', '\0', '\ud800', Symbol('shape'), { toString: () => '\u0001' }], shape =>
      engine.register(shape),
    ),
  'a shape of ten million words': ({ engine, Code }) =>
    each(
      [
        Code.FindMany.repeat(1e7),
        `${Code.FindMany}\0${Code.Where}${Code.Not.repeat(1e7)}`,
        `${Code.FindMany}\0${Code.Where}${`${Code.And}\uffff`.repeat(1e6)}`,
      ],
      shape => engine.register(shape),
    ),
  'many shapes that are never used': ({ engine, Code }) => {
    for (let index = 0; index < 20_000; index++) {
      each(
        [
          `${Code.FindMany}\0${Code.Where}${Code.Or}${String.fromCharCode(index % 300)}${(Code.IsNull + '\u0002').repeat(index % 300)}${Code.End}${Code.AllColumns}${Code.End}`,
        ],
        shape => engine.register(shape),
      )
    }
    if (process.memoryUsage().rss > 1 << 30) throw new Damage(`${process.memoryUsage().rss >> 20} MiB are held`)
  },

  // How an engine is opened.
  'catalogs that are none': ({ Engine, opened: [catalog, ...rest] }) => {
    const [header] = catalog.split('\n')
    const none = ['', 'null', header.replace(/\d+/, '99'), header.replace('sqlite', 'other'), '\ud800', 1, null, {}]
    const damaged = [
      'model',
      'model A',
      'model A id:Int | b',
      'model A a>B.c(=) |',
      'enum',
      '@('.repeat(1e5),
      '%'.repeat(1e6),
    ]
    each([...none, ...damaged.map(line => `${header}\n${line}\n`)], text => Engine.open(text, ...rest))
  },
  'a catalog that lies about its own names': ({ Engine, opened: [catalog, ...rest], Code }) =>
    each(
      [
        /(?<=[<>]\w+\.)\w+/g,
        /(?<=[<>])\w+(?=\.)/g,
        /(?<=\()\w+(?=[=,])/g,
        /(?<=[=,])\w+(?=\))/g,
        /(?<=\| )\w+/g,
        /enum\.\w+/g,
      ],
      name => {
        // A model with fields of the names that are put there, so that the text still reads as a catalog.
        const changed = catalog.replace(name, text => (text.startsWith('enum.') ? 'Int' : 'id'))
        const engine = Engine.open(changed, ...rest)
        for (let model = 0; model < 5; model++) {
          each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], field => {
            const [m, f] = [String.fromCharCode(model), String.fromCharCode(field)]
            engine.register(
              `${Code.FindMany}${m}${Code.Where}${Code.Some}${f}${Code.And}\0${Code.End}${Code.AllColumns}${Code.Relation}${f}${Code.End}${Code.AllColumns}${Code.End}${Code.End}`,
            )
          })
        }
      },
    ),
  'addresses that are none': ({ Engine, opened: [catalog, , options] }) =>
    each(
      [
        '',
        'file:',
        'file:\0',
        'file:/',
        'file:/proc/self/mem',
        'file:x?',
        'file:x?connection_limit=1000000000',
        'file:x?connection_limit=-1',
        'file:x?mode=none',
        `file:${'x'.repeat(1e7)}`,
        'postgres://x',
        '\ud800',
        1,
        null,
        {},
        Symbol('url'),
      ],
      url => {
        Engine.open(catalog, url, options).register('\u0001')
      },
    ),
  'a limit of connections without measure': async ({ Engine, opened: [catalog, url, options], shape }, requests) => {
    const engine = Engine.open(catalog, `${url}?connection_limit=1000000000`, options)
    const [id] = engine.register(shape)
    await requests.send((port, request) => engine.run(port, request, id, [1]))
  },
  'options that are none': ({ Engine, opened: [catalog, url] }) =>
    each(
      [
        '',
        'null',
        '[]',
        '{"limits":{"rows":-1}}',
        '{"queueLength":1e99}',
        '{"statementTimeout":0}',
        '['.repeat(1e6),
        1,
        null,
        {},
      ],
      options => Engine.open(catalog, url, options),
    ),

  // Callbacks and transactions in the wrong order.
  'a callback that throws': async ({ Port, engine, point }) => {
    const seen = new Promise(resolve => {
      process.once('uncaughtException', resolve)
      const port = new Port(() => {
        throw new Error('from the callback')
      })
      engine.run(port, 1, point, [1])
      held(port)
    })
    await seen
  },
  'a callback that calls the engine, and leaves the reply': async ({ Port, engine, point }) => {
    await new Promise(resolve => {
      let left = 50
      const port = new Port(() => (left-- === 0 ? resolve() : void engine.run(port, left, point, [1])))
      engine.run(port, 1, point, [1])
      held(port)
    })
  },
  'a port that is collected with requests on their way': ({ Port, engine, list }) => {
    for (let index = 0; index < 200; index++) engine.run(new Port(() => {}), index, list, [[1, 2, 3]])
    globalThis.gc()
  },
  'an engine that is closed with requests on their way': async ({ engine, list }, requests) => {
    const sent = Array.from({ length: 100 }, () =>
      requests.send((port, request) => engine.run(port, request, list, [[1, 2]])),
    )
    engine.close(port, 78)
    await Promise.all(sent)
  },
  'a transaction that never began': async ({ Transaction, engine, point }, requests) => {
    const transaction = new Transaction()
    const refused = await requests.send((port, request) => engine.runIn(port, request, transaction, point, [1]))
    const ended = await requests.send((port, request) => transaction.end(port, request, true))
    if (refused.kind !== 4 || ended.kind !== 4) throw new Damage('it was answered')
  },
  'a transaction that begins twice and ends twice': async ({ Transaction, engine }, requests) => {
    const transaction = new Transaction()
    const begin = () => requests.send((port, request) => engine.begin(port, request, transaction, 500, 500))
    const end = () => requests.send((port, request) => transaction.end(port, request, true))
    await Promise.all([begin(), begin()])
    await Promise.all([end(), end(), end()])
  },
  'transactions that are collected while they are open': async ({ Transaction, engine, write }, requests) => {
    for (let index = 0; index < 5; index++) {
      let transaction = new Transaction()
      await requests.send((port, request) => engine.begin(port, request, transaction, 5000, 300))
      await requests.send((port, request) => engine.runIn(port, request, transaction, write, ['abandoned', index, 1]))
      transaction = undefined
      globalThis.gc()
    }
  },
}

/** The names of the cases. */
export const NAMES = Object.keys(CASES)

/** Memory was touched that belongs to others, or a promise was broken: not an error that may be thrown. */
class Damage extends Error {}

/** Calls with each; what is thrown is an answer. */
function each(list, call) {
  for (const item of list) {
    try {
      call(item)
    } catch (error) {
      if (error instanceof Damage) throw error
      if (error?.code === 'E_INTERNAL') throw new Damage(error.message)
    }
  }
}

function withGetter(list, index, get) {
  return Object.defineProperty(list, index, { get })
}

const kept = []
const held = object => kept.push(object)

if (process.argv[1] === new URL(import.meta.url).pathname) await main(...process.argv.slice(2))

async function main(client, file, name) {
  const { Code, Requests, addon, openEngine, ...inline } = await import('./support/addon.mjs')
  ;({ runInline, takeInline } = inline)
  const { Port, Transaction } = addon
  const { Engine, engine, opened, models } = await openEngine(client, file)
  const model = name => models.find(model => model.name === name)
  const column = (name, field) => model(name).fields.get(field).word
  const [user, entry] = [model('User').word, model('Entry').word]
  const find = filter => `${Code.FindMany}${user}${Code.Where}${filter}${Code.End}${Code.AllColumns}${Code.End}`
  const unique = `${Code.FindUnique}${user}${Code.Where}${Code.Equals}${column('User', 'id')}${Code.End}${Code.AllColumns}${Code.End}`
  const plan = shape => engine.register(shape)[0]
  const sets = (name, ...fields) => fields.map(field => Code.Set + column(name, field)).join('')
  const requests = new Requests()
  const write = plan(
    `${Code.Create}${entry}${sets('Entry', 'batch', 'place', 'size')}${Code.End}${Code.AllColumns}${Code.End}`,
  )
  for (let id = 1; id < 4; id++) {
    const create = plan(`${Code.Create}${user}${sets('User', 'email', 'name')}${Code.End}${Code.AllColumns}${Code.End}`)
    const { kind } = await requests.send((port, request) =>
      engine.run(port, request, create, [`${id}@acme.io`, 'x'.repeat(500)]),
    )
    if (kind !== 0) throw new Error('the database cannot be filled')
  }
  const stage = {
    Code,
    Engine,
    Port,
    Transaction,
    engine,
    opened,
    port: requests.port,
    scratch: new Uint8Array(1 << 16),
    shape: unique,
    shapes: Array.from({ length: 5000 }, (_, index) =>
      find(`${Code.Or}${String.fromCharCode(index % 60)}${(Code.IsNull + column('User', 'name')).repeat(index % 60)}`),
    ),
    point: plan(unique),
    list: plan(find(`${Code.In}${column('User', 'id')}`)),
    big: plan(find(`${Code.Equals}${column('User', 'balance')}`)),
    text: plan(find(`${Code.Equals}${column('User', 'name')}`)),
    bytes: plan(`${Code.Create}${user}${sets('User', 'avatar', 'email')}${Code.End}${Code.AllColumns}${Code.End}`),
    rows: plan(
      `${Code.CreateMany}${entry}\u0001\u0003${['batch', 'place', 'size'].map(field => column('Entry', field)).join('')}`,
    ),
    write,
  }
  // A reader that is open, so that what runs on this thread does run.
  for (let tries = 0; runInline(engine, stage.point, [1], stage.scratch) < 0; tries++) {
    if (tries > 100) throw new Error('no read runs on this thread')
    await requests.send((port, request) => engine.run(port, request, stage.point, [1]))
  }

  const outcome = await Promise.resolve()
    .then(() => CASES[name](stage, requests))
    .then(
      reply => reply?.error,
      error => error,
    )
  if (outcome instanceof Damage || outcome?.code === 'E_INTERNAL') throw outcome

  // The engine answers as before; a transaction that was left open is over by then.
  const again = Engine.open(...opened)
  const [id] = again.register(unique)
  const read = await requests.send((port, request) => again.run(port, request, id, [1]))
  const [writeAgain] = [
    again.register(
      `${Code.Create}${entry}${sets('Entry', 'batch', 'place', 'size')}${Code.End}${Code.AllColumns}${Code.End}`,
    )[0],
  ]
  const written = await requests.send((port, request) => again.run(port, request, writeAgain, ['last', 0, 1]))
  if (read.kind !== 0 || written.kind !== 0)
    throw new Error(`no answer: ${read.error?.message} ${written.error?.message}`)
  writeSync(1, 'answers\n')
  process.exit(0)
}
