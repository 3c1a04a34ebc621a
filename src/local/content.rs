//! The body of a response, which a fault may break.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// A body that is complete or ends too early.
#[derive(Debug)]
pub(super) struct Content {
    data: Bytes,
    /// The number of filler bytes after the data.
    filler: u64,
    end: End,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Whole,
    /// The data is sent before the connection breaks.
    CutOff,
    Breaking,
    Stalled,
}

/// The way in which a fault breaks a connection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Broken {
    Reset,
    Closed,
    /// The connection is closed after this many bytes that are not HTTP.
    NotHttp(usize),
}

/// The length of the longest body, which many clients read as a signed number.
const LONGEST: u64 = i64::MAX.unsigned_abs();

const FILLER: &[u8] = &[b'x'; 16 * 1024];

impl Content {
    pub(super) fn whole(data: impl Into<Bytes>) -> Self {
        Self { data: data.into(), filler: 0, end: End::Whole }
    }

    /// Creates a body of this many filler bytes, which are created while they are sent.
    pub(super) fn filler(bytes: usize) -> Self {
        let filler = u64::try_from(bytes).unwrap_or(u64::MAX).min(LONGEST);
        Self { filler, ..Self::whole("") }
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
        if self.filler > 0 {
            let length = FILLER.len().min(usize::try_from(self.filler).unwrap_or(usize::MAX));
            self.filler -= length as u64;
            return Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&FILLER[..length])))));
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
        self.data.is_empty() && self.filler == 0 && self.end == End::Whole
    }

    fn size_hint(&self) -> SizeHint {
        match self.end {
            End::Whole => SizeHint::with_exact(self.data.len() as u64 + self.filler),
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
