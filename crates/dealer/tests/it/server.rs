//! A dealer on a free port of the loopback.

use std::net::SocketAddr;

use cryptab_dealer::{Dealer, DealerConfig, DealerKey};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Serves until it is dropped.
pub(crate) struct Server {
    pub(crate) dealer: Dealer,
    pub(crate) address: SocketAddr,
    served: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(config: DealerConfig) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let dealer = Dealer::new(config);
        let router = dealer.router().merge(dealer.service_router());
        let served =
            tokio::spawn(cryptab_relay::serve(listener, router, std::future::pending::<()>()));
        Self { dealer, address, served }
    }

    pub(crate) fn public(&self) -> [u8; 32] {
        self.dealer.public_key().0
    }

    /// The whole response to a GET.
    pub(crate) async fn get(&self, path: &str) -> String {
        let mut connection = TcpStream::connect(self.address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: dealer\r\nConnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut response = String::new();
        connection.read_to_string(&mut response).await.unwrap();
        response
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.served.abort();
    }
}

/// A dealer with key `number`.
pub(crate) fn config(number: u8) -> DealerConfig {
    DealerConfig::new(DealerKey::from_secret(&[number; 32]))
}
