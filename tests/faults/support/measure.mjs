// Latencies, and what Linux tells of a process.

import { readFileSync, readdirSync, statSync } from 'node:fs'

/** The value below which `share` of the sorted values lie. */
export function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** Of latencies in milliseconds: the percentiles, and a text with them. */
export function summarize(latencies) {
  const sorted = Float64Array.from(latencies).sort()
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map(share => percentile(sorted, share))
  const max = sorted.at(-1) ?? 0
  const text = `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, p99.9 ${p999.toFixed(1)}, max ${max.toFixed(1)} ms`
  return { p50, p99, p999, max, text }
}

/** The memory that a process holds, in MiB. */
export function residentMemory(pid = 'self') {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}

/** How many descriptors a process has open. */
export function descriptors(pid = 'self') {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** The size of a file in MiB; 0 when there is none. */
export function fileSize(file) {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) / (1 << 20)
}

/** The slope of the line through points `[x, y]`, by least squares. */
export function slope(points) {
  const mean = index => points.reduce((sum, point) => sum + point[index], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const covariance = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  return covariance / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}
