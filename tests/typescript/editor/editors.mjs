// The two programs that editors ask about TypeScript, behind one interface: the language service of TypeScript 5 and 6,
// and the language server of TypeScript 7.
//
//   complete(file, offset)   the names that are offered
//   hover(file, offset)      { text, documentation }
//   define(file, offset)     [{ file, line }], lines counted from 0
//   errors(file)             [{ offset, message }]

import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const require = createRequire(import.meta.url)

/** The folder of each TypeScript. */
export const compilers = {
  '5.9': dirname(require.resolve('typescript-5.9/package.json')),
  '6.0': dirname(require.resolve('typescript-6/package.json')),
  '7.0': dirname(require.resolve('typescript/package.json')),
}
export const versions = Object.keys(compilers)

/** Opens a project in the editor of a TypeScript version. */
export function openEditor(version, folder) {
  return version === '7.0' ? languageServer(compilers[version], folder) : languageService(compilers[version], folder)
}

function languageService(compiler, folder) {
  const ts = require(compiler)
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic() {} }
  const { options, fileNames } = ts.getParsedCommandLineOfConfigFile(join(folder, 'tsconfig.json'), {}, host)
  const service = ts.createLanguageService({
    getScriptFileNames: () => fileNames,
    getScriptVersion: () => '0',
    getScriptSnapshot: name =>
      existsSync(name) ? ts.ScriptSnapshot.fromString(readFileSync(name, 'utf8')) : undefined,
    getCurrentDirectory: () => folder,
    getCompilationSettings: () => options,
    getDefaultLibFileName: options => ts.getDefaultLibFilePath(options),
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    realpath: ts.sys.realpath,
  })
  const path = file => join(folder, file)
  return {
    complete(file, offset) {
      return (service.getCompletionsAtPosition(path(file), offset, {})?.entries ?? []).map(entry => entry.name)
    },
    hover(file, offset) {
      const info = service.getQuickInfoAtPosition(path(file), offset)
      return {
        text: ts.displayPartsToString(info?.displayParts),
        documentation: ts.displayPartsToString(info?.documentation),
      }
    },
    define(file, offset) {
      const definitions = service.getDefinitionAtPosition(path(file), offset) ?? []
      return definitions.map(({ fileName, textSpan }) => {
        const { line } = service.getProgram().getSourceFile(fileName).getLineAndCharacterOfPosition(textSpan.start)
        return { file: fileName, line }
      })
    },
    errors(file) {
      const found = [...service.getSyntacticDiagnostics(path(file)), ...service.getSemanticDiagnostics(path(file))]
      return found.map(({ start, messageText }) => ({
        offset: start,
        message: ts.flattenDiagnosticMessageText(messageText, '\n'),
      }))
    },
    close() {
      service.dispose()
    },
  }
}

async function languageServer(compiler, folder) {
  const connection = connect(spawn(process.execPath, [join(compiler, 'bin/tsc'), '--lsp', '--stdio'], { cwd: folder }))
  const root = pathToFileURL(folder).href
  await connection.ask('initialize', {
    processId: process.pid,
    rootUri: root,
    workspaceFolders: [{ uri: root, name: 'editor' }],
    capabilities: {
      textDocument: { hover: { contentFormat: ['markdown'] }, completion: { completionItem: {} }, diagnostic: {} },
    },
  })
  connection.tell('initialized', {})
  const documents = new Map()
  /** The document of a file, opened when it is asked about for the first time. */
  const open = file => {
    if (!documents.has(file)) {
      const document = { uri: pathToFileURL(join(folder, file)).href, text: readFileSync(join(folder, file), 'utf8') }
      documents.set(file, document)
      connection.tell('textDocument/didOpen', { textDocument: { ...document, languageId: 'typescript', version: 1 } })
    }
    return documents.get(file)
  }
  const at = (file, offset) => {
    const { uri, text } = open(file)
    const lines = text.slice(0, offset).split('\n')
    return { textDocument: { uri }, position: { line: lines.length - 1, character: lines.at(-1).length } }
  }
  return {
    async complete(file, offset) {
      const context = { triggerKind: 1 }
      const result = await connection.ask('textDocument/completion', { ...at(file, offset), context })
      return (result?.items ?? result ?? []).map(item => item.label.replace(/\?$/, ''))
    },
    async hover(file, offset) {
      const markdown = (await connection.ask('textDocument/hover', at(file, offset)))?.contents?.value ?? ''
      const [, text = '', documentation = ''] = /^```\w*\n(.*?)\n```\s*(.*)$/s.exec(markdown) ?? []
      return { text, documentation }
    },
    async define(file, offset) {
      const result = await connection.ask('textDocument/definition', at(file, offset))
      return [result ?? []].flat().map(({ uri, targetUri = uri, range, targetSelectionRange = range }) => ({
        file: fileURLToPath(targetUri),
        line: targetSelectionRange.start.line,
      }))
    },
    async errors(file) {
      const { uri, text } = open(file)
      const { items } = await connection.ask('textDocument/diagnostic', { textDocument: { uri } })
      const starts = [0, ...[...text.matchAll(/\n/g)].map(match => match.index + 1)]
      return items
        .filter(({ severity }) => severity === 1)
        .map(({ range: { start }, message }) => ({ offset: starts[start.line] + start.character, message }))
    },
    close: connection.close,
  }
}

/** Speaks the protocol of language servers with a child process. */
function connect(child) {
  const waiting = new Map()
  let last = 0
  let buffer = Buffer.alloc(0)
  let closing = false

  const send = message => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
  const receive = ({ id, method, params, result, error }) => {
    if (method !== undefined) {
      // A request of the server: it has no settings of ours to read, and needs nothing else.
      const answer = method === 'workspace/configuration' ? params.items.map(() => null) : null
      if (id !== undefined) send({ id, result: answer })
      return
    }
    const { resolve, reject } = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) resolve(result)
    else reject(new Error(`the language server refuses the request: ${error.message}`))
  }
  child.stdout.on('data', data => {
    buffer = Buffer.concat([buffer, data])
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, end).toString())[1])
      const next = end + 4 + length
      if (buffer.length < next) return
      const message = JSON.parse(buffer.subarray(end + 4, next).toString())
      buffer = buffer.subarray(next)
      receive(message)
    }
  })
  let complaints = ''
  child.stderr.on('data', data => {
    complaints += data
  })
  child.on('exit', code => {
    if (closing) return
    for (const { reject } of waiting.values())
      reject(new Error(`the language server ended with ${code}: ${complaints}`))
  })

  return {
    tell: (method, params) => send({ method, params }),
    ask(method, params) {
      return new Promise((resolve, reject) => {
        waiting.set(++last, { resolve, reject })
        send({ id: last, method, params })
      })
    },
    close() {
      closing = true
      child.kill()
    },
  }
}
