//! One question to a service by HTTP, with or without TLS.

use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, StatusCode, Uri, header};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// Why there is no answer.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What the service at `address` (its scheme `http` or `https`, `ws` or `wss`) has at `path`, at most
/// 64 KiB; nothing if it says that there is nothing.
///
/// # Errors
/// If it cannot be reached or answers otherwise. There is no bound on the time: the caller has one.
pub async fn get(address: &str, path: &str) -> Result<Option<Bytes>, Failure> {
    let address: Uri = address.parse()?;
    let host = address.host().ok_or("an address without a host")?;
    let secure = match address.scheme_str() {
        Some("ws" | "http") => false,
        Some("wss" | "https") => true,
        _ => return Err("an address begins with http:// or https://".into()),
    };
    let port = address.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((bare, port)).await?;
    let authority = address.authority().map(ToString::to_string).unwrap_or_default();
    if secure {
        let connector = tls_connector();
        let name = rustls::pki_types::ServerName::try_from(bare.to_owned())?;
        exchange(connector.connect(name, stream).await?, &authority, path).await
    } else {
        exchange(stream, &authority, path).await
    }
}

fn tls_connector() -> tokio_rustls::TlsConnector {
    crate::tls::choose_provider();
    let roots: rustls::RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let config = rustls::ClientConfig::builder().with_root_certificates(roots);
    std::sync::Arc::new(config.with_no_client_auth()).into()
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    authority: &str,
    path: &str,
) -> Result<Option<Bytes>, Failure> {
    let (mut sender, connection) =
        http1::handshake::<_, Empty<Bytes>>(TokioIo::new(stream)).await?;
    let request = Request::get(path).header(header::HOST, authority).body(Empty::new())?;
    let answer = async {
        let response = sender.send_request(request).await?;
        match response.status() {
            StatusCode::NOT_FOUND => Ok(None),
            StatusCode::OK => {
                let body = Limited::new(response.into_body(), LONGEST).collect().await?;
                Ok(Some(body.to_bytes()))
            }
            status => Err(status.to_string().into()),
        }
    };
    let mut answer = std::pin::pin!(answer);
    tokio::select! {
        answer = &mut answer => answer,
        // The connection may end with the last byte of the answer.
        ended = connection => match ended {
            Ok(()) => answer.await,
            Err(error) => Err(error.into()),
        },
    }
}

const LONGEST: usize = 64 << 10;
