//! Random values of columns, from a seed that a failed test prints.

use std::time::SystemTime;

use purlin::{DateTime, Decimal, Json};
use purlin_tests::db::Role;
use serde_json::json;

/// Numbers by splitmix64.
pub(crate) struct Random {
    pub(crate) seed: u64,
    state: u64,
}

impl Random {
    /// From the seed in `PURLIN_SEED`, or from the clock.
    pub(crate) fn new() -> Self {
        let given = std::env::var("PURLIN_SEED").ok().and_then(|seed| seed.parse().ok());
        let clock = || SystemTime::UNIX_EPOCH.elapsed().map_or(1, |elapsed| u64::from(elapsed.subsec_nanos()));
        let seed = given.unwrap_or_else(clock);
        Self { seed, state: seed }
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.number() % end
    }

    pub(crate) fn boolean(&mut self) -> bool {
        self.below(2) == 0
    }

    pub(crate) fn int(&mut self) -> i32 {
        i32::from_le_bytes(self.bytes_of())
    }

    pub(crate) fn big_int(&mut self) -> i64 {
        let number = i64::from_le_bytes(self.number().to_le_bytes());
        // Numbers of all lengths.
        number >> self.below(64)
    }

    pub(crate) fn float(&mut self) -> f64 {
        let number = f64::from_bits(self.number());
        if number.is_finite() { number } else { 0.1 }
    }

    pub(crate) fn decimal(&mut self) -> Decimal {
        let scale = i64::try_from(self.below(40)).unwrap_or_default() - 10;
        Decimal::new(self.big_int().into(), scale)
    }

    /// In the four-digit years of ISO 8601, as databases hold them.
    pub(crate) fn date_time(&mut self) -> DateTime {
        let millis = i64::try_from(self.below(253_402_300_800_000)).unwrap_or_default();
        DateTime::from_timestamp_millis(millis).expect("a year before 10000")
    }

    pub(crate) fn string(&mut self) -> String {
        const PIECES: [&str; 12] =
            ["a", "Ü", "🦀", "'", "\"", "\\", "\u{2028}", "\n", "\u{0}", "*/", "</script>", "${x}`"];
        let length = self.below(6);
        (0..length).filter_map(|_| PIECES.get(usize::try_from(self.below(12)).ok()?)).copied().collect()
    }

    pub(crate) fn bytes(&mut self) -> Vec<u8> {
        let length = self.below(5);
        (0..length).map(|_| u8::try_from(self.below(256)).unwrap_or_default()).collect()
    }

    pub(crate) fn json(&mut self) -> Json {
        match self.below(8) {
            0 => Json::Null,
            1 => json!(self.boolean()),
            2 => json!(self.big_int()),
            3 => json!(self.float()),
            4 => json!(self.string()),
            5 => json!([self.json(), self.json()]),
            _ => json!({ "a": self.json(), "b-c": self.string() }),
        }
    }

    pub(crate) fn role(&mut self) -> Role {
        match self.below(3) {
            0 => Role::Admin,
            1 => Role::Member,
            _ => Role::PowerUser,
        }
    }

    /// A value, or none.
    pub(crate) fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.boolean().then(|| make(self))
    }

    /// A few values.
    pub(crate) fn some<T>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let length = self.below(4);
        (0..length).map(|_| make(self)).collect()
    }

    fn bytes_of(&mut self) -> [u8; 4] {
        let [a, b, c, d, ..] = self.number().to_le_bytes();
        [a, b, c, d]
    }
}
