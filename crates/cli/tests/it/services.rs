//! Relay, dealer and both in one process, as their operators see them.

use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::run::{Background, Folder, cryptab, fault};

/// `127.0.0.1:1234` of a service's URL.
fn host(url: &serde_json::Value) -> String {
    let url = url.as_str().unwrap();
    url.split("://").nth(1).unwrap().split('/').next().unwrap().to_owned()
}

fn get(mut connection: impl std::io::Read + std::io::Write, path: &str) -> std::io::Result<String> {
    write!(connection, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut response = String::new();
    connection.read_to_string(&mut response)?;
    Ok(response)
}

#[test]
fn every_service_tells_how_it_is() {
    let folder = Folder::new("health");
    let key_file = folder.file("dealer.key");
    for (arguments, metrics) in [
        (&["relay"][..], &["cryptab_relay_rooms 0"][..]),
        (&["dealer", "--key-file", &key_file], &[]),
        (&["serve"], &["cryptab_relay_rooms 0"]),
    ] {
        let listen = [arguments, &["--listen", "127.0.0.1:0"]].concat();
        let (_service, said) = Background::serve(&listen);
        let host = host(&said["url"]);
        let get = |path| get(TcpStream::connect(&host).unwrap(), path).unwrap();
        for path in ["/healthz", "/readyz", "/metrics"] {
            let answer = get(path);
            assert!(answer.starts_with("HTTP/1.1 200"), "{arguments:?} {path}: {answer}");
        }
        let page = get("/metrics");
        assert!(metrics.iter().all(|line| page.contains(line)), "{arguments:?}: {page}");
    }
}

/// A certificate for `localhost`, written to two files.
fn issue(certificate: &str, key: &str) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(certificate, made.cert.pem()).unwrap();
    std::fs::write(key, made.signing_key.serialize_pem()).unwrap();
    made.cert.der().clone()
}

/// What `/healthz` answers to a client that trusts this certificate alone.
fn health_by_tls(host: &str, trusted: &CertificateDer<'static>) -> std::io::Result<String> {
    let connection = connection_that_trusts(trusted);
    get(StreamOwned::new(connection, TcpStream::connect(host)?), "/healthz")
}

fn connection_that_trusts(trusted: &CertificateDer<'static>) -> ClientConnection {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config =
        ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    ClientConnection::new(Arc::new(config), name).unwrap()
}

#[cfg(unix)]
#[test]
fn every_service_speaks_tls_and_takes_a_new_certificate() {
    let folder = Folder::new("tls");
    let [certificate, key, key_file] =
        ["cert.pem", "key.pem", "dealer.key"].map(|name| folder.file(name));
    for (arguments, scheme) in [
        (&["relay"][..], "https"),
        (&["dealer", "--key-file", &key_file], "wss"),
        (&["serve"], "https"),
    ] {
        let old = issue(&certificate, &key);
        let tls = ["--listen", "127.0.0.1:0", "--tls-cert", &certificate, "--tls-key", &key];
        let (service, said) = Background::serve(&[arguments, &tls].concat());
        assert!(said["url"].as_str().unwrap().starts_with(scheme), "{said}");
        let host = host(&said["url"]);
        assert!(health_by_tls(&host, &old).unwrap().contains(" 200 "), "{arguments:?}");
        let new = issue(&certificate, &key);
        let hangup = Command::new("kill").args(["-HUP", &service.0.id().to_string()]).status();
        assert!(hangup.unwrap().success());
        let deadline = Instant::now() + Duration::from_secs(20);
        while health_by_tls(&host, &new).is_err() {
            assert!(Instant::now() < deadline, "{arguments:?}: the old certificate is served");
        }
    }
}

#[test]
fn a_certificate_needs_its_key() {
    let folder = Folder::new("half-tls");
    let [certificate, key] = ["cert.pem", "key.pem"].map(|name| folder.file(name));
    let (code, said) = fault(&["serve", "--tls-cert", &certificate]);
    assert!(code == 2 && said.contains("--tls-key"), "{said}");
    let (code, said) = fault(&["serve", "--tls-cert", &certificate, "--tls-key", &key]);
    assert!(code == 3 && said.contains("cert.pem"), "{said}");
}

#[test]
fn the_options_of_the_services_are_documented_and_those_of_the_units_exist() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let read = |file: &str| std::fs::read_to_string(format!("{root}/{file}")).unwrap();
    let page = read("docs/services.md");
    for command in ["relay", "dealer", "serve"] {
        let help = String::from_utf8(cryptab(&[command, "--help"]).stdout).unwrap();
        let options: Vec<&str> = options_in(&help).collect();
        for option in &options {
            let known = ["--help", "--json", "--version", "--verbose"].contains(option);
            assert!(known || page.contains(&format!("`{option}")), "{option} is not in the page");
        }
        for file in ["deploy/cryptab-relay.service", "deploy/cryptab-dealer.service"] {
            let unit = read(file);
            let start = unit.lines().skip_while(|line| !line.starts_with("ExecStart="));
            let mut start = start.take_while(|line| !line.is_empty() && !line.starts_with("ExecR"));
            if !start.next().unwrap().contains(&format!("cryptab {command}")) {
                continue;
            }
            let lines: String = start.flat_map(|line| [line, " "]).collect();
            for option in options_in(&lines) {
                assert!(options.contains(&option), "{file}: there is no {option}");
            }
        }
    }
}

