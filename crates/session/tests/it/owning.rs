//! Rooms with an owner, where the relay is not trusted to keep anybody out.

use std::time::Duration;

use cryptab_session::{
    Admission, Charter, Error, Fault, Grant, Identity, Input, Invite, Join, Node, Order, Owner,
    Ownership, Role, SignedOrder, TokenId,
};
use cryptab_wire::{FromRelay, Pass, Refusal, ToRelay, control};

use crate::rogue::Duel;
use crate::world::{START, World, invite, join};

/// A room and its owner.
struct Estate {
    owner: Owner,
    charter: Charter,
    program: &'static str,
}

const HOUR: u64 = 3600;
const ANY: Grant = Grant { role: None, slot: None, expires: u64::MAX };

impl Estate {
    fn new(parties: u8, program: &'static str) -> Self {
        Self::of(7, parties, program)
    }

    fn of(owner: u8, parties: u8, program: &'static str) -> Self {
        let owner = Owner::from_secret(&[owner; 32]);
        let expires = START.as_secs() + HOUR;
        let charter = Charter { owner: owner.key(), admission: Admission::Token, parties, expires };
        Self { owner, charter, program }
    }

    /// The invite of one person.
    fn invite(&self, seed: u8, grant: Grant) -> Invite {
        let ticket = self.owner.invite(&self.charter, [seed; 16], grant);
        let ownership = Ownership { owner: self.charter.owner, ticket: Some(ticket) };
        let room = self.charter.room();
        let invite = invite(self.charter.parties, self.program);
        Invite { room, ownership: Some(ownership), ..invite }.validated().unwrap()
    }

    fn order(&self, order: Order) -> SignedOrder {
        self.owner.order(&self.charter, order)
    }

    fn revoke(&self, invite: &Invite) -> SignedOrder {
        self.order(Order::Revoke(token(invite)))
    }

    /// A room of three in which everybody is ready: alice, bob and carol by tokens 1, 2 and 3.
    fn full(&self, seed: u64) -> World {
        let mut world = World::empty(3, self.program, seed);
        for (name, token) in [("alice", 1), ("bob", 2), ("carol", 3)] {
            world.come_with(join(&self.invite(token, ANY), name, Role::Help));
        }
        world.run();
        assert!(world.parties.iter().all(|party| party.is_ready()));
        world
    }
}

fn token(invite: &Invite) -> TokenId {
    invite.ticket().unwrap().token().id()
}

fn texts(world: &World, who: usize) -> Vec<String> {
    world.parties[who].failures().iter().map(ToString::to_string).collect()
}

#[test]
fn each_comes_in_the_role_that_the_owner_granted() {
    for seed in 1..=10 {
        let estate = Estate::new(2, "photo");
        let grant = |role, slot| Grant { role: Some(role), slot: Some(slot), ..ANY };
        let photo = estate.invite(1, grant(Role::Photo, 1));
        let adjust = estate.invite(2, grant(Role::Adjust, 0));
        let mut world = World::empty(2, "photo", seed);
        world.come_with(join(&photo, "alice", Role::Photo));
        world.come_with(join(&adjust, "bob", Role::Adjust));
        world.run();
        for party in &world.parties {
            assert!(party.is_ready() && party.failures().is_empty(), "{:?}", party.events);
            let members = party.node.lobby().members;
            assert_eq!((members[0].role, members[1].role), (Role::Adjust, Role::Photo));
            assert_eq!(members[1].token, Some(token(&photo).to_string()));
        }
        let other = Node::new(join(&photo, "alice", Role::Adjust), START);
        assert!(other.is_finished());
    }
}

#[test]
fn another_role_than_the_granted_is_not_even_tried() {
    let estate = Estate::new(2, "photo");
    let invite = estate.invite(1, Grant { role: Some(Role::Adjust), ..ANY });
    let mut world = World::empty(2, "photo", 1);
    world.come_with(join(&invite, "alice", Role::Photo));
    world.run();
    let error = world.parties[0].closed().unwrap();
    assert!(matches!(error, Error::NotGranted { role: Role::Photo, granted: Role::Adjust }));
    assert_eq!(error.fault(), Fault::Input);
    assert!(error.to_string().contains("invited as `adjust`"), "{error}");
}

