//! What a project sets for all its clients: the tables `[limits]` and `[client]` of `purlin.toml`.

use std::fmt;

/// The limits, time-outs and queue of the generated clients. What is `None` has the default of the engine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClientOptions {
    /// The limits of each query.
    pub limits: LimitOptions,
    /// How many milliseconds one query may run.
    pub statement_timeout: Option<u32>,
    /// How many milliseconds a query waits for its turn.
    pub queue_timeout: Option<u32>,
    /// How many queries may wait for their turn.
    pub queue_length: Option<u32>,
    /// Whether the TypeScript client refuses members of arguments that are `undefined`. Rust has no such value.
    pub strict_undefined_checks: Option<bool>,
}

/// The limits of each query, as [`purlin_query::Limits`] has them, and those of JSON values, which the TypeScript client
/// checks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the limit of the same name, described there")]
pub struct LimitOptions {
    pub nodes: Option<u32>,
    pub filter_depth: Option<u16>,
    pub relation_depth: Option<u16>,
    pub data_nodes: Option<u32>,
    pub list_values: Option<u32>,
    pub input_bytes: Option<u64>,
    pub rows: Option<u64>,
    pub objects: Option<u64>,
    pub result_bytes: Option<u64>,
    /// Values and objects in one JSON value.
    pub json_nodes: Option<u32>,
    /// How deep a JSON value may nest.
    pub json_depth: Option<u32>,
}

/// A table of `purlin.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// `[limits]`
    Limits,
    /// `[client]`
    Client,
}

/// Why a setting is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidOption(String);

impl fmt::Display for InvalidOption {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for InvalidOption {}

/// The ceiling of the TypeScript client for a JSON value.
const DEEPEST_JSON: u32 = 1_000;

/// The largest integer that both clients have.
const LARGEST: u64 = (1 << 53) - 1;

impl Section {
    /// The keys of the table.
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Limits => &[
                "nodes",
                "filter_depth",
                "relation_depth",
                "data_nodes",
                "list_values",
                "input_bytes",
                "rows",
                "objects",
                "result_bytes",
                "json_nodes",
                "json_depth",
            ],
            Self::Client => &["statement_timeout", "queue_timeout", "queue_length"],
        }
    }

    /// The keys of the table that are true or false.
    pub fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Limits => &[],
            Self::Client => &["strict_undefined_checks"],
        }
    }

    /// The name of the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Limits => "limits",
            Self::Client => "client",
        }
    }
}

impl ClientOptions {
    /// How many limits the engine has.
    pub(crate) const ENGINE_LIMITS: usize = 9;

    /// Sets one of the keys of a table of `purlin.toml`.
    pub fn set(&mut self, section: Section, key: &str, value: i64) -> Result<(), InvalidOption> {
        let limits = &mut self.limits;
        let within = |largest: u64| match u64::try_from(value) {
            Ok(value) if (1..=largest).contains(&value) => Ok(value),
            _ => Err(InvalidOption(format!("`{key}` in [{}] must be between 1 and {largest}", section.name()))),
        };
        // Each value is within the bound that is given, so that nothing is lost.
        let u32_within = |largest: u32| within(largest.into()).map(|value| u32::try_from(value).unwrap_or(largest));
        let u16_within = |largest: u16| within(largest.into()).map(|value| u16::try_from(value).unwrap_or(largest));
        let most = purlin_query::Limits::NONE;
        match (section, key) {
            (Section::Limits, "nodes") => limits.nodes = Some(u32_within(most.nodes)?),
            (Section::Limits, "filter_depth") => limits.filter_depth = Some(u16_within(most.filter_depth)?),
            (Section::Limits, "relation_depth") => limits.relation_depth = Some(u16_within(most.relation_depth)?),
            (Section::Limits, "data_nodes") => limits.data_nodes = Some(u32_within(most.data_nodes)?),
            (Section::Limits, "list_values") => limits.list_values = Some(u32_within(most.list_values)?),
            (Section::Limits, "input_bytes") => limits.input_bytes = Some(within(LARGEST)?),
            (Section::Limits, "rows") => limits.rows = Some(within(LARGEST)?),
            (Section::Limits, "objects") => limits.objects = Some(within(LARGEST)?),
            (Section::Limits, "result_bytes") => limits.result_bytes = Some(within(LARGEST)?),
            (Section::Limits, "json_nodes") => limits.json_nodes = Some(u32_within(u32::MAX)?),
            (Section::Limits, "json_depth") => limits.json_depth = Some(u32_within(DEEPEST_JSON)?),
            (Section::Client, "statement_timeout") => self.statement_timeout = Some(u32_within(u32::MAX)?),
            (Section::Client, "queue_timeout") => self.queue_timeout = Some(u32_within(u32::MAX)?),
            (Section::Client, "queue_length") => self.queue_length = Some(u32_within(u32::MAX)?),
            _ => return Err(Self::unknown(section, key)),
        }
        Ok(())
    }

