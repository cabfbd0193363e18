// Reads a row whose Json column holds text that is none, where `new Function` is refused. The URL is the argument.

import { PurlinClient } from '../build/generated/index.js'

const error = await new PurlinClient({ url: process.argv[2] }).everything
  .findUnique({ where: { id: 9n } })
  .catch(error => error)
console.log(error.code, error.message)
