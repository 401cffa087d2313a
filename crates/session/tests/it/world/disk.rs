//! A party's disk, which takes its time, and the party that is made anew from it.

use std::collections::VecDeque;

use cryptab_session::{Identity, Input, Join, Journal, Node, Role};

use super::{World, join};

#[derive(Default)]
pub(crate) struct Disk {
    /// What a process finds here.
    pub(crate) entries: Vec<Vec<u8>>,
    /// What is on its way, in order: entries, and that they are to be forgotten.
    pending: VecDeque<Option<(u64, Vec<u8>)>>,
    /// Nothing can be written any more.
    pub(crate) is_full: bool,
    /// What the party joined as.
    owner: Option<([u8; 32], Join)>,
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

    /// Does the next thing; returns what it tells the node.
    pub(super) fn work(&mut self) -> Option<Input> {
        match self.pending.pop_front()? {
            Some(_) if self.is_full => Some(Input::JournalLost("the disk is full".to_owned())),
            Some((number, bytes)) => {
                self.entries.push(bytes);
                Some(Input::Saved { number })
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
        self.come_with_disk_by(join(&self.invite, name, role))
    }

    pub(crate) fn come_with_disk_by(&mut self, join: Join) -> usize {
        let secret = *join.identity.secret();
        let owner = (secret, again(&join, &secret, Journal::Off));
        let who = self.come_with(Join { journal: Journal::Fresh, ..join });
        self.parties[who].disk.owner = Some(owner);
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
        let (secret, join) = disk.owner.as_ref().unwrap();
        let join = again(join, secret, Journal::Resume(disk.entries.clone()));
        self.parties[who].node = Node::new(join, self.now);
        self.parties[who].is_asleep = false;
        self.connect(who);
    }
}

/// The same party with this journal.
fn again(join: &Join, secret: &[u8; 32], journal: Journal) -> Join {
    Join {
        invite: join.invite.clone(),
        identity: Identity::from_secret(secret),
        name: join.name.clone(),
        acquaintances: join.acquaintances.clone(),
        journal,
        ..*join
    }
}
