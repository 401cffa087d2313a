//! A party's disk, which takes its time, and the party that is made anew from it.

use std::collections::VecDeque;

use cryptab_session::{Identity, Journal, Node, Role};

use super::{World, join};

#[derive(Default)]
pub(crate) struct Disk {
    /// What a process finds here.
    pub(crate) entries: Vec<Vec<u8>>,
    /// What is on its way, in order: entries, and that they are to be forgotten.
    pending: VecDeque<Option<(u64, Vec<u8>)>>,
    /// What the party joined as.
    owner: Option<([u8; 32], String, Role)>,
}

impl Disk {
    pub(super) fn is_busy(&self) -> bool {
        !self.pending.is_empty()
    }

    pub(super) fn save(&mut self, number: u64, bytes: Vec<u8>) {
        self.pending.push_back(Some((number, bytes)));
    }

    pub(super) fn forget(&mut self) {
        self.pending.push_back(None);
    }

    /// Does the next thing; returns the number of the entry that is saved now.
    pub(super) fn work(&mut self) -> Option<u64> {
        match self.pending.pop_front()? {
            Some((number, bytes)) => {
                self.entries.push(bytes);
                Some(number)
            }
            None => {
                self.entries.clear();
                None
            }
        }
    }
}

impl World {
    /// Someone comes who can be killed and resumed.
    pub(crate) fn come_with_disk(&mut self, name: &str, role: Role) -> usize {
        let identity = Identity::generate().unwrap();
        let secret = *identity.secret();
        let join = join(&self.invite, name, role);
        let who =
            self.come_with(cryptab_session::Join { identity, journal: Journal::Fresh, ..join });
        self.parties[who].disk.owner = Some((secret, name.to_owned(), role));
        who
    }

    /// The party's process is killed.
    pub(crate) fn kill(&mut self, who: usize) {
        while self.parties[who].node.poll().is_some() {}
        self.vanish(who);
        self.parties[who].events.clear();
        self.parties[who].disk.pending.clear();
        self.parties[who].is_asleep = true;
    }

    /// The party is made anew from its disk.
    pub(crate) fn resume(&mut self, who: usize) {
        let disk = &self.parties[who].disk;
        let (secret, name, role) = disk.owner.clone().unwrap();
        let journal = Journal::Resume(disk.entries.clone());
        let identity = Identity::from_secret(&secret);
        let join = join(&self.invite, &name, role);
        self.parties[who].node =
            Node::new(cryptab_session::Join { identity, journal, ..join }, self.now);
        self.parties[who].is_asleep = false;
        self.connect(who);
    }
}
