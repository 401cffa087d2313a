use std::ops::AddAssign;

/// What operations cost, known when they are recorded. Framing and sealing come on top.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Cost {
    /// Rounds: the length of the longest chain of openings.
    pub rounds: u32,
    /// Bytes of openings that one party sends to each peer (the one that sends most).
    pub bytes: u64,
    /// Bytes of corrections that the dealer sends, to all parties together.
    pub dealer_bytes: u64,
}

impl AddAssign for Cost {
    /// One after the other.
    fn add_assign(&mut self, other: Self) {
        self.rounds += other.rounds;
        self.bytes += other.bytes;
        self.dealer_bytes += other.dealer_bytes;
    }
}
