//! What direct connections read, for the programs in `fuzz/` alone.

use bytes::BytesMut;

use crate::direct;

/// Packets out of what a TCP connection carries, written again, and how many bytes they had there; an error
/// where the connection would be ended.
///
/// # Errors
/// Why it would.
pub fn packets(bytes: &[u8]) -> Result<(Vec<u8>, usize), &'static str> {
    let mut buffer = BytesMut::from(bytes);
    let mut again = Vec::new();
    while let Some(packet) = direct::next_frame(&mut buffer)? {
        again.extend_from_slice(&(packet.len() as u32).to_le_bytes());
        again.extend_from_slice(&packet);
    }
    Ok((again, bytes.len() - buffer.len()))
}

/// What the other end says for a direct connection to come about, written twice.
#[must_use]
pub fn signal(bytes: &[u8]) -> Option<[Vec<u8>; 2]> {
    let signal = direct::Signal::parse(bytes)?;
    let once = signal.encode();
    let twice = direct::Signal::parse(&once)?.encode();
    Some([once, twice])
}
