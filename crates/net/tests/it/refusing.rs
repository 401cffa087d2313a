//! Links that lead nowhere, and rooms that let nobody in.

use cryptab_net::{Error, JoinOptions, Party};
use cryptab_session::{Event, Fault, Role};
use tokio::task::LocalSet;

use crate::world::{World, event, join};

async fn closed(party: &Party) -> cryptab_session::Error {
    match event(party).await {
        Event::Closed(error) => error,
        event => panic!("{event:?}"),
    }
}

#[test]
fn a_bad_link() {
    for link in ["", "photo.png", "http://127.0.0.1/", "http://127.0.0.1/#AAAA"] {
        let error = JoinOptions::new(link, "alice", Role::Help).unwrap_err();
        assert_eq!(error.fault(), Fault::Input, "{error}");
    }
}

#[tokio::test]
async fn an_expired_room_and_a_full_one() {
    let test = async {
        let world = World::new().await;
        let late = join(&world.link(2, "tensor", -10), "alice").await;
        assert!(closed(&late).await.to_string().contains("expired"));

        let link = world.link(2, "tensor", 3600);
        let _present = tokio::join!(join(&link, "alice"), join(&link, "bob"));
        let third = join(&link, "carol").await;
        let error = closed(&third).await;
        assert!(error.to_string().contains("full"), "{error}");
    };
    LocalSet::new().run_until(test).await;
}

#[tokio::test]
async fn one_identity_is_present_once() {
    let test = async {
        let world = World::new().await;
        let link = world.link(3, "tensor", 3600);
        let first = JoinOptions::new(&link, "alice", Role::Help).unwrap();
        let mut second = JoinOptions::new(&link, "alice again", Role::Help).unwrap();
        second.join.identity = first.join.identity.clone();
        let first = Party::join(first).await.unwrap();
        // The lobby shows that the first is in.
        let _ = first.events().recv().await.unwrap();
        let second = Party::join(second).await.unwrap();
        let error = closed(&second).await;
        assert!(error.to_string().contains("already"), "{error}");
    };
    LocalSet::new().run_until(test).await;
}

#[tokio::test]
async fn nobody_listens_at_the_relays_address() {
    let test = async {
        let mut world = World::new().await;
        let link = world.link(2, "tensor", 3600);
        world.relay.stop().await;
        let options = JoinOptions::new(&link, "alice", Role::Help).unwrap();
        let error = Party::join(options).await.unwrap_err();
        assert!(matches!(error, Error::Relay { .. }), "{error}");
        assert_eq!(error.fault(), Fault::Relay);
    };
    LocalSet::new().run_until(test).await;
}
