/// A participant of the simulation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Endpoint {
    /// The party with this number.
    Party(u8),
    /// The dealer.
    Dealer,
}

/// A message on its way.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Who sends it.
    pub from: Endpoint,
    /// Who receives it.
    pub to: Endpoint,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Its number among all messages of the simulation.
    pub number: usize,
}

/// What the interceptor does with a message.
#[derive(Clone, Debug)]
pub enum Action {
    /// It arrives after the usual time.
    Deliver,
    /// It arrives so many microseconds later than usual.
    Delay(u64),
    /// It never arrives.
    Drop,
    /// Other bytes arrive in its place.
    Alter(Vec<u8>),
    /// It arrives twice.
    Replay,
}
