//! One direct connection, as the driver sees it: queues and a task.

use std::task::{Context, Poll};

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::ice;
use super::meet::{Met, meet};
use super::{DirectNews, Side};

/// A connection that is being made, or is open. Dropped, it is closed once all has been sent, and
/// nothing more is heard of it.
pub(super) struct Connection {
    signals: mpsc::Sender<Vec<u8>>,
    outgoing: mpsc::UnboundedSender<Vec<u8>>,
    incoming: mpsc::Receiver<DirectNews>,
    task: JoinHandle<()>,
}

/// The task's ends of the queues.
pub(super) struct Ends {
    /// What the other end has to say.
    pub(super) signals: mpsc::Receiver<Vec<u8>>,
    /// What shall be sent.
    pub(super) to_send: mpsc::UnboundedReceiver<Vec<u8>>,
    /// To the driver.
    pub(super) news: mpsc::Sender<DirectNews>,
}

impl Connection {
    pub(super) fn open(side: Side, relay: &str) -> Self {
        let (signals, signals_heard) = mpsc::channel(MOST_SIGNALS);
        let (outgoing, to_send) = mpsc::unbounded_channel();
        let (news, incoming) = mpsc::channel(QUEUE);
        let ends = Ends { signals: signals_heard, to_send, news };
        let relay = relay.to_owned();
        let task = tokio::spawn(async move {
            let news = ends.news.clone();
            let reason = attend(side, &relay, ends).await;
            // Nobody listens any more: then nobody needs to know.
            let _ = news.send(DirectNews::Closed(reason)).await;
        });
        Self { signals, outgoing, incoming, task }
    }

    /// Closes it; the task ends once all has been sent, or after a while.
    pub(super) fn close(self) -> JoinHandle<()> {
        self.task
    }

    /// Passes a signal on. More than may wait are lost.
    pub(super) fn signal(&self, bytes: Vec<u8>) {
        let _ = self.signals.try_send(bytes);
    }

    pub(super) fn send(&self, message: Vec<u8>) {
        // A connection that has closed says so through its news.
        let _ = self.outgoing.send(message);
    }

    pub(super) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<DirectNews>> {
        self.incoming.poll_recv(context)
    }
}

/// Makes the connection and serves it; returns why it ended.
async fn attend(side: Side, relay: &str, mut ends: Ends) -> String {
    let news = ends.news.clone();
    let making = async { meet(side, &ice::ask(relay).await?, &mut ends).await };
    let met = tokio::select! {
        met = making => met,
        () = news.closed() => return "it is not needed any more".to_owned(),
    };
    let met = match met {
        Ok(met) => met,
        Err(reason) => return reason,
    };
    if ends.news.send(DirectNews::Opened).await.is_err() {
        return "it is not needed any more".to_owned();
    }
    match met {
        Met::Tcp(stream) => {
            let Ends { signals, mut to_send, news } = ends;
            // There is nothing more to agree on.
            drop(signals);
            super::tcp::carry(stream, &mut to_send, &news).await
        }
        Met::Webrtc(channel) => channel.carry(&mut ends).await,
    }
}

/// Messages that may wait to be taken: 64 of at most 64 KiB.
const QUEUE: usize = 64;
/// Signals that may wait to be read.
pub(super) const MOST_SIGNALS: usize = 64;

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::{Connection, MOST_SIGNALS, Side};

    #[tokio::test]
    async fn signals_that_wait_to_be_read_have_a_bound() {
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let relay = format!("ws://{}/relay", silent.local_addr().unwrap());
        let connection = Connection::open(Side::Answers, &relay);
        for _ in 0..=MOST_SIGNALS {
            connection.signal(vec![0; 1000]);
        }
        assert_eq!((connection.signals.capacity(), connection.signals.is_closed()), (0, false));
    }
}
