export type * from './index.js'
export {
  AnyNull,
  Client,
  DbNull,
  JsonNull,
  PurlinInitializationError,
  PurlinKnownRequestError,
  PurlinRustPanicError,
  PurlinUnknownRequestError,
  PurlinValidationError,
  ServerOnly,
  columnNames,
  namespace,
  trusted,
} from './index.js'
