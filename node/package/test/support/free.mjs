// Whether a database file is free.

import { existsSync, readdirSync, readlinkSync } from 'node:fs'

/** The path in a URL of a file. */
export const pathOf = url => url.slice('file:'.length)

/** Whether nothing of this process has the file open, and nothing of it is left in a log. */
export function isFree(url) {
  const path = pathOf(url)
  const opens = descriptor => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith(path)
    } catch {
      return false
    }
  }
  const open = process.platform === 'linux' && readdirSync('/proc/self/fd').some(opens)
  return !open && !existsSync(`${path}-wal`) && !existsSync(`${path}-shm`)
}
