/// A running hash over operations and the data entered in them, under a key of this party alone: it tells
/// nothing to whoever does not know the key.
pub(crate) struct Fingerprints {
    key: [u8; 32],
    /// Of data that the next operation enters.
    entered: blake3::Hasher,
    /// After each operation.
    hashes: Vec<[u8; 32]>,
    /// Of the data entered later than their operations: after each of them.
    late: Vec<[u8; 32]>,
}

impl Fingerprints {
    pub(crate) fn new(own: &[u8; 32]) -> Self {
        let key = blake3::derive_key("cryptab v1 party: fingerprints", own);
        Self { key, entered: blake3::Hasher::new_keyed(&key), hashes: Vec::new(), late: Vec::new() }
    }

    /// The next operation enters these data.
    pub(super) fn enter(&mut self, data: &[u64]) {
        self.entered.update(&(data.len() as u64).to_le_bytes());
        for element in data {
            self.entered.update(&element.to_le_bytes());
        }
    }

    /// An operation is recorded, with this hash of the tape.
    pub(super) fn push(&mut self, tape: &[u8; 32]) {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(self.hashes.last().unwrap_or(&[0; 32])).update(tape);
        hasher.update(self.entered.finalize().as_bytes());
        self.entered.reset();
        self.hashes.push(*hasher.finalize().as_bytes());
    }

    /// An operation recorded before is given these data.
    pub(super) fn enter_late(&mut self, operation: u32, data: &[u64]) {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(self.late.last().unwrap_or(&[0; 32])).update(&operation.to_le_bytes());
        data.iter().for_each(|element| {
            hasher.update(&element.to_le_bytes());
        });
        self.late.push(*hasher.finalize().as_bytes());
    }

    /// How many operations have been given their data later.
    pub(crate) fn entered_late(&self) -> u32 {
        u32::try_from(self.late.len()).expect("not more than operations")
    }

    /// After so many operations.
    pub(crate) fn after(&self, count: u32) -> Option<[u8; 32]> {
        last(&self.hashes, count)
    }

    /// After so many operations were given their data later.
    pub(crate) fn after_late(&self, count: u32) -> Option<[u8; 32]> {
        last(&self.late, count)
    }
}

fn last(hashes: &[[u8; 32]], count: u32) -> Option<[u8; 32]> {
    let index = usize::try_from(count).ok()?.checked_sub(1)?;
    hashes.get(index).copied()
}
