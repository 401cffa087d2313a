//! A WebSocket as a pair of queues.

use std::time::Duration;

use bytes::Bytes;
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use crate::duplex::{FAREWELL, both};

/// A connection that is being made, or is open. Dropped, it is closed once all has been sent, and
/// nothing more is heard of it.
pub(crate) struct Pipe {
    outgoing: mpsc::UnboundedSender<Vec<u8>>,
    incoming: mpsc::Receiver<News>,
    task: JoinHandle<()>,
}

/// What happens to a pipe.
#[derive(Debug)]
pub(crate) enum News {
    /// It is open.
    Opened,
    /// A message has come.
    Message(Bytes),
    /// It has ended, or could not be made, for this reason.
    Closed(String),
}

impl Pipe {
    /// Begins to connect to `url`. Must be called within a tokio runtime.
    pub(crate) fn open(url: &str) -> Self {
        let (outgoing, to_send) = mpsc::unbounded_channel();
        let (news, incoming) = mpsc::channel(QUEUE);
        let url = url.to_owned();
        let task = tokio::spawn(async move {
            let reason = attend(&url, to_send, &news).await;
            // Nobody listens any more: then nobody needs to know.
            let _ = news.send(News::Closed(reason)).await;
        });
        Self { outgoing, incoming, task }
    }

    /// Sends a message, after those before it.
    pub(crate) fn send(&self, message: Vec<u8>) {
        // A pipe that has closed says so through its news.
        let _ = self.outgoing.send(message);
    }

    /// What happens next; nothing after [`News::Closed`]. Cancelled, it loses nothing.
    pub(crate) async fn next(&mut self) -> Option<News> {
        self.incoming.recv().await
    }

    /// Closes it and waits until all has been sent, for a while.
    pub(crate) async fn close(self) {
        let Self { outgoing, incoming, task } = self;
        drop((outgoing, incoming));
        // Whatever has not left by then is lost, as it would be with the connection.
        let _ = timeout(FAREWELL, task).await;
    }
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Connects and serves the connection; returns why it ended.
async fn attend(
    url: &str,
    mut to_send: mpsc::UnboundedReceiver<Vec<u8>>,
    news: &mpsc::Sender<News>,
) -> String {
    let socket = tokio::select! {
        socket = connect(url) => socket,
        () = news.closed() => return "it is not needed any more".to_owned(),
    };
    let socket = match socket {
        Ok(socket) => socket,
        Err(reason) => return reason,
    };
    if news.send(News::Opened).await.is_err() {
        return "it is not needed any more".to_owned();
    }
    let (sink, stream) = socket.split();
    both(read(stream, news), write(sink, &mut to_send)).await
}

async fn connect(url: &str) -> Result<Socket, String> {
    crate::tls::choose_provider();
    let config = WebSocketConfig::default()
        .max_message_size(Some(LONGEST_READ))
        .max_frame_size(Some(LONGEST_READ))
        .read_buffer_size(LONGEST_READ)
        .write_buffer_size(2 * LONGEST_READ)
        .max_write_buffer_size(8 * LONGEST_READ);
    match timeout(CONNECT_WITHIN, connect_async_with_config(url, Some(config), true)).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {} seconds", CONNECT_WITHIN.as_secs())),
    }
}

/// Reads until the connection ends, and says why; nothing when nobody listens.
async fn read(mut stream: SplitStream<Socket>, news: &mpsc::Sender<News>) -> Option<String> {
    loop {
        let message = tokio::select! {
            message = timeout(SILENCE, stream.next()) => message,
            () = news.closed() => return None,
        };
        match message {
            Err(_) => return Some("nothing was heard for too long".to_owned()),
            Ok(None) => return Some("the connection was closed".to_owned()),
            Ok(Some(Err(error))) => return Some(error.to_string()),
            Ok(Some(Ok(Message::Binary(message)))) => {
                if news.send(News::Message(message)).await.is_err() {
                    return None;
                }
            }
            Ok(Some(Ok(Message::Close(frame)))) => {
                let reason = frame.map(|frame| frame.reason.to_string()).unwrap_or_default();
                return Some(match reason.as_str() {
                    "" => "the connection was closed".to_owned(),
                    reason => format!("the connection was closed: {reason}"),
                });
            }
            Ok(Some(Ok(_))) => {}
        }
    }
}

/// Writes until there is nothing more to come, then closes.
async fn write(
    mut sink: SplitSink<Socket, Message>,
    to_send: &mut mpsc::UnboundedReceiver<Vec<u8>>,
) -> Result<(), String> {
    let mut pings = interval(PING_EVERY);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let text = |error: tokio_tungstenite::tungstenite::Error| error.to_string();
    loop {
        tokio::select! {
            biased;
            // A party that computes for long does not read, so it cannot answer: it speaks instead.
            _ = pings.tick() => sink.send(Message::Ping(Vec::new().into())).await.map_err(text)?,
            message = to_send.recv() => match message {
                Some(message) => {
                    sink.feed(Message::Binary(message.into())).await.map_err(text)?;
                    // Many packets leave together; the last one never waits.
                    if to_send.is_empty() {
                        sink.flush().await.map_err(text)?;
                    }
                }
                None => return sink.close().await.map_err(text),
            },
        }
    }
}

/// Messages that may wait to be taken: 64 of at most 64 KiB.
const QUEUE: usize = 64;
/// Twice the longest packet.
const LONGEST_READ: usize = 128 << 10;
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// Relay and dealer ping every few seconds.
const SILENCE: Duration = Duration::from_secs(25);
const PING_EVERY: Duration = Duration::from_secs(3);
