//! TLS: a certificate and its key in files, read again when they change.
//!
//! A new certificate serves the handshakes that come after it. Connections that are open keep what
//! they agreed on, so nobody is disconnected. Files that do not fit together (one of the two is
//! replaced first) leave the old certificate in place until they do.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use thiserror::Error;
use tokio::net::TcpStream;
use tokio::time::{MissedTickBehavior, interval};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use zeroize::Zeroizing;

/// What a service needs to speak TLS. Clones share the certificate.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    served: Arc<Served>,
}

/// What a look at the files has found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reloaded {
    /// A certificate and key other than before; they are served from now on.
    Changed,
    /// The same as before.
    Unchanged,
}

impl Tls {
    /// The certificate chain and the key in these two PEM files.
    ///
    /// # Errors
    /// [`TlsError`] when they cannot be read, or are no certificate with its key.
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let files = Files { certificate: certificate.into(), key: key.into() };
        let provider = Arc::new(ring::default_provider());
        let current = files.read()?.parse(&files, &provider)?;
        let served = Arc::new(Served { files, provider, current: RwLock::new(current) });
        let config = ServerConfig::builder_with_provider(Arc::clone(&served.provider))
            .with_safe_default_protocol_versions()
            .map_err(TlsError::Protocol)?;
        let resolver: Arc<dyn ResolvesServerCert> = Arc::<Served>::clone(&served);
        let mut config = config.with_no_client_auth().with_cert_resolver(resolver);
        // WebSockets are agreed on in HTTP/1.1.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), served })
    }

    /// Reads the files again and serves what they hold from now on.
    ///
    /// # Errors
    /// [`TlsError`] when they cannot be read or do not fit together: then the old certificate stays.
    pub fn reload(&self) -> Result<Reloaded, TlsError> {
        let Served { files, provider, current } = &*self.served;
        let pem = files.read()?;
        if pem.digest() == current.read().unwrap_or_else(PoisonError::into_inner).digest {
            return Ok(Reloaded::Unchanged);
        }
        let new = pem.parse(files, provider)?;
        *current.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(Reloaded::Changed)
    }

    /// [`Tls::reload`], with a line in the log for what it finds.
    pub fn reload_and_log(&self) {
        match self.reload() {
            Ok(Reloaded::Changed) => tracing::info!("a new certificate is served"),
            Ok(Reloaded::Unchanged) => {}
            Err(error) => tracing::warn!(%error, "the old certificate stays"),
        }
    }

    /// Looks at the files again and again. Never returns.
    pub async fn watch(self, every: Duration) {
        let mut looks = interval(every);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            let tls = self.clone();
            // A disk may be slow. A look that panics is followed by the next one.
            let _ = tokio::task::spawn_blocking(move || tls.reload_and_log()).await;
        }
    }

    pub(crate) async fn accept(
        &self,
        connection: TcpStream,
    ) -> std::io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept(connection).await
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Tls").field("files", &self.served.files).finish_non_exhaustive()
    }
}

/// Why there is no TLS, or no new certificate.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{}: {source}", file.display())]
    File {
        /// Which file.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file holds something else.
    #[error("{} holds no {what} in PEM", file.display())]
    Pem {
        /// Which file.
        file: PathBuf,
        /// What was looked for.
        what: &'static str,
    },
    /// The certificate cannot be used, for instance because the key is another's.
    #[error("{} and its key cannot be used: {source}", certificate.display())]
    Certificate {
        /// The certificate's file.
        certificate: PathBuf,
        /// What rustls says.
        source: rustls::Error,
    },
    /// The provider lacks what TLS needs: a bug.
    #[error("no version of TLS can be spoken")]
    Protocol(#[source] rustls::Error),
}

#[derive(Debug)]
struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

/// The contents of the files.
struct Pem {
    certificate: Vec<u8>,
    key: Zeroizing<Vec<u8>>,
}

/// What is served, and where it is from.
struct Served {
    files: Files,
    provider: Arc<CryptoProvider>,
    current: RwLock<Current>,
}

struct Current {
    certified: Arc<CertifiedKey>,
    digest: blake3::Hash,
}

impl Files {
    fn read(&self) -> Result<Pem, TlsError> {
        let read = |file: &Path| {
            fs::read(file).map_err(|source| TlsError::File { file: file.into(), source })
        };
        Ok(Pem { certificate: read(&self.certificate)?, key: read(&self.key)?.into() })
    }
}

impl Pem {
    fn digest(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_derive_key("cryptab relay certificate files 1");
        hasher.update(&(self.certificate.len() as u64).to_le_bytes());
        hasher.update(&self.certificate);
        hasher.update(&self.key);
        hasher.finalize()
    }

    fn parse(&self, files: &Files, provider: &CryptoProvider) -> Result<Current, TlsError> {
        let Files { certificate, key } = files;
        let none = |file: &Path, what| TlsError::Pem { file: file.into(), what };
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&self.certificate).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty());
        let chain = chain.ok_or_else(|| none(certificate, "certificate"))?;
        let private = PrivateKeyDer::from_pem_slice(&self.key);
        let private = private.map_err(|_| none(key, "private key"))?;
        let certified = CertifiedKey::from_der(chain, private, provider);
        let unusable = |source| TlsError::Certificate { certificate: certificate.clone(), source };
        let certified = Arc::new(certified.map_err(unusable)?);
        Ok(Current { certified, digest: self.digest() })
    }
}

impl ResolvesServerCert for Served {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&current.certified))
    }
}

impl fmt::Debug for Served {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Served").field("files", &self.files).finish_non_exhaustive()
    }
}
