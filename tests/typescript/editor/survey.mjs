// Asks editors about the positions of the example files and of typing.ts.

import { openEditor } from './editors.mjs'
import { judge } from './judge.mjs'
import { readExamples } from './positions.mjs'
import { readTyping } from './typing.mjs'
import { addClient, addExamples, createProject, exampleSchema, writeSettings } from './project.mjs'

/**
 * The editors that are asked, by name: those of the TypeScript versions about all positions, and two about those
 * that depend on the types of inputs, in projects that have other settings than most.
 */
const environments = {
  '5.9': { version: '5.9' },
  '6.0': { version: '6.0' },
  '7.0': { version: '7.0' },
  'without strictNullChecks': { version: '6.0', settings: { strictNullChecks: false } },
  'with exactOptionalPropertyTypes': { version: '7.0', settings: { exactOptionalPropertyTypes: true } },
}
const INPUTS = ['completes', 'completes only', 'is accepted']

export const environmentNames = Object.keys(environments)

/**
 * Generates a client and asks about each chosen position in some environments. Returns, by environment, the ids that
 * were asked about, and a map of those that failed to what is shown instead.
 */
export async function survey(client, names, chosen = () => true) {
  const sources = [readExamples(), readTyping()]
  const examples = sources.flatMap(source => source.examples)
  const positions = sources.flatMap(source => source.positions)
  const project = createProject()
  try {
    addExamples(project, addClient(project, exampleSchema(), client), examples)
    const results = {}
    for (const name of names) {
      const { version, settings } = environments[name]
      writeSettings(project, examples, settings)
      const asked = positions.filter(({ id, verb }) => chosen(id) && (!settings || INPUTS.includes(verb)))
      results[name] = { asked: asked.map(({ id }) => id), failures: await ask(version, project.folder, asked) }
    }
    return results
  } finally {
    project.remove()
  }
}

async function ask(version, folder, positions) {
  const editor = await openEditor(version, folder)
  try {
    const failures = new Map()
    for (const position of positions) {
      const reason = await judge(editor, position)
      if (reason !== undefined) failures.set(position.id, reason)
    }
    return failures
  } finally {
    editor.close()
  }
}
