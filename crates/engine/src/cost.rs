use std::ops::AddAssign;

use cryptab_wire::MAX_PARTIES;

/// What operations cost, known when they are recorded. Framing and sealing come on top.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Cost {
    /// Rounds: the length of the longest chain of openings.
    pub rounds: u32,
    /// Bytes of openings that each party sends to every peer, by party.
    pub sent: [u64; MAX_PARTIES as usize],
    /// Bytes of corrections that the dealer sends, to all parties together.
    pub dealer_bytes: u64,
}

impl Cost {
    /// Bytes of openings that the party which sends most sends to each peer.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.sent.into_iter().max().unwrap_or(0)
    }
}

impl AddAssign for Cost {
    /// One after the other.
    fn add_assign(&mut self, other: Self) {
        self.rounds += other.rounds;
        self.sent.iter_mut().zip(other.sent).for_each(|(mine, more)| *mine += more);
        self.dealer_bytes += other.dealer_bytes;
    }
}
