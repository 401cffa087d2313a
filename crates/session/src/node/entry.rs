//! Who may be in a room with an owner: what others show, what the owner orders, when it ends.

use std::time::Duration;

use cryptab_link::PublicKey;
use cryptab_wire::{Admission, Charter, Order, Refusal, SignedOrder, ToRelay, TokenId, VERSION};

use super::Node;
use crate::credentials::member_of;
use crate::hello::Hello;
use crate::message::Message;
use crate::peer::Introduced;
use crate::{Error, Event, Output, Path};

impl Node {
    /// Carries an order of the room's owner to the relay and, through the sealed channels, to all
    /// peers: whoever is removed is removed even where the relay does not obey. This party obeys at
    /// once.
    ///
    /// # Errors
    /// [`Error::Misuse`] when the owner of this room did not sign it, [`Error::Relay`] when it closes the
    /// room and the relay cannot hear of that.
    pub fn order(&mut self, order: SignedOrder) -> Result<(), Error> {
        let charter = self.credentials.invite.charter();
        let Some(charter) = charter.filter(|charter| order.is_genuine(charter)) else {
            return Err(Error::Misuse("the owner of this room did not sign that"));
        };
        if self.seat.as_ref().is_some_and(|seat| seat.is_online) {
            self.tell_relay(charter, order);
        } else if order.order == Order::Close {
            // Who closes the room is outside, and cannot say so later.
            let cannot = "cannot be reached: the room is still open".to_owned();
            return Err(Error::Relay(cannot));
        }
        self.obey(order);
        self.announce();
        Ok(())
    }

    /// Tells the relay what it may have missed, or forgotten.
    pub(super) fn tell_relay_orders(&mut self) {
        let Some(charter) = self.credentials.invite.charter() else { return };
        self.orders.clone().into_iter().for_each(|order| self.tell_relay(charter, order));
    }

    fn tell_relay(&mut self, charter: Charter, order: SignedOrder) {
        let order = ToRelay::Order { version: VERSION, charter, order };
        self.outputs.push_back(Output::ToRelay(order.encode_within()));
    }

    /// An order came from a peer.
    pub(super) fn hear_order(&mut self, from: u8, order: SignedOrder) {
        if self.is_genuine(&order) {
            self.obey(order);
        } else {
            self.distrust(from, "passed on an order that the room's owner did not sign");
        }
    }

    /// An order came from the relay.
    pub(super) fn hear_order_of_relay(&mut self, order: SignedOrder) {
        if self.is_genuine(&order) {
            self.obey(order);
        } else {
            let complaint = "passed on an order that the room's owner did not sign";
            self.close(Error::Relay(complaint.to_owned()));
        }
    }

    /// Tells a peer that was just introduced what it may not know.
    pub(super) fn tell_orders(&mut self, slot: u8) {
        for order in self.orders.clone() {
            self.tell_peer(slot, &Message::Order(order));
        }
    }

    /// Someone whom the owner has removed is here again: it learns so, and is heard no more.
    pub(super) fn show_out(&mut self, slot: u8, introduced: Introduced) {
        let now = self.now;
        let error = self.complaint(slot, REMOVED);
        let Some(peer) = self.peer_mut(slot) else { return };
        peer.introduced = Some(introduced);
        peer.attach(Path::Relay, now);
        peer.has_left = true;
        self.tell_orders(slot);
        self.tell(Event::Failed(error));
    }

    /// Whether the owner has removed whoever shows this.
    pub(super) fn is_removed(&self, hello: &Hello) -> bool {
        hello.token().is_some_and(|token| self.is_revoked(token))
    }

