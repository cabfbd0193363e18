// Child processes of the build steps.

import { spawn } from 'node:child_process'

/** Runs a command whose output is shown only if it fails; gives its standard output. */
export function run(command, parameters, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let all = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      output += text
      all += text
    })
    child.stderr.setEncoding('utf8').on('data', text => (all += text))
    child.on('error', error => reject(new Error(`cannot run ${command}: ${error.message}`)))
    child.on('close', code => {
      if (code === 0) resolve(output)
      else reject(new Error(`${command} ${parameters.join(' ')} failed (${code}):\n${all}`))
    })
  })
}
