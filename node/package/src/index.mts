export type * from './index.js'
export {
  AnyNull,
  Client,
  DbNull,
  JsonNull,
  PurlinInitializationError,
  PurlinKnownRequestError,
  PurlinUnknownRequestError,
  PurlinValidationError,
  ServerOnly,
  namespace,
  trusted,
} from './index.js'
