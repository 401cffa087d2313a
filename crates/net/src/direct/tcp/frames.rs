//! Packets on a TCP connection: each behind its length, 4 bytes, little-endian.

use std::io::{self, IoSlice};

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::direct::DirectNews;
use crate::duplex::both;

/// Carries packets in both directions until the connection ends; returns why.
pub(in crate::direct) async fn carry(
    stream: TcpStream,
    to_send: &mut mpsc::UnboundedReceiver<Vec<u8>>,
    news: &mpsc::Sender<DirectNews>,
) -> String {
    let (reader, writer) = stream.into_split();
    let writing = async { write(writer, to_send).await.map_err(|error| error.to_string()) };
    both(read(reader, news), writing).await
}

/// Reads until the connection ends, and says why; nothing when nobody listens.
async fn read(
    mut reader: impl AsyncRead + Unpin,
    news: &mpsc::Sender<DirectNews>,
) -> Option<String> {
    let mut buffer = BytesMut::with_capacity(READ_AHEAD);
    loop {
        loop {
            match next_frame(&mut buffer) {
                Ok(Some(frame)) => news.send(DirectNews::Message(frame)).await.ok()?,
                Ok(None) => break,
                Err(reason) => return Some(reason.to_owned()),
            }
        }
        if buffer.capacity() - buffer.len() < HEADER + LONGEST as usize {
            buffer.reserve(READ_AHEAD);
        }
        let read = tokio::select! {
            read = reader.read_buf(&mut buffer) => read,
            () = news.closed() => return None,
        };
        match read {
            Ok(0) => return Some("the connection was closed".to_owned()),
            Ok(_) => {}
            Err(error) => return Some(error.to_string()),
        }
    }
}

/// The next whole frame.
pub(crate) fn next_frame(buffer: &mut BytesMut) -> Result<Option<Bytes>, &'static str> {
    let Some(header) = buffer.first_chunk::<HEADER>() else { return Ok(None) };
    let length = u32::from_le_bytes(*header);
    if length > LONGEST {
        return Err("the other party sent a packet that is too long");
    }
    let length = length as usize;
    if buffer.len() < HEADER + length {
        return Ok(None);
    }
    buffer.advance(HEADER);
    Ok(Some(buffer.split_to(length).freeze()))
}

/// Writes until there is nothing more to come, then says so to the other end.
async fn write(
    mut writer: impl AsyncWrite + Unpin,
    to_send: &mut mpsc::UnboundedReceiver<Vec<u8>>,
) -> io::Result<()> {
    let mut batch: Vec<Vec<u8>> = Vec::with_capacity(BATCH);
    while to_send.recv_many(&mut batch, BATCH).await > 0 {
        write_frames(&mut writer, &batch).await?;
        batch.clear();
    }
    writer.shutdown().await
}

/// Writes all packets of a batch together: many small ones cost one call of the system.
async fn write_frames(mut writer: impl AsyncWrite + Unpin, batch: &[Vec<u8>]) -> io::Result<()> {
    let length =
        |packet: &Vec<u8>| u32::try_from(packet.len()).ok().filter(|length| *length <= LONGEST);
    let headers = batch.iter().map(|packet| length(packet).map(u32::to_le_bytes));
    let too_long = || io::Error::new(io::ErrorKind::InvalidInput, "a packet is too long");
    let headers: Vec<[u8; HEADER]> = headers.collect::<Option<_>>().ok_or_else(too_long)?;
    let parts = headers.iter().zip(batch).flat_map(|(header, packet)| [&header[..], &packet[..]]);
    let mut slices: Vec<IoSlice<'_>> =
        parts.filter(|part| !part.is_empty()).map(IoSlice::new).collect();
    let mut rest = &mut slices[..];
    while !rest.is_empty() {
        let written = writer.write_vectored(rest).await?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        IoSlice::advance_slices(&mut rest, written);
    }
    Ok(())
}

const HEADER: usize = 4;
/// Packets are shorter than 64 KiB.
const LONGEST: u32 = 64 << 10;
/// Packets that leave together.
const BATCH: usize = 16;
/// What is asked of the system at once.
const READ_AHEAD: usize = 256 << 10;

#[cfg(test)]
mod tests {
    use bytes::{BufMut as _, BytesMut};
    use tokio::sync::mpsc;

    use super::{LONGEST, next_frame, read, write};
    use crate::direct::DirectNews;

    #[tokio::test]
    async fn packets_of_all_sizes_survive_the_way_in_order() {
        // A pipe shorter than most packets: every write is a part.
        let (one, other) = tokio::io::duplex(1000);
        let (sender, mut to_send) = mpsc::unbounded_channel();
        let sizes = [0, 1, 4, 65_535, 0, 1000, 3, LONGEST as usize];
        let packets: Vec<Vec<u8>> =
            (0u8..).zip(sizes).map(|(fill, size)| vec![fill; size]).collect();
        packets.iter().for_each(|packet| sender.send(packet.clone()).unwrap());
        drop(sender);
        let (news, mut heard) = mpsc::channel(1);
        let listen = async {
            let mut found = Vec::new();
            while let Some(DirectNews::Message(packet)) = heard.recv().await {
                found.push(packet.to_vec());
            }
            found
        };
        let reading = async {
            let news = news;
            read(other, &news).await
        };
        let (written, reason, found) = tokio::join!(write(one, &mut to_send), reading, listen);
        written.unwrap();
        assert_eq!(reason.as_deref(), Some("the connection was closed"));
        assert_eq!(found, packets);
    }

    #[test]
    fn what_is_too_long_is_refused_before_it_is_read() {
        let mut buffer = BytesMut::new();
        buffer.put_u32_le(LONGEST + 1);
        assert!(next_frame(&mut buffer).is_err());
    }

    #[tokio::test]
    async fn a_packet_that_the_other_end_would_refuse_is_not_sent() {
        let (one, _other) = tokio::io::duplex(1000);
        let (sender, mut to_send) = mpsc::unbounded_channel();
        sender.send(vec![0; LONGEST as usize + 1]).unwrap();
        assert!(write(one, &mut to_send).await.is_err());
    }

    #[tokio::test]
    async fn a_slow_listener_stops_the_reading() {
        let (one, other) = tokio::io::duplex(64);
        let (sender, mut to_send) = mpsc::unbounded_channel();
        (0..100).for_each(|_| sender.send(vec![7; 50]).unwrap());
        let (news, mut heard) = mpsc::channel(1);
        let mut transport =
            std::pin::pin!(async { tokio::join!(write(one, &mut to_send), read(other, &news)) });
        // Polled until it cannot go on, the way it would be if nobody took anything for ever.
        for _ in 0..200 {
            let poll = futures::poll!(&mut transport);
            assert!(poll.is_pending());
        }
        assert_eq!(heard.len(), 1);
        let received = async {
            let mut count = 0;
            while count < 100 {
                count += usize::from(heard.recv().await.is_some());
            }
        };
        tokio::select! {
            biased;
            () = received => {}
            _ = transport => panic!("the connection ended"),
        }
    }
}
