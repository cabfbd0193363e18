//! The identifiers that a schema can ask for.

use std::sync::{Mutex, PoisonError};

use purlin_query::catalog::Default;

/// A ULID that is greater than those before it, also within a millisecond: rows that are written together sort as they were
/// given.
fn ulid() -> ulid::Ulid {
    static GENERATOR: Mutex<ulid::Generator> = Mutex::new(ulid::Generator::new());
    let mut generator = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    // It fails when a millisecond has no number left, which 2 ** 80 of them are needed for.
    generator.generate().unwrap_or_else(|_| ulid::Ulid::new())
}

/// A new identifier.
pub(crate) fn generated(default: Default) -> String {
    match default {
        Default::Uuid(7) => uuid::Uuid::now_v7().to_string(),
        Default::Uuid(_) => uuid::Uuid::new_v4().to_string(),
        Default::Ulid => ulid().to_string(),
        Default::Nanoid(length) => nanoid::nanoid!(usize::from(length)),
        Default::Cuid(2) => cuid2::create_id(),
        // Version 1 is what `cuid()` of the schema language is, for those who have such identifiers already.
        Default::Cuid(_)
        | Default::None
        | Default::Database
        | Default::Number(_)
        | Default::Instant(_)
        | Default::Autoincrement
        | Default::Now => cuid::cuid1(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_that_begin_with_the_time_ascend() {
        for default in [Default::Ulid, Default::Uuid(7), Default::Cuid(1)] {
            let made: Vec<String> = (0..5_000).map(|_| generated(default)).collect();
            assert!(made.is_sorted_by(|one, next| one < next), "{default:?}");
        }
    }
}
