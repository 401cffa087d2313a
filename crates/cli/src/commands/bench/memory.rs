//! The memory of this process, as Linux counts it.

use std::fs;

/// Does the work, and tells how many bytes the process had in memory at most meanwhile; `None` where
/// the system does not tell.
pub(crate) fn peak<T>(work: impl FnOnce() -> T) -> (T, Option<u64>) {
    // 5 sets the peak to what is in memory now: man 5 proc.
    let reset = fs::write("/proc/self/clear_refs", "5");
    let result = work();
    let status = fs::read_to_string("/proc/self/status");
    (result, reset.and(status).ok().and_then(|status| peak_in(&status)))
}

fn peak_in(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::peak_in;

    #[test]
    fn the_peak_is_read_from_the_status() {
        assert_eq!(peak_in("VmPeak:\t 9 kB\nVmHWM:\t    2048 kB\n"), Some(2 << 20));
        assert_eq!(peak_in("VmPeak:\t 9 kB\n"), None);
    }
}
