//! Which cryptography TLS uses.

/// Chooses it for the whole process. Another part of the process may have chosen a provider: then that one
/// serves.
pub(crate) fn choose_provider() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
