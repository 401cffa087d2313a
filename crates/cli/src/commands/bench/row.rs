use serde_json::{Value, json};

use super::work::Work;

/// What was measured of one work.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Row {
    pub(crate) seconds: f64,
    /// The same from when the dealer is done, where inputs can come that late.
    pub(crate) online_seconds: Option<f64>,
    pub(crate) rounds: u32,
    /// What the party sends that sends most.
    pub(crate) bytes: u64,
    /// What all parties receive from the dealer.
    pub(crate) dealer_bytes: u64,
    pub(crate) max_error: f64,
    /// What the work takes of the memory of the whole process at most, in bytes, where it is known.
    pub(crate) peak_memory: Option<u64>,
}

impl Row {
    /// The line above all.
    pub(crate) fn head(memory: bool) -> String {
        let head = "name          size               seconds    online  rounds        bytes  \
                    dealer bytes  max error";
        if memory { format!("{head}  peak MB  of tensors") } else { head.to_owned() }
    }

    pub(crate) fn line(&self, work: &Work, parties: u8, memory: bool) -> String {
        let line = format!(
            "{:<13} {:<16} {:>9.4} {:>9} {:>7} {:>12} {:>13} {:>10.2e}",
            work.name,
            work.size,
            self.seconds,
            self.online_seconds.map_or_else(|| "-".to_owned(), |seconds| format!("{seconds:.4}")),
            self.rounds,
            self.bytes,
            self.dealer_bytes,
            self.max_error
        );
        match (memory, self.peak_memory) {
            (false, _) => line,
            (true, None) => format!("{line} {:>8} {:>11}", "?", "?"),
            (true, Some(peak)) => {
                let times = as_f64(peak) / as_f64(work.tensor_memory(parties));
                format!("{line} {:>8.0} {times:>10.1}x", as_f64(peak) / 1e6)
            }
        }
    }

    pub(crate) fn object(&self, work: &Work, parties: u8, memory: bool) -> Value {
        let mut object = json!({
            "name": work.name,
            "size": work.size,
            "parties": parties,
            "seconds": self.seconds,
            "online_seconds": self.online_seconds,
            "rounds": self.rounds,
            "bytes": self.bytes,
            "dealer_bytes": self.dealer_bytes,
            "max_error": self.max_error,
        });
        if memory {
            object["peak_memory"] = self.peak_memory.into();
            object["tensor_memory"] = work.tensor_memory(parties).into();
        }
        object
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with a few digits")]
const fn as_f64(bytes: u64) -> f64 {
    bytes as f64
}
