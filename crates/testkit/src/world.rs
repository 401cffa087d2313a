use std::cell::{RefCell, RefMut};
use std::collections::HashMap;

use cryptab_correlation::{Correction, Corrector, Request};
use cryptab_engine::{
    Engine, EngineConfig, Error, Format, Outgoing, Pending, Result, RevealPolicy, Secret, Seed,
    SessionId,
};
use futures::FutureExt;

use crate::{Endpoint, Network};

/// N parties and a dealer.
#[derive(Debug)]
pub struct World {
    engines: Vec<Engine>,
    corrector: Corrector,
    network: RefCell<Network>,
    /// Corrections that other kings will ask for, by request.
    kept: RefCell<HashMap<Vec<u8>, Vec<Vec<u8>>>>,
}

const MASTER: [u8; 32] = [42; 32];
/// What the parties' own seeds come from: another one for each party and session.
const OWN: [u8; 32] = [17; 32];

impl World {
    /// A world whose randomness comes from `seed` alone.
    #[must_use]
    pub fn new(parties: u8, seed: u64) -> Self {
        Self::with(parties, seed, |config| config)
    }

    /// A world whose engines are configured by `adjust`.
    #[must_use]
    pub fn with(parties: u8, seed: u64, adjust: impl Fn(EngineConfig) -> EngineConfig) -> Self {
        let mut session = [0; 32];
        session[..8].copy_from_slice(&seed.to_le_bytes());
        let session = SessionId(session);
        let seeds: Vec<Seed> = (0..parties).map(|i| Seed::derive(&MASTER, &session, i)).collect();
        let config = |(me, seed): (u8, &Seed)| EngineConfig {
            me,
            parties,
            session,
            seed: seed.clone(),
            own: Seed::derive(&OWN, &session, me),
            format: Format::default(),
            dealer_credit: 256 << 20,
            reveal: RevealPolicy::Any,
        };
        let engines =
            (0..parties).zip(&seeds).map(config).map(|c| Engine::new(adjust(c))).collect();
        let corrector = Corrector::new(&seeds, session);
        Self { engines, corrector, network: RefCell::new(Network::new()), kept: RefCell::default() }
    }

    /// The parties' engines.
    #[must_use]
    pub fn engines(&self) -> &[Engine] {
        &self.engines
    }

    /// The wires.
    pub fn network(&self) -> RefMut<'_, Network> {
        self.network.borrow_mut()
    }

    /// Runs until no message is in flight and all parties wait.
    ///
    /// # Panics
    /// If the dealer cannot serve a request: parties send none that it cannot.
    pub fn run(&self) {
        (0..self.engines.len()).for_each(|party| self.pump(party));
        loop {
            let Some(envelope) = self.network.borrow_mut().arrive() else { return };
            match (envelope.from, envelope.to) {
                (Endpoint::Party(from), Endpoint::Dealer) => self.deal(from, &envelope.bytes),
                (Endpoint::Dealer, Endpoint::Party(to)) => {
                    let to = usize::from(to);
                    let _ = self.engines[to].receive_correction(envelope.bytes);
                    self.pump(to);
                }
                (Endpoint::Party(from), Endpoint::Party(to)) => {
                    let to = usize::from(to);
                    let _ = self.engines[to].receive(from, &envelope.bytes);
                    self.pump(to);
                }
                (Endpoint::Dealer, Endpoint::Dealer) => {}
            }
        }
    }

    fn pump(&self, party: usize) {
        let from = Endpoint::Party(self.engines[party].me());
        loop {
            let outgoing = self.engines[party].poll();
            if outgoing.is_empty() {
                return;
            }
            for message in outgoing {
                let (to, bytes) = match message {
                    Outgoing::Peer { to, message } => (Endpoint::Party(to), message),
                    Outgoing::Dealer(request) => (Endpoint::Dealer, request),
                };
                self.network.borrow_mut().send(from, to, bytes);
            }
        }
    }

    fn deal(&self, party: u8, message: &[u8]) {
        let Ok(request) = Request::from_bytes(message) else { return };
        let mut kept = self.kept.borrow_mut();
        let known = kept.remove(message).filter(|all| !all[usize::from(party)].is_empty());
        let mut all = known.unwrap_or_else(|| {
            self.corrector.correct(&request).expect("a checked request is served")
        });
        let bytes = std::mem::take(&mut all[usize::from(party)]);
        if all.iter().any(|part| !part.is_empty()) {
            kept.insert(message.to_vec(), all);
        }
        let correction = Correction { address: request.address, bytes: bytes.into() }.to_bytes();
        self.network.borrow_mut().send(Endpoint::Dealer, Endpoint::Party(party), correction);
    }

    /// Every party records the same program; runs it; what each party gets when it is revealed.
    ///
    /// # Panics
    /// If recording fails at some party.
    pub fn reveal(&self, program: impl Fn(&Engine) -> Result<Secret>) -> Vec<Result<Vec<f64>>> {
        let record = |engine| program(engine).and_then(|secret| secret.reveal());
        let pending: Result<Vec<Pending<Vec<f64>>>> = self.engines.iter().map(record).collect();
        let pending = pending.expect("the program can be recorded");
        self.run();
        pending
            .into_iter()
            .map(|result| result.now_or_never().unwrap_or(Err(Error::Ended)))
            .collect()
    }
}
