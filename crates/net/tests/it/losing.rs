//! Someone or something is gone, and back.

use std::time::{Duration, Instant};

use cryptab_session::Fault;
use tokio::task::LocalSet;

use crate::world::{World, compute, failure, join, ready};

#[tokio::test]
async fn a_party_that_leaves_is_named_at_once_and_may_come_back() {
    let test = async {
        let world = World::new().await;
        let link = world.link(2, "tensor", 3600);
        let (alice, bob) = tokio::join!(join(&link, "alice"), join(&link, "bob"));
        tokio::join!(ready(&alice), ready(&bob));
        let engine = alice.engine().unwrap();
        let me = alice.lobby().me;
        let x = engine.input(me, &[1], Some(&[1.0])).unwrap();
        let pending = x.square().unwrap().reveal().unwrap();
        let left = Instant::now();
        bob.close().await;
        let error = failure(&alice).await;
        assert_eq!(error.fault(), Fault::Peer);
        assert!(error.to_string().contains("bob"), "{error}");
        let result = alice.explain(pending.await.unwrap_err());
        assert!(result.to_string().contains("bob"), "{result}");
        assert!(left.elapsed() < Duration::from_secs(10));

        let bob = join(&link, "bob").await;
        tokio::join!(ready(&alice), ready(&bob));
        let (a, b) = tokio::join!(compute(&alice), compute(&bob));
        assert_eq!(a, b);
    };
    LocalSet::new().run_until(test).await;
}

#[tokio::test]
async fn a_session_outlives_its_dealer() {
    let test = async {
        let mut world = World::new().await;
        let link = world.link(2, "tensor", 3600);
        let (alice, bob) = tokio::join!(join(&link, "alice"), join(&link, "bob"));
        tokio::join!(ready(&alice), ready(&bob));
        world.dealer.stop().await;
        let restart = world.dealer.restart();
        let ((), a, b) = tokio::join!(restart, compute(&alice), compute(&bob));
        assert_eq!((a, b), (2.25, 2.25));
    };
    LocalSet::new().run_until(test).await;
}

#[tokio::test]
async fn a_session_outlives_its_relay() {
    let test = async {
        let mut world = World::new().await;
        let link = world.link(2, "tensor", 3600);
        let (alice, bob) = tokio::join!(join(&link, "alice"), join(&link, "bob"));
        tokio::join!(ready(&alice), ready(&bob));
        world.relay.stop().await;
        let restart = world.relay.restart();
        let ((), a, b) = tokio::join!(restart, compute(&alice), compute(&bob));
        assert_eq!((a, b), (2.25, 2.25));
        let (a, b) = tokio::join!(compute(&alice), compute(&bob));
        assert_eq!((a, b), (2.25, 2.25));
    };
    LocalSet::new().run_until(test).await;
}
