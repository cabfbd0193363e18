//! Limits of a query: what keeps one request from using up a server.
//!
//! A caller of a server action chooses the arguments of a query, so each of them is bounded by default. A query beyond
//! a limit fails as a whole, with an error that names the limit; nothing is ever cut short. docs/limits.md lists the
//! limits with their reasons.

/// Limits of one query. [`Limits::default`] is what clients use unless they are told otherwise.
///
/// The counts and depths of a query's shape also have a ceiling that no option raises: what SQLite compiles, and what a
/// thread's stack holds. A higher number means the ceiling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Conditions, sort keys and selected fields of a query. All columns at once count as one field.
    pub nodes: u32,
    /// How deep conditions may nest: each `AND`, `OR`, `NOT` and relation inside another is a level.
    pub filter_depth: u16,
    /// How deep relations may nest in a selection, in a sort key, and in nested writes.
    pub relation_depth: u16,
    /// Values and related rows that a `create` or `update` writes, those of nested writes among them.
    pub data_nodes: u32,
    /// Values in the list of `in` or `notIn`.
    pub list_values: u32,
    /// Bytes of all values of a query.
    pub input_bytes: u64,
    /// Rows that a `findMany` reads at its top level.
    pub rows: u64,
    /// Objects that the result of a query consists of, those of nested relations among them.
    pub objects: u64,
    /// Bytes of the text and the binary values of a result. A row that is part of several objects counts in each.
    pub result_bytes: u64,
}

/// A statement binds at most 32,766 values. Half of them are left to lists and keys.
const MOST_NODES: u32 = 16_000;
/// Each level is a few frames of the stack in each of the compiler's passes, and in SQLite's. What is too deep for
/// SQLite in spite of this is found when the SQL is written.
const MOST_FILTER_DEPTH: u16 = 64;
/// Each level is a few frames of the stack in each of the compiler's passes.
const MOST_RELATION_DEPTH: u16 = 64;
/// The values of a query are numbered with 16 bits; those of the conditions are among them.
const MOST_DATA_NODES: u32 = 49_000;

impl Limits {
    /// No limits but the ceilings, for tools that work on trusted input.
    pub const NONE: Self = Self {
        nodes: MOST_NODES,
        filter_depth: MOST_FILTER_DEPTH,
        relation_depth: MOST_RELATION_DEPTH,
        data_nodes: MOST_DATA_NODES,
        list_values: u32::MAX,
        input_bytes: u64::MAX,
        rows: u64::MAX,
        objects: u64::MAX,
        result_bytes: u64::MAX,
    };

    /// The same limits, none above its ceiling.
    pub(crate) fn within_ceilings(self) -> Self {
        Self {
            nodes: self.nodes.min(Self::NONE.nodes),
            filter_depth: self.filter_depth.min(Self::NONE.filter_depth),
            relation_depth: self.relation_depth.min(Self::NONE.relation_depth),
            data_nodes: self.data_nodes.min(Self::NONE.data_nodes),
            ..self
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            nodes: 2_000,
            filter_depth: 32,
            relation_depth: 8,
            data_nodes: 20_000,
            list_values: 100_000,
            input_bytes: 16 << 20,
            rows: 10_000,
            objects: 250_000,
            result_bytes: 64 << 20,
        }
    }
}
