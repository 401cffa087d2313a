//! The line to the dealer, for one session.

use cryptab_link::{Channel, Event};

use crate::credentials::Credentials;

/// From the wish to reach the dealer to the sealed channel.
pub(crate) enum Line {
    /// The driver connects; this will be said then.
    AwaitConnection { hello: Vec<u8> },
    /// The handshake is under way, or done.
    Connected(Box<Channel>),
}

impl Line {
    pub(crate) const fn new(hello: Vec<u8>) -> Self {
        Self::AwaitConnection { hello }
    }

    /// The connection is there: the packet to send first. The error is a complaint.
    pub(crate) fn open(&mut self, credentials: &Credentials) -> Result<Option<Vec<u8>>, String> {
        let Self::AwaitConnection { hello } = self else {
            return Ok(None);
        };
        let channel = credentials.dealer_channel(std::mem::take(hello));
        let mut channel = channel.map_err(|error| error.to_string())?;
        let first = channel.start().map_err(|error| error.to_string())?;
        *self = Self::Connected(Box::new(channel));
        Ok(first)
    }

    /// Takes a packet. What comes before the connection was made is from an earlier one.
    pub(crate) fn receive(&mut self, packet: &[u8]) -> Result<Vec<Event>, String> {
        match self {
            Self::AwaitConnection { .. } => Ok(Vec::new()),
            Self::Connected(channel) => channel.receive(packet).map_err(|error| error.to_string()),
        }
    }

    /// The packets that carry a message.
    pub(crate) fn seal(&mut self, message: &[u8]) -> Result<Vec<Vec<u8>>, String> {
        match self {
            Self::AwaitConnection { .. } => Ok(Vec::new()),
            Self::Connected(channel) => channel.send(message).map_err(|error| error.to_string()),
        }
    }

    pub(crate) const fn is_sealed(&self) -> bool {
        matches!(self, Self::Connected(channel) if channel.is_open())
    }
}
