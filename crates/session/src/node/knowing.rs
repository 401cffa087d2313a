//! Whom this party knows from before.

use super::Node;
use crate::acquaintance::{Recognition, Trust};
use crate::peer::Introduced;
use crate::{Authentication, Error, Event};

impl Node {
    /// This party's user has compared `compared` with all others: they are who they say.
    ///
    /// # Errors
    /// [`Error::Misuse`] when there are no words to compare, or others than those by now.
    pub fn confirm(&mut self, compared: &Authentication) -> Result<(), Error> {
        match self.authentication() {
            None => {
                return Err(Error::Misuse("there are no words to compare before everyone is here"));
            }
            Some(present) if present != *compared => return Err(Error::Misuse(CHANGED)),
            Some(_) => {}
        }
        let here = self.seat.iter().flat_map(|seat| seat.peers.values());
        let here: Vec<_> = here.filter_map(|peer| peer.introduced.clone()).collect();
        here.iter().for_each(|peer| self.remember(peer, Trust::Verified));
        self.announce();
        Ok(())
    }

    /// This party's user accepts the key of the party in `slot` under the name that it shows.
    ///
    /// # Errors
    /// [`Error::Misuse`] when nobody is there, or its key is not known yet.
    pub fn accept(&mut self, slot: u8) -> Result<(), Error> {
        let introduced = self.peer_mut(slot).and_then(|peer| peer.introduced.clone());
        let introduced = introduced.ok_or(Error::Misuse("nobody in that slot has shown a key"))?;
        self.remember(&introduced, Trust::Accepted);
        self.announce();
        Ok(())
    }

    /// A peer has shown its key: whoever is new is remembered by it.
    pub(super) fn get_acquainted(&mut self, slot: u8) {
        let introduced = self.peer_mut(slot).and_then(|peer| peer.introduced.clone());
        if let Some(introduced) = introduced
            && self.acquaintances.recognise(&introduced) == Recognition::New
        {
            self.remember(&introduced, Trust::Accepted);
        }
    }

    fn remember(&mut self, introduced: &Introduced, trust: Trust) {
        if let Some(news) = self.acquaintances.remember(introduced, trust) {
            self.tell(Event::Acquainted(news));
        }
    }
}

const CHANGED: &str = "someone came since these words were shown: compare the new ones";
