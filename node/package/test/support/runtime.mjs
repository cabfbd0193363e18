// The parts of the runtime that are not exported, as the tests of the encoder and of the hydrator use them.

import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

export const { indexCatalog } = require('../../dist/catalog.js')
export const { CATALOG_VERSION, Code } = require('../../dist/codes.js')
export const { encode } = require('../../dist/encode/index.js')
export const { Engine } = require('../../dist/engine.js')
export const { LATER } = require('../../dist/later.js')
export const { ENCODE_DEFAULTS, engineOptions } = require('../../dist/limits.js')
export const { Invalid } = require('../../dist/errors.js')

/** The catalog that a generated client has, of these lines: `model User id:Int | id`. */
export const catalogOf = (...lines) => [`catalog ${CATALOG_VERSION} sqlite`, ...lines, ''].join('\n')
