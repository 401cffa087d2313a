//! Who computes next: a processor that becomes free goes to the session that uses fewest, and among
//! those to the one that was served longest ago. A session that asks for much does not make others
//! wait behind all of it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// The processors of this machine, handed out in turns.
#[derive(Clone)]
pub(crate) struct Turns(Arc<Mutex<State>>);

/// A processor, until this is dropped.
pub(crate) struct Turn {
    /// Nothing when the processor has gone to somebody else.
    turns: Option<Turns>,
    session: Name,
}

type Name = [u8; 32];

struct State {
    free: usize,
    /// Turns given and lines begun so far.
    events: u64,
    sessions: HashMap<Name, Line>,
}

/// One session's place in the game.
#[derive(Default)]
struct Line {
    running: usize,
    /// When it had its last turn; 0 before the first.
    served: u64,
    /// When it began.
    begun: u64,
    waiting: VecDeque<oneshot::Sender<Turn>>,
}

impl Turns {
    pub(crate) fn new(processors: usize) -> Self {
        let state = State { free: processors.max(1), events: 0, sessions: HashMap::new() };
        Self(Arc::new(Mutex::new(state)))
    }

    /// A processor for `session`, when it is its turn. Cancelled, it keeps none.
    pub(crate) async fn take(&self, session: Name) -> Option<Turn> {
        let turn = {
            let mut state = self.state();
            let (sender, turn) = oneshot::channel();
            state.events += 1;
            let new = Line { begun: state.events, ..Line::default() };
            state.sessions.entry(session).or_insert(new).waiting.push_back(sender);
            self.hand_out(&mut state);
            turn
        };
        // The sender stays in its line until it is used.
        turn.await.ok()
    }

    fn hand_out(&self, state: &mut State) {
        while state.free > 0 {
            let waiting = state.sessions.iter_mut().filter(|(_, line)| !line.waiting.is_empty());
            let next = waiting.min_by_key(|(_, line)| (line.running, line.served, line.begun));
            let Some((&session, line)) = next else { break };
            let Some(sender) = line.waiting.pop_front() else { break };
            let turn = Turn { turns: Some(self.clone()), session };
            match sender.send(turn) {
                Ok(()) => {
                    state.events += 1;
                    (line.running, line.served) = (line.running + 1, state.events);
                    state.free -= 1;
                }
                // Nobody waits there any longer; this turn was never given.
                Err(mut turn) => turn.turns = None,
            }
        }
        state.sessions.retain(|_, line| line.running > 0 || !line.waiting.is_empty());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(turns) = self.turns.take() else { return };
        let mut state = turns.state();
        state.free += 1;
        if let Some(line) = state.sessions.get_mut(&self.session) {
            line.running -= 1;
        }
        turns.hand_out(&mut state);
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use futures::future::BoxFuture;

    use super::{Turn, Turns};

    fn ask(turns: &Turns, session: u8) -> BoxFuture<'static, Option<Turn>> {
        let turns = turns.clone();
        let mut asked = async move { turns.take([session; 32]).await }.boxed();
        assert!((&mut asked).now_or_never().is_none(), "no processor is free");
        asked
    }

    #[tokio::test]
    async fn a_session_that_asks_for_much_does_not_hold_up_another() {
        let turns = Turns::new(1);
        let first = turns.take([1; 32]).await;
        let (mut second, mut third, mut other) = (ask(&turns, 1), ask(&turns, 1), ask(&turns, 2));
        drop(first);
        let turn = (&mut other).now_or_never().expect("it was never served");
        assert!((&mut second).now_or_never().is_none());
        drop(turn);
        let turn = (&mut second).now_or_never().expect("its turn again");
        assert!((&mut third).now_or_never().is_none());
        drop(turn);
        drop(third.now_or_never().expect("the last"));
        assert!(turns.state().sessions.is_empty() && turns.state().free == 1, "nothing is kept");
    }

    #[tokio::test]
    async fn a_session_may_use_all_processors_while_nobody_else_wants_one() {
        let turns = Turns::new(2);
        let (one, two) = (turns.take([1; 32]).await, turns.take([1; 32]).await);
        let (third, other) = (ask(&turns, 1), ask(&turns, 2));
        drop(one);
        let other = other.now_or_never().expect("it uses none");
        drop(two);
        assert!(third.now_or_never().is_some() && other.is_some());
    }

    #[tokio::test]
    async fn whoever_gives_up_loses_no_processor() {
        let turns = Turns::new(1);
        let first = turns.take([1; 32]).await;
        let (gone, taken_and_gone) = (ask(&turns, 2), ask(&turns, 3));
        drop(gone);
        drop(first);
        // Given, but never looked at.
        drop(taken_and_gone);
        assert!(turns.take([4; 32]).now_or_never().is_some());
    }
}
