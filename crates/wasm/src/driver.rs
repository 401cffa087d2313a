//! Tells the node what happens and does what it says.

mod addresses;
mod directs;
mod said;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use cryptab_engine::{self as engine, Engine};
use cryptab_session::{
    Authentication, Error, Event, Input, Join, Lobby, Node, Output, SignedOrder,
};
use futures::future::{AbortHandle, abortable};
use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use crate::clock::now;
use crate::direct;
use crate::event;
use crate::failure::Failure;
use crate::journal::{self, Journal, Store};
use crate::socket::{News, Socket};
use crate::timer::Timer;

pub(crate) use addresses::Addresses;
use directs::Directs;
use said::Said;

/// Drives one node until it is finished.
pub(crate) struct Driver {
    node: RefCell<Node>,
    addresses: Addresses,
    told: Function,
    relay: RefCell<Option<Socket>>,
    dealer: RefCell<Option<Socket>>,
    directs: Directs,
    journal: RefCell<Option<Journal>>,
    /// Nothing leaves while the journal may still be there that it was written for.
    forgetting: Cell<bool>,
    timer: RefCell<Option<Timer>>,
    /// Polls the node whenever operations were recorded; for the session under way.
    recording: RefCell<Option<AbortHandle>>,
    /// Counts sessions; odd numbers are under way.
    session: Cell<u32>,
    /// Why the last session ended.
    failure: RefCell<Option<Error>>,
    /// What the peers' applications said in this session.
    said: Said,
}

impl Driver {
    /// Starts to enter the room. Tells nothing before it has returned.
    pub(crate) fn start(
        join: Join,
        addresses: Addresses,
        told: Function,
        connect_direct: Function,
        journal: Option<Store>,
    ) -> Rc<Self> {
        let driver = Rc::new(Self {
            node: RefCell::new(Node::new(join, now())),
            addresses,
            told,
            relay: RefCell::default(),
            dealer: RefCell::default(),
            directs: Directs::new(connect_direct),
            journal: RefCell::default(),
            forgetting: Cell::default(),
            timer: RefCell::default(),
            recording: RefCell::default(),
            session: Cell::default(),
            failure: RefCell::default(),
            said: Said::default(),
        });
        *driver.journal.borrow_mut() = journal.map(|store| driver.listen_to(store));
        driver.connect_relay();
        let starting = Rc::clone(&driver);
        spawn_local(async move { starting.pump() });
        driver
    }

    /// Leaves the room.
    pub(crate) fn close(self: &Rc<Self>) {
        self.node.borrow_mut().leave();
        self.pump();
    }

    /// Who is here.
    pub(crate) fn lobby(&self) -> Lobby {
        self.node.borrow().lobby()
    }

    /// The engine of the session under way.
    pub(crate) fn engine(&self) -> Result<Engine, Failure> {
        let engine = self.node.borrow().engine();
        engine.ok_or_else(|| match &*self.failure.borrow() {
            Some(error) => error.into(),
            None => Failure::misuse("no session is ready yet: await the `ready` event"),
        })
    }

    /// Says something to the applications of all peers.
    pub(crate) fn say(self: &Rc<Self>, bytes: Vec<u8>) -> Result<(), Failure> {
        let said = self.node.borrow_mut().say(bytes);
        self.pump();
        Ok(said?)
    }

    /// The user has compared these words with all others.
    pub(crate) fn confirm(self: &Rc<Self>, compared: &Authentication) -> Result<(), Failure> {
        let confirmed = self.node.borrow_mut().confirm(compared);
        self.pump();
        Ok(confirmed?)
    }

    /// The user accepts a changed key.
    pub(crate) fn accept(self: &Rc<Self>, slot: u8) -> Result<(), Failure> {
        let accepted = self.node.borrow_mut().accept(slot);
        self.pump();
        Ok(accepted?)
    }

    /// Carries an order of the room's owner to the relay and to all peers.
    pub(crate) fn order(self: &Rc<Self>, order: SignedOrder) -> Result<(), Failure> {
        let ordered = self.node.borrow_mut().order(order);
        self.pump();
        Ok(ordered?)
    }

    /// The next that the application of `peer` says, or said before, in the session under way.
    pub(crate) async fn hear(&self, peer: u8) -> Result<Vec<u8>, Failure> {
        let session = self.session.get();
        self.said.next(peer, || self.session.get() == session).await.ok_or_else(|| self.ended())
    }

