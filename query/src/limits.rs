//! Limits of a query: what keeps one request from using up a server.
//!
//! A caller of a server action chooses the arguments of a query, so each of them is bounded by default. A query beyond
//! a limit fails as a whole, with an error that names the limit; nothing is ever cut short. docs/limits.md lists the
//! limits with their reasons.

/// Limits of one query. [`Limits::default`] is what clients use unless they are told otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Conditions, sort keys and selected fields of a query.
    pub nodes: u32,
    /// How deep conditions may nest.
    pub filter_depth: u16,
    /// How deep relations may nest in a selection, and in nested writes.
    pub relation_depth: u16,
    /// Values and related rows that the nested writes of a query set.
    pub data_nodes: u32,
    /// Values in the list of `in` or `notIn`.
    pub list_values: u32,
    /// Bytes of all values of a query.
    pub input_bytes: u64,
    /// Rows that a `findMany` reads at its top level.
    pub rows: u64,
    /// Objects that the result of a query consists of, those of nested relations among them.
    pub objects: u64,
    /// Bytes of the result of a query.
    pub result_bytes: u64,
}

impl Limits {
    /// No limits, for tools that work on trusted input.
    pub const NONE: Self = Self {
        nodes: u32::MAX,
        filter_depth: 256,
        relation_depth: 64,
        data_nodes: u32::MAX,
        list_values: u32::MAX,
        input_bytes: u64::MAX,
        rows: u64::MAX,
        objects: u64::MAX,
        result_bytes: u64::MAX,
    };
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
