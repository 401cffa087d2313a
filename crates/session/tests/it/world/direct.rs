//! Direct connections between parties, in memory.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use cryptab_session::Input;

/// All direct connections. Parties sit in the slots of their numbers.
#[derive(Default)]
pub(crate) struct Directs {
    pub(crate) are_allowed: bool,
    /// So many messages are lost, from now on.
    pub(crate) loses: usize,
    /// Ends that were ever opened.
    pub(crate) opened: usize,
    /// Who wants one to whom.
    wanted: BTreeSet<(usize, u8)>,
    open: BTreeSet<(usize, u8)>,
    news: BTreeMap<usize, VecDeque<Input>>,
}

impl Directs {
    pub(super) fn want(&mut self, who: usize, slot: u8, offers: bool) {
        if !self.are_allowed {
            return;
        }
        if offers {
            self.tell(who, Input::DirectSignal { slot, bytes: b"offer".to_vec() });
        }
        let (other, me) = ends(who, slot);
        if self.wanted.remove(&(other, me)) {
            for (who, slot) in [(who, slot), (other, me)] {
                self.opened += 1;
                self.open.insert((who, slot));
                self.tell(who, Input::DirectOpened { slot });
            }
        } else {
            self.wanted.insert((who, slot));
        }
    }

    pub(super) fn send(&mut self, who: usize, slot: u8, bytes: Vec<u8>) {
        if self.open.contains(&(who, slot)) {
            if self.loses > 0 {
                self.loses -= 1;
                return;
            }
            let (other, me) = ends(who, slot);
            self.tell(other, Input::DirectMessage { slot: me, bytes: bytes.into() });
        }
    }

    pub(super) fn close(&mut self, who: usize, slot: u8) {
        let (other, me) = ends(who, slot);
        self.wanted.remove(&(who, slot));
        self.forget(who, slot);
        if self.open.remove(&(who, slot)) && self.open.remove(&(other, me)) {
            self.forget(other, me);
            self.tell(other, Input::DirectClosed { slot: me, reason: "closed".to_owned() });
        }
    }

    /// The connection is lost: both ends hear of it, and what is under way is gone.
    pub(crate) fn cut(&mut self, who: usize, slot: u8) {
        if self.open.contains(&(who, slot)) {
            self.close(who, slot);
            self.tell(who, Input::DirectClosed { slot, reason: "cut".to_owned() });
        }
    }

    /// All that this party has are gone, and what it has not heard yet.
    pub(super) fn close_all(&mut self, who: usize) {
        let mine = |of: &BTreeSet<(usize, u8)>| -> Vec<u8> {
            of.iter().filter(|(whose, _)| *whose == who).map(|(_, slot)| *slot).collect()
        };
        for slot in [mine(&self.open), mine(&self.wanted)].concat() {
            self.close(who, slot);
        }
        self.news.remove(&who);
    }

    pub(super) fn has_news(&self, who: usize) -> bool {
        self.news.get(&who).is_some_and(|news| !news.is_empty())
    }

    pub(super) fn news(&mut self, who: usize) -> Option<Input> {
        self.news.get_mut(&who)?.pop_front()
    }

    fn tell(&mut self, who: usize, input: Input) {
        self.news.entry(who).or_default().push_back(input);
    }

    fn forget(&mut self, who: usize, slot: u8) {
        if let Some(news) = self.news.get_mut(&who) {
            news.retain(|input| {
                !matches!(input, Input::DirectMessage { slot: from, .. } | Input::DirectOpened { slot: from } if *from == slot)
            });
        }
    }
}

/// The other end of a connection: who, and the slot that it knows this end by.
fn ends(who: usize, slot: u8) -> (usize, u8) {
    (usize::from(slot), u8::try_from(who).unwrap())
}
