//! The world that nodes live in: lines deliver in order, but which line delivers next is drawn from a
//! seed.

mod dealer;
mod direct;
mod disk;
mod faults;
mod party;
mod relay;

use std::collections::VecDeque;
use std::time::Duration;

use cryptab_session::{
    Engine, Event, Format, Identity, Input, Invite, Join, Journal, Node, Output, RevealPolicy,
    Role, Route,
};
use cryptab_wire::relay::ToClient;
use cryptab_wire::{FromRelay, Secret};

pub(crate) use dealer::MASTER;
use dealer::{Dealer, Line};
use direct::Directs;
use disk::Disk;
pub(crate) use faults::Fault;
pub(crate) use relay::Deliveries;
use relay::Relay;

pub(crate) struct World {
    pub(crate) invite: Invite,
    pub(crate) now: Duration,
    pub(crate) parties: Vec<Party>,
    connections: usize,
    /// Direct connections; none come about unless they are allowed.
    pub(crate) directs: Directs,
    pub(crate) relay: Relay,
    pub(crate) dealer: Dealer,
    random: u64,
}

/// A node, its lines, and what it told its application.
pub(crate) struct Party {
    pub(crate) node: Node,
    pub(crate) events: Vec<Event>,
    /// Hears nothing, does nothing; its connections stay.
    pub(crate) is_asleep: bool,
    /// What the relay knows its line by.
    connection: usize,
    /// Messages on their way to the relay, while connected.
    up: Option<VecDeque<Vec<u8>>>,
    /// On their way from the relay.
    down: VecDeque<Input>,
    line: Option<Line>,
    pub(crate) disk: Disk,
}

/// Something that can happen next.
#[derive(Clone, Copy)]
enum Happening {
    Up(usize),
    Down(usize),
    DealerUp(usize),
    DealerDown(usize),
    Direct(usize),
    Saved(usize),
}

pub(crate) fn invite(parties: u8, program: &str) -> Invite {
    Invite {
        version: 1,
        room: [0x5a; 16],
        secret: Secret::from([0xab; 32]),
        dealer_key: dealer::identity().public().0,
        parties,
        program: program.to_owned(),
        expires: START.as_secs() + 3600,
        dealer_url: None,
        ownership: None,
    }
}

pub(crate) fn join(invite: &Invite, name: &str, role: Role) -> Join {
    Join {
        invite: invite.clone(),
        identity: Identity::generate().unwrap(),
        name: name.to_owned(),
        acquaintances: Vec::new(),
        role,
        slot: None,
        format: Format::default(),
        reveal: RevealPolicy::Any,
        route: Route::default(),
        patience: Duration::from_secs(60),
        journal: Journal::Off,
    }
}

pub(crate) const NAMES: [&str; 5] = ["alice", "bob", "carol", "dave", "erin"];
pub(crate) const START: Duration = Duration::from_secs(1_800_000_000);

impl World {
    /// An empty room.
    pub(crate) fn empty(parties: u8, program: &str, seed: u64) -> Self {
        Self {
            invite: invite(parties, program),
            now: START,
            parties: Vec::new(),
            connections: 0,
            directs: Directs::default(),
            relay: Relay::new(parties),
            dealer: Dealer::default(),
            random: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
        }
    }

    /// A room in which everyone has come and everything has happened that can.
    pub(crate) fn full(parties: u8, seed: u64) -> Self {
        Self::equipped(parties, seed, false, false)
    }

    /// The same, where direct connections may come about (then everyone has the slot of its number), and
    /// where everyone has a disk.
    pub(crate) fn equipped(parties: u8, seed: u64, directs: bool, disks: bool) -> Self {
        let mut world = Self::empty(parties, "photo", seed);
        world.directs.are_allowed = directs;
        let roles = [Role::Photo, Role::Adjust, Role::Help, Role::Help, Role::Help];
        for (name, role) in NAMES.into_iter().zip(roles).take(usize::from(parties)) {
            if disks {
                world.come_with_disk(name, role);
            } else {
                world.come(name, role);
            }
            if directs {
                world.run();
            }
        }
        world.run();
        world
    }

