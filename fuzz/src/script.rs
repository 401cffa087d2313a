/// Bytes of the fuzzer, read as decisions and messages. When they have ended, everything is 0.
#[derive(Clone, Copy, Debug)]
pub struct Script<'bytes> {
    bytes: &'bytes [u8],
}

impl<'bytes> Script<'bytes> {
    /// A script of these bytes.
    #[must_use]
    pub const fn new(bytes: &'bytes [u8]) -> Self {
        Self { bytes }
    }

    /// Whether nothing is left.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.bytes.is_empty()
    }

    /// A number below 256.
    pub fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        first
    }

    /// A number below 65,536.
    pub fn number(&mut self) -> usize {
        usize::from(u16::from_le_bytes([self.byte(), self.byte()]))
    }

    /// A number below `end`, or 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.number().checked_rem(end).unwrap_or(0)
    }

    /// A message: its length in two bytes, then itself, or what is left of it.
    pub fn message(&mut self) -> &'bytes [u8] {
        let length = self.number().min(self.bytes.len());
        let (message, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        message
    }

    /// A message as [`Script::message`] reads it.
    ///
    /// # Panics
    /// If it has more than 65,535 bytes.
    #[must_use]
    pub fn written(message: &[u8]) -> Vec<u8> {
        let length = u16::try_from(message.len()).expect("messages of seeds are short");
        [&length.to_le_bytes(), message].concat()
    }
}
