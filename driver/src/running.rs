//! A query on its way.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_channel::oneshot;

use crate::error::{Error, ErrorKind};

/// A query on its way, on any async runtime.
///
/// It runs on a thread of the pool whether it is polled or not. Dropping it forgets the result; a write
/// still ends as a whole.
#[derive(Debug)]
pub struct Running<T>(oneshot::Receiver<Result<T, Error>>);

impl<T> Running<T> {
    /// A query and the callback that ends it.
    pub(crate) fn new() -> (Self, impl FnOnce(Result<T, Error>) + Send + use<T>)
    where
        T: Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        // The receiver is gone when nobody waits any more.
        (Self(receiver), move |result| drop(sender.send(result)))
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
