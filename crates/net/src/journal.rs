//! A party's journal in a file: what was appended is on the disk before the node hears that it is saved.
//!
//! A record: length (4 bytes, little-endian), the first 8 bytes of its BLAKE3 hash, and the entry, sealed by
//! the node. What was being written when the process or the machine died is cut off at the next start. The
//! file is locked as long as a process uses it.
//!
//! The journal grows with the session, by what peers send; all of it is in memory while a party is resumed.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use cryptab_session::Journal;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::Error;

/// The journal, written by a thread of its own.
pub(crate) struct JournalFile {
    /// Nothing once it is to be closed.
    work: Option<Sender<Work>>,
    saved: UnboundedReceiver<Result<u64, String>>,
    writer: Option<JoinHandle<()>>,
}

enum Work {
    Save { number: u64, bytes: Vec<u8> },
    Forget { done: oneshot::Sender<Result<(), String>> },
}

impl JournalFile {
    /// Opens the journal, or makes an empty one that only its owner can read; and what is in it.
    pub(crate) fn open(path: &Path) -> Result<(Self, Journal), Error> {
        let fail = |reason: &dyn std::fmt::Display| Error::Journal {
            path: path.to_owned(),
            reason: reason.to_string(),
        };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(|error| fail(&error))?;
        if is_open_to_others(&file).map_err(|error| fail(&error))? {
            return Err(fail(&"it can be read by others: make it private with `chmod 600`"));
        }
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => fail(&"another process goes on with it"),
            TryLockError::Error(error) => fail(&error),
        })?;
        let (entries, valid) = records(&file).map_err(|error| fail(&error))?;
        cut(&mut file, valid).map_err(|error| fail(&error))?;
        let journal = if entries.is_empty() { Journal::Fresh } else { Journal::Resume(entries) };
        let (work, to_do) = channel();
        let (tell, saved) = unbounded_channel();
        let writer = std::thread::Builder::new().name("journal".into());
        let writer = writer.spawn(move || write(file, &to_do, &tell)).map_err(|e| fail(&e))?;
        Ok((Self { work: Some(work), saved, writer: Some(writer) }, journal))
    }

    pub(crate) fn save(&self, number: u64, bytes: Vec<u8>) {
        self.give(Work::Save { number, bytes });
    }

    /// Empties the journal: once this returns, nobody resumes from what was in it. Or why that cannot be
    /// promised.
    pub(crate) async fn forget(&self) -> Result<(), String> {
        let (done, is_done) = oneshot::channel();
        self.give(Work::Forget { done });
        match timeout(PATIENCE, is_done).await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err("its writer has ended".to_owned()),
            Err(_) => Err("the disk takes too long".to_owned()),
        }
    }

    /// The number up to which all is saved, when that has changed; or why nothing is any more.
    pub(crate) async fn saved(&mut self) -> Result<u64, String> {
        match self.saved.recv().await {
            Some(saved) => saved,
            // It has said why.
            None => std::future::pending().await,
        }
    }

    fn give(&self, work: Work) {
        if let Some(sender) = &self.work {
            // A writer that panicked has said so itself.
            let _ = sender.send(work);
        }
    }
}

impl Drop for JournalFile {
    fn drop(&mut self) {
        self.work = None;
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has said so itself.
            let _ = writer.join();
        }
    }
}

