//! What is open in this process, for as long as somebody uses it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};

/// Things that are in use, by their keys.
pub(crate) struct Registry<K, T>(LazyLock<Mutex<HashMap<K, Weak<T>>>>);

impl<K: Eq + Hash, T> Registry<K, T> {
    pub(crate) const fn new() -> Self {
        Self(LazyLock::new(Mutex::default))
    }

    /// Finds what is in use under `key`, where it is the one that is meant; else registers what `open` returns there.
    pub(crate) fn find_or_open<E>(
        &self,
        key: K,
        is_meant: impl FnOnce(&T) -> bool,
        open: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        let mut all = self.lock();
        all.retain(|_, one| one.strong_count() > 0);
        if let Some(found) = all.get(&key).and_then(Weak::upgrade).filter(|found| is_meant(found)) {
            return Ok(found);
        }
        let opened = Arc::new(open()?);
        all.insert(key, Arc::downgrade(&opened));
        Ok(opened)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Weak<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
