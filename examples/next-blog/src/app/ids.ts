/** The id in an address or a form, both of which anybody can type; `null` if it cannot be one. */
export function readId(text: unknown): number | null {
  return typeof text === 'string' && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null
}
