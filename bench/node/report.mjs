// From rounds to ratios: ours divided by the peer's.

const OURS = 'purlin'

/** The value below which the given part of the numbers lies. */
function quantile(numbers, part) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const position = (sorted.length - 1) * part
  const low = Math.floor(position)
  const high = Math.ceil(position)
  return sorted[low] + (sorted[high] - sorted[low]) * (position - low)
}

const median = numbers => quantile(numbers, 0.5)
const operationsPerSecond = ({ operations, wallMicros }) => (operations / wallMicros) * 1e6
const mainCpu = ({ operations, mainCpuMicros }) => mainCpuMicros / operations
const processCpu = ({ operations, processCpuMicros }) => processCpuMicros / operations

const digits = (number, count = 3) => Number(number.toPrecision(count))

const absolute = rounds => ({
  opsPerSecond: digits(median(rounds.map(operationsPerSecond)), 4),
  mainCpuMicros: digits(median(rounds.map(mainCpu)), 4),
  processCpuMicros: digits(median(rounds.map(processCpu)), 4),
})

/**
 * The rows of the report. A ratio is the median over the rounds of the ratio within the round, since the two blocks of
 * a round ran next to each other; `opsQuartiles` are the quartiles of the same, the noise.
 */
export function compare(client, database, measured) {
  const rows = []
  for (const { query, peer, rounds } of measured.filter(({ peer }) => peer !== OURS)) {
    const ours = measured.find(one => one.query === query && one.peer === OURS).rounds
    const ratios = figure => rounds.map((round, index) => figure(ours[index]) / figure(round))
    rows.push({
      client,
      database,
      query,
      peer,
      opsRatio: digits(median(ratios(operationsPerSecond))),
      opsQuartiles: [0.25, 0.75].map(part => digits(quantile(ratios(operationsPerSecond), part))),
      mainCpuRatio: digits(median(ratios(mainCpu))),
      processCpuRatio: digits(median(ratios(processCpu))),
      ours: absolute(ours),
      theirs: absolute(rounds),
    })
  }
  return rows
}

/** The rows as a table. */
export function table(rows) {
  const columns = [
    ['client', row => row.client],
    ['query', row => row.query],
    ['peer', row => row.peer],
    ['ours, ops/s', row => row.ours.opsPerSecond.toFixed(0)],
    ['peer, ops/s', row => row.theirs.opsPerSecond.toFixed(0)],
    ['ops ratio', row => row.opsRatio.toFixed(2)],
    ['quartiles', row => row.opsQuartiles.map(ratio => ratio.toFixed(2)).join(' to ')],
    ['ours, main us', row => row.ours.mainCpuMicros.toFixed(1)],
    ['peer, main us', row => row.theirs.mainCpuMicros.toFixed(1)],
    ['main CPU ratio', row => row.mainCpuRatio.toFixed(2)],
    ['process CPU ratio', row => row.processCpuRatio.toFixed(2)],
  ]
  const lines = [columns.map(([title]) => title), ...rows.map(row => columns.map(([, cell]) => cell(row)))]
  const widths = columns.map((_, index) => Math.max(...lines.map(line => line[index].length)))
  const pad = (cell, index) => (index < 3 ? cell.padEnd(widths[index]) : cell.padStart(widths[index]))
  return lines.map(line => line.map(pad).join('  ').trimEnd()).join('\n')
}
