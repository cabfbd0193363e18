//! Errors on their way to JavaScript: an object with `code`, `message` and `meta`, never a panic's text.

use std::cell::Cell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use napi::Env;
use napi::bindgen_prelude::Either;
use napi_derive::napi;
use purlin_driver::{Error, Meta};

/// What went wrong, in parts that cross threads.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Option<String>,
    message: String,
    meta: Vec<(&'static str, Meta)>,
}

impl Failure {
    /// The call does not fit the schema.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self { code: None, message: message.into(), meta: Vec::new() }
    }

    /// A list is longer than a limit of the client allows.
    pub(crate) fn limit(limit: &'static str, allowed: u64, message: impl Into<String>) -> Self {
        let meta = vec![("limit", Meta::Text(limit.to_owned())), ("allowed", Meta::Text(allowed.to_string()))];
        Self { code: Some("P2029".to_owned()), message: message.into(), meta }
    }

    /// A value that Node-API should have given did not come.
    pub(crate) fn call(error: &napi::Error) -> Self {
        Self::invalid(format!("the engine was called wrongly: {}", error.status))
    }

    fn internal(id: u32) -> Self {
        Self {
            code: Some("E_INTERNAL".to_owned()),
            message: format!("the engine failed (internal error {id}); the server's log tells where"),
            meta: Vec::new(),
        }
    }

    /// The transaction was committed or rolled back before.
    pub(crate) fn closed() -> Self {
        Self {
            code: Some("P2028".to_owned()),
            message: "the transaction is over: it was committed, rolled back or never begun".to_owned(),
            meta: Vec::new(),
        }
    }
}

/// An error as JavaScript gets it.
#[napi(object, object_from_js = false)]
pub struct ErrorObject {
    /// Prisma's code, where it has one.
    pub code: Option<String>,
    /// What happened.
    pub message: String,
    /// Facts beside the message.
    pub meta: HashMap<String, Either<String, Vec<String>>>,
}

impl From<Failure> for ErrorObject {
    fn from(failure: Failure) -> Self {
        let meta = failure.meta.into_iter().map(|(name, value)| {
            let value = match value {
                Meta::Text(text) => Either::A(text),
                Meta::List(list) => Either::B(list),
            };
            (name.to_owned(), value)
        });
        Self { code: failure.code, message: as_npm_runs(&failure.message), meta: meta.collect() }
    }
}

/// A message whose commands are written as a project with the npm package runs them: it has no `purlin` in its path.
fn as_npm_runs(message: &str) -> String {
    message.replace("`purlin ", "`npx purlin ")
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { code: error.code().map(str::to_owned), message: error.to_string(), meta: error.meta().to_vec() }
    }
}

thread_local! {
    /// The last panic of this thread, as the log names it.
    static LAST_PANIC: Cell<u32> = const { Cell::new(0) };
}

/// Runs `work`; a panic in it becomes an error with a number, which the log has beside the panic's place.
pub(crate) fn contain<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    name_panics();
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Failure::internal(LAST_PANIC.get())))
}

/// [`contain`] for exports: the error is thrown.
pub(crate) fn guard<T>(env: &Env, work: impl FnOnce() -> Result<T, Failure>) -> napi::Result<T> {
    contain(work).or_else(|failure| {
        env.throw(ErrorObject::from(failure))?;
        Err(napi::Error::from_status(napi::Status::PendingException))
    })
}

/// The text of a panic may hold values: the log gets its place and a number only.
fn name_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            static COUNT: AtomicU32 = AtomicU32::new(0);
            let id = COUNT.fetch_add(1, Ordering::Relaxed) + 1;
            LAST_PANIC.set(id);
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            eprintln!("purlin: internal error {id} at {place}");
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_that_does_not_repeat_its_text() {
        let secret = String::from("s3cret");
        let failure = contain(|| -> Result<(), _> { panic!("{secret}") }).expect_err("it panicked");
        assert_eq!(failure.code.as_deref(), Some("E_INTERNAL"));
        assert!(!format!("{failure:?}").contains("s3cret"));
        assert!(failure.message.contains("internal error"));
        assert_eq!(contain(|| Ok(1)).expect("it did not panic"), 1);
    }
}
