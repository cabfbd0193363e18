// A client of the same table that takes some columns for text: it stores what the tested client would refuse.

import { Client } from 'purlin'

/** A client whose model `Raw` is the columns `id` and `columns`, as text, of a table. */
export function rawClient(url, table, id, columns) {
  const column = (name, type) => ({
    name,
    kind: { column: { name, type, nullable: false, default: 'none', updatedAt: false } },
  })
  const fields = [column('id', id), ...columns.map(name => column(name, 'string'))]
  const models = [{ name: 'Raw', table, fields, keys: [{ name: 'id', fields: [0] }] }]
  return new Client(
    { version: 2, provider: 'sqlite', models, enums: [] },
    { provider: 'sqlite', url: { value: url }, decimal: 'string' },
  )
}
