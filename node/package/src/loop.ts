/**
 * The event loop, whatever tests do to timers.
 *
 * Tests replace `setImmediate`, `setInterval` and `performance.now` by functions that do nothing until they are told to.
 * What queries wait for must not be among these: the real functions are taken when this file is loaded. Where they are
 * replaced by then, a port of messages does the same, which nobody replaces.
 */

import type { MessageChannel, MessagePort } from 'node:worker_threads'
import { perfHooks, timers, util, workerThreads } from './builtins.js'

const { performance } = perfHooks
const { promisify } = util

/** The monotonic clock, in milliseconds. */
export const now: () => number = performance.now.bind(performance)

/** Runs `work` in the next turn of the event loop. */
export const nextTurn: (work: () => void) => void =
  // Node's own says how it becomes a promise, which those that stand for it do not.
  isReal(timers.setImmediate, 'setImmediate') && Object.hasOwn(timers.setImmediate, promisify.custom)
    ? timers.setImmediate
    : viaPort

/** Runs `work` after some milliseconds, unless the function that it returns is called before. Never while timers are faked. */
export function after(milliseconds: number, work: () => void): () => void {
  if (!isReal(timers.setTimeout, 'setTimeout')) return () => {}
  const timer = timers.setTimeout(work, Math.min(milliseconds, 0x7fffffff))
  return () => timers.clearTimeout(timer)
}

/** Keeps the process alive while something is awaited that does not do so by itself. */
export const hold = isReal(timers.setInterval, 'setInterval') ? timerHold(timers.setInterval) : portHold()

/** Whether a timer is Node's own: those that stand for it in tests have marks, or another name. */
function isReal(timer: (...args: never[]) => unknown, name: string): boolean {
  const marks = timer as { clock?: unknown; isFake?: unknown; _isMockFunction?: unknown }
  return (
    timer.name === name &&
    marks.clock === undefined &&
    marks.isFake === undefined &&
    marks._isMockFunction === undefined
  )
}

function timerHold(start: typeof timers.setInterval): { start(): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined
  return {
    start() {
      if (timer === undefined) timer = start(() => {}, 0x7fffffff)
      else timer.ref()
    },
    stop() {
      timer?.unref()
    },
  }
}

function portHold(): { start(): void; stop(): void } {
  let port: MessagePort | undefined
  return {
    start() {
      if (port === undefined) port = new (workerThreads().MessageChannel)().port1.on('message', () => {})
      port.ref()
    },
    stop() {
      port?.unref()
    },
  }
}

const waiting: (() => void)[] = []
let channel: MessageChannel | undefined

/**
 * Runs `work` when a message arrives: at the earliest in the next turn of the event loop, in the phase in which replies of
 * the engine arrive. Next.js replaces `setImmediate` by a function of its own, which runs its work earlier than that.
 */
export function viaPort(work: () => void): void {
  if (channel === undefined) {
    const opened = new (workerThreads().MessageChannel)()
    channel = opened
    opened.port1.on('message', () => {
      const due = waiting.splice(0)
      opened.port1.unref()
      for (const work of due) work()
    })
  }
  waiting.push(work)
  channel.port1.ref()
  channel.port2.postMessage(null)
}
