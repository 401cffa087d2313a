//! A party that was invited, knows the protocol, and does not keep to it.

use std::time::Duration;

use bytes::Bytes;
use cryptab_link::{
    Channel, Event as LinkEvent, Identity, News, Order, Pair, Path, Prologue, Stream, pair_psk,
};
use cryptab_session::{Event, Input, Node, Output, Role};
use cryptab_wire::relay::addressed;
use cryptab_wire::{FromRelay, Invite};

use crate::world::{START, invite, join};

/// A node in slot 0 that is to be deceived, and the rogue's side of the channel in slot 1.
pub(crate) struct Duel {
    pub(crate) node: Node,
    pub(crate) events: Vec<Event>,
    /// What the node's channel said, opened.
    pub(crate) heard: Vec<Vec<u8>>,
    channel: Channel,
    /// Keeps to the rules of streams; what it carries does not.
    stream: Stream,
    now: Duration,
}

impl Duel {
    /// Up to the sealed channel; the rogue has introduced itself with these bytes.
    pub(crate) fn introduced_as(hello: Vec<u8>) -> Self {
        Self::in_room(&invite(2, "tensor"), &Identity::generate().unwrap(), hello)
    }

    /// The same in the room of this invite, which is the node's; the rogue has this key.
    pub(crate) fn in_room(invite: &Invite, identity: &Identity, hello: Vec<u8>) -> Self {
        let slots = Pair::new(0, 1).unwrap();
        let prologue = Prologue::of(invite, slots).encode();
        let channel =
            Channel::pair_responder(identity, &pair_psk(invite), &prologue, hello).unwrap();
        let node = Node::new(join(invite, "alice", Role::Help), START);
        let mut duel = Self {
            node,
            events: Vec::new(),
            heard: Vec::new(),
            channel,
            stream: Stream::new([9; 8]),
            now: START,
        };
        duel.node.handle(Input::RelayOpened, START);
        duel.notice(&FromRelay::Welcome { slot: 0, present: vec![1] });
        duel.packet(&[&[HAIL][..], &[5; 8]].concat());
        duel.settle();
        duel
    }

    /// An ordinary introduction.
    pub(crate) fn new() -> Self {
        Self::introduced_as([&[1, 7][..], b"mallory", &[2, 16, 0, 0], &[9; 32], &[0]].concat())
    }

    pub(crate) fn notice(&mut self, notice: &FromRelay) {
        self.node.handle(Input::RelayMessage(notice.encode().into()), self.now);
    }

    /// A packet as it is.
    pub(crate) fn packet(&mut self, packet: &[u8]) {
        let message = [&[1, 1], packet].concat();
        self.node.handle(Input::RelayMessage(message.into()), self.now);
    }

    /// A message through the channel.
    pub(crate) fn say(&mut self, message: &[u8]) {
        self.stream.send(Vec::new(), Bytes::copy_from_slice(message), Order::Strict).unwrap();
        self.speak();
        self.settle();
    }

    pub(crate) fn failures(&self) -> Vec<String> {
        let failure = |event: &Event| match event {
            Event::Failed(error) => Some(error.to_string()),
            _ => None,
        };
        self.events.iter().filter_map(failure).collect()
    }

    fn speak(&mut self) {
        while let Some(departure) = self.stream.poll(self.now) {
            let message = [&departure.head[..], &departure.body].concat();
            for packet in self.channel.send(&message).unwrap() {
                self.packet(&packet);
            }
        }
    }

    fn settle(&mut self) {
        while let Some(output) = self.node.poll() {
            match output {
                Output::Event(event) => self.events.push(event),
                Output::ToRelay(message) => self.hear(&message),
                _ => {}
            }
        }
    }

    fn hear(&mut self, message: &[u8]) {
        match addressed(message).map(|(_, packet)| packet) {
            Ok([HAIL, tag @ ..]) if tag.len() == 8 => {
                let answer = [&[ANSWER], tag].concat();
                self.packet(&answer);
            }
            Ok(packet) if packet.len() >= 16 => {
                for event in self.channel.receive(packet).unwrap() {
                    match event {
                        LinkEvent::Send(packet) => self.packet(&packet),
                        LinkEvent::Open { .. } => self.stream.attach(Path::Relay, self.now),
                        LinkEvent::Message(message) => {
                            let news = self.stream.receive(Path::Relay, &message, self.now);
                            let heard = news.unwrap().into_iter().filter_map(|news| match news {
                                News::Message { bytes, .. } => Some(bytes),
                                _ => None,
                            });
                            self.heard.extend(heard);
                        }
                    }
                }
                self.speak();
            }
            _ => {}
        }
    }
}

const HAIL: u8 = 1;
const ANSWER: u8 = 2;
