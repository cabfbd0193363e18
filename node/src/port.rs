//! The way back to JavaScript from other threads.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use napi::Env;
use napi::bindgen_prelude::{FnArgs, Function, Unknown};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;
use purlin_driver::{Kept, Outbox};

use crate::failure::{ErrorObject, Failure, contain, guard};
use crate::protocol::{SETTLED_DONE, SETTLED_ERROR, SETTLED_NUMBER, SETTLED_NUMBERS, SETTLED_ROWS};
use crate::values;

/// What a promise waits for.
pub(crate) enum Settled {
    /// Rows, written as a buffer.
    Rows(Waiting),
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

/// What the callback gets: the number of the request; what settles it (`SETTLED_ROWS` and its like); the size in bytes or
/// the number; the numbers; the error.
type Args = FnArgs<(u32, i32, f64, Option<Vec<f64>>, Option<ErrorObject>)>;

/// Weak: an open pool does not keep the process alive. A thread that goes away closes it, and messages for it are
/// dropped.
type Callback = ThreadsafeFunction<Message, Unknown<'static>, Args, napi::Status, false, true>;

/// The way back to one JavaScript thread.
#[napi]
pub struct Port {
    callback: Arc<Callback>,
    /// The replies that the callback was told of, by their requests, until they are taken.
    replies: Arc<Mutex<HashMap<u32, Waiting>>>,
    /// Bounds what waits.
    outbox: Arc<Outbox>,
    /// Counts the reply that was taken, and of which objects are being made.
    building: Cell<Option<Kept>>,
}

#[napi]
impl Port {
    /// `callback(request, kind, number, numbers, error)` runs once for each request.
    #[napi(constructor)]
    pub fn new(callback: Function<'_, Args, Unknown<'static>>) -> napi::Result<Self> {
        let replies: Arc<Mutex<HashMap<u32, Waiting>>> = Arc::default();
        let told = Arc::clone(&replies);
        // The callback holds itself until its environment ends. Else a thread of the pool that sends the last answer
        // would release it, and napi-rs could not tell that thread that the environment has freed it meanwhile.
        let itself = Arc::new(OnceLock::new());
        let held = Arc::clone(&itself);
        let callback =
            callback.build_threadsafe_function::<Message>().weak::<true>().callee_handled::<false>().build_callback(
                move |context| {
                    let _: &OnceLock<Arc<Callback>> = &held;
                    let Message { request, result } = context.value;
                    let (kind, number, numbers, error) = match result {
                        Ok(Settled::Rows(bytes)) => {
                            let size = bytes.bytes.len() as f64;
                            told.lock().unwrap_or_else(PoisonError::into_inner).insert(request, bytes);
                            (SETTLED_ROWS, size, None, None)
                        }
                        Ok(Settled::Number(number)) => (SETTLED_NUMBER, number, None, None),
                        Ok(Settled::Numbers(numbers)) => (SETTLED_NUMBERS, 0.0, Some(numbers), None),
                        Ok(Settled::Done) => (SETTLED_DONE, 0.0, None, None),
                        Err(failure) => (SETTLED_ERROR, 0.0, None, Some(failure)),
                    };
                    Ok(FnArgs::from((request, kind, number, numbers, error.map(ErrorObject::from))))
                },
            )?;
        let callback = Arc::new(callback);
        // It was empty.
        let _ = itself.set(Arc::clone(&callback));
        let outbox = Arc::new(Outbox::new(MOST_WAITING));
        Ok(Self { callback, replies, outbox, building: Cell::new(None) })
    }

    /// Copies the reply to a request that the callback was told of into `scratch`; then it is gone. False when it does
    /// not fit.
    #[napi]
    pub fn take(&self, env: Env, scratch: Unknown<'_>, request: u32) -> napi::Result<bool> {
        guard(&env, || {
            let mut replies = self.replies.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(reply) = replies.get(&request) else {
                return Err(Failure::invalid("there is no reply to this request: it was taken before"));
            };
            let fits = values::copy_into(scratch, &reply.bytes)?;
            let taken = if fits { replies.remove(&request) } else { None };
            drop(replies);
            if let Some(taken) = taken {
                recycle(taken.bytes);
            }
            Ok(fits)
        })
    }

    /// Counts a reply of so many bytes, in place of the one before: of it objects are being made, which takes several turns
    /// of the event loop. With 0, of none.
    #[napi]
    pub fn building(&self, bytes: f64) {
        let kept = (bytes > 0.0).then(|| self.outbox.keep(bytes as usize));
        // When it is dropped, queries that were held go on.
        drop(self.building.replace(kept));
    }
}

impl Port {
    /// For the answer to a request.
    pub(crate) fn sender(&self, request: u32) -> Sender {
        Sender { callback: self.callback.clone(), request }
    }

    /// Where its replies wait.
    pub(crate) fn outbox(&self) -> &Arc<Outbox> {
        &self.outbox
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        // The thread is gone, and with it whoever waits.
        self.outbox.close();
    }
}

thread_local! {
    /// The reply of the last quick read of this thread.
    static INLINE_REPLY: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The buffer for the reply of a quick read, which is copied at once, or when there is room for it. `work` runs no
/// JavaScript.
pub(crate) fn with_inline_reply<T>(work: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    INLINE_REPLY.with_borrow_mut(work)
}

/// The answer to one request.
pub(crate) struct Sender {
    callback: Arc<Callback>,
    request: u32,
}

impl Sender {
    /// Sends what `work` returns; a panic in it becomes an error, so that no promise waits for ever.
    pub(crate) fn settle(self, work: impl FnOnce() -> Result<Settled, Failure>) {
        let message = Message { request: self.request, result: contain(work) };
        // A status other than ok means that the thread is gone, and its promises with it.
        let _ = self.callback.call(message, ThreadsafeFunctionCallMode::NonBlocking);
    }

    /// Says that something is done, or why it is not.
    pub(crate) fn done(self, result: Result<(), purlin_driver::Error>) {
        self.settle(move || Ok(result.map(|()| Settled::Done)?));
    }

    /// A buffer that served before.
    pub(crate) fn spare() -> Vec<u8> {
        SPARE.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }
}

/// A reply that JavaScript has not taken yet.
pub(crate) struct Waiting {
    bytes: Vec<u8>,
    _kept: Kept,
}

/// While replies of more bytes wait for a thread of JavaScript, its reads wait: else a thread that is busy for a moment
/// finds gigabytes of replies.
const MOST_WAITING: usize = 128 << 20;

impl Waiting {
    pub(crate) fn new(outbox: &Arc<Outbox>, bytes: Vec<u8>) -> Self {
        let kept = outbox.keep(bytes.len());
        Self { bytes, _kept: kept }
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
