//! A connection over a distance: what is sent arrives later, and no faster than the line allows.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::{Instant, sleep_until};

/// What lies between two ends of a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Line {
    /// From the moment the last bit is sent until it arrives.
    delay: Duration,
    /// Each way; unlimited if none.
    bytes_per_second: Option<f64>,
}

/// Bytes on their way.
struct Flight {
    arrival: Instant,
    bytes: Vec<u8>,
}

impl Line {
    /// A line with this time there and back.
    pub(crate) fn new(round_trip_ms: u32, megabits_per_second: Option<u32>) -> Self {
        Self {
            delay: Duration::from_millis(u64::from(round_trip_ms)) / 2,
            bytes_per_second: megabits_per_second.map(|rate| f64::from(rate) * 1e6 / 8.0),
        }
    }

    /// Where to connect instead of to `address` for this line to lie in between.
    pub(crate) async fn before(self, address: SocketAddr) -> std::io::Result<SocketAddr> {
        if self == Self::default() {
            return Ok(address);
        }
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let here = listener.local_addr()?;
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(self.join(near, address));
            }
        });
        Ok(here)
    }

    /// Carries both directions until both have ended.
    async fn join(self, near: TcpStream, address: SocketAddr) -> std::io::Result<()> {
        let far = TcpStream::connect(address).await?;
        near.set_nodelay(true)?;
        far.set_nodelay(true)?;
        let (near_reader, near_writer) = near.into_split();
        let (far_reader, far_writer) = far.into_split();
        tokio::try_join!(self.carry(near_reader, far_writer), self.carry(far_reader, near_writer))
            .map(drop)
    }

    /// Carries one direction.
    async fn carry(
        self,
        from: impl AsyncRead + Unpin,
        to: impl AsyncWrite + Unpin,
    ) -> std::io::Result<()> {
        let (sender, receiver) = mpsc::channel(FLIGHTS);
        tokio::try_join!(self.depart(from, sender), arrive(receiver, to)).map(drop)
    }

    async fn depart(
        self,
        mut from: impl AsyncRead + Unpin,
        flights: Sender<Flight>,
    ) -> std::io::Result<()> {
        let mut sent = Instant::now();
        loop {
            let mut bytes = vec![0; CHUNK];
            let length = from.read(&mut bytes).await?;
            if length == 0 {
                return Ok(());
            }
            bytes.truncate(length);
            sent = sent.max(Instant::now()) + self.time_to_send(length);
            let flight = Flight { arrival: sent + self.delay, bytes };
            if flights.send(flight).await.is_err() {
                return Ok(());
            }
            // No more is taken from the sender than the line carries, but the next bytes are here before
            // the last are sent: timers are not fine enough to wake at that moment.
            sleep_until(sent - SLACK).await;
        }
    }

    fn time_to_send(self, length: usize) -> Duration {
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        self.bytes_per_second
            .map_or(Duration::ZERO, |rate| Duration::from_secs_f64(f64::from(length) / rate))
    }
}

async fn arrive(
    mut flights: Receiver<Flight>,
    mut to: impl AsyncWrite + Unpin,
) -> std::io::Result<()> {
    while let Some(Flight { arrival, bytes }) = flights.recv().await {
        sleep_until(arrival).await;
        to.write_all(&bytes).await?;
    }
    to.shutdown().await
}

/// Enough for 50 ms at 10 Gbit/s; a full queue only makes the sender wait.
const FLIGHTS: usize = 4096;
const CHUNK: usize = 16 * 1024;
const SLACK: Duration = Duration::from_millis(4);

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
    use tokio::time::Instant;

    use super::Line;

    /// The milliseconds until the last of `count` bytes arrives; time is simulated.
    async fn time_for(line: Line, count: usize) -> u128 {
        let (mut sender, near) = duplex(1 << 20);
        let (far, mut receiver) = duplex(1 << 20);
        let start = Instant::now();
        let carried = line.carry(near, far);
        let all = async {
            sender.write_all(&vec![7; count]).await.unwrap();
            drop(sender);
            let mut received = Vec::new();
            receiver.read_to_end(&mut received).await.unwrap();
            assert_eq!(received, vec![7; count]);
            start.elapsed().as_millis()
        };
        let (carried, time) = tokio::join!(carried, all);
        carried.unwrap();
        time
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_arrive_after_half_the_round_trip_at_the_rate_of_the_line() {
        assert!((25..=27).contains(&time_for(Line::new(50, None), 1 << 20).await));
        // 1,250,000 bytes are 100 ms at 100 Mbit/s.
        assert!((125..=130).contains(&time_for(Line::new(50, Some(100)), 1_250_000).await));
        assert!((100..=105).contains(&time_for(Line::new(0, Some(100)), 1_250_000).await));
    }
}