    /// Someone comes; returns its number here.
    pub(crate) fn come(&mut self, name: &str, role: Role) -> usize {
        let join = join(&self.invite, name, role);
        self.come_with(join)
    }

    pub(crate) fn come_with(&mut self, join: Join) -> usize {
        let node = Node::new(join, self.now);
        let party = Party {
            node,
            events: Vec::new(),
            is_asleep: false,
            connection: 0,
            up: None,
            down: VecDeque::new(),
            line: None,
            disk: Disk::default(),
        };
        self.parties.push(party);
        let who = self.parties.len() - 1;
        self.connect(who);
        who
    }

    /// The party's connection to the relay opens, if the relay is up.
    pub(crate) fn connect(&mut self, who: usize) {
        if !self.relay.is_up {
            let refused = Input::RelayClosed("connection refused".to_owned());
            return self.parties[who].node.handle(refused, self.now);
        }
        self.connections += 1;
        self.parties[who].connection = self.connections;
        self.parties[who].up = Some(VecDeque::new());
        self.parties[who].down.push_back(Input::RelayOpened);
    }

    /// Lets everything happen that can, until nothing can any more.
    pub(crate) fn run(&mut self) {
        for _ in 0..1_000_000 {
            (0..self.parties.len()).for_each(|who| self.drain(who));
            let possible = self.possible();
            if possible.is_empty() {
                return;
            }
            let next = possible[usize::try_from(self.draw() % possible.len() as u64).unwrap()];
            self.happen(next);
        }
        panic!("the world does not come to rest");
    }

    /// Lets some things happen.
    pub(crate) fn run_some(&mut self, steps: u64) {
        for _ in 0..steps {
            (0..self.parties.len()).for_each(|who| self.drain(who));
            let possible = self.possible();
            if possible.is_empty() {
                return;
            }
            let next = possible[usize::try_from(self.draw() % possible.len() as u64).unwrap()];
            self.happen(next);
        }
    }

