/// A running hash over operations and the data entered in them, under a key of this party alone: it tells
/// nothing to whoever does not know the key.
pub(crate) struct Fingerprints {
    key: [u8; 32],
    /// Of data that the next operation enters.
    entered: blake3::Hasher,
    /// After each operation.
    hashes: Vec<[u8; 32]>,
}

impl Fingerprints {
    pub(crate) fn new(own: &[u8; 32]) -> Self {
        let key = blake3::derive_key("cryptab v1 party: fingerprints", own);
        Self { key, entered: blake3::Hasher::new_keyed(&key), hashes: Vec::new() }
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

    pub(crate) fn after(&self, count: u32) -> Option<[u8; 32]> {
        let index = usize::try_from(count).ok()?.checked_sub(1)?;
        self.hashes.get(index).copied()
    }
}