    /// Why a computation stopped, with the names of those at fault.
    pub(crate) fn explain(&self, error: engine::Error) -> Failure {
        match error {
            engine::Error::Input { .. } | engine::Error::Misuse { .. } => error.into(),
            error => match &*self.failure.borrow() {
                Some(failure) => failure.into(),
                None => self.node.borrow().explain(error).into(),
            },
        }
    }

    /// The peers that this party waits to hear from.
    pub(crate) fn awaits(&self) -> Vec<u8> {
        self.said.awaited()
    }

    fn ended(&self) -> Failure {
        self.failure
            .borrow()
            .as_ref()
            .map_or_else(|| Failure::from(engine::Error::Ended), Failure::from)
    }

    fn handle(self: &Rc<Self>, input: Input) {
        self.node.borrow_mut().handle(input, now());
        self.pump();
    }

    fn hear_relay(self: &Rc<Self>, news: News) {
        match news {
            News::Opened => self.handle(Input::RelayOpened),
            News::Message(message) => self.handle(Input::RelayMessage(message.into())),
            News::Closed(reason) => {
                self.relay.take();
                self.handle(Input::RelayClosed(reason));
            }
        }
    }

    fn hear_dealer(self: &Rc<Self>, news: News) {
        match news {
            News::Opened => self.handle(Input::DealerOpened),
            News::Message(message) => self.handle(Input::DealerMessage(message.into())),
            News::Closed(reason) => {
                self.dealer.take();
                self.handle(Input::DealerClosed(reason));
            }
        }
    }

    fn hear_direct(self: &Rc<Self>, slot: u8, news: direct::News) {
        match news {
            direct::News::Opened => {
                self.directs.opened(slot);
                self.handle(Input::DirectOpened { slot });
            }
            direct::News::Message(message) => {
                self.handle(Input::DirectMessage { slot, bytes: message.into() });
            }
            direct::News::Signal(bytes) => self.handle(Input::DirectSignal { slot, bytes }),
            direct::News::Closed(reason) => {
                self.directs.close(slot);
                self.handle(Input::DirectClosed { slot, reason });
            }
        }
    }

    fn listen_to(self: &Rc<Self>, store: Store) -> Journal {
        let driver = Rc::downgrade(self);
        Journal::new(store, move |news| {
            let Some(driver) = driver.upgrade() else { return };
            match news {
                journal::News::Saved(number) => driver.handle(Input::Saved { number }),
                journal::News::Forgotten => {
                    driver.forgetting.set(false);
                    driver.pump();
                }
                journal::News::Lost(reason) => driver.lose_journal(reason),
            }
        })
    }

    /// What waited for the journal to be forgotten never leaves.
    fn lose_journal(self: &Rc<Self>, reason: String) {
        if self.forgetting.take() {
            while let Some(output) = self.poll() {
                if let Output::Event(event) = output {
                    self.take_event(event);
                }
            }
        }
        self.handle(Input::JournalLost(reason));
    }

    fn save(&self, number: u64, entry: &[u8]) {
        if let Some(journal) = &*self.journal.borrow() {
            journal.save(number, entry);
        }
    }

    fn forget_journal(&self) {
        if let Some(journal) = &*self.journal.borrow() {
            self.forgetting.set(true);
            journal.forget();
        }
    }

    fn poll(&self) -> Option<Output> {
        self.node.borrow_mut().poll()
    }

    /// Does what the node wants, until it wants nothing more.
    fn pump(self: &Rc<Self>) {
        loop {
            if self.forgetting.get() {
                return;
            }
            let Some(output) = self.poll() else { break };
            match output {
                Output::ToRelay(message) => send(&self.relay, &message),
                Output::ToDealer(message) => send(&self.dealer, &message),
                Output::ConnectRelay => self.connect_relay(),
                Output::ConnectDealer => self.connect_dealer(),
                Output::CloseDealer => drop(self.dealer.take()),
                Output::ConnectDirect { slot, offers } => self.connect_direct(slot, offers),
                Output::DirectSignal { slot, bytes } => self.directs.signal(slot, &bytes),
                Output::ToDirect { slot, bytes } => self.directs.send(slot, &bytes),
                Output::CloseDirect { slot } => self.directs.close(slot),
                Output::Save { number, bytes } => self.save(number, &bytes),
                Output::ForgetJournal => self.forget_journal(),
                Output::Event(event) => self.take_event(event),
            }
        }
        if self.node.borrow().is_finished() {
            self.relay.take();
            self.dealer.take();
            self.directs.close_all();
            self.timer.take();
        } else {
            self.set_timer();
        }
    }

