//! Where a party listens for others: on its own addresses, each by name.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::task::{Context, Poll};

use tokio::net::{TcpListener, TcpStream};

use crate::direct::signal::MOST_ADDRESSES;

/// Open ports, one for each address.
pub(in crate::direct) struct Listeners(pub(super) Vec<TcpListener>);

impl Listeners {
    /// Listens on the loopback and on every network that this machine is in. What cannot be listened
    /// on is left out.
    pub(in crate::direct) async fn open() -> Self {
        let mut listeners = Vec::new();
        for address in own_addresses() {
            match TcpListener::bind(SocketAddr::new(address, 0)).await {
                Ok(listener) => listeners.push(listener),
                Err(error) => tracing::debug!(%error, "an address cannot be listened on"),
            }
        }
        Self(listeners)
    }

    /// Where they listen.
    pub(in crate::direct) fn addresses(&self) -> Vec<SocketAddr> {
        self.0.iter().filter_map(|listener| listener.local_addr().ok()).collect()
    }

    /// The next connection on any of them.
    pub(super) fn poll_accept(&self, context: &mut Context<'_>) -> Poll<io::Result<TcpStream>> {
        for listener in &self.0 {
            if let Poll::Ready(accepted) = listener.poll_accept(context) {
                return Poll::Ready(accepted.map(|(stream, _)| stream));
            }
        }
        Poll::Pending
    }
}

/// The loopback, which is the fastest where it leads to the other at all, and then the networks.
fn own_addresses() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let networks = interfaces.iter().filter(|interface| interface.is_oper_up());
    let networks = networks.map(if_addrs::Interface::ip).filter(is_reachable);
    let loopback = IpAddr::from(Ipv4Addr::LOCALHOST);
    std::iter::once(loopback).chain(networks).take(MOST_ADDRESSES).collect()
}

/// Whether others on the network can reach this address as it is written. Link-local addresses of
/// IPv6 mean nothing without the name of an interface, which is another on each machine.
fn is_reachable(address: &IpAddr) -> bool {
    let link_local = matches!(address, IpAddr::V6(address) if address.is_unicast_link_local());
    !address.is_loopback() && !link_local && !address.is_unspecified()
}

#[cfg(test)]
mod tests {
    use super::{Listeners, is_reachable};

    #[tokio::test]
    async fn the_loopback_comes_first_and_nothing_listens_everywhere() {
        let addresses = Listeners::open().await.addresses();
        assert!(addresses[0].ip().is_loopback(), "{addresses:?}");
        assert!(
            addresses.iter().all(|address| !address.ip().is_unspecified() && address.port() != 0)
        );
    }

    #[test]
    fn addresses_that_mean_another_machine_elsewhere_are_not_told() {
        let reachable = |text: &str| is_reachable(&text.parse().unwrap());
        assert!(reachable("192.168.1.5") && reachable("10.0.0.1") && reachable("2001:db8::1"));
        assert!(
            !reachable("127.0.0.1")
                && !reachable("::1")
                && !reachable("fe80::1")
                && !reachable("0.0.0.0")
        );
    }
}
