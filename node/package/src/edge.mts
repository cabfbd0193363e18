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
} from './edge.js'
