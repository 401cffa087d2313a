//! `cargo xtask demo`: everything built, then served on loopback until Ctrl-C.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::command::Command;
use crate::project::Project;
use crate::site;
use crate::step::Steps;

/// Builds, serves, prints the links, and waits.
pub(crate) fn run(project: &Project, port: u16) -> Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    if TcpListener::bind(address).is_err() {
        let other = port.checked_add(1).unwrap_or(8788);
        bail!("port {port} is taken by another program: run `cargo xtask demo --port {other}`");
    }
    let mut steps = Steps::default();
    site::build(&mut steps, project)?;
    let stopping = Arc::new(AtomicBool::new(false));
    let mut server = steps.run("cryptab serve", || start(project, address, &stopping))?;
    print!("{}", steps.table());
    println!("{}", links(project, address));
    let status = server.wait().context("cannot wait for cryptab serve")?;
    if stopping.load(Ordering::Relaxed) || status.success() {
        println!("\nThe demo has ended.");
        return Ok(());
    }
    bail!("`cryptab serve` ended by itself ({status})")
}

fn start(project: &Project, address: SocketAddr, stopping: &Arc<AtomicBool>) -> Result<Child> {
    let binary = project.binary();
    let mut server = project
        .command(&binary.to_string_lossy())
        .args(["serve", "--listen", &address.to_string(), "--site"])
        .args([project.path("web/dist")])
        .start()?;
    stop_with_us(server.id(), Arc::clone(stopping))?;
    let deadline = Instant::now() + PATIENCE;
    while !answers(address) {
        if let Some(status) = server.try_wait()? {
            bail!("`cryptab serve` ended at its start ({status})");
        }
        if Instant::now() > deadline {
            server.kill().context("cannot stop cryptab serve")?;
            bail!("`cryptab serve` does not answer on {address} after {} s", PATIENCE.as_secs());
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(server)
}

/// Whether `/healthz` says that all is well.
fn answers(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, PROBE)?;
        stream.set_read_timeout(Some(PROBE))?;
        write!(stream, "GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(head.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}

/// Passes the wish to stop on to the server, then lets us wait for its end instead of leaving it behind.
fn stop_with_us(server: u32, stopping: Arc<AtomicBool>) -> Result<()> {
    ctrlc::set_handler(move || {
        stopping.store(true, Ordering::Relaxed);
        let stop = Command::new("kill").args(["-TERM", &server.to_string()]);
        if stop.output().is_none() {
            std::process::exit(130);
        }
    })
    .context("cannot listen for Ctrl-C")
}

fn links(project: &Project, address: SocketAddr) -> String {
    format!(
        "
  Open      http://{address}/
  and       create a room there, then open its link in a second tab or another browser.
  To join from a terminal:
            {} join '<the link>' --role help --name terminal
  Ctrl-C    ends the demo.
",
        project.binary().display()
    )
}

const PATIENCE: Duration = Duration::from_secs(20);
const PROBE: Duration = Duration::from_secs(1);
