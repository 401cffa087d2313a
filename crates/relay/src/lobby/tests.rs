//! Who gets in and who does not, on a clock that the test moves.

use std::time::Duration;

use cryptab_wire::{
    Admission, Charter, Claim, FromRelay, Order, Owner, Refusal, ToClient, ToRelay, TokenId,
    VERSION,
};
use futures::FutureExt as _;

use super::{Lobby, Now};
use crate::address::Address;
use crate::config::{Limits, Times};
use crate::mailbox::{Letters, Pool, mailbox};
use crate::room::Seat;
use crate::telemetry::Telemetry;

mod ordering;

struct World {
    lobby: Lobby,
    telemetry: Telemetry,
    now: Now,
}

/// A join as most tests want it: member 1, room 1, two parties, any slot, an hour from now.
#[derive(Clone, Copy)]
struct Wish {
    version: u8,
    room: u8,
    parties: u8,
    slot: Option<u8>,
    member: u8,
    expires_in: u64,
}

const WISH: Wish =
    Wish { version: VERSION, room: 1, parties: 2, slot: None, member: 1, expires_in: 3600 };

/// Members leave at the real moment, which is a little after the world's.
const SLACK: Duration = Duration::from_secs(10);

struct Member {
    seat: Seat,
    letters: Letters,
}

impl World {
    fn new(limits: &Limits) -> Self {
        let telemetry = Telemetry::new();
        let lobby = Lobby::new(limits, &Times::default(), telemetry.clone());
        Self { lobby, telemetry, now: Now::read() }
    }

    fn join_from(&self, address: u8, wish: Wish) -> Result<Member, Refusal> {
        let (mailbox, letters) = mailbox(1024, &Pool::new(0));
        let join = ToRelay::Join {
            version: wish.version,
            room: [wish.room; 16],
            parties: wish.parties,
            slot: wish.slot,
            member: [wish.member; 16],
            expires: self.now.unix + wish.expires_in,
            claim: None,
        };
        let seat = self.lobby.admit(&join, mailbox, Address::numbered(address), self.now)?;
        Ok(Member { seat, letters })
    }

    /// A room of this owner, for two whoever has the link.
    fn charter(&self, owner: &Owner, seconds: u64) -> Charter {
        let expires = self.now.unix + seconds;
        Charter { owner: owner.key(), admission: Admission::Link, parties: 2, expires }
    }

    fn join_owned(&self, charter: &Charter, member: u8) -> Result<Member, Refusal> {
        let (mailbox, letters) = mailbox(1024, &Pool::new(0));
        let Charter { owner, parties, expires, .. } = *charter;
        let join = ToRelay::Join {
            version: VERSION,
            room: charter.room(),
            parties,
            slot: None,
            member: [member; 16],
            expires,
            claim: Some(Claim { owner, pass: None }),
        };
        let seat = self.lobby.admit(&join, mailbox, Address::numbered(0), self.now)?;
        Ok(Member { seat, letters })
    }

    fn order(&self, owner: &Owner, charter: &Charter, order: Order) -> Result<(), Refusal> {
        let order = owner.order(charter, order);
        self.lobby.obey(VERSION, *charter, order, Address::numbered(0), self.now)
    }

    fn shows(&self, line: &str) -> bool {
        self.lobby.sweep(self.now.instant);
        self.telemetry.render().contains(line)
    }

    fn join(&self, wish: Wish) -> Result<Member, Refusal> {
        self.join_from(0, wish)
    }

    fn refusal(&self, wish: Wish) -> Option<Refusal> {
        self.join(wish).err()
    }

    fn wait(&mut self, time: Duration) {
        self.now.instant += time;
        self.now.unix += time.as_secs();
    }
}

impl Member {
    fn notice(&mut self) -> Option<FromRelay> {
        let letter = self.letters.next().now_or_never()??;
        match ToClient::decode(&letter.message).unwrap() {
            ToClient::Notice(notice) => Some(notice),
            ToClient::Packet { .. } => panic!("a packet where a notice was expected"),
        }
    }
}

