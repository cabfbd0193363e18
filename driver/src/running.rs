//! A query on its way.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_channel::oneshot;

use crate::error::{Error, ErrorKind};
use crate::request::Completion;

/// A query on its way, on any async runtime.
///
/// It runs on a thread of the pool whether it is polled or not. One that is dropped before its turn has come does not run; one
/// that has begun ends as a whole, and its result is forgotten.
#[derive(Debug)]
pub struct Running<T>(oneshot::Receiver<Result<T, Error>>);

impl<T> Running<T> {
    /// A query and what ends it.
    pub(crate) fn new() -> (Self, Completion<T>) {
        let (sender, receiver) = oneshot::channel();
        (Self(receiver), Completion::of(sender))
    }
}

impl<T> Future for Running<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|received| {
            received
                .unwrap_or_else(|_| Err(Error::new(ErrorKind::Closed, "the pool was closed while the query waited")))
        })
    }
}
