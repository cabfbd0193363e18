//! What the targets share: the checks, which are those of the tests, and changes that know the language's tokens.

#![forbid(unsafe_code)]

#[path = "../../schema/tests/invariants/mod.rs"]
mod invariants;
mod mutation;

pub use mutation::{cross, mutate};

/// Defines the target that asks a check of each text.
#[macro_export]
macro_rules! target {
    ($check:path) => {
        libfuzzer_sys::fuzz_target!(|data: &[u8]| -> libfuzzer_sys::Corpus {
            let Ok(text) = std::str::from_utf8(data) else { return libfuzzer_sys::Corpus::Reject };
            $check(text);
            libfuzzer_sys::Corpus::Keep
        });
        libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            $crate::mutate(data, size, max_size, seed)
        });
        libfuzzer_sys::fuzz_crossover!(|one: &[u8], other: &[u8], out: &mut [u8], seed: u32| {
            $crate::cross(one, other, out, seed)
        });
    };
}

/// The lexer's.
pub fn lexer(text: &str) {
    invariants::tokens::check(text);
}

/// The parser's.
pub fn parser(text: &str) {
    invariants::tree::check(text);
}

/// The resolver's, the checks' and the reports'.
pub fn validator(text: &str) {
    invariants::resolved::check(&invariants::files(text));
}

/// The formatter's.
pub fn formatter(text: &str) {
    invariants::layout::check(&invariants::files(text));
}