#[test]
fn members_hear_of_each_other() {
    let world = World::new(&Limits::default());
    let mut first = world.join(WISH).unwrap();
    let mut second = world.join(Wish { member: 2, ..WISH }).unwrap();
    assert_eq!(first.notice(), Some(FromRelay::Welcome { slot: 0, present: vec![] }));
    assert_eq!(first.notice(), Some(FromRelay::Joined { slot: 1 }));
    assert_eq!(second.notice(), Some(FromRelay::Welcome { slot: 1, present: vec![0] }));
    first.seat.leave();
    assert_eq!(second.notice(), Some(FromRelay::Left { slot: 0 }));
    assert_eq!(second.notice(), None);

    let third = world.join(Wish { member: 3, ..WISH }).unwrap();
    assert_eq!(third.seat.slot, 0, "the lowest free slot");
}

#[test]
fn a_slot_can_be_asked_for() {
    let world = World::new(&Limits::default());
    let _first = world.join(Wish { slot: Some(2), parties: 3, ..WISH }).unwrap();
    let taken = Wish { slot: Some(2), parties: 3, member: 2, ..WISH };
    assert_eq!(world.refusal(taken), Some(Refusal::SlotTaken));
    let second = world.join(Wish { slot: None, ..taken }).unwrap();
    assert_eq!(second.seat.slot, 0);
}

#[test]
fn a_place_is_kept_for_its_member_and_for_a_while() {
    let mut world = World::new(&Limits::default());
    let mut first = world.join(WISH).unwrap();
    let second = world.join(Wish { member: 2, ..WISH }).unwrap();
    drop(second);
    assert_eq!(first.notice(), Some(FromRelay::Welcome { slot: 0, present: vec![] }));
    assert_eq!(first.notice(), Some(FromRelay::Joined { slot: 1 }));
    assert_eq!(first.notice(), Some(FromRelay::Left { slot: 1 }), "told at once");
    let stranger = Wish { member: 3, ..WISH };
    assert_eq!(world.refusal(stranger), Some(Refusal::Reserved));
    assert_eq!(world.refusal(Wish { slot: Some(1), ..stranger }), Some(Refusal::Reserved));
    let back = world.join(Wish { member: 2, ..WISH }).unwrap();
    assert_eq!(back.seat.slot, 1, "the place that it had");
    drop(back);
    world.wait(Times::default().grace + SLACK);
    let late = Wish { expires_in: 3600 - (Times::default().grace + SLACK).as_secs(), ..stranger };
    assert_eq!(world.join(late).unwrap().seat.slot, 1, "nobody waits for ever");
}

#[test]
fn whoever_asks_for_a_kept_slot_gets_another() {
    let world = World::new(&Limits::default());
    let wish = Wish { parties: 3, ..WISH };
    let _first = world.join(wish).unwrap();
    drop(world.join(Wish { member: 2, ..wish }).unwrap());
    let third = world.join(Wish { member: 3, slot: Some(1), ..wish }).unwrap();
    assert_eq!(third.seat.slot, 2);
    let back = world.join(Wish { member: 2, slot: Some(1), ..wish }).unwrap();
    assert_eq!(back.seat.slot, 1);
    back.seat.leave();
    assert_eq!(world.join(Wish { member: 4, ..wish }).unwrap().seat.slot, 1, "said goodbye");
}

#[test]
fn whoever_moves_keeps_one_place_only() {
    let world = World::new(&Limits::default());
    let wish = Wish { parties: 3, ..WISH };
    drop(world.join(wish).unwrap());
    let moved = world.join(Wish { slot: Some(2), ..wish }).unwrap();
    assert_eq!(moved.seat.slot, 2);
    let slots = [2, 3].map(|member| world.join(Wish { member, ..wish }).unwrap());
    assert_eq!(slots.map(|member| member.seat.slot), [0, 1]);
}

#[test]
fn each_reason_to_refuse() {
    let world = World::new(&Limits::default());
    let _first = world.join(WISH).unwrap();
    assert_eq!(world.refusal(WISH), Some(Refusal::MemberPresent));
    let other = Wish { member: 2, ..WISH };
    assert_eq!(world.refusal(Wish { version: VERSION + 1, ..other }), Some(Refusal::Version));
    assert_eq!(world.refusal(Wish { parties: 3, ..other }), Some(Refusal::Mismatch));
    assert_eq!(world.refusal(Wish { expires_in: 3601, ..other }), Some(Refusal::Mismatch));
    assert_eq!(world.refusal(Wish { expires_in: 0, ..other }), Some(Refusal::Expired));
    let _second = world.join(other).unwrap();
    assert_eq!(world.refusal(Wish { member: 3, ..WISH }), Some(Refusal::Full));
    assert_eq!(world.refusal(Wish { member: 3, slot: Some(0), ..WISH }), Some(Refusal::Full));
    assert_eq!(world.refusal(other), Some(Refusal::MemberPresent), "even when full");
    assert!(world.refusal(Wish { room: 2, ..WISH }).is_none(), "another room knows nothing of it");
}

