//! The network address that limits count by.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::config::AddressSource;
use crate::relay::Shared;

/// An IPv4 address, or the first 64 bits of an IPv6 address: what one customer of a network is
/// given.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Address(IpAddr);

impl Address {
    fn new(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
            address @ IpAddr::V4(_) => address,
        })
    }

    /// The other end of a connection.
    pub(crate) fn of(peer: SocketAddr) -> Self {
        Self::new(peer.ip())
    }

    /// One of 256 different addresses.
    #[cfg(test)]
    pub(crate) fn numbered(last: u8) -> Self {
        Self::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)))
    }

    fn find(source: AddressSource, peer: Option<SocketAddr>, headers: &HeaderMap) -> Self {
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        Self::new(match source {
            AddressSource::Peer => peer,
            AddressSource::ForwardedFor => forwarded_for(headers).unwrap_or(peer),
        })
    }
}

impl FromRequestParts<Arc<Shared>> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        shared: &Arc<Shared>,
    ) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
        Ok(Self::find(shared.config.address_source, peer, &parts.headers))
    }
}

/// Each proxy appends whom it saw, so only the last entry is the word of the proxy in front of us.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::http::HeaderMap;

    use super::{Address, AddressSource};

    fn address(text: &str) -> Address {
        Address::new(text.parse().unwrap())
    }

    #[test]
    fn one_ipv6_network_is_one_address() {
        assert_eq!(address("2001:db8:1:2:3:4:5:6"), address("2001:db8:1:2::1"));
        assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
    }

    #[test]
    fn only_the_nearest_proxy_is_believed_and_only_when_told_to() {
        let peer: SocketAddr = "192.0.2.9:1234".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "198.51.100.1".parse().unwrap());
        headers.append("x-forwarded-for", "198.51.100.2, 198.51.100.3".parse().unwrap());
        let find = |source| Address::find(source, Some(peer), &headers);
        assert_eq!(find(AddressSource::Peer), address("192.0.2.9"));
        assert_eq!(find(AddressSource::ForwardedFor), address("198.51.100.3"));
    }
}
