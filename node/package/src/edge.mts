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
  namespace,
  trusted,
} from './edge.js'
