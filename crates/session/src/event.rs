use std::fmt;

use bytes::Bytes;

use crate::{Acquaintance, Error, Lobby};

/// What the driver tells the node.
///
/// Texts are reasons for people to read, such as an operating system's.
pub enum Input {
    /// The connection to the relay is open: nothing was said yet.
    RelayOpened,
    /// A message from the relay.
    RelayMessage(Bytes),
    /// The connection to the relay has ended, or could not be made.
    RelayClosed(String),
    /// The connection that [`Output::ConnectDealer`] asked for is open.
    DealerOpened,
    /// A message from the dealer.
    DealerMessage(Bytes),
    /// The connection to the dealer has ended, or could not be made.
    DealerClosed(String),
    /// What the direct connection to the party in this slot must tell the other side to come about;
    /// opaque to the node, which carries it there sealed.
    DirectSignal {
        /// The other party.
        slot: u8,
        /// At most 64 KiB.
        bytes: Vec<u8>,
    },
    /// The direct connection that [`Output::ConnectDirect`] asked for is open.
    DirectOpened {
        /// The other party.
        slot: u8,
    },
    /// A message came through a direct connection.
    DirectMessage {
        /// The other party.
        slot: u8,
        /// The message.
        bytes: Bytes,
    },
    /// A direct connection has ended, or could not be made.
    DirectClosed {
        /// The other party.
        slot: u8,
        /// Why.
        reason: String,
    },
    /// What [`Output::Save`] wanted is kept, up to this number.
    Saved {
        /// Of the last entry that will survive the process.
        number: u64,
    },
    /// Entries cannot be saved any more.
    JournalLost(String),
    /// Nothing but time has passed.
    Tick,
}

/// What the driver is to do, in this order.
pub enum Output {
    /// Connect to the relay again; say [`Input::RelayOpened`] or [`Input::RelayClosed`] then. (The first
    /// connection is the driver's to make.)
    ConnectRelay,
    /// Connect to the dealer; say [`Input::DealerOpened`] or [`Input::DealerClosed`] then. A
    /// connection from before is closed first, as by [`Output::CloseDealer`].
    ConnectDealer,
    /// Close the connection to the dealer, or stop making it. **No input about that connection may
    /// follow**, not even that it is closed: the next one is another one, of this session or the next.
    CloseDealer,
    /// Send a message to the relay.
    ToRelay(Vec<u8>),
    /// Send a message to the dealer.
    ToDealer(Vec<u8>),
    /// Make a direct connection to the party in this slot, where there is a way to; say
    /// [`Input::DirectOpened`] or [`Input::DirectClosed`] then.
    ConnectDirect {
        /// The other party.
        slot: u8,
        /// Whether this side makes the offer; the other one answers.
        offers: bool,
    },
    /// Hand to the direct connection what its other side has to tell it.
    DirectSignal {
        /// The other party.
        slot: u8,
        /// What came from its [`Input::DirectSignal`].
        bytes: Vec<u8>,
    },
    /// Send a message through a direct connection.
    ToDirect {
        /// The other party.
        slot: u8,
        /// The message, shorter than 64 KiB.
        bytes: Vec<u8>,
    },
    /// Close a direct connection, or stop making it. No input about it may follow.
    CloseDirect {
        /// The other party.
        slot: u8,
    },
    /// Append an entry to the journal; say [`Input::Saved`] once it and all before it will survive the
    /// process. Until then nothing leaves that depends on it.
    Save {
        /// Its number: rises by one, also across [`Output::ForgetJournal`].
        number: u64,
        /// Opaque; at most a message long.
        bytes: Vec<u8>,
    },
    /// Throw the journal away: the session is over. What follows is another one's.
    ForgetJournal,
    /// Tell the application.
    Event(Event),
}

