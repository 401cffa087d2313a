//! Where a peer stands in the forming of sessions.

/// What a peer has said about the latest session it wants. All of it concerns one epoch: messages
/// of a channel come in order, so whatever comes between two nonces belongs to the first.
#[derive(Default)]
pub(crate) struct Standing {
    epoch: u64,
    nonce: Option<[u8; 32]>,
    digest: Option<[u8; 32]>,
    /// Messages of a session that this party is not ready for.
    early: Vec<Vec<u8>>,
    early_bytes: usize,
}

impl Standing {
    /// A peer in the session of this epoch.
    pub(crate) fn agreed(epoch: u64) -> Self {
        Self { epoch, nonce: Some([0; 32]), ..Self::default() }
    }

    /// The peer's nonce for a session. Epochs must rise.
    pub(crate) fn propose(&mut self, epoch: u64, nonce: [u8; 32]) -> Result<(), &'static str> {
        if epoch <= self.epoch {
            return Err("proposed a session that is past");
        }
        *self = Self { epoch, nonce: Some(nonce), ..Self::default() };
        Ok(())
    }

    /// The peer has given up this session, or declines it.
    pub(crate) fn withdraw(&mut self, epoch: u64) {
        if epoch >= self.epoch {
            *self = Self { epoch, ..Self::default() };
        }
    }

    /// What the peer agrees to.
    pub(crate) fn agree(&mut self, digest: [u8; 32]) -> Result<(), &'static str> {
        match self.digest.replace(digest) {
            None => Ok(()),
            Some(_) => Err("agreed twice to one session"),
        }
    }

    /// Keeps a message of the peer's session until this party is ready.
    pub(crate) fn keep(&mut self, message: Vec<u8>) -> Result<(), &'static str> {
        self.early_bytes = self.early_bytes.saturating_add(message.len());
        if self.early.len() >= MAX_EARLY || self.early_bytes > MAX_EARLY_BYTES {
            return Err("sent too much before the session began");
        }
        self.early.push(message);
        Ok(())
    }

    /// What is kept.
    pub(crate) fn early(&self) -> &[Vec<u8>] {
        &self.early
    }

    /// What was kept.
    pub(crate) fn take_early(&mut self) -> Vec<Vec<u8>> {
        self.early_bytes = 0;
        std::mem::take(&mut self.early)
    }

    /// The lowest epoch in which a session with this peer can still come about.
    pub(crate) const fn earliest(&self) -> u64 {
        match self.nonce {
            Some(_) => self.epoch,
            None => self.epoch + 1,
        }
    }

    /// The epoch of the peer's latest session; 0 before the first.
    pub(crate) const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The peer's nonce for this epoch.
    pub(crate) fn nonce(&self, epoch: u64) -> Option<[u8; 32]> {
        self.nonce.filter(|_| self.epoch == epoch)
    }

    /// What the peer agrees to in this epoch.
    pub(crate) fn digest(&self, epoch: u64) -> Option<[u8; 32]> {
        self.digest.filter(|_| self.epoch == epoch)
    }

    /// Whether the peer still wants its latest session.
    pub(crate) const fn is_willing(&self) -> bool {
        self.nonce.is_some()
    }
}

/// A peer that is ready can send the openings of one round, and little talk, before it must wait.
const MAX_EARLY: usize = 64;
const MAX_EARLY_BYTES: usize = 256 << 20;

#[cfg(test)]
mod tests {
    use super::{MAX_EARLY, MAX_EARLY_BYTES, Standing};

    #[test]
    fn a_new_nonce_forgets_all_before() {
        let mut standing = Standing::default();
        assert!(standing.propose(3, [1; 32]).is_ok());
        assert!(standing.agree([2; 32]).is_ok() && standing.keep(vec![1]).is_ok());
        assert_eq!(standing.digest(3), Some([2; 32]));
        assert!(standing.propose(3, [1; 32]).is_err() && standing.propose(2, [1; 32]).is_err());
        assert!(standing.propose(4, [5; 32]).is_ok());
        assert_eq!((standing.nonce(3), standing.nonce(4)), (None, Some([5; 32])));
        assert_eq!((standing.digest(4), standing.take_early()), (None, vec![]));
    }

    #[test]
    fn a_withdrawn_session_does_not_come_about() {
        let mut standing = Standing::default();
        standing.propose(1, [1; 32]).unwrap();
        assert_eq!(standing.earliest(), 1);
        standing.withdraw(1);
        assert_eq!((standing.earliest(), standing.nonce(1)), (2, None));
        assert!(standing.propose(1, [1; 32]).is_err());
        assert!(standing.propose(2, [2; 32]).is_ok());
        standing.withdraw(1);
        assert!(standing.is_willing());
        standing.withdraw(3);
        assert!(!standing.is_willing());
        assert!(standing.propose(3, [3; 32]).is_err());
    }

    #[test]
    fn what_a_peer_makes_us_keep_is_bounded() {
        let mut standing = Standing::default();
        standing.propose(1, [1; 32]).unwrap();
        for _ in 0..MAX_EARLY {
            standing.keep(vec![0]).unwrap();
        }
        assert!(standing.keep(vec![0]).is_err());
        let mut standing = Standing::default();
        assert!(standing.keep(vec![0; MAX_EARLY_BYTES + 1]).is_err());
    }

    #[test]
    fn agreeing_twice_is_refused() {
        let mut standing = Standing::default();
        standing.propose(1, [1; 32]).unwrap();
        standing.agree([1; 32]).unwrap();
        assert!(standing.agree([1; 32]).is_err());
    }
}
