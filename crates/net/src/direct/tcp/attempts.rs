//! From the addresses of both sides to one connection between them.

use std::future::{pending, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::listeners::Listeners;
use super::proof::{End, Secret, Token};
use crate::direct::Side;
use crate::direct::signal::Invitation;

/// Connects to the party that sent `theirs`, which was sent `mine`.
///
/// Both sides return the same connection: the one that the offering side takes. Ends only when there
/// is one: while this side reaches nobody, the other may still reach it.
pub(in crate::direct) async fn connect(
    side: Side,
    listeners: &Listeners,
    mine: Token,
    theirs: &Invitation,
) -> TcpStream {
    let secret = Secret::of(side, mine, theirs.token);
    let mut attempts: FuturesUnordered<BoxFuture<'static, io::Result<TcpStream>>> =
        theirs.usable().map(|address| limited(call(side, address, secret))).collect();
    let mut accepts = true;
    loop {
        let lets_in = accepts && attempts.len() < MOST;
        tokio::select! {
            Some(attempt) = attempts.next() => match attempt {
                Ok(mut stream) => match side {
                    Side::Answers => return stream,
                    Side::Offers => if stream.write_all(&[TAKEN]).await.is_ok() {
                        return stream;
                    }
                }
                Err(error) => tracing::debug!(%error, "an address does not lead to the other party"),
            },
            accepted = poll_fn(|context| listeners.poll_accept(context)), if lets_in => match accepted {
                Ok(stream) => attempts.push(limited(answer(side, stream, secret))),
                Err(error) => {
                    // It would most likely fail again at once, and for ever.
                    tracing::debug!(%error, "nobody can be let in any more");
                    accepts = false;
                }
            },
            else => return pending().await,
        }
    }
}

/// Calls the other side at one of its addresses.
async fn call(side: Side, address: SocketAddr, secret: Secret) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    stream.write_all(&secret.proof(End::Caller)).await?;
    prove(&mut stream, End::Called, secret).await?;
    taken(side, stream).await
}

/// Someone has called: the other side or a stranger.
async fn answer(side: Side, mut stream: TcpStream, secret: Secret) -> io::Result<TcpStream> {
    stream.set_nodelay(true)?;
    prove(&mut stream, End::Caller, secret).await?;
    stream.write_all(&secret.proof(End::Called)).await?;
    taken(side, stream).await
}

/// Reads the proof of `end`.
async fn prove(stream: &mut TcpStream, end: End, secret: Secret) -> io::Result<()> {
    let mut said = [0; 32];
    stream.read_exact(&mut said).await?;
    let stranger = || io::Error::new(io::ErrorKind::PermissionDenied, "a stranger is there");
    secret.is_proven(end, &said).then_some(()).ok_or_else(stranger)
}

/// The side that answers waits to hear which connection the other takes.
async fn taken(side: Side, mut stream: TcpStream) -> io::Result<TcpStream> {
    if side == Side::Answers && stream.read_u8().await? != TAKEN {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a stranger is there"));
    }
    Ok(stream)
}

fn limited(
    attempt: impl Future<Output = io::Result<TcpStream>> + Send + 'static,
) -> BoxFuture<'static, io::Result<TcpStream>> {
    timeout(PATIENCE, attempt).map(|attempt| attempt?).boxed()
}

/// What the offering side says on the connection that it takes.
const TAKEN: u8 = 1;
/// Attempts at once: beyond it nobody is let in, so strangers cost little.
const MOST: usize = 64;
const PATIENCE: Duration = Duration::from_secs(5);

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::future::poll_fn;
    use std::os::fd::AsFd as _;
    use std::pin::pin;
    use std::time::Duration;

    use tokio::net::{TcpListener, TcpSocket};
    use tokio::time::timeout;

    use super::{Listeners, Token, connect};
    use crate::direct::Side;
    use crate::direct::signal::Invitation;

    /// A socket that nobody listens on: to accept fails each time.
    fn broken() -> TcpListener {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let socket = socket.as_fd().try_clone_to_owned().unwrap();
        TcpListener::from_std(socket.into()).unwrap()
    }

    #[tokio::test]
    async fn a_listener_that_fails_is_not_asked_again() {
        let listener = broken();
        assert!(timeout(Duration::from_secs(5), listener.accept()).await.unwrap().is_err());
        let listeners = Listeners(vec![listener]);
        let token = Token::from_bytes([1; 16]);
        let nowhere = Invitation { token, addresses: Vec::new() };
        let mut connecting = pin!(connect(Side::Answers, &listeners, token, &nowhere));
        let mut polls = 0;
        let counted = poll_fn(|context| {
            polls += 1;
            connecting.as_mut().poll(context)
        });
        assert!(timeout(Duration::from_millis(200), counted).await.is_err());
        assert!(polls < 10, "{polls}");
    }
}
