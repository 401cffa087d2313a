//! From a link to a result.

use cryptab_session::Event;
use tokio::task::LocalSet;

use crate::world::{World, compute, event, join, ready};

async fn squares(parties: u8) {
    let world = World::new().await;
    let link = world.link(parties, "tensor", 3600);
    let names = ["alice", "bob", "carol", "dave", "erin"];
    let each = names.iter().take(usize::from(parties)).map(async |name| {
        let party = join(&link, name).await;
        ready(&party).await;
        let result = compute(&party).await;
        assert!((result - 2.25).abs() < 1e-3, "{result}");
        party
    });
    let parties = futures::future::join_all(each).await;
    futures::future::join_all(parties.into_iter().map(|party| party.close())).await;
}

#[tokio::test]
async fn two_parties_compute() {
    LocalSet::new().run_until(squares(2)).await;
}

#[tokio::test]
async fn three_parties_compute() {
    LocalSet::new().run_until(squares(3)).await;
}

#[tokio::test]
async fn large_results_pass_in_both_directions() {
    let test = async {
        let world = World::new().await;
        let link = world.link(2, "tensor", 3600);
        let count = 1 << 21;
        let run = async |name| {
            let party = join(&link, name).await;
            ready(&party).await;
            let me = party.lobby().me;
            let engine = party.engine().unwrap();
            let data = vec![f64::from(me) + 0.5; count];
            let input = |owner| engine.input(owner, &[count], (owner == me).then_some(&data[..]));
            let (x, y) = (input(0).unwrap(), input(1).unwrap());
            let sum = x.add(&y).unwrap().reveal().unwrap().await.unwrap();
            assert!(sum.len() == count && sum.iter().all(|value| (value - 2.0).abs() < 1e-3));
            party
        };
        tokio::join!(run("alice"), run("bob"))
    };
    drop(LocalSet::new().run_until(test).await);
}

#[tokio::test]
async fn applications_speak_to_each_other() {
    let test = async {
        let world = World::new().await;
        let link = world.link(2, "tensor", 3600);
        let (alice, bob) = tokio::join!(join(&link, "alice"), join(&link, "bob"));
        assert!(alice.say(vec![1]).is_err(), "nobody listens yet");
        tokio::join!(ready(&alice), ready(&bob));
        alice.say(b"hello".to_vec()).unwrap();
        let from = alice.lobby().me;
        match event(&bob).await {
            Event::Said { from: sender, bytes } => {
                assert_eq!((sender, &bytes[..]), (from, &b"hello"[..]))
            }
            event => panic!("{event:?}"),
        }
    };
    LocalSet::new().run_until(test).await;
}
