//! How many connections the system lets a service have.

/// Asks for as many open files as the system allows this process; each connection is one.
#[cfg(unix)]
pub(crate) fn allow_many() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current == maximum {
        return;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => tracing::debug!(?maximum, "files that may be open"),
        Err(error) => tracing::warn!(?current, %error, "few files may be open"),
    }
}

/// There is no such limit here.
#[cfg(not(unix))]
pub(crate) fn allow_many() {}
