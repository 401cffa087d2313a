//! A dealer as the real one behaves.

use std::collections::VecDeque;

use cryptab_correlation::{Correction, Corrector, Request, Seed, SessionId};
use cryptab_link::{Channel, Event, Identity, dealer_prologue};
use cryptab_session::Input;
use cryptab_wire::{DealerHello, FromDealer, ToDealer, VERSION};

type Tamper = Box<dyn FnMut(usize, &mut Vec<u8>)>;

pub(crate) struct Dealer {
    pub(crate) is_up: bool,
    /// Refuses everyone, for this reason.
    pub(crate) refuses: Option<String>,
    /// Says this instead of corrections.
    pub(crate) lies: Option<Vec<u8>>,
    /// Changes packets to a party, on their way.
    pub(crate) tamper: Option<Tamper>,
    /// The sessions it was asked to deal for, once for each party that asked.
    pub(crate) sessions: Vec<[u8; 32]>,
    /// Connections that were tried.
    pub(crate) attempts: usize,
    /// All it ever saw, opened.
    pub(crate) seen: Vec<u8>,
}

/// A party's connection.
pub(crate) struct Line {
    pub(super) up: VecDeque<Vec<u8>>,
    pub(super) down: VecDeque<Input>,
    channel: Channel,
    party: Option<(Corrector, u8)>,
}

pub(crate) fn identity() -> Identity {
    Identity::from_secret(&[0x77; 32])
}

impl Default for Dealer {
    fn default() -> Self {
        Self {
            is_up: true,
            refuses: None,
            lies: None,
            tamper: None,
            sessions: Vec::new(),
            attempts: 0,
            seen: Vec::new(),
        }
    }
}

impl Dealer {
    pub(super) fn connect(&mut self) -> Line {
        self.attempts += 1;
        let channel =
            Channel::dealer_server(&identity(), &dealer_prologue(VERSION), Vec::new()).unwrap();
        let input = if self.is_up {
            Input::DealerOpened
        } else {
            Input::DealerClosed("connection refused".to_owned())
        };
        Line { up: VecDeque::new(), down: [input].into(), channel, party: None }
    }

    pub(super) fn receive(&mut self, line: &mut Line, packet: &[u8]) {
        for event in line.channel.receive(packet).unwrap() {
            match event {
                Event::Send(packet) => line.down.push_back(Input::DealerMessage(packet.into())),
                Event::Open { peer, hello } => {
                    self.seen.extend_from_slice(&hello);
                    let DealerHello { statement, index } = DealerHello::decode(&hello).unwrap();
                    assert_eq!(statement.keys[usize::from(index)], peer.0);
                    if let Some(reason) = &self.refuses {
                        line.say(&FromDealer::Refused(reason).encode());
                        line.close("closed");
                        return;
                    }
                    let id = SessionId(statement.session_id(&identity().public().0));
                    self.sessions.push(id.0);
                    let seeds: Vec<_> =
                        (0..statement.parties).map(|i| Seed::derive(&MASTER, &id, i)).collect();
                    line.say(&FromDealer::Seed(seeds[usize::from(index)].expose()).encode());
                    line.party = Some((Corrector::new(&seeds, id), index));
                }
                Event::Message(message) => {
                    self.seen.extend_from_slice(&message);
                    if let Some(lie) = &self.lies {
                        line.say(lie);
                        continue;
                    }
                    let ToDealer::Request(request) = ToDealer::parse(&message).unwrap();
                    let request = Request::from_bytes(request).unwrap();
                    let (corrector, index) = line.party.as_ref().unwrap();
                    let bytes = corrector.correct(&request).unwrap().remove(usize::from(*index));
                    let correction =
                        Correction { address: request.address, bytes: bytes.into() }.to_bytes();
                    line.say(&FromDealer::Correction(&correction).encode());
                }
            }
        }
    }
}

impl Line {
    pub(super) fn close(&mut self, reason: &str) {
        self.up.clear();
        self.down.push_back(Input::DealerClosed(reason.to_owned()));
    }

    fn say(&mut self, message: &[u8]) {
        let packets = self.channel.send(message).unwrap();
        self.down.extend(packets.into_iter().map(|packet| Input::DealerMessage(packet.into())));
    }
}

/// Not secret from anybody here.
pub(crate) const MASTER: [u8; 32] = [0x33; 32];
