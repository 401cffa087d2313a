//! What the owner of a room orders counts to the room's end, and takes no room from others.

use super::*;

#[test]
fn what_the_owner_ordered_is_remembered_in_an_empty_room() {
    let limits = Limits { join_burst: 1000.try_into().unwrap(), ..Limits::default() };
    let mut world = World::new(&limits);
    let owner = Owner::from_secret(&[1; 32]);
    let charter = world.charter(&owner, 3600);
    let obey = |world: &World, order| world.order(&owner, &charter, order);
    assert_eq!(obey(&world, Order::Close), Ok(()));
    world.wait(2 * Times::default().grace);
    assert!(world.shows("cryptab_relay_remembered_rooms 1\n"));
    assert_eq!(world.join_owned(&charter, 1).err(), Some(Refusal::Closed));
    let revocations = (0..256_u16)
        .map(|n| TokenId([[0; 6].as_slice(), &n.to_be_bytes()].concat().try_into().unwrap()));
    for token in revocations {
        assert_eq!(obey(&world, Order::Revoke(token)), Ok(()));
    }
    let one_more = Order::Revoke(TokenId([1; 8]));
    assert_eq!(obey(&world, one_more), Err(Refusal::TooMany));
    world.wait(Duration::from_secs(3600));
    assert!(world.shows("cryptab_relay_rooms 0\n"), "its end");
    assert!(world.shows("cryptab_relay_remembered_rooms 0\n"), "and nothing is left of it");
    assert_eq!(obey(&world, Order::Close), Err(Refusal::Expired));
}

#[test]
fn a_closed_room_stays_closed_however_long_its_invite_goes_on() {
    let mut world = World::new(&Limits::default());
    let owner = Owner::from_secret(&[1; 32]);
    let charter = world.charter(&owner, Charter::LONGEST);
    assert_eq!(world.order(&owner, &charter, Order::Close), Ok(()));
    world.wait(Times::default().room_life);
    world.lobby.sweep(world.now.instant);
    assert_eq!(world.join_owned(&charter, 1).err(), Some(Refusal::Closed));
    world.wait(Duration::from_secs(Charter::LONGEST) - 2 * Times::default().room_life);
    world.lobby.sweep(world.now.instant);
    assert_eq!(world.join_owned(&charter, 1).err(), Some(Refusal::Closed));
}

#[test]
fn an_order_outlives_the_visit_in_which_it_was_given() {
    let mut world = World::new(&Limits::default());
    let owner = Owner::from_secret(&[1; 32]);
    let charter = world.charter(&owner, Charter::LONGEST);
    let member = world.join_owned(&charter, 1).unwrap();
    let order = owner.order(&charter, Order::Close);
    world.lobby.obey_within(&member.seat.room, order, Address::numbered(0)).unwrap();
    drop(member);
    world.wait(Times::default().room_life);
    assert!(world.shows("cryptab_relay_rooms 0\n"), "nobody is there");
    assert_eq!(world.join_owned(&charter, 1).err(), Some(Refusal::Closed));
}

#[test]
fn whoever_usurps_a_room_keeps_no_order_from_it() {
    let world = World::new(&Limits::default());
    let owner = Owner::from_secret(&[1; 32]);
    let charter = world.charter(&owner, 3600);
    let (mailbox, _letters) = mailbox(1024, &Pool::new(0));
    let join = ToRelay::Join {
        version: VERSION,
        room: charter.room(),
        parties: charter.parties,
        slot: None,
        member: [9; 16],
        expires: charter.expires,
        claim: None,
    };
    let _usurper = world.lobby.admit(&join, mailbox, Address::numbered(1), world.now).unwrap();
    assert_eq!(world.order(&owner, &charter, Order::Close), Ok(()));
    assert_eq!(world.join_owned(&charter, 1).err(), Some(Refusal::Closed));
}

#[test]
fn whoever_visits_a_closed_room_cannot_push_its_order_out() {
    let limits = Limits { remembered_per_address: 1, ..Limits::default() };
    let mut world = World::new(&limits);
    let owner = Owner::from_secret(&[1; 32]);
    let charter = world.charter(&owner, 3600);
    let order = owner.order(&charter, Order::Close);
    let theirs = Address::numbered(1);
    assert_eq!(world.lobby.obey(VERSION, charter, order, theirs, world.now), Ok(()));
    assert_eq!(world.join_owned(&charter, 1).err(), Some(Refusal::Closed));
    world.wait(2 * Times::default().grace);
    assert!(world.shows("cryptab_relay_rooms 0\n"));
    let other = Owner::from_secret(&[2; 32]);
    let own = world.charter(&other, 3600);
    assert_eq!(world.order(&other, &own, Order::Close), Ok(()));
    assert_eq!(world.join_owned(&charter, 1).err(), Some(Refusal::Closed));
}

#[test]
fn orders_take_no_room_from_those_who_come() {
    let limits = Limits {
        rooms: 1,
        rooms_per_address: 1,
        remembered: 2,
        remembered_per_address: 2,
        ..Limits::default()
    };
    let world = World::new(&limits);
    for number in 1..=3 {
        let owner = Owner::from_secret(&[number; 32]);
        let charter = world.charter(&owner, 3600);
        assert_eq!(world.order(&owner, &charter, Order::Close), Ok(()), "order {number}");
    }
    assert!(world.shows("cryptab_relay_remembered_rooms 2\n"), "no more than these");
    assert!(world.join(WISH).is_ok());
}

#[test]
fn a_room_of_an_owner_must_end_within_thirty_days() {
    let world = World::new(&Limits::default());
    let owner = Owner::from_secret(&[1; 32]);
    let last = world.charter(&owner, Charter::LONGEST);
    assert!(world.join_owned(&last, 1).is_ok());
    let late = world.charter(&owner, Charter::LONGEST + 24 * 3600);
    assert_eq!(world.join_owned(&late, 1).err(), Some(Refusal::EndsTooLate));
    assert_eq!(world.order(&owner, &late, Order::Close), Err(Refusal::EndsTooLate));
}
