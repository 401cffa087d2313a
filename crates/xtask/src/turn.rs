//! A TURN server of our own for the tests that need one: coturn, on the loopback, for their time only.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::project::Project;
use crate::tools;

/// Native parties that reach each other through a TURN server alone.
pub(crate) fn tests(project: &Project) -> Result<()> {
    let server = Server::start(project)?;
    project
        .command("cargo")
        // The whole workspace, as in the native tests: nothing is built twice.
        .args(["test", "--workspace", "--lib", "--", "--ignored", "turn_server"])
        .env("CRYPTAB_TEST_TURN", format!("turn:127.0.0.1:{}?transport=udp", server.port))
        .env("CRYPTAB_TEST_TURN_SECRET", SECRET)
        .run()
}

/// A running coturn. Dropped, it is stopped.
struct Server {
    process: Child,
    port: u16,
    log: PathBuf,
}

impl Server {
    fn start(project: &Project) -> Result<Self> {
        let program = tools::coturn(project)?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let quiet = project.target().join("xtask/turn");
        std::fs::create_dir_all(&quiet)?;
        let file = |name: &str| quiet.join(name).to_string_lossy().into_owned();
        let process = project
            .command(&program.to_string_lossy())
            .args(["-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--no-tls"])
            .args(["--no-dtls", "--no-cli", "--use-auth-secret", "--realm=cryptab.test"])
            .args([format!("--static-auth-secret={SECRET}"), format!("--listening-port={port}")])
            // Both parties are on this machine, which a server on the Internet would not allow.
            .args(["--allow-loopback-peers"])
            .args([format!("--userdb={}", file("turndb")), format!("--pidfile={}", file("pid"))])
            .args([format!("--log-file={}", file("log")), "--simple-log".to_owned()])
            .start()?;
        let mut server = Self { process, port, log: quiet.join("log") };
        server.await_answer()?;
        Ok(server)
    }

    fn await_answer(&mut self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            if let Some(status) = self.process.try_wait().context("cannot watch coturn")? {
                bail!("coturn ended at its start ({status}): see {}", self.log.display());
            }
            if Instant::now() > deadline {
                bail!("coturn does not answer on port {} in time", self.port);
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already needs no stopping.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Protects nothing but the tests' packets.
const SECRET: &str = "tests";
const PATIENCE: Duration = Duration::from_secs(20);
