//! One `migrate dev` at a time: two that read the same history would each write a migration for the same change, of which
//! the second can never be applied.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
};

use crate::Error;

/// The right to write migrations. It ends with the value, or with the process.
#[derive(Debug)]
pub struct Lock {
    _file: Option<File>,
}

impl Lock {
    /// Waits until nobody else writes migrations into `folder`, which need not exist; `waiting` is told that it has to.
    ///
    /// What is locked is the folder above, since both processes must lock the same thing before either makes a folder of
    /// migrations. Where folders cannot be locked, as on Windows and on some network drives, nothing is: then the replay of
    /// the history still finds the second migration.
    pub fn take(folder: &Path, waiting: impl FnOnce()) -> Result<Self, Error> {
        let above = folder.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(above).map_err(|error| Error::file(above, &error))?;
        let Ok(file) = File::open(above) else { return Ok(Self { _file: None }) };
        let locked = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => {
                waiting();
                file.lock().is_ok()
            }
            Err(TryLockError::Error(_)) => false,
        };
        Ok(Self { _file: locked.then_some(file) })
    }
}
