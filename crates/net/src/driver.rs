//! Tells the node what happens and does what it says.

use std::future::pending;
use std::pin::pin;
use std::rc::Rc;

use async_channel::Sender;
use cryptab_session::{Event, Input, Output};
use futures::future::join_all;
use tokio::time::sleep;

use crate::Addresses;
use crate::direct::Directs;
use crate::journal::JournalFile;
use crate::party::{Shared, now};
use crate::pipe::{News, Pipe};

/// Drives one node until it is finished.
pub(crate) struct Driver {
    shared: Rc<Shared>,
    addresses: Addresses,
    told: Sender<Event>,
    relay: Option<Pipe>,
    dealer: Option<Pipe>,
    directs: Directs,
    journal: Option<JournalFile>,
}

/// What woke the driver.
enum Wake {
    Relay(News),
    Dealer(News),
    Saved(Result<u64, String>),
    Called,
    Tick,
    Direct(Input),
}

impl Driver {
    pub(crate) fn new(
        shared: Rc<Shared>,
        addresses: Addresses,
        told: Sender<Event>,
        journal: Option<JournalFile>,
    ) -> Self {
        let directs = Directs::new(&addresses.relay);
        Self { shared, addresses, told, relay: None, dealer: None, directs, journal }
    }

    /// Drives with a connection to the relay that has just opened.
    pub(crate) async fn run(mut self, relay: Pipe) {
        self.relay = Some(relay);
        self.handle(Input::RelayOpened);
        loop {
            self.carry_out().await;
            if self.shared.node.borrow().is_finished() {
                break;
            }
            match self.wake().await {
                Wake::Relay(news) => self.relay_news(news),
                Wake::Dealer(news) => self.dealer_news(news),
                Wake::Saved(saved) => self.journal_news(saved),
                Wake::Tick => self.handle(Input::Tick),
                Wake::Direct(input) => self.handle(input),
                Wake::Called => {}
            }
        }
        drop(self.journal.take());
        self.told.close();
        let pipes = [self.relay.take(), self.dealer.take()].into_iter().flatten();
        tokio::join!(join_all(pipes.map(Pipe::close)), self.directs.close_all());
    }

    /// Does what the node wants, until it wants nothing more.
    async fn carry_out(&mut self) {
        loop {
            let Some(output) = self.shared.node.borrow_mut().poll() else { return };
            match output {
                Output::ToRelay(message) => {
                    if let Some(relay) = &self.relay {
                        relay.send(message);
                    }
                }
                Output::ToDealer(message) => {
                    if let Some(dealer) = &self.dealer {
                        dealer.send(message);
                    }
                }
                Output::ConnectRelay => self.relay = Some(Pipe::open(&self.addresses.relay)),
                Output::ConnectDealer => self.dealer = Some(Pipe::open(&self.addresses.dealer)),
                Output::CloseDealer => self.dealer = None,
                Output::ConnectDirect { slot, offers } => self.directs.connect(slot, offers),
                Output::DirectSignal { slot, bytes } => self.directs.signal(slot, bytes),
                Output::ToDirect { slot, bytes } => self.directs.send(slot, bytes),
                Output::CloseDirect { slot } => self.directs.close(slot),
                Output::Save { number, bytes } => {
                    if let Some(journal) = &self.journal {
                        journal.save(number, bytes);
                    }
                }
                Output::ForgetJournal => {
                    if let Some(journal) = &self.journal
                        && let Err(reason) = journal.forget().await
                    {
                        self.hold_back();
                        self.journal_lost(reason);
                    }
                }
                Output::Event(event) => self.tell(event),
            }
        }
    }

    /// Does nothing of what the node wants but tell the application: what follows a journal that is to be
    /// forgotten must not leave while it may still be there.
    fn hold_back(&self) {
        loop {
            let Some(output) = self.shared.node.borrow_mut().poll() else { return };
            if let Output::Event(event) = output {
                self.tell(event);
            }
        }
    }

    fn tell(&self, event: Event) {
        // An application that does not listen does not want to know.
        let _ = self.told.try_send(event);
    }

    /// Waits for the next thing to happen.
    async fn wake(&mut self) -> Wake {
        let engine = self.shared.node.borrow().engine();
        let recorded = async {
            match &engine {
                Some(engine) => engine.recorded().await,
                None => pending().await,
            }
        };
        let due = self.shared.node.borrow().wake();
        let tick = async {
            match due {
                Some(due) => sleep(due.saturating_sub(now())).await,
                None => pending().await,
            }
        };
        let mut tick = pin!(tick);
        tokio::select! {
            news = next(&mut self.relay) => Wake::Relay(news),
            news = next(&mut self.dealer) => Wake::Dealer(news),
            input = self.directs.next() => Wake::Direct(input),
            saved = saved(&mut self.journal) => Wake::Saved(saved),
            () = recorded => Wake::Called,
            () = self.shared.called.notified() => Wake::Called,
            () = &mut tick => Wake::Tick,
        }
    }

    fn relay_news(&mut self, news: News) {
        match news {
            News::Opened => self.handle(Input::RelayOpened),
            News::Message(message) => self.handle(Input::RelayMessage(message)),
            News::Closed(reason) => {
                tracing::debug!(reason, "the relay is lost");
                self.relay = None;
                self.handle(Input::RelayClosed(reason));
            }
        }
    }

    fn dealer_news(&mut self, news: News) {
        match news {
            News::Opened => self.handle(Input::DealerOpened),
            News::Message(message) => self.handle(Input::DealerMessage(message)),
            News::Closed(reason) => {
                self.dealer = None;
                self.handle(Input::DealerClosed(reason));
            }
        }
    }

    fn journal_news(&self, saved: Result<u64, String>) {
        match saved {
            Ok(number) => self.handle(Input::Saved { number }),
            Err(reason) => self.journal_lost(reason),
        }
    }

    fn journal_lost(&self, reason: String) {
        tracing::error!(reason, "the journal cannot be written");
        self.handle(Input::JournalLost(reason));
    }

    fn handle(&self, input: Input) {
        self.shared.node.borrow_mut().handle(input, now());
    }
}

/// What the journal has saved; never anything when there is none.
async fn saved(journal: &mut Option<JournalFile>) -> Result<u64, String> {
    match journal {
        Some(journal) => journal.saved().await,
        None => pending().await,
    }
}

/// The next news of a pipe; never any when there is none.
async fn next(pipe: &mut Option<Pipe>) -> News {
    match pipe {
        Some(pipe) => match pipe.next().await {
            Some(news) => news,
            None => pending().await,
        },
        None => pending().await,
    }
}
