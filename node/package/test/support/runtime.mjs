// The parts of the runtime that are not exported, as the tests of the encoder and of the hydrator use them.

import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

export const { indexCatalog } = require('../../build/commonjs/catalog.js')
export const { CATALOG_VERSION, Code } = require('../../build/commonjs/codes.js')
export const { encode } = require('../../build/commonjs/encode/index.js')
export const { Engine } = require('../../build/commonjs/engine.js')
export const { LATER } = require('../../build/commonjs/later.js')
export const { ENCODE_DEFAULTS, engineOptions } = require('../../build/commonjs/limits.js')
export const { Invalid } = require('../../build/commonjs/errors.js')

/** The catalog that a generated client has, of these lines: `model User id:Int | id`. */
export const catalogOf = (...lines) => [`catalog ${CATALOG_VERSION} sqlite`, ...lines, ''].join('\n')
