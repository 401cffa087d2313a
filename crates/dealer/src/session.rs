//! One session: its seeds, and the computing of its corrections.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use cryptab_correlation::{Correction, Corrector, Request, Seed, SessionId};
use tokio::task::spawn_blocking;

use crate::allowance::Allowance;
use crate::kept::{Digest, Kept, Shared};
use crate::refusal::Refusal;
use crate::telemetry::{self, Counted};
use crate::turns::Turns;
use crate::work::{self, Work};

/// What the parties of one session share.
pub(crate) struct Session {
    name: SessionId,
    parties: u8,
    seeds: Vec<Seed>,
    corrector: Arc<Corrector>,
    kept: Kept,
    allowance: Allowance,
    turns: Turns,
    _counted: Counted,
}

/// A request that was checked.
pub(crate) struct Checked {
    pub(crate) request: Request,
    /// A hash of its bytes.
    pub(crate) digest: Digest,
    /// Bytes of the correction of each party.
    pub(crate) bytes: Vec<usize>,
}

impl Session {
    pub(crate) fn new(
        master: &[u8; 32],
        name: SessionId,
        parties: u8,
        kept: Kept,
        allowance: Allowance,
        turns: Turns,
    ) -> Self {
        let seeds: Vec<Seed> =
            (0..parties).map(|index| Seed::derive(master, &name, index)).collect();
        Self {
            name,
            parties,
            corrector: Arc::new(Corrector::new(&seeds, name)),
            seeds,
            kept,
            allowance,
            turns,
            _counted: Counted::session(),
        }
    }

    /// The seed of party `index`. Secret.
    pub(crate) fn seed(&self, index: u8) -> &Seed {
        &self.seeds[usize::from(index)]
    }

    /// Parses a request, refuses it if it is beyond what one request or all of a session may ask
    /// for, and learns how long its corrections are.
    pub(crate) fn parse(&self, bytes: &[u8], most: Work) -> Result<Checked, Refusal> {
        let request = Request::from_bytes(bytes)?;
        self.allowance.spend(work::check(&request, most)?)?;
        let digest = *blake3::hash(bytes).as_bytes();
        let bytes = request.correction_bytes(&self.name, self.parties)?;
        Ok(Checked { request, digest, bytes })
    }

    /// The correction of party `index`. Computed once when other parties ask for the same.
    pub(crate) async fn correct(&self, index: u8, checked: Checked) -> Result<Correction, Refusal> {
        let Checked { request, digest, bytes } = checked;
        let address = request.address;
        let of = |part: Vec<u8>| Ok(Correction { address, bytes: part.into() });
        if bytes[usize::from(index)] == 0 {
            return of(Vec::new());
        }
        let kings = bytes.iter().filter(|bytes| **bytes > 0).count();
        let shared = match kings {
            1 => None,
            _ => self.kept.entry(digest, bytes.iter().sum(), Instant::now()),
        };
        if let Some(shared) = shared {
            if shared.parts.initialized() {
                telemetry::shared();
            }
            let compute = async || self.compute(request.clone()).await.map(Mutex::new);
            let parts = shared.parts.get_or_try_init(compute).await?;
            if let Some(taken) = Shared::take(parts, index) {
                if taken.last {
                    self.kept.remove(&digest);
                }
                return of(taken.part);
            }
        }
        let mut parts = self.compute(request).await?;
        of(std::mem::take(&mut parts[usize::from(index)]))
    }

    /// Drops corrections that nobody came for.
    pub(crate) fn sweep(&self) {
        self.kept.sweep(Instant::now());
    }

    /// All parties' corrections, computed on a thread of its own when it is this session's turn.
    async fn compute(&self, request: Request) -> Result<Vec<Vec<u8>>, Refusal> {
        let turn = self.turns.take(self.name.0).await.ok_or(Refusal::Closing)?;
        let corrector = Arc::clone(&self.corrector);
        let work = spawn_blocking(move || {
            let _turn = turn;
            let start = Instant::now();
            let corrections = corrector.correct(&request);
            telemetry::computed(start.elapsed());
            corrections
        });
        match work.await {
            Ok(corrections) => Ok(corrections?),
            Err(error) => {
                tracing::error!(panicked = error.is_panic(), "a correction failed");
                Err(Refusal::Failed)
            }
        }
    }
}
