//! The numbers that the addon and the TypeScript runtime agree on. `cargo xtask regenerate` writes the runtime's table of them
//! (`node/package/src/protocol.ts`) from this one.

macro_rules! protocol {
    ($($(#[doc = $doc:literal])* $name:ident = $value:literal,)*) => {
        $($(#[doc = $doc])* pub(crate) const $name: i32 = $value;)*

        /// Every number: its name, what it means, and its value.
        #[allow(dead_code, reason = "the addon has the constants; the generator of the runtime's table has this")]
        pub(crate) const TABLE: &[(&str, &str, i32)] = &[$((stringify!($name), concat!($($doc),*), $value),)*];
    };
}

protocol! {
    /// The version of shapes, values and replies; the runtime refuses an addon of another one.
    PROTOCOL = 7,

    /// `runInline`, in place of a size: the read cannot run on this thread now.
    BUSY = -1,
    /// `runInline`, in place of a size: the plan made room for others, and its shape is to be sent again.
    EVICTED = -2,
    /// `runInline`, in place of a size: the reply is larger than the scratch array, and waits to be taken.
    WAITING = -3,

    /// A request is settled by rows, whose size in bytes is the number.
    SETTLED_ROWS = 0,
    /// A request is settled by the count of changed rows.
    SETTLED_NUMBER = 1,
    /// A request is settled by counts.
    SETTLED_NUMBERS = 2,
    /// A request is settled: it is done.
    SETTLED_DONE = 3,
    /// A request is settled by an error.
    SETTLED_ERROR = 4,

    /// A plan returns rows.
    RESULT_ROWS = 0,
    /// A plan returns a row or none.
    RESULT_ROW = 1,
    /// A plan returns counts.
    RESULT_COUNTS = 2,
    /// A plan returns the count of changed rows.
    RESULT_AFFECTED = 3,
    /// The numbers of a plan's description before those of its nest.
    PLAN_NUMBERS = 4,

    /// An item of a nest is a column.
    ITEM_COLUMN = 0,
    /// An item of a nest is a relation.
    ITEM_RELATION = 1,
    /// An item of a nest is the counts of relations.
    ITEM_COUNTS = 2,

    /// The words of a nest in the header of a reply, before those of its items.
    NEST_WORDS = 2,
    /// The words of a column, or of a count, in the header of a reply.
    COLUMN_WORDS = 2,
    /// The words of a relation in the header of a reply, before those of its nest.
    RELATION_WORDS = 1,
}
