//! Requests to the dealer: sent ahead, as far as the credit allows.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use cryptab_correlation::{Address, Correction};

use crate::{Error, Result};

type Arrive = Box<dyn FnOnce(Bytes)>;
type Accepts = Box<dyn Fn(&[u8]) -> bool>;

/// A correction that is asked for.
pub(crate) struct Ask {
    pub(crate) address: Address,
    pub(crate) request: Vec<u8>,
    /// Bytes of the correction.
    pub(crate) bytes: usize,
    /// Whether a correction is well-formed.
    pub(crate) accepts: Accepts,
    /// What to do with it.
    pub(crate) arrive: Arrive,
}

struct Due {
    bytes: usize,
    accepts: Accepts,
    arrive: Arrive,
}

/// Corrections asked for and not yet received.
pub(crate) struct Dealings {
    credit: usize,
    outstanding: usize,
    waiting: VecDeque<(Vec<u8>, usize)>,
    due: HashMap<Address, Due>,
}

impl Dealings {
    /// At most `credit` bytes of corrections are under way or unused at a time (but always one).
    pub(crate) fn new(credit: usize) -> Self {
        Self { credit, outstanding: 0, waiting: VecDeque::new(), due: HashMap::new() }
    }

    /// Asks for a correction.
    pub(crate) fn ask(&mut self, ask: Ask) {
        let Ask { address, request, bytes, accepts, arrive } = ask;
        self.waiting.push_back((request, bytes));
        self.due.insert(address, Due { bytes, accepts, arrive });
    }

    /// The requests that may leave now.
    pub(crate) fn flush(&mut self) -> Vec<Vec<u8>> {
        let mut requests = Vec::new();
        while let Some((_, bytes)) = self.waiting.front() {
            if self.outstanding > 0 && self.outstanding + bytes > self.credit {
                break;
            }
            self.outstanding += bytes;
            requests.extend(self.waiting.pop_front().map(|(request, _)| request));
        }
        requests
    }

    /// A correction has arrived: what to do with it.
    pub(crate) fn receive(&mut self, correction: Correction) -> Result<impl FnOnce() + use<>> {
        let Correction { address, bytes } = correction;
        let Some(Due { bytes: due, accepts, arrive }) = self.due.remove(&address) else {
            return Err(Error::dealer(format!("sent what nobody asked for ({address:?})")));
        };
        if bytes.len() != due {
            let complaint =
                format!("sent {} bytes where {due} were due ({address:?})", bytes.len());
            return Err(Error::dealer(complaint));
        }
        if !accepts(&bytes) {
            return Err(Error::dealer(format!("sent a malformed correction ({address:?})")));
        }
        self.outstanding -= due;
        Ok(move || arrive(bytes))
    }

    pub(crate) fn awaits(&self) -> bool {
        self.outstanding > 0
    }

    /// Whether everything that was asked for has come.
    pub(crate) fn is_done(&self) -> bool {
        self.due.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
        self.due.clear();
        self.outstanding = 0;
    }
}
