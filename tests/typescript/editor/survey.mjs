// Asks the editor of each TypeScript version about the positions of the example files and of typing.ts.

import { openEditor } from './editors.mjs'
import { judge } from './judge.mjs'
import { readExamples } from './positions.mjs'
import { readTyping } from './typing.mjs'
import { addClient, addExamples, createProject, exampleSchema } from './project.mjs'

/**
 * Generates a client and asks about each chosen position. Returns, by version, the ids that were asked about, and a map
 * of those that failed to what is shown instead.
 */
export async function survey(client, versions, chosen = () => true) {
  const sources = [readExamples(), readTyping()]
  const examples = sources.flatMap(source => source.examples)
  const positions = sources.flatMap(source => source.positions)
  const project = createProject()
  try {
    addExamples(project, addClient(project, exampleSchema(), client), examples)
    const asked = positions.filter(({ id }) => chosen(id))
    const results = {}
    for (const version of versions) {
      results[version] = { asked: asked.map(({ id }) => id), failures: await ask(version, project.folder, asked) }
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