    fn connect_relay(self: &Rc<Self>) {
        self.relay.take();
        match self.connect(&self.addresses.relay, Self::hear_relay) {
            Ok(socket) => *self.relay.borrow_mut() = Some(socket),
            Err(reason) => self.node.borrow_mut().handle(Input::RelayClosed(reason), now()),
        }
    }

    fn connect_dealer(self: &Rc<Self>) {
        self.dealer.take();
        match self.connect(&self.addresses.dealer, Self::hear_dealer) {
            Ok(socket) => *self.dealer.borrow_mut() = Some(socket),
            Err(reason) => self.node.borrow_mut().handle(Input::DealerClosed(reason), now()),
        }
    }

    fn connect_direct(self: &Rc<Self>, slot: u8, offers: bool) {
        let driver = Rc::downgrade(self);
        let tell = move |news| {
            if let Some(driver) = driver.upgrade() {
                driver.hear_direct(slot, news);
            }
        };
        if self.directs.open(slot, offers, tell).is_err() {
            let reason = "the page makes no direct connections".to_owned();
            self.node.borrow_mut().handle(Input::DirectClosed { slot, reason }, now());
        }
    }

    fn connect(self: &Rc<Self>, url: &str, hear: fn(&Rc<Self>, News)) -> Result<Socket, String> {
        let driver = Rc::downgrade(self);
        let tell = move |news| {
            if let Some(driver) = driver.upgrade() {
                hear(&driver, news);
            }
        };
        let refused = |_: JsValue| format!("the browser does not connect to {url}");
        Socket::open(url, tell).map_err(refused)
    }

    fn take_event(self: &Rc<Self>, event: Event) {
        match &event {
            Event::Ready => self.begin_session(),
            Event::Failed(error) => self.end_session(error),
            Event::Closed(error) => self.end_session(error),
            Event::Said { from, bytes } => self.said.keep(*from, bytes.clone()),
            Event::Lobby(_) | Event::Acquainted(_) => {}
        }
        if let Some(shown) = event::shown(&event) {
            // What the page's own code throws is its own affair.
            let _ = self.told.call1(&JsValue::NULL, &shown);
        }
    }

    fn begin_session(self: &Rc<Self>) {
        self.session.set(self.session.get() + 1);
        self.failure.take();
        self.said.clear();
        let Some(engine) = self.node.borrow().engine() else { return };
        let driver = Rc::downgrade(self);
        let (recording, handle) = abortable(async move {
            loop {
                engine.recorded().await;
                let Some(driver) = driver.upgrade() else { return };
                driver.pump();
            }
        });
        spawn_local(async move {
            let _ended_with_the_session = recording.await;
        });
        if let Some(last) = self.recording.replace(Some(handle)) {
            last.abort();
        }
    }

    fn end_session(&self, error: &Error) {
        if let Some(recording) = self.recording.take() {
            recording.abort();
        }
        // That this party left is no reason where there was one before.
        if !matches!(error, Error::Left) || self.failure.borrow().is_none() {
            *self.failure.borrow_mut() = Some(error.clone());
        }
        self.session.set(self.session.get() + 1);
        self.said.clear();
    }

    fn set_timer(self: &Rc<Self>) {
        let wake = self.node.borrow().wake();
        if wake == self.timer.borrow().as_ref().map(Timer::due) {
            return;
        }
        let timer = wake.map(|due| {
            let driver = Rc::downgrade(self);
            Timer::new(due, due.saturating_sub(now()), move || {
                if let Some(driver) = driver.upgrade() {
                    // Due no more: the node says when the next one is.
                    let past = driver.timer.take();
                    driver.handle(Input::Tick);
                    drop(past);
                }
            })
        });
        self.timer.replace(timer);
    }
}

fn send(socket: &RefCell<Option<Socket>>, message: &[u8]) {
    if let Some(socket) = &*socket.borrow() {
        socket.send(message);
    }
}
