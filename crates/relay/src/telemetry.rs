//! What is counted, and how it is shown. Nothing here names a room, a member or an address.

use std::sync::Arc;

use cryptab_wire::Refusal;
use metrics::{Counter, Gauge, counter, describe_counter, describe_gauge, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use thiserror::Error;

/// The counters of one relay, in a recorder of its own.
#[derive(Clone)]
pub(crate) struct Telemetry {
    recorder: Arc<PrometheusRecorder>,
    page: PrometheusHandle,
    pub(crate) rooms: Gauge,
    pub(crate) remembered: Gauge,
    pub(crate) members: Gauge,
    pub(crate) joins: Counter,
    pub(crate) frames: Counter,
    pub(crate) bytes: Counter,
    pub(crate) dropped: Counter,
    pub(crate) vanished: Counter,
}

/// The process has another metrics recorder already.
#[derive(Clone, Copy, Debug, Error)]
#[error("this process has another metrics recorder already")]
pub struct RecorderTaken;

impl Telemetry {
    pub(crate) fn new() -> Self {
        let recorder = Arc::new(PrometheusBuilder::new().build_recorder());
        let page = recorder.handle();
        metrics::with_local_recorder(&Arc::clone(&recorder), || {
            describe();
            Self {
                rooms: gauge!(ROOMS),
                remembered: gauge!(REMEMBERED),
                members: gauge!(MEMBERS),
                joins: counter!(JOINS),
                frames: counter!(FRAMES),
                bytes: counter!(BYTES),
                dropped: counter!(DROPPED),
                vanished: counter!(VANISHED),
                page,
                recorder,
            }
        })
    }

    /// Lets the whole process count into this recorder.
    pub(crate) fn install(&self) -> Result<(), RecorderTaken> {
        metrics::set_global_recorder(Arc::clone(&self.recorder)).map_err(|_| RecorderTaken)
    }

    pub(crate) fn refused(&self, reason: Refusal) {
        metrics::with_local_recorder(&self.recorder, || {
            counter!(REFUSALS, "reason" => name(reason)).increment(1);
        });
    }

    /// Prometheus text.
    pub(crate) fn render(&self) -> String {
        self.page.render()
    }
}

/// Keeps a gauge one higher while it lives.
pub(crate) struct Counted(Gauge);

impl Counted {
    pub(crate) fn new(gauge: &Gauge) -> Self {
        gauge.increment(1);
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

/// The word for a refusal in metrics and logs.
pub(crate) const fn name(reason: Refusal) -> &'static str {
    match reason {
        Refusal::Full => "full",
        Refusal::SlotTaken => "slot_taken",
        Refusal::MemberPresent => "member_present",
        Refusal::Version => "version",
        Refusal::Expired => "expired",
        Refusal::Mismatch => "mismatch",
        Refusal::TooMany => "too_many",
        Refusal::Malformed => "malformed",
        Refusal::Closing => "closing",
        Refusal::Reserved => "reserved",
        Refusal::NotSigned => "not_signed",
        Refusal::TokenInUse => "token_in_use",
        Refusal::TokenExpired => "token_expired",
        Refusal::Revoked => "revoked",
        Refusal::Closed => "closed",
        Refusal::EndsTooLate => "ends_too_late",
    }
}

fn describe() {
    describe_gauge!(ROOMS, "Rooms at this moment, empty ones in their time of grace included.");
    describe_gauge!(REMEMBERED, "Rooms whose owners' orders are remembered.");
    describe_gauge!(MEMBERS, "Members in rooms at this moment.");
    describe_counter!(JOINS, "Members let into a room.");
    describe_counter!(FRAMES, "Sealed packets passed on.");
    describe_counter!(BYTES, "Bytes passed on.");
    describe_counter!(DROPPED, "Packets for a slot that was empty.");
    describe_counter!(VANISHED, "Members that fell silent.");
    describe_counter!(REFUSALS, "Clients refused, by reason.");
}

const ROOMS: &str = "cryptab_relay_rooms";
const REMEMBERED: &str = "cryptab_relay_remembered_rooms";
const MEMBERS: &str = "cryptab_relay_members";
const JOINS: &str = "cryptab_relay_joins_total";
const FRAMES: &str = "cryptab_relay_frames_total";
const BYTES: &str = "cryptab_relay_bytes_total";
const DROPPED: &str = "cryptab_relay_dropped_frames_total";
const VANISHED: &str = "cryptab_relay_vanished_total";
const REFUSALS: &str = "cryptab_relay_refusals_total";