fn options_in(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| letter.is_whitespace() || "`,()[]=.".contains(letter));
    words.filter(|word| word.starts_with("--") && word.len() > 2)
}

#[test]
fn logs_are_json_and_neither_they_nor_metrics_hold_a_secret() {
    let folder = Folder::new("logs");
    let key_file = folder.file("dealer.key");
    let log = |name: &str| std::fs::File::create(folder.file(name)).unwrap();
    let everything = |arguments: &[&str], name: &str| {
        let mut command = crate::run::command(arguments);
        command.args(["--json", "--log", "json"]).env("CRYPTAB_LOG", "trace").stderr(log(name));
        command
    };
    let listen = ["--listen", "127.0.0.1:0"];
    let dealer = [&["dealer", "--key-file", &key_file], &listen[..]].concat();
    let (dealer, dealing) = Background::start(everything(&dealer, "dealer.log"));
    let (url, key) = (dealing["url"].as_str().unwrap(), dealing["dealer_key"].as_str().unwrap());
    let relay = [&["relay", "--dealer-url", url, "--dealer-key", key], &listen[..]].concat();
    let (relay, serving) = Background::start(everything(&relay, "relay.log"));
    let link = cryptab(&["link", serving["url"].as_str().unwrap(), "--parties", "2"]);
    let link = String::from_utf8(link.stdout).unwrap().trim().to_owned();

    let (input, _) = folder.picture("in.png", 12, 8);
    let output = folder.file("out.png");
    let photo = ["join", &link, "--role", "photo", "--input", &input, "--output", &output];
    let photo = [&photo[..], &["--name", "Quirinius"]].concat();
    let adjust = ["join", &link, "--role", "adjust", "--name", "Zerlina", "--brightness", "12"];
    let mut adjust = everything(&adjust, "adjust.log").stdout(Stdio::null()).spawn().unwrap();
    let photo = everything(&photo, "photo.log").stdout(Stdio::null()).status().unwrap();
    assert!(photo.success() && adjust.wait().unwrap().success());
    let relays = || std::fs::read_to_string(folder.file("relay.log")).unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while !(relays().contains("joined") && relays().contains("left")) {
        assert!(Instant::now() < deadline, "{}", relays());
    }
    for (name, url) in [("dealer.metrics", &dealing["url"]), ("relay.metrics", &serving["url"])] {
        let answer = get(TcpStream::connect(host(url)).unwrap(), "/metrics").unwrap();
        let page = answer
            .split_once(
                "

",
            )
            .unwrap()
            .1;
        assert!(page.contains("cryptab_"), "{answer}");
        std::fs::write(folder.file(name), page).unwrap();
    }
    drop((dealer, relay));

    let invite = cryptab_session::Invite::from_link(&link).unwrap();
    let dealers_secret = std::fs::read(&key_file).unwrap();
    let fragment = link.split('#').nth(1).unwrap();
    for (name, served) in [
        ("dealer.log", true),
        ("relay.log", true),
        ("dealer.metrics", true),
        ("relay.metrics", true),
        ("adjust.log", false),
        ("photo.log", false),
    ] {
        let text = std::fs::read_to_string(folder.file(name)).unwrap();
        assert!(text.lines().count() > 1, "{name} is empty: {text}");
        for line in text.lines().filter(|_| served && name.ends_with("log")) {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            assert!(line["level"].is_string() && line["timestamp"].is_string(), "{line}");
        }
        let never = |what: &str, shapes: &[String]| {
            for shape in shapes {
                assert!(!text.contains(shape), "{name} holds {what}:\n{text}");
            }
        };
        never("the link", &[fragment.to_owned()]);
        never("the invite's secret", &shapes(invite.secret.as_bytes()));
        never("the dealer's key", &shapes(&dealers_secret));
        never("the room", &shapes(&invite.room));
        if served {
            never("a name", &["Quirinius".into(), "Zerlina".into()]);
            never("an address", &["127.0.0.1".into()]);
        }
    }
}

/// How bytes may look in a log.
fn shapes(bytes: &[u8]) -> Vec<String> {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    // A part suffices, and may be all that a shortened form shows.
    let bytes = &bytes[..12];
    let list: Vec<String> = bytes.iter().map(u8::to_string).collect();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    vec![
        list.join(", "),
        list.join(","),
        hex.to_uppercase(),
        hex,
        STANDARD_NO_PAD.encode(bytes),
        URL_SAFE_NO_PAD.encode(bytes),
    ]
}
