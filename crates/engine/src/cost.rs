use std::ops::AddAssign;

use cryptab_wire::MAX_PARTIES;

/// Bytes by sender and receiver.
pub(crate) type Sent = [[u64; MAX_PARTIES as usize]; MAX_PARTIES as usize];

/// What operations cost, known when they are recorded. Framing and sealing come on top.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Cost {
    /// Rounds: the length of the longest chain of openings.
    pub rounds: u32,
    /// Bytes of openings, by sender and receiver.
    pub sent: Sent,
    /// Bytes of corrections that the dealer sends, to all parties together.
    pub dealer_bytes: u64,
}

impl Cost {
    /// Bytes of openings from one party to one peer: the most of all pairs.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.sent.into_iter().flatten().max().unwrap_or(0)
    }

    /// Bytes of openings that a party receives.
    #[must_use]
    pub fn received(&self, party: u8) -> u64 {
        self.sent.iter().map(|sent| sent[usize::from(party)]).sum()
    }
}

impl AddAssign for Cost {
    /// One after the other.
    fn add_assign(&mut self, other: Self) {
        self.rounds += other.rounds;
        let pairs = self.sent.as_flattened_mut().iter_mut().zip(other.sent.as_flattened());
        pairs.for_each(|(mine, more)| *mine += more);
        self.dealer_bytes += other.dealer_bytes;
    }
}