/// What the application learns.
#[derive(Clone)]
pub enum Event {
    /// Something in the lobby has changed.
    Lobby(Lobby),
    /// Someone is new, or was verified or accepted: to be kept, instead of what was kept of the same
    /// name and key, and given to [`Join`](crate::Join) when a room is joined.
    Acquainted(Acquaintance),
    /// Everyone is here, all channels are sealed, all agree, the dealer has dealt: there is an
    /// engine, and it belongs to a session that is new; or to the one from before, if this party was
    /// resumed from its [`Journal`](crate::Journal).
    Ready,
    /// A peer's application said something, in the present session.
    Said {
        /// The peer's slot.
        from: u8,
        /// What it said, at most 64 KiB.
        bytes: Vec<u8>,
    },
    /// The session is over, or did not come about. The node is in the lobby; a new
    /// [`Event::Ready`] may come.
    Failed(Error),
    /// The node is finished and does nothing any more.
    Closed(Error),
}

impl fmt::Debug for Input {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RelayOpened => formatter.write_str("RelayOpened"),
            Self::RelayMessage(bytes) => write!(formatter, "RelayMessage({} bytes)", bytes.len()),
            Self::RelayClosed(reason) => write!(formatter, "RelayClosed({reason:?})"),
            Self::DealerOpened => formatter.write_str("DealerOpened"),
            Self::DealerMessage(bytes) => write!(formatter, "DealerMessage({} bytes)", bytes.len()),
            Self::DealerClosed(reason) => write!(formatter, "DealerClosed({reason:?})"),
            Self::DirectSignal { slot, bytes } => {
                write!(formatter, "DirectSignal({slot}, {} bytes)", bytes.len())
            }
            Self::DirectOpened { slot } => write!(formatter, "DirectOpened({slot})"),
            Self::DirectMessage { slot, bytes } => {
                write!(formatter, "DirectMessage({slot}, {} bytes)", bytes.len())
            }
            Self::DirectClosed { slot, reason } => {
                write!(formatter, "DirectClosed({slot}, {reason:?})")
            }
            Self::Saved { number } => write!(formatter, "Saved({number})"),
            Self::JournalLost(reason) => write!(formatter, "JournalLost({reason:?})"),
            Self::Tick => formatter.write_str("Tick"),
        }
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ConnectRelay => formatter.write_str("ConnectRelay"),
            Self::ConnectDealer => formatter.write_str("ConnectDealer"),
            Self::CloseDealer => formatter.write_str("CloseDealer"),
            Self::ToRelay(bytes) => write!(formatter, "ToRelay({} bytes)", bytes.len()),
            Self::ToDealer(bytes) => write!(formatter, "ToDealer({} bytes)", bytes.len()),
            Self::ConnectDirect { slot, offers } => {
                write!(formatter, "ConnectDirect({slot}, offers: {offers})")
            }
            Self::DirectSignal { slot, bytes } => {
                write!(formatter, "DirectSignal({slot}, {} bytes)", bytes.len())
            }
            Self::ToDirect { slot, bytes } => {
                write!(formatter, "ToDirect({slot}, {} bytes)", bytes.len())
            }
            Self::CloseDirect { slot } => write!(formatter, "CloseDirect({slot})"),
            Self::Save { number, bytes } => {
                write!(formatter, "Save({number}, {} bytes)", bytes.len())
            }
            Self::ForgetJournal => formatter.write_str("ForgetJournal"),
            Self::Event(event) => formatter.debug_tuple("Event").field(event).finish(),
        }
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lobby(lobby) => formatter.debug_tuple("Lobby").field(lobby).finish(),
            Self::Acquainted(news) => formatter.debug_tuple("Acquainted").field(news).finish(),
            Self::Ready => formatter.write_str("Ready"),
            Self::Said { from, bytes } => {
                write!(formatter, "Said {{ from: {from}, {} bytes }}", bytes.len())
            }
            Self::Failed(error) => formatter.debug_tuple("Failed").field(error).finish(),
            Self::Closed(error) => formatter.debug_tuple("Closed").field(error).finish(),
        }
    }
}
