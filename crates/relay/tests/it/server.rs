//! A relay on a free port of the loopback.

use std::net::SocketAddr;
use std::time::Duration;

use cryptab_relay::{Relay, RelayConfig, Times};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Serves until it is dropped or stopped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(config: RelayConfig) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let relay = Relay::new(config);
        let (stop, stopped) = oneshot::channel();
        let shutdown = async {
            let _ = stopped.await;
        };
        let served =
            tokio::spawn(async move { relay.serve(listener, relay.router(), shutdown).await });
        Self { address, stop, served }
    }

    /// Asks it to stop; the handle ends when it has.
    pub(crate) fn stop(self) -> JoinHandle<()> {
        self.stop.send(()).unwrap();
        self.served
    }

    /// The response to a GET: head in lower case, and body.
    pub(crate) async fn get(&self, path: &str) -> (String, Vec<u8>) {
        let mut connection = TcpStream::connect(self.address).await.unwrap();
        let host = self.address;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut response = Vec::new();
        connection.read_to_end(&mut response).await.unwrap();
        let end = response.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        let body = response.split_off(end + 4);
        (String::from_utf8(response).unwrap().to_lowercase(), body)
    }

    /// The page of metrics.
    pub(crate) async fn metrics(&self) -> String {
        String::from_utf8(self.get("/metrics").await.1).unwrap()
    }
}

/// A relay that notices silence soon.
pub(crate) fn impatient() -> RelayConfig {
    let times = Times {
        join_within: Duration::from_millis(200),
        ping_every: Duration::from_millis(100),
        silence: Duration::from_millis(400),
        ..Times::default()
    };
    RelayConfig { times, ..RelayConfig::default() }
}