/// What a party says of itself, as `mallory` who helps.
fn hello(pass: Option<Pass>) -> Vec<u8> {
    [&[1, 7][..], b"mallory", &[2, 16, 0, 0], &[9; 32], &control::encode(&pass)].concat()
}

/// The member that a party with this key is in the room of this invite.
fn member(invite: &Invite, identity: &Identity) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new_derive_key("cryptab v1 members of a room");
    hasher.update(&invite.room).update(invite.secret.as_bytes());
    let hash = blake3::keyed_hash(hasher.finalize().as_bytes(), &identity.public().0);
    hash.as_bytes()[..16].try_into().unwrap()
}

#[test]
fn whoever_shows_no_right_is_refused_with_blame() {
    let estate = Estate::new(2, "tensor");
    let room = estate.charter.room();
    let mine = estate.invite(1, ANY);
    let mallory = Identity::generate().unwrap();
    let pass = |invite: &Invite, member| invite.ticket().unwrap().pass(room, member);
    let by = |grant| pass(&estate.invite(2, grant), member(&mine, &mallory));
    let stranger = Estate::of(8, 2, "tensor");
    let past = Grant { expires: START.as_secs(), ..ANY };
    let cases = [
        (None, "shows no token of the room's owner"),
        (Some(pass(&stranger.invite(2, ANY), member(&mine, &mallory))), "did not sign"),
        (Some(pass(&estate.invite(2, ANY), [9; 16])), "somebody else's"),
        (Some(by(past)), "a token that has expired"),
        (Some(by(Grant { role: Some(Role::Adjust), ..ANY })), "invited as `adjust`"),
        (Some(by(Grant { slot: Some(0), ..ANY })), "a place that it was not given"),
        (Some(pass(&mine, member(&mine, &mallory))), "uses the same token as this party"),
    ];
    for (shown, complaint) in cases {
        let duel = Duel::in_room(&mine, &mallory, hello(shown));
        let failures = duel.failures();
        let [text] = &failures[..] else { panic!("{complaint}: {failures:?}") };
        assert!(text.starts_with("the party in slot 1 ") && text.contains(complaint), "{text}");
        assert!(!duel.node.lobby().members[1].sealed);
    }
    let duel = Duel::in_room(&mine, &mallory, hello(Some(by(ANY))));
    assert!(duel.failures().is_empty() && duel.node.lobby().members[1].sealed);
}

#[test]
fn one_token_is_not_for_two_at_a_time() {
    for seed in 1..=20 {
        let estate = Estate::new(3, "tensor");
        let mut world = World::empty(3, "tensor", seed);
        let bobs = estate.invite(2, ANY);
        world.come_with(join(&estate.invite(1, ANY), "alice", Role::Help));
        world.come_with(join(&bobs, "bob", Role::Help));
        world.come_with(join(&bobs, "mallory", Role::Help));
        world.run();
        let all: Vec<_> = (0..3).flat_map(|who| texts(&world, who)).collect();
        let blame = |who: usize, whom: &str| {
            texts(&world, who).iter().any(|text| text.ends_with(&format!("same token as {whom}")))
        };
        assert!(blame(0, "bob") || blame(0, "mallory"), "seed {seed}: {all:?}");
        assert!(world.parties.iter().all(|party| !party.is_ready()));
    }
}

