// The arguments of a suite: `node kill.test.mjs --long --rounds 500 --seed 7`.

const words = process.argv.slice(2)

/** Whether the long form of the suite was asked for. */
export const long = words.includes('--long')

/** The number after `--name`, else that of the form that runs. */
export function number(name, forms) {
  const at = words.indexOf(`--${name}`)
  if (at === -1) return long ? forms.long : forms.short
  const value = Number(words[at + 1])
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} needs a number`)
  return value
}

/** The seed of this run: the one that was given, else the clock's. */
export const seed = number('seed', { short: Date.now() % 0x7fffffff, long: Date.now() % 0x7fffffff })

/** A source of random numbers that repeats when its seed does (mulberry32). */
export function random(seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), state | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return ((value ^ (value >>> 14)) >>> 0) / 0x100000000
  }
  return {
    /** At least 0, less than 1. */
    next,
    /** An integer of at least 0, less than `bound`. */
    below: bound => Math.floor(next() * bound),
    pick: list => list[Math.floor(next() * list.length)],
  }
}

/** The line of figures of a test, which `cargo xtask test` shows. */
export function figures(t, text) {
  t.diagnostic(`figures: ${text}`)
}

/** A line that shows that long work goes on. */
export function progress(text) {
  process.stderr.write(`${text}\n`)
}