    /// Time passes, and everything happens.
    pub(crate) fn wait(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.pass(end.saturating_sub(self.now).min(Duration::from_millis(250)));
        }
    }

    /// Time passes, and some things happen.
    pub(crate) fn wait_some(&mut self, time: Duration) {
        self.now += time;
        self.tick();
        let steps = self.draw() % 30;
        self.run_some(steps);
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
        self.tick();
        self.run();
    }

    fn tick(&mut self) {
        for party in &mut self.parties {
            if !party.is_asleep && party.node.wake().is_some_and(|due| due <= self.now) {
                party.node.handle(Input::Tick, self.now);
            }
        }
    }

    /// A number from the seed.
    pub(crate) fn draw(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }

    /// The engines of those who are ready, by slot.
    pub(crate) fn engines(&self) -> Vec<Engine> {
        let mut engines: Vec<_> = self.parties.iter().filter_map(|p| p.node.engine()).collect();
        engines.sort_by_key(Engine::me);
        engines
    }

    fn possible(&self) -> Vec<Happening> {
        let mut possible = Vec::new();
        for (who, party) in self.parties.iter().enumerate().filter(|(_, party)| !party.is_asleep) {
            if party.up.as_ref().is_some_and(|up| !up.is_empty()) {
                possible.push(Happening::Up(who));
            }
            if !party.down.is_empty() {
                possible.push(Happening::Down(who));
            }
            if party.line.as_ref().is_some_and(|line| !line.up.is_empty()) {
                possible.push(Happening::DealerUp(who));
            }
            if party.line.as_ref().is_some_and(|line| !line.down.is_empty()) {
                possible.push(Happening::DealerDown(who));
            }
            if self.directs.has_news(who) {
                possible.push(Happening::Direct(who));
            }
            if party.disk.is_busy() {
                possible.push(Happening::Saved(who));
            }
        }
        possible
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Up(who) => {
                let message = self.parties[who].up.as_mut().and_then(VecDeque::pop_front);
                let connection = self.parties[who].connection;
                let deliveries = self.relay.receive(connection, message.unwrap());
                self.deliver(deliveries);
            }
            Happening::Down(who) => {
                let input = self.parties[who].down.pop_front().unwrap();
                self.parties[who].node.handle(input, self.now);
            }
            Happening::Direct(who) => {
                let input = self.directs.news(who).unwrap();
                self.parties[who].node.handle(input, self.now);
            }
            Happening::DealerUp(who) => {
                let line = self.parties[who].line.as_mut().unwrap();
                let packet = line.up.pop_front().unwrap();
                self.dealer.receive(line, &packet);
            }
            Happening::Saved(who) => self.save(who),
            Happening::DealerDown(who) => {
                let mut input = self.parties[who].line.as_mut().unwrap().down.pop_front().unwrap();
                if let (Input::DealerMessage(bytes), Some(tamper)) =
                    (&mut input, &mut self.dealer.tamper)
                {
                    let mut changed = bytes.to_vec();
                    tamper(who, &mut changed);
                    *bytes = changed.into();
                }
                self.parties[who].node.handle(input, self.now);
            }
        }
    }

    /// Something was written to the party's disk.
    fn save(&mut self, who: usize) {
        let party = &mut self.parties[who];
        if let Some(input) = party.disk.work() {
            party.node.handle(input, self.now);
        }
    }

    fn say_who_left(&mut self, who: usize) {
        let deliveries = self.relay.part(self.parties[who].connection);
        self.deliver(deliveries);
    }

    fn deliver(&mut self, deliveries: Vec<(usize, Vec<u8>)>) {
        for (connection, bytes) in deliveries {
            let open = self
                .parties
                .iter()
                .position(|party| party.connection == connection && party.up.is_some());
            let Some(to) = open else { continue };
            let is_refused =
                matches!(ToClient::decode(&bytes), Ok(ToClient::Notice(FromRelay::Refused { .. })));
            self.parties[to].down.push_back(Input::RelayMessage(bytes.into()));
            if is_refused {
                let closed = Input::RelayClosed("closed by the relay".to_owned());
                self.parties[to].down.push_back(closed);
                self.parties[to].up = None;
            }
        }
    }

    fn drain(&mut self, who: usize) {
        let (mut closed, mut wants_relay) = (false, false);
        let party = &mut self.parties[who];
        while let Some(output) = party.node.poll() {
            match output {
                Output::ConnectDealer => party.line = Some(self.dealer.connect()),
                Output::CloseDealer => party.line = None,
                Output::ToRelay(message) => {
                    if let Some(up) = &mut party.up {
                        up.push_back(message);
                    }
                }
                Output::ToDealer(packet) => {
                    if let Some(line) = &mut party.line {
                        line.up.push_back(packet);
                    }
                }
                Output::ConnectRelay => wants_relay = true,
                Output::Save { number, bytes } => party.disk.save(number, bytes),
                Output::ForgetJournal => party.disk.forget(),
                Output::ConnectDirect { slot, offers } => self.directs.want(who, slot, offers),
                Output::DirectSignal { .. } => {}
                Output::ToDirect { slot, bytes } => self.directs.send(who, slot, bytes),
                Output::CloseDirect { slot } => self.directs.close(who, slot),
                Output::Event(event) => {
                    closed |= matches!(event, Event::Closed(_));
                    party.events.push(event);
                }
            }
        }
        if wants_relay {
            self.connect(who);
        }
        if closed && self.parties[who].up.is_some() {
            // What it said before it closed arrives.
            while let Some(message) = self.parties[who].up.as_mut().and_then(VecDeque::pop_front) {
                let deliveries = self.relay.receive(self.parties[who].connection, message);
                self.deliver(deliveries);
            }
            self.vanish(who);
        }
    }
}
