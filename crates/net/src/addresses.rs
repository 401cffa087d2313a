//! Where a link leads: to the relay of its site, and to the dealer that the invite names.

use cryptab_session::Invite;

use crate::Error;

/// The WebSocket addresses of a room.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Addresses {
    /// The relay.
    pub relay: String,
    /// The dealer.
    pub dealer: String,
}

impl Addresses {
    /// The addresses for a room whose link is `link` and whose invite is `invite`.
    ///
    /// # Errors
    /// [`Error::Address`] when the link does not begin with `http://` or `https://` and a host.
    pub fn of(link: &str, invite: &Invite) -> Result<Self, Error> {
        let page = link.split(['#', '?']).next().unwrap_or(link).trim();
        let (scheme, rest) = match page.split_once("://") {
            Some(("http", rest)) => ("ws", rest),
            Some(("https", rest)) => ("wss", rest),
            _ => return Err(Error::Address("the link must begin with http:// or https://".into())),
        };
        let host = rest.split('/').next().unwrap_or_default();
        if host.is_empty() {
            return Err(Error::Address("the link names no host".into()));
        }
        let on_site = |path: &str| format!("{scheme}://{host}{path}");
        let dealer = match invite.dealer_url.as_deref() {
            None => on_site("/dealer"),
            Some(path) if path.starts_with('/') => on_site(path),
            Some(url) => url.to_owned(),
        };
        Ok(Self { relay: on_site("/relay"), dealer })
    }
}

#[cfg(test)]
mod tests {
    use cryptab_session::Invite;

    use super::Addresses;

    fn of(link: &str, dealer: Option<&str>) -> Option<(String, String)> {
        let invite = Invite {
            version: 1,
            room: [1; 16],
            secret: [2; 16].into(),
            dealer_key: [3; 32],
            parties: 2,
            program: "photo".into(),
            expires: 0,
            dealer_url: dealer.map(Into::into),
            ownership: None,
        };
        let found = Addresses::of(link, &invite).ok()?;
        Some((found.relay, found.dealer))
    }

    #[test]
    fn the_relay_is_on_the_site_and_the_dealer_where_the_invite_says() {
        let pair = |relay: &str, dealer: &str| Some((relay.to_owned(), dealer.to_owned()));
        let local = "http://127.0.0.1:8080/#abc";
        let relay = "ws://127.0.0.1:8080/relay";
        assert_eq!(of(local, None), pair(relay, "ws://127.0.0.1:8080/dealer"));
        assert_eq!(of(local, Some("/deal")), pair(relay, "ws://127.0.0.1:8080/deal"));
        assert_eq!(of(local, Some("ws://[::1]:9/dealer")), pair(relay, "ws://[::1]:9/dealer"));
        assert_eq!(
            of("https://cryptab.example/photo/?x#abc", None),
            pair("wss://cryptab.example/relay", "wss://cryptab.example/dealer")
        );
    }

    #[test]
    fn other_links_lead_nowhere() {
        for link in ["#abc", "ftp://a/#b", "http://#abc", "http:///x#abc", "cryptab.example/#abc"] {
            assert_eq!(of(link, None), None, "{link}");
        }
    }
}
