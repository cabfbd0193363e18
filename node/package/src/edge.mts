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
} from './edge.js'