#[test]
fn whom_the_owner_removes_is_out_though_the_relay_does_not_obey() {
    for seed in 1..=20 {
        let estate = Estate::new(3, "tensor");
        let mut world = estate.full(seed);
        world.relay.obeys = false;
        let bobs = estate.invite(2, ANY);
        world.parties[0].node.order(estate.revoke(&bobs)).unwrap();
        world.run();
        assert!(matches!(world.parties[1].closed(), Some(Error::Refused(Refusal::Revoked))));
        for who in [0, 2] {
            let failures = world.parties[who].failures();
            let named = failures.iter().any(|failure| failure.peer() == Some("bob"));
            assert!(named && !world.parties[who].is_ready(), "seed {seed}: {failures:?}");
        }
        let removed = "bob was removed by the room's owner";
        assert!(texts(&world, 0).iter().any(|text| text == removed), "{:?}", texts(&world, 0));

        // Carol's place is taken by dave, who was not there, and bob tries again.
        world.vanish(2);
        let dave = world.come_with(join(&estate.invite(4, ANY), "dave", Role::Help));
        world.run();
        let back = world.come_with(join(&bobs, "bob", Role::Help));
        world.run();
        let closed = world.parties[back].closed();
        assert!(matches!(closed, Some(Error::Refused(Refusal::Revoked))), "{closed:?}");
        let carol = world.come_with(join(&estate.invite(3, ANY), "carol", Role::Help));
        world.run();
        assert!([0, dave, carol].iter().all(|&who| world.parties[who].is_ready()), "seed {seed}");
    }
}

#[test]
fn an_order_reaches_everybody_through_whoever_hears_of_it() {
    for order_of in [
        |estate: &Estate| estate.order(Order::Close),
        |estate: &Estate| estate.revoke(&estate.invite(2, ANY)),
    ] {
        let estate = Estate::new(3, "tensor");
        let mut world = estate.full(5);
        let order = order_of(&estate);
        let notice = FromRelay::Ordered { order }.encode();
        let now = world.now;
        // The relay tells carol alone.
        world.parties[2].node.handle(Input::RelayMessage(notice.into()), now);
        world.run();
        let closed = [0, 1, 2].map(|who| match world.parties[who].closed() {
            Some(Error::Refused(reason)) => Some(*reason),
            None => None,
            other => panic!("{other:?}"),
        });
        let expected = match order.order {
            Order::Close => [Some(Refusal::Closed); 3],
            Order::Revoke(_) => [None, Some(Refusal::Revoked), None],
        };
        assert_eq!(closed, expected);
        assert!(world.parties.iter().all(|party| !party.is_ready()));
    }
}

#[test]
fn the_owner_in_the_room_tells_the_relay_too() {
    let estate = Estate::new(3, "tensor");
    let mut world = estate.full(6);
    let order = estate.order(Order::Close);
    world.parties[1].node.order(order).unwrap();
    world.run();
    let said = ToRelay::Order { version: 1, charter: estate.charter, order }.encode_within();
    assert!(world.relay.seen.windows(said.len()).any(|window| window == said));
}

#[test]
fn a_relay_that_was_away_hears_of_an_order_when_it_is_back() {
    let estate = Estate::new(3, "tensor");
    let mut world = estate.full(6);
    world.lose_relay();
    world.run();
    let close = estate.order(Order::Close);
    let refused = world.parties[0].node.order(close).unwrap_err();
    assert!(refused.to_string().contains("the room is still open"), "{refused}");
    assert!(!world.parties[0].node.is_finished());
    let order = estate.revoke(&estate.invite(3, ANY));
    world.parties[0].node.order(order).unwrap();
    world.relay.is_up = true;
    world.wait(Duration::from_secs(10));
    let said = ToRelay::Order { version: 1, charter: estate.charter, order }.encode_within();
    assert!(world.relay.seen.windows(said.len()).any(|window| window == said));
    assert!(matches!(world.parties[2].closed(), Some(Error::Refused(Refusal::Revoked))));
}

#[test]
fn an_order_is_known_after_a_restart_too() {
    let estate = Estate::new(2, "tensor");
    for order_comes_first in [true, false] {
        let mut world = World::empty(2, estate.program, 6);
        let spare = estate.revoke(&estate.invite(3, ANY));
        world.come_with_disk_by(join(&estate.invite(1, ANY), "alice", Role::Help));
        if order_comes_first {
            world.run();
            world.parties[0].node.order(spare).unwrap();
        }
        world.come_with(join(&estate.invite(2, ANY), "bob", Role::Help));
        world.run();
        assert!(world.parties.iter().all(|party| party.is_ready()));
        if !order_comes_first {
            world.parties[1].node.order(spare).unwrap();
            world.run();
        }
        world.kill(0);
        world.relay.seen.clear();
        world.resume(0);
        world.run();
        let order = spare;
        let said = ToRelay::Order { version: 1, charter: estate.charter, order }.encode_within();
        let is_told = world.relay.seen.windows(said.len()).any(|window| window == said);
        assert!(is_told, "{order_comes_first}: {:?}", world.parties[0].events);
    }
}