/// Whether others may read or write an open file.
#[cfg(unix)]
fn is_open_to_others(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

/// Whether others may read or write an open file: not told here.
#[cfg(not(unix))]
fn is_open_to_others(_: &File) -> io::Result<bool> {
    Ok(false)
}

/// Writes what there is to write, and waits for the disk once for all of it. After an error nothing more is
/// written, and everybody who asks is told of it.
fn write(mut file: File, work: &Receiver<Work>, tell: &UnboundedSender<Result<u64, String>>) {
    let mut state = Ok(());
    while let Ok(first) = work.recv() {
        let batch: Vec<Work> = std::iter::once(first).chain(work.try_iter()).collect();
        if state.is_ok() {
            state = carry_out(&mut file, &batch).map_err(|error| error.to_string());
            if state.is_err() {
                // The session will not go on, so nobody shall resume it.
                let _ = cut(&mut file, 0).and_then(|()| file.sync_data());
            }
        }
        answer(batch, &state, tell);
    }
}

fn carry_out(file: &mut File, batch: &[Work]) -> io::Result<()> {
    for work in batch {
        match work {
            Work::Save { bytes, .. } => append(file, bytes)?,
            Work::Forget { .. } => cut(file, 0)?,
        }
    }
    file.sync_data()
}

/// Says what became of a batch. Who does not listen any more need not know.
fn answer(
    batch: Vec<Work>,
    state: &Result<(), String>,
    tell: &UnboundedSender<Result<u64, String>>,
) {
    let mut saved = None;
    for work in batch {
        match work {
            Work::Save { number, .. } => saved = Some(number),
            Work::Forget { done } => {
                let _ = done.send(state.clone());
            }
        }
    }
    if let Some(number) = saved {
        let _ = tell.send(state.clone().map(|()| number));
    }
}

fn append(file: &mut File, entry: &[u8]) -> io::Result<()> {
    let length = u32::try_from(entry.len()).map_err(io::Error::other)?;
    file.write_all(&[&length.to_le_bytes()[..], &check(entry)].concat())?;
    file.write_all(entry)
}

fn cut(file: &mut File, length: u64) -> io::Result<()> {
    file.set_len(length)?;
    file.seek(SeekFrom::End(0)).map(|_| ())
}

/// The records that are whole, and how many bytes they have in the file.
fn records(file: &File) -> io::Result<(Vec<Vec<u8>>, u64)> {
    let length = file.metadata()?.len();
    let mut reader = BufReader::new(file);
    let mut entries = Vec::new();
    let mut valid = 0;
    while let Some(entry) = record(&mut reader, length - valid)? {
        valid += HEADER + entry.len() as u64;
        entries.push(entry);
    }
    Ok((entries, valid))
}

/// The next record, when it is whole: `left` bytes are left in the file.
fn record(reader: &mut BufReader<&File>, left: u64) -> io::Result<Option<Vec<u8>>> {
    let Some(left) = left.checked_sub(HEADER) else { return Ok(None) };
    let (mut length, mut found) = ([0; 4], [0; CHECK]);
    reader.read_exact(&mut length)?;
    reader.read_exact(&mut found)?;
    let length = u32::from_le_bytes(length);
    if u64::from(length) > left {
        return Ok(None);
    }
    let mut entry = vec![0; length as usize];
    reader.read_exact(&mut entry)?;
    Ok((check(&entry) == found).then_some(entry))
}

fn check(entry: &[u8]) -> [u8; CHECK] {
    let mut first = [0; CHECK];
    first.copy_from_slice(&blake3::hash(entry).as_bytes()[..CHECK]);
    first
}

const CHECK: usize = 8;
/// The length of an entry, and its check.
const HEADER: u64 = 4 + CHECK as u64;
/// Longer than a disk takes that is not broken.
const PATIENCE: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::sync::mpsc::channel;

    use cryptab_session::Journal;
    use tokio::sync::mpsc::unbounded_channel;

    use super::{JournalFile, write};

    async fn entries(path: &std::path::Path) -> (JournalFile, Vec<Vec<u8>>) {
        let (file, journal) = JournalFile::open(path).unwrap();
        let entries = if let Journal::Resume(entries) = journal { entries } else { Vec::new() };
        (file, entries)
    }

    #[tokio::test]
    async fn what_was_saved_is_there_again_and_what_was_not_written_whole_is_cut_off() {
        let path = std::env::temp_dir().join(format!("cryptab-journal-{}", std::process::id()));
        let (mut file, found) = entries(&path).await;
        assert!(found.is_empty());
        assert!(JournalFile::open(&path).is_err(), "it is in use");
        file.save(0, b"one".to_vec());
        file.save(1, b"two".to_vec());
        while file.saved().await != Ok(1) {}
        drop(file);
        let whole = std::fs::read(&path).unwrap();
        for length in 0..whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            let expected = usize::from(length >= whole.len() / 2);
            let (mut file, found) = entries(&path).await;
            assert_eq!(found.len(), expected);
            file.save(7, b"three".to_vec());
            assert_eq!(file.saved().await, Ok(7));
            drop(file);
            assert_eq!(entries(&path).await.1.last().unwrap(), b"three");
        }
        std::fs::remove_file(&path).unwrap();
    }

    #[tokio::test]
    async fn a_record_that_claims_to_be_longer_than_its_file_or_was_altered_is_cut_off() {
        let path = std::env::temp_dir().join(format!("cryptab-altered-{}", std::process::id()));
        let (mut file, _) = entries(&path).await;
        for number in 0..3 {
            file.save(number, vec![7; 100]);
        }
        while file.saved().await != Ok(2) {}
        drop(file);
        let whole = std::fs::read(&path).unwrap();
        let second = whole.len() / 3;
        for (at, altered) in [(second + 3, 0xff), (second + 5, whole[second + 5] ^ 1)] {
            let mut bytes = whole.clone();
            bytes[at] = altered;
            std::fs::write(&path, &bytes).unwrap();
            assert_eq!(entries(&path).await.1, [vec![7; 100]]);
            assert_eq!(std::fs::read(&path).unwrap(), whole[..second]);
        }
        std::fs::remove_file(&path).unwrap();
    }

    #[tokio::test]
    async fn what_is_forgotten_is_gone_before_anything_else_happens() {
        let path = std::env::temp_dir().join(format!("cryptab-forgotten-{}", std::process::id()));
        let (file, _) = entries(&path).await;
        for number in 0..100 {
            file.save(number, vec![7; 1000]);
        }
        file.forget().await.unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 0);
        std::fs::remove_file(&path).unwrap();
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_journal_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let path = std::env::temp_dir().join(format!("cryptab-open-{}", std::process::id()));
        drop(entries(&path).await);
        for (mode, is_private) in [(0o640, false), (0o604, false), (0o620, false), (0o600, true)] {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(&path, permissions).unwrap();
            assert_eq!(JournalFile::open(&path).is_ok(), is_private, "{mode:o}");
        }
        std::fs::remove_file(&path).unwrap();
    }

    #[tokio::test]
    async fn everybody_who_asks_hears_that_the_disk_has_failed() {
        let path = std::env::temp_dir().join(format!("cryptab-failed-{}", std::process::id()));
        std::fs::write(&path, b"").unwrap();
        let read_only = File::open(&path).unwrap();
        let (work, to_do) = channel();
        let (tell, saved) = unbounded_channel();
        let writer = std::thread::spawn(move || write(read_only, &to_do, &tell));
        let mut file = JournalFile { work: Some(work), saved, writer: Some(writer) };
        for number in 0..3 {
            file.save(number, b"one".to_vec());
            assert!(file.saved().await.is_err());
        }
        assert!(file.forget().await.is_err());
        std::fs::remove_file(&path).unwrap();
    }
}
