//! The body of an answer, which a fault may break.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// A body that is whole, or ends too early.
#[derive(Debug)]
pub(super) struct Content {
    data: Bytes,
    end: End,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Whole,
    /// What was written is sent first, then the connection breaks.
    CutOff,
    Breaking,
    Stalled,
}

/// How a connection ends instead of an answer, or within one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Broken {
    Reset,
    Closed,
    /// After this many bytes.
    NotHttp(usize),
}

impl Content {
    pub(super) fn whole(data: impl Into<Bytes>) -> Self {
        Self { data: data.into(), end: End::Whole }
    }

    pub(super) fn cut_off(self) -> Self {
        self.half(End::CutOff)
    }

    pub(super) fn stalled(self) -> Self {
        self.half(End::Stalled)
    }

    pub(super) fn len(&self) -> usize {
        self.data.len()
    }

    fn half(mut self, end: End) -> Self {
        self.data.truncate(self.data.len() / 2);
        Self { end, ..self }
    }
}

impl Body for Content {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        if !self.data.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.data)))));
        }
        match self.end {
            End::Whole => Poll::Ready(None),
            End::Stalled => Poll::Pending,
            End::Breaking => Poll::Ready(Some(Err(Broken::Closed))),
            End::CutOff => {
                self.end = End::Breaking;
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_empty() && self.end == End::Whole
    }

    fn size_hint(&self) -> SizeHint {
        match self.end {
            End::Whole => SizeHint::with_exact(self.data.len() as u64),
            _ => SizeHint::default(),
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the embedded Chime broke the connection, as a fault told it to")
    }
}

impl std::error::Error for Broken {}
