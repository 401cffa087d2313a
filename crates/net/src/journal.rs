//! A party's journal in a file: what was appended is on the disk before the node hears that it is saved.
//!
//! A record: length (4 bytes, little-endian), the first 8 bytes of its BLAKE3 hash, and the entry, sealed by
//! the node. What was being written when the process or the machine died is cut off at the next start. The
//! file is locked as long as a process uses it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use cryptab_session::Journal;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

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
    Forget,
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
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| fail(&error))?;
        let (entries, valid) = records(&bytes);
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

    pub(crate) fn forget(&self) {
        self.give(Work::Forget);
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
            // A writer that has ended has said why.
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
fn is_open_to_others(file: &File) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

/// Whether others may read or write an open file: not told here.
#[cfg(not(unix))]
fn is_open_to_others(_: &File) -> std::io::Result<bool> {
    Ok(false)
}

/// Writes what there is to write, and waits for the disk once for all of it.
fn write(mut file: File, work: &Receiver<Work>, tell: &UnboundedSender<Result<u64, String>>) {
    while let Ok(first) = work.recv() {
        let mut saved = None;
        let mut all = std::iter::once(first).chain(work.try_iter());
        let written = all.try_for_each(|work| match work {
            Work::Save { number, bytes } => {
                saved = Some(number);
                append(&mut file, &bytes)
            }
            Work::Forget => cut(&mut file, 0),
        });
        let told = match written.and_then(|()| file.sync_data()) {
            Ok(()) => saved.map_or(Ok(()), |number| tell.send(Ok(number))),
            Err(error) => {
                let _ = tell.send(Err(error.to_string()));
                return;
            }
        };
        if told.is_err() {
            return;
        }
    }
}

fn append(file: &mut File, entry: &[u8]) -> std::io::Result<()> {
    let length = u32::try_from(entry.len()).map_err(std::io::Error::other)?;
    file.write_all(&[&length.to_le_bytes()[..], &check(entry)].concat())?;
    file.write_all(entry)
}

fn cut(file: &mut File, length: usize) -> std::io::Result<()> {
    file.set_len(length as u64)?;
    file.seek(SeekFrom::End(0)).map(|_| ())
}

/// The records that are whole, and how many bytes they have.
fn records(bytes: &[u8]) -> (Vec<Vec<u8>>, usize) {
    let mut entries = Vec::new();
    let mut rest = bytes;
    while let Some((entry, after)) = record(rest) {
        entries.push(entry.to_vec());
        rest = after;
    }
    (entries, bytes.len() - rest.len())
}

fn record(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (found, rest) = rest.split_first_chunk::<CHECK>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (entry, after) = rest.split_at_checked(length)?;
    (check(entry) == *found).then_some((entry, after))
}

fn check(entry: &[u8]) -> [u8; CHECK] {
    let mut first = [0; CHECK];
    first.copy_from_slice(&blake3::hash(entry).as_bytes()[..CHECK]);
    first
}

const CHECK: usize = 8;

#[cfg(test)]
mod tests {
    use cryptab_session::Journal;

    use super::JournalFile;

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
        let (file, _) = entries(&path).await;
        file.forget();
        drop(file);
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
}
