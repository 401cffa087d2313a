//! What the services log, on standard error. Nothing secret is logged anywhere.

use std::io;

use tracing_subscriber::EnvFilter;

/// Starts logging: errors and warnings, more with `-v`, or what `CRYPTAB_LOG` says.
pub(crate) fn start(verbose: u8) {
    let usual = match verbose {
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_env("CRYPTAB_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
}
