//! A party, as the application sees it.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_channel::Receiver;
use cryptab_session::{Authentication, Engine, Event, Journal, Lobby, Node};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::driver::Driver;
use crate::journal::JournalFile;
use crate::pipe::{News, Pipe};
use crate::{Error, JoinOptions};

/// A party in a room. Belongs to the thread it was made on; dropped, it leaves the room.
pub struct Party {
    shared: Rc<Shared>,
    events: Receiver<Event>,
    driver: JoinHandle<()>,
}

/// What the application and the driver share.
pub(crate) struct Shared {
    pub(crate) node: RefCell<Node>,
    /// The application has called the node: poll it.
    pub(crate) called: Notify,
}

impl Party {
    /// Joins a room. Must be called within a [`tokio::task::LocalSet`].
    ///
    /// Returns when the relay is reached; who is there, and when it begins, is told by
    /// [`Party::events`].
    ///
    /// # Errors
    /// [`Error::Relay`] when the relay cannot be reached, [`Error::Journal`] when the journal cannot be
    /// opened.
    pub async fn join(options: JoinOptions) -> Result<Self, Error> {
        let JoinOptions { mut join, addresses, journal } = options;
        let opened = journal.as_deref().map(JournalFile::open).transpose()?;
        let (file, kept) = opened.map_or((None, Journal::Off), |(file, kept)| (Some(file), kept));
        join.journal = kept;
        let mut relay = Pipe::open(&addresses.relay);
        match relay.next().await {
            Some(News::Opened) => {}
            Some(News::Closed(reason)) => {
                return Err(Error::Relay { url: addresses.relay, reason });
            }
            Some(News::Message(_)) | None => {
                let reason = "it does not speak as a relay does".to_owned();
                return Err(Error::Relay { url: addresses.relay, reason });
            }
        }
        let node = RefCell::new(Node::new(join, now()));
        let shared = Rc::new(Shared { node, called: Notify::new() });
        let (told, events) = async_channel::unbounded();
        let driver = Driver::new(Rc::clone(&shared), addresses, told, file);
        let driver = tokio::task::spawn_local(driver.run(relay));
        Ok(Self { shared, events, driver })
    }

    /// What happens, in order. Ends after [`Event::Closed`].
    #[must_use]
    pub const fn events(&self) -> &Receiver<Event> {
        &self.events
    }

    /// The engine of the present session, between [`Event::Ready`] and its end.
    #[must_use]
    pub fn engine(&self) -> Option<Engine> {
        self.shared.node.borrow().engine()
    }

    /// Who is in the room.
    #[must_use]
    pub fn lobby(&self) -> Lobby {
        self.shared.node.borrow().lobby()
    }

    /// Says something to the applications of all peers, through the sealed channels.
    ///
    /// # Errors
    /// When no session is ready, or the message is too long.
    pub fn say(&self, bytes: Vec<u8>) -> Result<(), Error> {
        let said = self.shared.node.borrow_mut().say(bytes);
        self.shared.called.notify_one();
        Ok(said?)
    }

    /// Ends the present session, and forms a new one.
    ///
    /// # Errors
    /// When the room is not complete, or the roles do not fit.
    pub fn restart(&self) -> Result<(), Error> {
        let restarted = self.shared.node.borrow_mut().restart();
        self.shared.called.notify_one();
        Ok(restarted?)
    }

    /// This party's user has compared `compared` with all others.
    ///
    /// # Errors
    /// When there are no words to compare, or others than those by now.
    pub fn confirm(&self, compared: &Authentication) -> Result<(), Error> {
        let confirmed = self.shared.node.borrow_mut().confirm(compared);
        self.shared.called.notify_one();
        Ok(confirmed?)
    }

    /// This party's user accepts the key of the party in `slot` under the name that it shows.
    ///
    /// # Errors
    /// When nobody is there.
    pub fn accept(&self, slot: u8) -> Result<(), Error> {
        let accepted = self.shared.node.borrow_mut().accept(slot);
        self.shared.called.notify_one();
        Ok(accepted?)
    }

    /// An engine's error with the names of the peers in it.
    #[must_use]
    pub fn explain(&self, error: cryptab_engine::Error) -> cryptab_session::Error {
        self.shared.node.borrow().explain(error)
    }

    /// Leaves the room, once everything has been sent.
    pub async fn close(mut self) {
        self.shared.node.borrow_mut().leave();
        self.shared.called.notify_one();
        // A driver that panicked has said so itself.
        let _ = (&mut self.driver).await;
    }
}

impl Drop for Party {
    fn drop(&mut self) {
        self.shared.node.borrow_mut().leave();
        self.shared.called.notify_one();
    }
}

impl fmt::Debug for Party {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Party").field(&self.shared.node.borrow()).finish()
    }
}

/// The time since 1970-01-01.
pub(crate) fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
