//! What the services log, on standard error. Nothing secret is logged anywhere.

use std::io;

use clap::ValueEnum;
use tracing::{Level, Metadata};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, filter, fmt};

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

/// Starts logging: errors and warnings, more with `-v`, or what `CRYPTAB_LOG` says.
pub(crate) fn start(verbose: u8, format: LogFormat) {
    let usual = match verbose {
        // The WebRTC library warns of what happens in every connection.
        0 => "warn,rtc=error",
        1 => "info,rtc=error",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_env("CRYPTAB_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    let lines = fmt::layer().with_writer(io::stderr);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let lines = lines.with_filter(filter::filter_fn(is_free_of_packets));
    tracing_subscriber::registry().with(filter).with(lines).init();
}

/// Libraries write whole packets into their finest log. A packet that asks for a room names it, so
/// that log stays unwritten whatever the filter says.
fn is_free_of_packets(line: &Metadata<'_>) -> bool {
    *line.level() < Level::TRACE || line.target().starts_with("cryptab")
}