    /// Sets one of the keys of a table of `purlin.toml` that are true or false.
    pub fn set_flag(&mut self, section: Section, key: &str, value: bool) -> Result<(), InvalidOption> {
        match (section, key) {
            (Section::Client, "strict_undefined_checks") => self.strict_undefined_checks = Some(value),
            _ => return Err(Self::unknown(section, key)),
        }
        Ok(())
    }

    fn unknown(section: Section, key: &str) -> InvalidOption {
        let keys = [section.keys(), section.flags()].concat();
        InvalidOption(format!(
            "[{}] has no key `{}`; there are {}",
            section.name(),
            key.escape_debug(),
            keys.join(", ")
        ))
    }

    /// The limits of the engine that are set, by their names in Rust.
    pub(crate) fn engine_limits(&self) -> Vec<(&'static str, u64)> {
        let limits = &self.limits;
        let all: [_; Self::ENGINE_LIMITS] = [
            ("nodes", limits.nodes.map(u64::from)),
            ("filter_depth", limits.filter_depth.map(u64::from)),
            ("relation_depth", limits.relation_depth.map(u64::from)),
            ("data_nodes", limits.data_nodes.map(u64::from)),
            ("list_values", limits.list_values.map(u64::from)),
            ("input_bytes", limits.input_bytes),
            ("rows", limits.rows),
            ("objects", limits.objects),
            ("result_bytes", limits.result_bytes),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// The limits that are set, by their names in Rust.
    pub(crate) fn limits(&self) -> Vec<(&'static str, u64)> {
        let json = [("json_nodes", self.limits.json_nodes), ("json_depth", self.limits.json_depth)];
        let json = json.into_iter().filter_map(|(name, value)| Some((name, value?.into())));
        self.engine_limits().into_iter().chain(json).collect()
    }

    /// The settings of the client that are set, by their names in Rust.
    pub(crate) fn client(&self) -> Vec<(&'static str, u32)> {
        let all = [
            ("statement_timeout", self.statement_timeout),
            ("queue_timeout", self.queue_timeout),
            ("queue_length", self.queue_length),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_is_set_and_found_again() {
        let mut options = ClientOptions::default();
        for section in [Section::Limits, Section::Client] {
            for (number, key) in section.keys().iter().enumerate() {
                let value = i64::try_from(number).unwrap_or_default() + 1;
                assert_eq!(options.set(section, key, value), Ok(()), "{key}");
                for wrong in [0, -1, i64::MIN, i64::MAX] {
                    let error = options.set(section, key, wrong).map_err(|error| error.to_string());
                    assert!(error.is_err_and(|text| text.contains(key) && text.contains("between 1 and")), "{key}");
                }
            }
        }
        let names: Vec<&str> = options.limits().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, Section::Limits.keys());
        let names: Vec<&str> = options.client().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, Section::Client.keys());
        for section in [Section::Limits, Section::Client] {
            for key in section.flags() {
                assert_eq!(options.set_flag(section, key, false), Ok(()), "{key}");
            }
        }
        assert_eq!(options.strict_undefined_checks, Some(false));
        let error = options.set_flag(Section::Client, "strict", true).map_err(|error| error.to_string());
        assert!(error.is_err_and(|text| text.contains("strict_undefined_checks")));
        let error = options.set(Section::Limits, "nods", 1).map_err(|error| error.to_string());
        assert!(error.is_err_and(|text| text.starts_with("[limits] has no key `nods`; there are nodes, ")));
    }
}
