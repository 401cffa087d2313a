//! The relay under test: a process of its own.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Failure;

/// Ends when dropped.
pub(crate) struct Relay {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Relay {
    /// Starts `cryptab relay` with its usual limits on a free port.
    pub(crate) fn start(program: &Path) -> Result<Self, Failure> {
        let mut child = Command::new(program)
            .args(["relay", "--listen", "127.0.0.1:0", "--json"])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().ok_or("no output")?).read_line(&mut line)?;
        let said: serde_json::Value = serde_json::from_str(&line)?;
        let url = said["url"].as_str().ok_or("the relay does not say where it is")?;
        let host = url.trim_start_matches("http://").trim_end_matches('/');
        Ok(Self { address: host.parse()?, child })
    }

    /// MiB of memory that the process holds.
    pub(crate) fn memory(&self) -> Result<f64, Failure> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib / 1024.0)
    }

    /// Seconds of processor time that the process has used.
    pub(crate) fn processor_time(&self) -> Result<f64, Failure> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name of the program, in parentheses, may hold spaces.
        let fields = stat.rsplit(')').next().ok_or("no stat")?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
        Ok(ticks.sum::<Result<f64, _>>()? / TICKS_PER_SECOND)
    }

    /// A figure of the page of metrics; 0 when nothing has been counted.
    pub(crate) async fn metric(&self, name: &str) -> Result<f64, Failure> {
        let mut connection = TcpStream::connect(self.address).await?;
        let request =
            format!("GET /metrics HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        connection.write_all(request.as_bytes()).await?;
        let mut page = String::new();
        connection.read_to_string(&mut page).await?;
        let line = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        Ok(line.map_or(Ok(0.0), str::parse)?)
    }

    /// What `work` gives, and the MiB of memory that the process held at most while it ran.
    pub(crate) async fn peak_during<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<(T, f64), Failure> {
        let mut work = std::pin::pin!(work);
        let mut looks = tokio::time::interval(Duration::from_millis(50));
        let mut peak = 0.0_f64;
        loop {
            tokio::select! {
                done = &mut work => return Ok((done?, peak.max(self.memory()?))),
                _ = looks.tick() => peak = peak.max(self.memory()?),
            }
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // A relay that has ended already needs no end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What `/proc` counts processor time in.
const TICKS_PER_SECOND: f64 = 100.0;
