// Generated from the addon's table by `cargo xtask regenerate`. Do not edit.

/** The version of shapes, values and replies; the runtime refuses an addon of another one. */
export const PROTOCOL = 7

/** `runInline`, in place of a size: the read cannot run on this thread now. */
export const BUSY = -1

/** `runInline`, in place of a size: the plan made room for others, and its shape is to be sent again. */
export const EVICTED = -2

/** `runInline`, in place of a size: the reply is larger than the scratch array, and waits to be taken. */
export const WAITING = -3

/** A request is settled by rows, whose size in bytes is the number. */
export const SETTLED_ROWS = 0

/** A request is settled by the count of changed rows. */
export const SETTLED_NUMBER = 1

/** A request is settled by counts. */
export const SETTLED_NUMBERS = 2

/** A request is settled: it is done. */
export const SETTLED_DONE = 3

/** A request is settled by an error. */
export const SETTLED_ERROR = 4

/** A plan returns rows. */
export const RESULT_ROWS = 0

/** A plan returns a row or none. */
export const RESULT_ROW = 1

/** A plan returns counts. */
export const RESULT_COUNTS = 2

/** A plan returns the count of changed rows. */
export const RESULT_AFFECTED = 3

/** The numbers of a plan's description before those of its nest. */
export const PLAN_NUMBERS = 4

/** An item of a nest is a column. */
export const ITEM_COLUMN = 0

/** An item of a nest is a relation. */
export const ITEM_RELATION = 1

/** An item of a nest is the counts of relations. */
export const ITEM_COUNTS = 2

/** The words of a nest in the header of a reply, before those of its items. */
export const NEST_WORDS = 2

/** The words of a column, or of a count, in the header of a reply. */
export const COLUMN_WORDS = 2

/** The words of a relation in the header of a reply, before those of its nest. */
export const RELATION_WORDS = 1
