//! What is secret is not shown, said or sent.

use cryptab_session::{Identity, Input, Join, Role};

use crate::world::{World, invite, join};

/// The bytes as `Debug` shows them, in decimal and hexadecimal.
fn shows(text: &str, secret: &[u8]) -> bool {
    let text: String = text.to_lowercase().split_whitespace().collect();
    let four = &secret[..4];
    let decimal: Vec<_> = four.iter().map(ToString::to_string).collect();
    let hex: String = four.iter().map(|byte| format!("{byte:02x}")).collect();
    text.contains(&decimal.join(",")) || text.contains(&hex)
}

#[test]
fn nothing_shows_a_secret() {
    let secret = [0x91, 0x82, 0x73, 0x64, 0x55, 0x46, 0x37, 0x28];
    let key: Vec<u8> = secret.repeat(4);
    let identity = Identity::from_secret(key.as_slice().try_into().unwrap());
    let join = Join { identity, ..join(&invite(2, "photo"), "alice", Role::Photo) };
    assert!(!shows(&format!("{join:?} {join:#?}"), &secret));
    let mut world = World::empty(2, "photo", 1);
    world.come_with(join);
    world.come("bob", Role::Adjust);
    world.run();
    assert!(world.parties[0].is_ready());
    let said = [0xa1, 0xb2, 0xc3, 0xd4];
    world.parties[1].node.say(said.to_vec()).unwrap();
    let now = world.now;
    world.parties[0].node.handle(Input::DealerMessage(vec![1; 99].into()), now);
    world.run();
    let input = Input::RelayMessage(said.to_vec().into());
    let mut shown = format!("{input:?}");
    for party in &world.parties {
        shown += &format!("{:?} {:#?} {:?}", party.node, party.node, party.events);
        for failure in party.failures() {
            shown += &failure.to_string();
        }
    }
    let invite = &world.invite;
    let session = world.dealer.sessions[0];
    let seed = cryptab_correlation::Seed::derive(
        &crate::world::MASTER,
        &cryptab_correlation::SessionId(session),
        0,
    );
    for hidden in
        [secret.as_slice(), invite.secret.as_bytes(), &invite.room, &session, seed.expose(), &said]
    {
        assert!(!shows(&shown, hidden), "{hidden:02x?} in {shown}");
    }
    assert!(shown.contains("alice"));
}

#[test]
fn relay_and_dealer_see_no_secret_and_no_name() {
    let world = World::full(3, 5);
    for seen in [&world.relay.seen, &world.dealer.seen] {
        let contains = |needle: &[u8]| seen.windows(needle.len()).any(|window| window == needle);
        assert!(!contains(world.invite.secret.as_bytes()));
        assert!(!contains(b"alice") && !contains(b"carol"));
        assert!(!contains(&cryptab_link::pair_psk(&world.invite)[..]));
    }
}
