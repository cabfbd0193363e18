//! Values that stay on the server.

use std::fmt;

use crate::error::Error;
use crate::load::{Load, Part};

/// The value of a field that the schema declares `@server`: a password's hash, a key of an API.
///
/// Default rows do not have such fields. A fragment that names one gets this, which does not serialize, so neither does
/// a struct that holds it, and whose `Debug` does not print the value. What needs the value says so by
/// [`reveal`](Self::reveal).
///
/// It does not compare either: compare what is revealed, in constant time where that matters.
#[derive(Clone)]
pub struct ServerOnly<T>(T);

impl<T> ServerOnly<T> {
    /// The value.
    pub fn reveal(&self) -> &T {
        &self.0
    }

    /// The value itself.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for ServerOnly<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerOnly(..)")
    }
}

impl<T: Load> Load for ServerOnly<T> {
    fn load(part: &Part<'_>, row: usize) -> Result<Self, Error> {
        T::load(part, row).map(Self)
    }
}