#[test]
fn an_empty_room_is_kept_for_its_grace_and_no_longer() {
    let mut world = World::new(&Limits::default());
    let grace = Times::default().grace;
    drop(world.join(WISH).unwrap());
    world.wait(grace / 2);
    let other_terms = Wish { parties: 3, ..WISH };
    assert_eq!(world.refusal(other_terms), Some(Refusal::Mismatch), "still the same room");
    world.wait(grace);
    assert!(world.refusal(other_terms).is_none(), "a new room");
}

#[test]
fn no_room_outlives_its_invite_or_the_longest_life() {
    let world = World::new(&Limits::default());
    let deadline = |wish| world.join(wish).unwrap().seat.room.deadline - world.now.instant;
    assert_eq!(deadline(WISH), Duration::from_secs(3600));
    let long = Wish { room: 2, expires_in: 1 << 40, ..WISH };
    assert_eq!(deadline(long), Times::default().room_life);
}

#[test]
fn a_room_past_its_end_lets_nobody_in() {
    let mut world = World::new(&Limits::default());
    let long = Wish { expires_in: 1 << 40, ..WISH };
    let first = world.join(long).unwrap();
    let life = Times::default().room_life;
    world.wait(life);
    let late = Wish { member: 2, expires_in: (1 << 40) - life.as_secs(), ..WISH };
    assert_eq!(world.refusal(late), Some(Refusal::Expired));
    drop(first);
    assert!(world.refusal(late).is_none(), "once all have left it is a new room");
}

#[test]
fn rooms_are_limited_by_address_and_in_total() {
    let limits = Limits { rooms: 3, rooms_per_address: 2, ..Limits::default() };
    let mut world = World::new(&limits);
    let mut members = Vec::new();
    for room in [1, 2] {
        members.push(world.join(Wish { room, ..WISH }).unwrap());
    }
    let third = Wish { room: 3, ..WISH };
    assert_eq!(world.refusal(third), Some(Refusal::TooMany));
    assert!(world.join(Wish { member: 2, ..WISH }).is_ok(), "an open room may be entered");
    members.push(world.join_from(1, third).unwrap());
    let fourth = Wish { room: 4, ..WISH };
    assert_eq!(world.join_from(2, fourth).err(), Some(Refusal::TooMany));

    members.clear();
    world.wait(Times::default().grace + SLACK);
    assert!(world.join_from(2, fourth).is_ok(), "rooms that are over count no longer");
}

#[test]
fn joins_are_limited_by_address() {
    let limits = Limits { join_burst: 2.try_into().unwrap(), ..Limits::default() };
    let world = World::new(&limits);
    for member in [1, 2] {
        assert!(world.join(Wish { member, ..WISH }).is_ok());
    }
    assert_eq!(world.refusal(WISH), Some(Refusal::TooMany));
    assert!(world.join_from(1, WISH).is_ok(), "another address");
}

#[test]
fn gauges_follow() {
    let mut world = World::new(&Limits::default());
    let shows = |world: &World, line: &str| world.telemetry.render().contains(line);
    let member = world.join(WISH).unwrap();
    assert!(shows(&world, "cryptab_relay_rooms 1\n"));
    assert!(shows(&world, "cryptab_relay_members 1\n"));
    drop(member);
    assert!(shows(&world, "cryptab_relay_members 0\n"));
    world.wait(Times::default().grace + SLACK);
    world.lobby.sweep(world.now.instant);
    assert!(shows(&world, "cryptab_relay_rooms 0\n"));
}

#[test]
fn a_rooms_name_is_never_shown() {
    let world = World::new(&Limits::default());
    let member = world.join(Wish { room: 0xab, ..WISH }).unwrap();
    let shown = format!("{:?}", member.seat.room.id);
    assert_eq!(shown.len(), 8);
    assert!(!shown.contains("abab") && !shown.contains("171"));
}
