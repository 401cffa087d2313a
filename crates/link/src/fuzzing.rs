//! What streams read, for the programs in `fuzz/` alone.

use crate::stream::frame::Frame;

/// The frame in a sealed message, written again; nothing if it is none.
#[must_use]
pub fn frame(bytes: &[u8]) -> Option<Vec<u8>> {
    let frame = Frame::parse(bytes)?;
    let head = frame.head();
    let rest = match frame {
        Frame::Data { bytes, .. } | Frame::Aside { bytes } => bytes,
        // Padding, which nobody looks at.
        Frame::Probe { .. } => &bytes[head.len()..],
        _ => &[],
    };
    Some([&head, rest].concat())
}
