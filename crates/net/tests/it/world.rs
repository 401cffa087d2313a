//! A relay and a dealer, and parties that join through them.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cryptab_dealer::{Dealer, DealerConfig, DealerKey};
use cryptab_net::{JoinOptions, Party};
use cryptab_relay::{Relay, RelayConfig};
use cryptab_session::{Error, Event, Invite, Role};
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinHandle;
use tokio::time::timeout;

pub(crate) struct World {
    pub(crate) relay: Service,
    pub(crate) dealer: Service,
}

/// A service that can be stopped and started again at the same address.
pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    running: Option<Running>,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Relay,
    Dealer,
}

struct Running {
    close: Box<dyn Fn()>,
    served: JoinHandle<()>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let anywhere = "127.0.0.1:0".parse().unwrap();
        let relay = Service::start(anywhere, Kind::Relay).await;
        let dealer = Service::start(anywhere, Kind::Dealer).await;
        Self { relay, dealer }
    }

    /// A link to a new room that ends in `seconds` seconds.
    pub(crate) fn link(&self, parties: u8, program: &str, seconds: i64) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let room = u128::to_le_bytes(now.as_nanos());
        let invite = Invite {
            version: 1,
            room,
            secret: [9; 16].into(),
            dealer_key: key().public().0,
            parties,
            program: program.to_owned(),
            expires: now.as_secs().saturating_add_signed(seconds),
            dealer_url: Some(format!("ws://{}/dealer", self.dealer.address)),
            ownership: None,
        };
        invite.link(&format!("http://{}", self.relay.address))
    }
}

impl Service {
    async fn start(address: SocketAddr, kind: Kind) -> Self {
        let mut service = Self { address, running: None, kind };
        service.restart().await;
        service
    }

    pub(crate) async fn restart(&mut self) {
        let listener = listen(self.address).await;
        self.address = listener.local_addr().unwrap();
        self.running = Some(match self.kind {
            Kind::Relay => {
                let relay = Relay::new(RelayConfig::default());
                let router = relay.router();
                let serving = relay.clone();
                let never = std::future::pending::<()>();
                let served =
                    tokio::spawn(async move { serving.serve(listener, router, never).await });
                Running { close: Box::new(move || relay.close()), served }
            }
            Kind::Dealer => {
                let dealer = Dealer::new(DealerConfig::new(key()));
                let never = std::future::pending::<()>();
                let served = tokio::spawn(cryptab_relay::serve(listener, dealer.router(), never));
                Running { close: Box::new(move || dealer.close()), served }
            }
        });
    }

    pub(crate) async fn stop(&mut self) {
        let running = self.running.take().unwrap();
        (running.close)();
        running.served.abort();
        let _ = running.served.await;
    }
}

async fn listen(address: SocketAddr) -> TcpListener {
    loop {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        match socket.bind(address) {
            Ok(()) => return socket.listen(64).unwrap(),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

fn key() -> DealerKey {
    DealerKey::from_secret(&[5; 32])
}

pub(crate) async fn join(link: &str, name: &str) -> Party {
    Party::join(JoinOptions::new(link, name, Role::Help).unwrap()).await.unwrap()
}

/// The next event that is not about who is there.
pub(crate) async fn event(party: &Party) -> Event {
    let next = async {
        loop {
            match party.events().recv().await.unwrap() {
                Event::Lobby(_) | Event::Acquainted(_) => {}
                event => return event,
            }
        }
    };
    timeout(Duration::from_secs(10), next).await.expect("nothing happened in time")
}

pub(crate) async fn ready(party: &Party) {
    loop {
        match event(party).await {
            Event::Ready => return,
            Event::Failed(_) => {}
            event => panic!("{event:?}"),
        }
    }
}

pub(crate) async fn failure(party: &Party) -> Error {
    match event(party).await {
        Event::Failed(error) => error,
        event => panic!("{event:?}"),
    }
}

/// Computes the square of 1.5, on all parties.
pub(crate) async fn compute(party: &Party) -> f64 {
    let engine = party.engine().unwrap();
    let mine = [1.5];
    let data = (party.lobby().me == 0).then_some(&mine[..]);
    let x = engine.input(0, &[1], data).unwrap();
    x.square().unwrap().reveal().unwrap().await.unwrap()[0]
}
