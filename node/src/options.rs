//! The options of a client, as the TypeScript runtime sends them.

use std::time::Duration;

use purlin_driver::{JsonReader, Limits, Options, SqliteOptions};
use serde::Deserialize;

use crate::failure::Failure;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Given {
    /// Milliseconds.
    statement_timeout: Option<u32>,
    /// Milliseconds.
    queue_timeout: Option<u32>,
    queue_length: Option<u32>,
    queue_bytes: Option<u64>,
    limits: GivenLimits,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct GivenLimits {
    nodes: Option<u32>,
    filter_depth: Option<u16>,
    relation_depth: Option<u16>,
    data_nodes: Option<u32>,
    list_values: Option<u32>,
    input_bytes: Option<u64>,
    rows: Option<u64>,
    objects: Option<u64>,
    result_bytes: Option<u64>,
}

/// Reads the options; what is not given has its default.
pub(crate) fn read(text: &str) -> Result<Options, Failure> {
    let given: Given = serde_json::from_str(text)
        .map_err(|_| Failure::invalid("the options of the client do not fit this version of its engine"))?;
    // The addon brings a SQLite library of its own.
    let sqlite = SqliteOptions { only_library: true, ..SqliteOptions::default() };
    let mut options = Options { json: JsonReader::JavaScript, sqlite, ..Options::default() };
    let millis = |value: Option<u32>, default| value.map_or(default, |value| Duration::from_millis(value.into()));
    options.statement_timeout = millis(given.statement_timeout, options.statement_timeout);
    options.queue_timeout = millis(given.queue_timeout, options.queue_timeout);
    options.queue_length = given.queue_length.map_or(options.queue_length, |length| length as usize);
    options.queue_bytes = given.queue_bytes.unwrap_or(options.queue_bytes);
    let (limits, default) = (given.limits, Limits::default());
    options.limits = Limits {
        nodes: limits.nodes.unwrap_or(default.nodes),
        filter_depth: limits.filter_depth.unwrap_or(default.filter_depth),
        relation_depth: limits.relation_depth.unwrap_or(default.relation_depth),
        data_nodes: limits.data_nodes.unwrap_or(default.data_nodes),
        list_values: limits.list_values.unwrap_or(default.list_values),
        input_bytes: limits.input_bytes.unwrap_or(default.input_bytes),
        rows: limits.rows.unwrap_or(default.rows),
        objects: limits.objects.unwrap_or(default.objects),
        result_bytes: limits.result_bytes.unwrap_or(default.result_bytes),
    };
    Ok(options)
}
