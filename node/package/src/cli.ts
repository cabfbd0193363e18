#!/usr/bin/env node
/**
 * `npx purlin`: starts the command-line tool, a program of its own that lies in this package or in that of the platform.
 *
 * A program beside the addon and not a function of it: an application should not load the tool, and the tool asks
 * questions, is interrupted and exits, which is not for a guest of a process.
 */

import { spawn } from 'node:child_process'
import { accessSync, chmodSync, constants, existsSync } from 'node:fs'
import { constants as system } from 'node:os'
import { dirname, join } from 'node:path'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Where the program is. */
function program(): string | undefined {
  const { platform, arch } = process
  const name = `${platform}-${arch}`
  const ending = platform === 'win32' ? '.exe' : ''
  const names = platform === 'linux' ? [`${name}-gnu`, `${name}-musl`] : [platform === 'win32' ? `${name}-msvc` : name]
  for (const name of names) {
    const own = join(__dirname, '..', 'native', `purlin.${name}${ending}`)
    if (existsSync(own)) return own
    try {
      const other = join(dirname(require.resolve(`purlin-${name}/package.json`)), `purlin${ending}`)
      if (existsSync(other)) return other
    } catch {
      // It is not installed.
    }
  }
  return undefined
}

function run(file: string): void {
  try {
    accessSync(file, constants.X_OK)
  } catch {
    // Some package managers unpack files without their mode; where it cannot be set, starting says why.
    try {
      chmodSync(file, 0o755)
    } catch {
      // As above.
    }
  }
  // A terminal interrupts both; the tool decides what becomes of it. What was sent to this process alone is passed on.
  // Before the tool starts: a signal that came in between would end this process and leave the tool alone.
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  const child = spawn(file, process.argv.slice(2), {
    stdio: 'inherit',
    argv0: 'purlin',
    // Messages of the tool then name the command as it is typed here.
    env: { ...process.env, PURLIN_RUN_BY: 'npx' },
  })
  child.on('error', error => {
    console.error(`error: cannot start ${file}: ${error.message}`)
    process.exitCode = 2
  })
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === null ? 0 : system.signals[signal])
  })
}

const file = program()
if (file === undefined) {
  console.error(
    `error: purlin has no command-line tool for ${process.platform}-${process.arch} here: ` +
      'install the package again without leaving out optional dependencies',
  )
  process.exitCode = 2
} else {
  run(file)
}
