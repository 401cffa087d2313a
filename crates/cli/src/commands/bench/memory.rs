//! The memory of this process, as Linux counts it.

use std::fs;

/// From when on memory is counted.
pub(crate) struct Watch {
    /// What was in memory then.
    before: u64,
}

impl Watch {
    /// Starts to watch; `None` where the system does not tell.
    pub(crate) fn start() -> Option<Self> {
        // 5 sets the peak to what is in memory now: man 5 proc.
        fs::write("/proc/self/clear_refs", "5").ok()?;
        Some(Self { before: figure("VmRSS:")? })
    }

    /// How many bytes more there have been at most.
    pub(crate) fn stop(&self) -> Option<u64> {
        figure("VmHWM:").map(|peak| peak.saturating_sub(self.before))
    }
}

fn figure(name: &str) -> Option<u64> {
    figure_in(&fs::read_to_string("/proc/self/status").ok()?, name)
}

fn figure_in(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::figure_in;

    #[test]
    fn figures_are_read_from_the_status() {
        let status = "VmPeak:\t 9 kB\nVmHWM:\t    2048 kB\n";
        assert_eq!(figure_in(status, "VmHWM:"), Some(2 << 20));
        assert_eq!(figure_in(status, "VmRSS:"), None);
    }
}
