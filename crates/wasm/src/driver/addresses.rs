//! Where a link leads: to the relay of its site, and to the dealer that the invite names.

use cryptab_session::Invite;
use web_sys::Url;

use crate::failure::Failure;

/// The WebSocket addresses of a room.
pub(crate) struct Addresses {
    pub(crate) relay: String,
    pub(crate) dealer: String,
}

impl Addresses {
    /// The addresses for a room whose link is `link` and whose invite is `invite`.
    pub(crate) fn of(link: &str, invite: &Invite) -> Result<Self, Failure> {
        let page = Url::new(link).map_err(|_| Failure::link("the invite link is no address"))?;
        let scheme = match page.protocol().as_str() {
            "http:" => "ws",
            "https:" => "wss",
            _ => return Err(Failure::link("an invite link begins with http:// or https://")),
        };
        let on_site = |path: &str| format!("{scheme}://{}{path}", page.host());
        let dealer = match invite.dealer_url.as_deref() {
            None => on_site("/dealer"),
            Some(path) if path.starts_with('/') => on_site(path),
            Some(url) => url.to_owned(),
        };
        Ok(Self { relay: on_site("/relay"), dealer })
    }
}
