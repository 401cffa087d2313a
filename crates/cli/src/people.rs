//! Whom this user has met in rooms, and under which keys: a file beside the key.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cryptab_session::Acquaintance;

use crate::failure::Failure;
use crate::state::{self, open_private};

/// The file of people, or nothing: then nobody is known, and nobody will be.
#[derive(Clone, Debug, Default)]
pub(crate) struct People(Option<PathBuf>);

impl People {
    /// In the user's state folder.
    pub(crate) fn of_this_user() -> Self {
        Self(state::folder().map(|folder| folder.join("people.json")))
    }

    pub(crate) fn all(&self) -> Result<Vec<Acquaintance>, Failure> {
        self.change(|_| {})
    }

    /// Keeps someone, instead of what was kept of the same name and key.
    pub(crate) fn keep(&self, news: &Acquaintance) -> Result<(), Failure> {
        let keep = |people: &mut Vec<Acquaintance>| {
            let is_same =
                |known: &Acquaintance| (&known.name, &known.key) == (&news.name, &news.key);
            // What was verified stays so, whatever this run was told.
            let verified =
                news.verified || people.iter().any(|known| is_same(known) && known.verified);
            people.retain(|known| !is_same(known));
            people.push(Acquaintance { verified, ..news.clone() });
            if people.len() > MOST {
                let oldest = people.iter().position(|known| !known.verified).unwrap_or(0);
                people.remove(oldest);
            }
        };
        self.change(keep).map(drop)
    }

    /// Changes the file while no other process does; everyone who is in it then.
    pub(crate) fn change(
        &self,
        change: impl FnOnce(&mut Vec<Acquaintance>),
    ) -> Result<Vec<Acquaintance>, Failure> {
        let Some(file) = &self.0 else { return Ok(Vec::new()) };
        let failed = |error: io::Error| Failure::file(file, error);
        // A file of its own: the other one is replaced.
        let lock = open_private(&file.with_extension("lock")).map_err(failed)?;
        lock.lock().map_err(failed)?;
        let before: Vec<Acquaintance> = match fs::read_to_string(file) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| Failure::file(file, error))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(failed(error)),
        };
        let mut people = before.clone();
        change(&mut people);
        if people != before {
            replace(file, &people).map_err(failed)?;
        }
        Ok(people)
    }
}

/// Writes a new file and puts it in the place of the old one: whatever happens meanwhile, one of the
/// two is there in whole.
fn replace(file: &Path, people: &[Acquaintance]) -> io::Result<()> {
    let text = serde_json::to_string_pretty(people)?;
    let new = file.with_extension("json.new");
    let mut open = open_private(&new)?;
    // One may be left of a process that was killed.
    open.set_len(0)?;
    open.write_all(text.as_bytes())?;
    open.sync_all()?;
    fs::rename(new, file)
}

/// More than a user knows; of those who are not verified, the oldest is forgotten first.
const MOST: usize = 1000;

#[cfg(test)]
mod tests {
    use cryptab_session::Acquaintance;

    use super::{MOST, People};

    fn someone(name: &str, key: usize, verified: bool) -> Acquaintance {
        Acquaintance { name: name.to_owned(), key: format!("{key:064x}"), verified }
    }

    #[test]
    fn people_are_kept_by_name_and_key() {
        let folder = std::env::temp_dir().join(format!("cryptab-people-{}", std::process::id()));
        let people = People(Some(folder.join("people.json")));
        assert!(people.all().unwrap().is_empty());
        for news in [someone("bob", 1, false), someone("bob", 2, false), someone("bob", 1, true)] {
            people.keep(&news).unwrap();
        }
        assert_eq!(people.all().unwrap(), [someone("bob", 2, false), someone("bob", 1, true)]);
        people.keep(&someone("bob", 1, false)).unwrap();
        assert!(people.all().unwrap().contains(&someone("bob", 1, true)), "verified for ever");
        let many = (0..MOST).map(|key| someone("carol", key, false));
        people.change(|people| people.extend(many)).unwrap();
        people.keep(&someone("dave", 1, false)).unwrap();
        let all = people.all().unwrap();
        assert!(!all.contains(&someone("bob", 2, false)) && all.contains(&someone("bob", 1, true)));
        std::fs::write(folder.join("people.json"), "[{").unwrap();
        assert!(people.all().is_err(), "damaged");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn people_outlive_a_write_that_is_broken_off() {
        let folder = std::env::temp_dir().join(format!("cryptab-crash-{}", std::process::id()));
        let file = folder.join("people.json");
        let people = People(Some(file.clone()));
        people.keep(&someone("bob", 1, true)).unwrap();
        let before = std::fs::read_to_string(&file).unwrap();
        let mut open = std::fs::File::open(&file).unwrap();
        // What another process was writing when it was killed.
        std::fs::write(folder.join("people.json.new"), format!("[{}", " ".repeat(9999))).unwrap();
        people.keep(&someone("carol", 2, false)).unwrap();
        assert_eq!(people.all().unwrap(), [someone("bob", 1, true), someone("carol", 2, false)]);
        let mut untouched = String::new();
        std::io::Read::read_to_string(&mut open, &mut untouched).unwrap();
        assert_eq!(untouched, before, "the old file was written to");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn without_a_file_nobody_is_known() {
        let people = People::default();
        people.keep(&someone("bob", 1, false)).unwrap();
        assert!(people.all().unwrap().is_empty());
    }
}
