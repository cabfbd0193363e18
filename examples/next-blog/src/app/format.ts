const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

/** The day of a timestamp, in words and in UTC, so that server and reader agree. */
export const day = (at: Date) => date.format(at)