    /// What is wrong with what a peer shows, if anything is.
    pub(super) fn unwelcome(&self, slot: u8, key: PublicKey, hello: &Hello) -> Option<String> {
        let charter = self.credentials.invite.charter()?;
        if charter.admission == Admission::Link {
            return None;
        }
        let Some(pass) = &hello.pass else {
            return Some("shows no token of the room's owner".to_owned());
        };
        if let Err(error) =
            pass.check(&charter, &member_of(&self.credentials.invite, key), self.now.as_secs())
        {
            return Some(format!("shows {error}"));
        }
        let grant = pass.token.grant;
        if let Some(role) = grant.role.filter(|role| *role != hello.role) {
            let claimed = hello.role;
            return Some(format!("claims the role `{claimed}`, but was invited as `{role}`"));
        }
        if grant.slot.is_some_and(|granted| granted != slot) {
            return Some("sits in a place that it was not given".to_owned());
        }
        let token = pass.token.id();
        let holder = self.holder_of_token(token, slot)?;
        Some(format!("uses the same token as {holder}"))
    }

    /// Ends what is past its time: this party's being here, or a peer's.
    pub(super) fn end_when_due(&mut self) {
        if self.next_end() > self.now || self.refuse_expired() {
            return;
        }
        let ended: Vec<_> = self.peers_ends().filter(|(_, end)| *end <= self.now).collect();
        for (slot, _) in ended {
            self.distrust(slot, "was invited until now: its token has expired");
        }
    }

    /// When the next of those ends is due.
    pub(super) fn next_end(&self) -> Duration {
        let mine = Duration::from_secs(self.credentials.invite.end());
        self.peers_ends().map(|(_, end)| end).min().map_or(mine, |end| end.min(mine))
    }

    /// Refuses to begin in another role than the one granted.
    pub(super) fn refuse_role(&mut self) {
        let granted = self.credentials.invite.ticket().and_then(|ticket| ticket.grant.role);
        let role = self.credentials.hello.role;
        if let Some(granted) = granted.filter(|granted| *granted != role) {
            self.close(Error::NotGranted { role, granted });
        }
    }

    /// Does what the owner wants, and lets the others know.
    fn obey(&mut self, order: SignedOrder) {
        let is_known = self.orders.iter().any(|known| known.order == order.order);
        let is_too_much = order.order != Order::Close && self.orders.len() >= MAX_REVOKED;
        if is_known || is_too_much {
            return;
        }
        self.orders.push(order);
        self.tell_all(&Message::Order(order));
        match order.order {
            Order::Close => self.close(Error::Refused(Refusal::Closed)),
            Order::Revoke(token) if self.token() == Some(token) => {
                self.close(Error::Refused(Refusal::Revoked));
            }
            Order::Revoke(token) => {
                if let Some(slot) = self.slot_of(token) {
                    // It shall learn why.
                    self.flush();
                    self.distrust(slot, REMOVED);
                }
            }
        }
    }

    fn is_genuine(&self, order: &SignedOrder) -> bool {
        let charter = self.credentials.invite.charter();
        charter.is_some_and(|charter| order.is_genuine(&charter))
    }

    fn is_revoked(&self, token: TokenId) -> bool {
        self.orders.iter().any(|known| known.order == Order::Revoke(token))
    }

    /// Who uses a token already, other than the party in `slot`.
    fn holder_of_token(&self, token: TokenId, slot: u8) -> Option<String> {
        if self.token() == Some(token) {
            return Some("this party".to_owned());
        }
        let other = self.slot_of(token).filter(|other| *other != slot)?;
        Some(self.name_of(other))
    }

    fn token(&self) -> Option<TokenId> {
        self.credentials.hello.token()
    }

    fn slot_of(&self, token: TokenId) -> Option<u8> {
        let peers = &self.seat.as_ref()?.peers;
        peers.iter().find_map(|(&slot, peer)| {
            let introduced = peer.introduced.as_ref()?;
            (introduced.hello.token() == Some(token)).then_some(slot)
        })
    }

    fn peers_ends(&self) -> impl Iterator<Item = (u8, Duration)> {
        let peers = self.seat.iter().flat_map(|seat| &seat.peers);
        peers.filter_map(|(&slot, peer)| {
            let pass = peer.introduced.as_ref()?.hello.pass?;
            Some((slot, Duration::from_secs(pass.token.grant.expires)))
        })
    }
}

const REMOVED: &str = "was removed by the room's owner";

/// As many as a relay remembers: what an owner makes this party keep is bounded.
const MAX_REVOKED: usize = 256;