#[test]
fn orders_that_are_not_the_owners_are_refused_with_blame() {
    let estate = Estate::new(2, "tensor");
    let mine = estate.invite(1, ANY);
    let other_room = Estate::new(3, "tensor");
    let stranger = Owner::from_secret(&[8; 32]);
    let bad = [other_room.order(Order::Close), stranger.order(&estate.charter, Order::Close)];
    for order in bad {
        let mallory = Identity::generate().unwrap();
        let room = estate.charter.room();
        let pass = estate.invite(2, ANY).ticket().unwrap().pass(room, member(&mine, &mallory));
        let mut duel = Duel::in_room(&mine, &mallory, hello(Some(pass)));
        duel.say(&[&[32][..], &control::encode(&order)].concat());
        let blamed = "mallory passed on an order that the room's owner did not sign";
        assert_eq!(duel.failures(), [blamed]);
        assert!(!duel.node.is_finished());

        let mut duel = Duel::in_room(&mine, &mallory, hello(Some(pass)));
        duel.notice(&FromRelay::Ordered { order });
        let world = estate.full_of_one(&mine);
        assert!(duel.node.is_finished() && world.is_ok());
        let mut node = Node::new(join(&mine, "alice", Role::Help), START);
        assert!(matches!(node.order(order), Err(Error::Misuse(_))));
    }
}

impl Estate {
    /// Whether a genuine order is taken where the bad ones are refused.
    fn full_of_one(&self, mine: &Invite) -> Result<(), Error> {
        let mut node = Node::new(join(mine, "alice", Role::Help), START);
        node.handle(Input::RelayOpened, START);
        let welcome = FromRelay::Welcome { slot: 0, present: vec![] }.encode();
        node.handle(Input::RelayMessage(welcome.into()), START);
        node.order(self.order(Order::Close))
    }
}

#[test]
fn the_end_comes_in_the_middle_of_a_session() {
    let estate = Estate::new(2, "tensor");
    let short = Grant { expires: START.as_secs() + 60, ..ANY };
    let mut world = World::empty(2, "tensor", 3);
    world.come_with(join(&estate.invite(1, ANY), "alice", Role::Help));
    world.come_with(join(&estate.invite(2, short), "bob", Role::Help));
    world.run();
    let end = START + Duration::from_secs(60);
    assert!(world.parties[0].node.wake().is_some_and(|wake| wake <= end));
    world.wait(Duration::from_secs(59));
    assert!(world.parties.iter().all(|party| party.is_ready()));
    world.wait(Duration::from_secs(1));
    assert!(matches!(world.parties[1].closed(), Some(Error::Expired)));
    let text = "bob was invited until now: its token has expired";
    assert_eq!(world.parties[0].last_failure(), text);
    assert!(world.parties[0].closed().is_none());

    let mut world = World::full(2, 3);
    world.wait(Duration::from_secs(HOUR - 1));
    assert!(world.parties.iter().all(|party| party.is_ready()));
    world.wait(Duration::from_secs(1));
    for party in &world.parties {
        assert!(matches!(party.closed(), Some(Error::Expired)), "{:?}", party.events);
    }
}

#[test]
fn nothing_shows_the_secret_of_a_ticket() {
    let estate = Estate::new(2, "tensor");
    let mut world = World::empty(2, "tensor", 1);
    world.come_with(Join { slot: None, ..join(&estate.invite(0xa5, ANY), "alice", Role::Help) });
    world.run();
    let shown = format!("{:?} {:?}", estate.invite(0xa5, ANY), world.parties[0].events);
    assert!(!shown.contains("165, 165"), "{shown}");
    assert!(!world.relay.seen.windows(8).any(|window| window == [0xa5; 8]));
}
