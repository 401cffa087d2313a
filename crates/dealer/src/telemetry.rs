//! What is counted, and how it is shown. Nothing here names a session, a party or an address.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{counter, describe_counter, describe_gauge, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use thiserror::Error;

use crate::refusal::Refusal;

/// The process's metrics recorder, when this dealer made it.
#[derive(Default)]
pub(crate) struct Recorder(OnceLock<PrometheusHandle>);

/// The process has another metrics recorder already.
#[derive(Clone, Copy, Debug, Error)]
#[error("this process has another metrics recorder already")]
pub struct RecorderTaken;

impl Recorder {
    pub(crate) fn install(&self) -> Result<(), RecorderTaken> {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        let installed = metrics::set_global_recorder(recorder);
        describe();
        installed.map_err(|_| RecorderTaken)?;
        self.0.set(handle).map_err(|_| RecorderTaken)
    }

    /// Prometheus text.
    pub(crate) fn render(&self) -> Option<String> {
        self.0.get().map(PrometheusHandle::render)
    }
}

/// Keeps a gauge one higher while it lives.
pub(crate) struct Counted(&'static str);

impl Counted {
    pub(crate) fn connection() -> Self {
        Self::new(CONNECTIONS)
    }

    pub(crate) fn session() -> Self {
        Self::new(SESSIONS)
    }

    fn new(name: &'static str) -> Self {
        gauge!(name).increment(1);
        Self(name)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        gauge!(self.0).decrement(1);
    }
}

pub(crate) fn refused(reason: &Refusal) {
    counter!(REFUSALS, "reason" => reason.name()).increment(1);
}

pub(crate) fn sent(bytes: usize) {
    counter!(CORRECTIONS).increment(1);
    counter!(BYTES).increment(bytes as u64);
}

pub(crate) fn underway(bytes: usize) {
    gauge!(UNDERWAY).increment(bytes as f64);
}

pub(crate) fn no_longer_underway(bytes: usize) {
    gauge!(UNDERWAY).decrement(bytes as f64);
}

/// Counters, for what a histogram records is kept until somebody reads it.
pub(crate) fn computed(time: Duration) {
    counter!(COMPUTED).increment(1);
    counter!(COMPUTING).increment(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
}

pub(crate) fn shared() {
    counter!(SHARED).increment(1);
}

fn describe() {
    describe_gauge!(CONNECTIONS, "Parties connected at this moment.");
    describe_gauge!(SESSIONS, "Sessions at this moment.");
    describe_gauge!(UNDERWAY, "Bytes of corrections being computed or sent.");
    describe_counter!(CORRECTIONS, "Corrections sent.");
    describe_counter!(BYTES, "Bytes of corrections sent.");
    describe_counter!(SHARED, "Corrections that another party's request had computed already.");
    describe_counter!(REFUSALS, "Parties refused, by reason.");
    describe_counter!(COMPUTED, "Requests whose corrections were computed.");
    describe_counter!(COMPUTING, "Microseconds spent on computing corrections.");
}

const CONNECTIONS: &str = "cryptab_dealer_connections";
const SESSIONS: &str = "cryptab_dealer_sessions";
const UNDERWAY: &str = "cryptab_dealer_underway_bytes";
const CORRECTIONS: &str = "cryptab_dealer_corrections_total";
const BYTES: &str = "cryptab_dealer_bytes_total";
const SHARED: &str = "cryptab_dealer_shared_corrections_total";
const REFUSALS: &str = "cryptab_dealer_refusals_total";
const COMPUTED: &str = "cryptab_dealer_computed_requests_total";
const COMPUTING: &str = "cryptab_dealer_computing_microseconds_total";

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::computed;

    #[test]
    fn what_nobody_reads_does_not_pile_up() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let count = || (0..1000).for_each(|_| computed(Duration::from_micros(3)));
        metrics::with_local_recorder(&recorder, count);
        let page = recorder.handle().render();
        assert!(page.contains("cryptab_dealer_computed_requests_total 1000\n"), "{page}");
        assert!(page.contains("cryptab_dealer_computing_microseconds_total 3000\n"), "{page}");
        // A summary keeps all that was recorded until the page is read.
        assert!(page.lines().all(|line| !line.contains("summary")), "{page}");
    }
}
