//! The way back to JavaScript from other threads.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use napi::Env;
use napi::bindgen_prelude::{FnArgs, Function, Unknown};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;

use crate::failure::{ErrorObject, Failure, contain, guard};
use crate::values;

/// What a promise waits for.
pub(crate) enum Settled {
    /// Rows, written as a buffer.
    Rows(Vec<u8>),
    /// The count of changed rows.
    Number(f64),
    /// Counts.
    Numbers(Vec<f64>),
    /// Nothing but that it is done.
    Done,
}

struct Message {
    request: u32,
    result: Result<Settled, Failure>,
}

/// What the callback gets: the number of the request; 0 rows, 1 number, 2 numbers, 3 done, 4 error; the size in bytes
/// or the number; the numbers; the error.
type Args = FnArgs<(u32, u32, f64, Option<Vec<f64>>, Option<ErrorObject>)>;

/// Weak: an open pool does not keep the process alive. A thread that goes away closes it, and messages for it are
/// dropped.
type Callback = ThreadsafeFunction<Message, Unknown<'static>, Args, napi::Status, false, true>;

/// The way back to one JavaScript thread.
#[napi]
pub struct Port {
    callback: Arc<Callback>,
    /// The reply that the callback is being told of, until it takes it.
    reply: Arc<Mutex<Vec<u8>>>,
}

#[napi]
impl Port {
    /// `callback(request, kind, number, numbers, error)` runs once for each request.
    #[napi(constructor)]
    pub fn new(callback: Function<'_, Args, Unknown<'static>>) -> napi::Result<Self> {
        let reply = Arc::new(Mutex::new(Vec::new()));
        let stash = reply.clone();
        // The callback holds itself until its environment ends. Else a thread of the pool that gives the last answer
        // would release it, and napi-rs could not tell that thread that the environment has freed it meanwhile.
        let itself = Arc::new(OnceLock::new());
        let held = Arc::clone(&itself);
        let callback = callback
            .build_threadsafe_function::<Message>()
            .weak::<true>()
            .callee_handled::<false>()
            .build_callback(move |context| {
                let _: &OnceLock<Arc<Callback>> = &held;
                let Message { request, result } = context.value;
                let (kind, number, numbers, error) = match result {
                    Ok(Settled::Rows(bytes)) => {
                        let size = bytes.len() as f64;
                        let last = std::mem::replace(&mut *stash.lock().unwrap_or_else(PoisonError::into_inner), bytes);
                        recycle(last);
                        (0, size, None, None)
                    }
                    Ok(Settled::Number(number)) => (1, number, None, None),
                    Ok(Settled::Numbers(numbers)) => (2, 0.0, Some(numbers), None),
                    Ok(Settled::Done) => (3, 0.0, None, None),
                    Err(failure) => (4, 0.0, None, Some(failure)),
                };
                Ok(FnArgs::from((request, kind, number, numbers, error.map(ErrorObject::from))))
            })?;
        let callback = Arc::new(callback);
        // It was empty.
        let _ = itself.set(Arc::clone(&callback));
        Ok(Self { callback, reply })
    }

    /// Copies the reply that the callback was told of, or `runInline` left, into `scratch`; false when it does not fit.
    #[napi]
    pub fn take(&self, env: Env, scratch: Unknown<'_>) -> napi::Result<bool> {
        guard(&env, || {
            let reply = self.reply.lock().unwrap_or_else(PoisonError::into_inner);
            values::copy_into(scratch, &reply)
        })
    }
}

impl Port {
    /// For the answer to a request.
    pub(crate) fn sender(&self, request: u32) -> Sender {
        Sender { callback: self.callback.clone(), request }
    }

    /// A buffer for a reply that is copied at once.
    pub(crate) fn with_spare<T>(&self, work: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        work(&mut self.reply.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The answer to one request.
pub(crate) struct Sender {
    callback: Arc<Callback>,
    request: u32,
}

impl Sender {
    /// Sends what `work` gives; a panic in it becomes an error, so that no promise waits for ever.
    pub(crate) fn settle(self, work: impl FnOnce() -> Result<Settled, Failure>) {
        let message = Message { request: self.request, result: contain(work) };
        // A status other than ok means that the thread is gone, and its promises with it.
        let _ = self.callback.call(message, ThreadsafeFunctionCallMode::NonBlocking);
    }

    /// A buffer that served before.
    pub(crate) fn spare() -> Vec<u8> {
        SPARE.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }
}

/// Buffers of replies that were copied.
static SPARE: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// How many are kept, and how large they may be.
const KEPT: usize = 8;
const KEPT_BYTES: usize = 4 << 20;

fn recycle(bytes: Vec<u8>) {
    if bytes.capacity() == 0 || bytes.capacity() > KEPT_BYTES {
        return;
    }
    let mut spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner);
    if spare.len() < KEPT {
        spare.push(bytes);
    }
}
