//! Time, as the browser knows it.

use std::time::Duration;

use web_time::{SystemTime, UNIX_EPOCH};

/// The time since 1970-01-01.
pub(crate) fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
