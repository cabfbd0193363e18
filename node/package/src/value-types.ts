/** The types of values. */

/** What a Json column gives. */
export type JsonValue = string | number | boolean | null | JsonObject | JsonArray
/** An object of a Json column. */
export type JsonObject = { [name: string]: JsonValue }
/** A list of a Json column. */
export interface JsonArray extends Array<JsonValue> {}

/** What a Json column takes: what JSON.stringify writes faithfully. */
export type InputJsonValue = string | number | boolean | InputJsonObject | InputJsonArray | { toJSON(): unknown }
/** An object for a Json column. */
export type InputJsonObject = { readonly [name: string]: InputJsonValue | null | undefined }
/** A list for a Json column. */
export interface InputJsonArray extends ReadonlyArray<InputJsonValue | null> {}

/** Anything that writes itself as a decimal number, as decimal.js does. */
export interface DecimalLike {
  toFixed(): string
}
/** What a Decimal column takes. */
export type DecimalInput = string | number | bigint | DecimalLike
/** What a DateTime column takes. */
export type DateTimeInput = Date | string
/** What a Bytes column takes. */
export type BytesInput = Uint8Array

/** The bytes of a column: a Uint8Array of its own buffer, where the compiler tells them apart. */
export type ByteArray = ReturnType<Uint8Array['slice']>

/** Whether a condition on text tells large letters from small ones; SQLite has one way. */
export type QueryMode = 'default' | 'insensitive'
/** What a transaction sees of others; SQLite has one level. */
export type TransactionIsolationLevel = 'Serializable'
