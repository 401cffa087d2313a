//! The relay by TLS, under a certificate made for the test.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cryptab_relay::{Door, DoorLimits, Relay, RelayConfig, Reloaded, Tls, TlsError};
use cryptab_wire::{FromRelay, ToClient, ToRelay, VERSION};
use futures::{SinkExt as _, StreamExt as _};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

/// The files of a service, removed when dropped.
struct Files {
    folder: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
}

/// A certificate for `localhost` that nobody has signed, and its key.
struct Issued {
    certificate: String,
    key: String,
    der: CertificateDer<'static>,
}

impl Issued {
    fn new() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = made.signing_key.serialize_pem();
        Self { certificate: made.cert.pem(), key, der: made.cert.der().clone() }
    }
}

impl Files {
    fn new(name: &str, issued: &Issued) -> Self {
        let folder =
            std::env::temp_dir().join(format!("cryptab-tls-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (certificate, key) = (folder.join("cert.pem"), folder.join("key.pem"));
        let files = Self { folder, certificate, key };
        files.write(issued);
        files
    }

    fn write(&self, issued: &Issued) {
        std::fs::write(&self.certificate, &issued.certificate).unwrap();
        std::fs::write(&self.key, &issued.key).unwrap();
    }

    fn load(&self) -> Result<Tls, TlsError> {
        Tls::load(&self.certificate, &self.key)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A relay that speaks TLS.
async fn serve(tls: Tls) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let door = Door::new(listener, &DoorLimits::default()).with_tls(Some(tls));
    let relay = Relay::new(RelayConfig::default());
    tokio::spawn(async move { relay.serve(door, relay.router(), std::future::pending()).await });
    address
}

/// A connection that trusts this certificate alone.
async fn connect(server: SocketAddr, trusted: &Issued) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.der.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection = TcpStream::connect(server).await?;
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, connection).await
}

async fn health(server: SocketAddr, trusted: &Issued) -> std::io::Result<String> {
    let mut connection = connect(server, trusted).await?;
    let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    connection.write_all(request).await?;
    let mut response = String::new();
    connection.read_to_string(&mut response).await?;
    Ok(response)
}

#[tokio::test]
async fn pages_and_rooms_pass_through_tls() {
    let issued = Issued::new();
    let files = Files::new("pages", &issued);
    let server = serve(files.load().unwrap()).await;
    assert!(health(server, &issued).await.unwrap().ends_with("alive\n"));
    let stranger = Issued::new();
    assert!(health(server, &stranger).await.is_err(), "not the certificate that is trusted");

    let connection = connect(server, &issued).await.unwrap();
    let (mut socket, _) = client_async("wss://localhost/relay", connection).await.unwrap();
    let (version, member) = (VERSION, [1; 16]);
    let join = ToRelay::Join {
        version,
        room: [1; 16],
        parties: 2,
        slot: None,
        member,
        expires: u64::MAX,
        claim: None,
    };
    socket.send(Message::Binary(join.encode().into())).await.unwrap();
    let welcome = loop {
        if let Message::Binary(message) = socket.next().await.unwrap().unwrap() {
            break message;
        }
    };
    let expected = FromRelay::Welcome { slot: 0, present: vec![] };
    assert_eq!(ToClient::decode(&welcome).unwrap(), ToClient::Notice(expected));
}

#[tokio::test]
async fn a_new_certificate_is_served_and_open_connections_stay() {
    let (old, new) = (Issued::new(), Issued::new());
    let files = Files::new("reload", &old);
    let tls = files.load().unwrap();
    let server = serve(tls.clone()).await;
    let connection = connect(server, &old).await.unwrap();
    let (mut socket, _) = client_async("wss://localhost/relay", connection).await.unwrap();
    assert_eq!(tls.reload().unwrap(), Reloaded::Unchanged);

    files.write(&new);
    assert!(health(server, &new).await.is_err(), "nobody has looked yet");
    assert_eq!(tls.reload().unwrap(), Reloaded::Changed);
    assert!(health(server, &new).await.is_ok());
    assert!(health(server, &old).await.is_err());

    socket.send(Message::Ping(vec![7].into())).await.unwrap();
    let answered = timeout(Duration::from_secs(5), async {
        while socket.next().await.unwrap().unwrap() != Message::Pong(vec![7].into()) {}
    });
    answered.await.expect("the connection from before is still served");
}

#[tokio::test]
async fn files_that_do_not_fit_together_leave_the_old_certificate() {
    let (old, new) = (Issued::new(), Issued::new());
    let files = Files::new("half", &old);
    let tls = files.load().unwrap();
    let server = serve(tls.clone()).await;
    std::fs::write(&files.certificate, &new.certificate).unwrap();
    assert!(matches!(tls.reload(), Err(TlsError::Certificate { .. })));
    std::fs::write(&files.certificate, "not a certificate").unwrap();
    assert!(matches!(tls.reload(), Err(TlsError::Pem { .. })));
    std::fs::remove_file(&files.certificate).unwrap();
    assert!(matches!(tls.reload(), Err(TlsError::File { .. })));
    assert!(health(server, &old).await.is_ok());
    files.write(&new);
    assert_eq!(tls.reload().unwrap(), Reloaded::Changed);
    assert!(health(server, &new).await.is_ok());
}

#[tokio::test]
async fn a_changed_file_is_noticed() {
    let (old, new) = (Issued::new(), Issued::new());
    let files = Files::new("watch", &old);
    let tls = files.load().unwrap();
    let server = serve(tls.clone()).await;
    let watching = tokio::spawn(tls.watch(Duration::from_millis(5)));
    files.write(&new);
    let noticed = async { while health(server, &new).await.is_err() {} };
    timeout(Duration::from_secs(20), noticed).await.expect("the new certificate is not served");
    watching.abort();
}

#[tokio::test]
async fn what_is_no_tls_disturbs_nobody() {
    let issued = Issued::new();
    let files = Files::new("noise", &issued);
    let server = serve(files.load().unwrap()).await;
    // One that says nothing, one that speaks plain HTTP.
    let _mute = TcpStream::connect(server).await.unwrap();
    let mut plain = TcpStream::connect(server).await.unwrap();
    plain.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    // An alert, or a reset.
    let _ = plain.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP"));
    assert!(health(server, &issued).await.is_ok());
}

#[test]
fn a_tls_that_cannot_be_says_why() {
    let issued = Issued::new();
    let files = Files::new("errors", &issued);
    let absent = Tls::load(&files.folder.join("absent.pem"), &files.key).unwrap_err();
    assert!(absent.to_string().contains("absent.pem"), "{absent}");
    let swapped = Tls::load(&files.key, &files.certificate).unwrap_err();
    assert!(swapped.to_string().contains("holds no certificate"), "{swapped}");
    let keyless = Tls::load(&files.certificate, &files.certificate).unwrap_err();
    assert!(keyless.to_string().contains("holds no private key"), "{keyless}");
    let shown = format!("{:?}", files.load().unwrap());
    assert!(!shown.contains("PRIVATE"), "{shown}");
}
