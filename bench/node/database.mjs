// The database file, and what a connection to it is set to.

import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { rows } from './data.mjs'

const read = name => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')

/** The pragmas of every connection. */
export const pragmas = read('connection.sql').match(/^PRAGMA .*$/gm)

/** A better-sqlite3 connection, set as every peer's is. */
export function connect(file) {
  const database = new Database(file)
  for (const pragma of pragmas) database.exec(pragma)
  return database
}

/** Creates the file with its tables and rows. */
export function seed(file) {
  const database = connect(file)
  database.exec(read('tables.sql'))
  const tables = rows()
  database.transaction(() => {
    // Parents go before their children: foreign keys are on.
    for (const table of ['User', 'Post', 'Comment', 'Tag', '_PostToTag']) {
      const insert = database.prepare(`INSERT INTO "${table}" VALUES (${tables[table][0].map(() => '?')})`)
      for (const row of tables[table]) insert.run(row)
    }
  })()
  database.exec('ANALYZE')
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}
