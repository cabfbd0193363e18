// Builds `dist`: the declarations of every module, and the code in the few files that a program loads. Node takes about a
// quarter of a millisecond for each file, and the runtime has some 35 modules.
//
// Rollup leaves the code as it is written, so that stacks and debuggers show the names and the comments of `src`. What
// `index.js` and `edge.js` both have is one file, `shared.js`: a process has one class of each error, whichever it loads.

import { execFileSync } from 'node:child_process'
import { copyFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'

const path = name => fileURLToPath(new URL(name, import.meta.url))
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'))
const compile = (...args) => {
  execFileSync(process.execPath, [join(typescript, 'bin/tsc'), ...args], { cwd: path('.'), stdio: 'inherit' })
}

// Files of modules that are gone would be packed.
for (const folder of ['dist', 'build']) rmSync(path(folder), { recursive: true, force: true })
// The declarations, and each module as a file of its own, for the tests of single modules.
compile('-p', 'tsconfig.build.json')
// The modules as Rollup reads them.
compile('-p', 'tsconfig.bundle.json')

const modules = (...names) => names.map(name => path(`build/modules/${name}.js`))
const bundle = await rollup({
  input: modules('index', 'edge', 'next', 'cli'),
  external: /^node:/,
  onLog(level, log, handle) {
    if (log.code === 'CIRCULAR_DEPENDENCY') return
    if (level === 'warn') throw new Error(log.message)
    handle(level, log)
  },
})
await bundle.write({
  dir: path('dist'),
  format: 'cjs',
  chunkFileNames: '[name].js',
  // Each with the modules that these need.
  manualChunks: {
    shared: modules('errors', 'namespace', 'server-only', 'trusted', 'values'),
    runtime: modules('client'),
  },
  // For programs that were compiled with `esModuleInterop`, as `tsc` marks its modules.
  esModule: true,
  generatedCode: { constBindings: true },
})
await bundle.close()
for (const name of ['index.mjs', 'edge.mjs', 'next.mjs'])
  copyFileSync(path(`build/modules/${name}`), path(`dist/${name}`))
