// A client of the same table that takes some columns for text: it stores what the tested client would refuse.

import { Client } from 'purlin'
import { catalogOf } from './runtime.mjs'

/** A client whose model `Raw` is the columns `id` and `columns`, as text, of a table. */
export function rawClient(url, table, id, columns) {
  const fields = columns.map(name => `${name}:String`)
  return new Client(catalogOf(`model Raw=${table} id:${id} ${fields.join(' ')} | id`), {
    provider: 'sqlite',
    url: { value: url },
    decimal: 'string',
  })
}
