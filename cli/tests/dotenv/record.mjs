// Records what the npm packages make of `.env` files, in cases.json: the versions that Next.js 16 has inside.
//
//     npm install dotenv@16.3.1 dotenv-expand@10.0.0 && node record.mjs > cases.json
//
// A table of what people write, then random files of the pieces that matter. Files on which `dotenv-expand` does not end
// are left out: what becomes of them is tested beside the reader.
import dotenv from 'dotenv'
import { expand } from 'dotenv-expand'

const table = [
  // Defaults and references.
  ['U="file:./${N:-main}.db"'],
  ['U="file:./${N:-main}.db"', { N: 'other' }],
  ['U="file:./${N:-main}.db"', { N: '' }],
  ['N=foo\nU=${N:-main}'],
  ['U="file:./$N.db"\nN=later'],
  ['N=earlier\nU="file:./$N.db"'],
  ['N=earlier\nU=file:./${N}.db'],
  ["N=x\nU='file:./$N.db'"],
  ['N=x\nU=`file:./${N}.db`'],
  ['U=$MISSING.db'],
  ['U=${MISSING}'],
  ['U=${A:-${B:-deep}}'],
  ['B=b\nU=${A:-$B}'],
  ['B=b\nU=${A:-${B}}x'],
  ['U=${A:-}'],
  ['U=${A:-with space}'],
  ['U=${A:-file:./x.db?a=b}'],
  ['U=${A-dash}'],
  ['U=${A:+plus}', { A: '1' }],
  ['A=1\nB=$A$A\nC=${B}${B}'],
  ['A=$B\nB=$C\nC=end'],
  ['C=end\nB=$C\nA=$B'],
  ['A=1\nB=$A_2'],
  ['A=1\nB=${A}_2'],
  ['A=1\nB=$A-2'],
  ['A=1\nB=$A.db'],
  ['PASSWORD=a\\$b'],
  ['PASSWORD="a\\$b$N"\nN=x'],
  ["PASSWORD='a$$b'"],
  ['A=$'],
  ['A=$ B\nB=1'],
  ['A=${'],
  ['A=${}'],
  ['A=a$1b'],
  ['N=x\nA=\\$N $N'],
  ['N=x$&y\nA=<$N>'],
  ['N=a$$b\nA=$N'],
  ['A=1', { A: '2' }],
  ['A=1\nB=$A', { A: '2' }],
  ['A=1', { A: '' }],
  ['A=file', { A: '$B', B: 'x' }],
  // Duplicates, the byte order mark, line ends.
  ['A=1\nA=2'],
  ['A=1\nB=$A\nA=2'],
  ['\ufeffA=1\nB=2'],
  ['\ufeff# comment\nA=1'],
  ['A=1\r\nB=2\r\n'],
  ['A=1\rB=2'],
  ['A="1\r\n2"\r\nB=3'],
  // Quotes.
  ['A="1"'],
  ["A='1'"],
  ['A=`1`'],
  ['A=" 1 "'],
  ["A=' 1 '"],
  ['A=""'],
  ["A=''"],
  ['A='],
  ['A= '],
  ['A="it\'s"'],
  ['A=\'say "x"\''],
  ['A=`it\'s "x"`'],
  ['A="1'],
  ["A='1"],
  ['A=1"'],
  ['A="1" "2"'],
  ['A="1"x'],
  ['A="1\\"2"'],
  ["A='1\\'2'"],
  ['A="\\\\"'],
  ['A="1\\n2"'],
  ["A='1\\n2'"],
  ['A=1\\n2'],
  ['A="1\\r2"'],
  ['A="1\\t2"'],
  ['A="1\n2\n3"\nB=4'],
  ["A='1\n2'\nB=3"],
  ['A=`1\n2`\nB=3'],
  ['A="1\nB=2'],
  ['A="\n"\nB="x\n"'],
  ['A="{\\"a\\": 1}"'],
  ['A=\'{"a": "b c"}\''],
  // Comments.
  ['# A=1\nB=2'],
  ['A=1 # comment'],
  ['A=1#comment'],
  ['A="1 # no comment"'],
  ['A="1" # comment'],
  ["A='1#2' # c"],
  ['A=# comment'],
  ['A= # comment'],
  ['   # indented\nA=1'],
  ['A="x # y\nz" # c'],
  // Names and signs.
  ['export A=1'],
  ['  export   A=1'],
  ['exportA=1'],
  ['export\nA=1'],
  ['export A'],
  ['A = 1'],
  ['A =1'],
  ['A= 1'],
  ['A: 1'],
  ['A:1'],
  ['A.B=1'],
  ['A-B=1'],
  ['1=one\nA=$1\n0=zero'],
  ['Ä=1'],
  ['A B=1'],
  ['A'],
  ['=1'],
  ['A=1=2'],
  ['A==1'],
  ['A=a b c'],
  ['A=1;B=2'],
  ['nonsense\nA=1'],
  ['A=1\n\n\nB=2'],
  ['A=1\t\nB=\t2'],
  ['DATABASE_URL="file:./dev.db?connection_limit=1#x"'],
  ['DATABASE_URL=file:./dev.db#x'],
  ['A=\u00e9\u00a0'],
  ['A=\\'],
  ['A=\\\\$B\nB=1'],
  ['A=$B\nB="1 2"'],
  ['A="$B"\nB="1\n2"'],
  ['A=https://x:y@z/?a=b&c=d'],
]

const pieces = [
  'A',
  'B',
  'C',
  'N',
  '=',
  '=',
  '=',
  '\n',
  '\n',
  '\n',
  '\r\n',
  '"',
  "'",
  '`',
  '$',
  '${',
  '}',
  ':-',
  '\\',
  '\\$',
  '\\n',
  '#',
  ' ',
  '\t',
  'export ',
  ': ',
  'file:./',
  '.db',
  'x',
  '1',
  '$A',
  '${B}',
  '${C:-d}',
  '$N',
  '-',
  '.',
  '\ufeff',
  'ä',
  '&',
  '$&',
]

/** A generator of which each run makes the same numbers. */
let state = 20260101
const random = below => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}
const pick = list => list[random(list.length)]

function randomCase() {
  const text = Array.from({ length: 1 + random(24) }, () => pick(pieces)).join('')
  const assignments = Array.from({ length: 1 + random(4) }, () => {
    const value = Array.from({ length: random(6) }, () => pick(pieces)).join('')
    const quote = pick(['', '', '"', "'", '`'])
    return `${pick(['', '', 'export '])}${pick(['A', 'B', 'C', 'N'])}=${quote}${value}${quote}`
  }).join('\n')
  const environment = {}
  for (const name of ['A', 'B', 'N']) if (random(5) === 0) environment[name] = pick(['', 'set', '$C', 'a$$b'])
  return [random(3) === 0 ? text : assignments, environment]
}

function record([text, environment = {}]) {
  const before = { ...process.env }
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, environment)
  try {
    return { text, environment, expected: expand({ parsed: dotenv.parse(text) }).parsed }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  } finally {
    for (const name of Object.keys(process.env)) delete process.env[name]
    Object.assign(process.env, before)
  }
}

const cases = [...table, ...Array.from({ length: 1500 }, randomCase)].map(record).filter(Boolean)
console.log(`[\n${cases.map(entry => JSON.stringify(entry)).join(',\n')}\n]`)
