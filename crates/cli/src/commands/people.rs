//! `cryptab people`: whom this user has met.

use clap::Args;
use serde_json::json;

use crate::console::Console;
use crate::failure::Failure;
use crate::people::People as PeopleFile;

/// List whom you have met in rooms, and under which keys.
///
/// `cryptab join` remembers the key of everyone by the name it shows, and warns when someone comes
/// with another. A person may have several keys: one for each browser and machine.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  cryptab people\n  \
    cryptab people --verify bob     (you have compared the words with bob)\n  \
    cryptab people --forget bob     (the next key under this name is taken as new)")]
pub(crate) struct People {
    /// You have compared the words of a room with this one: its newest key is verified.
    #[arg(long, value_name = "NAME", conflicts_with = "forget")]
    verify: Option<String>,
    /// Forget all keys of this one.
    #[arg(long, value_name = "NAME")]
    forget: Option<String>,
}

impl People {
    pub(crate) fn run(self, console: &Console) -> Result<(), Failure> {
        let Self { verify, forget } = self;
        let mut found = false;
        let people = PeopleFile::of_this_user().change(|people| {
            let before = people.len();
            people.retain(|known| forget.as_ref() != Some(&known.name));
            found = people.len() < before;
            let newest = people.iter_mut().rfind(|known| verify.as_ref() == Some(&known.name));
            if let Some(newest) = newest {
                newest.verified = true;
                found = true;
            }
        })?;
        if let (Some(name), false) = (verify.or(forget), found) {
            return Err(Failure::input(format!("nobody called `{name}` was met yet")));
        }
        if people.is_empty() {
            console.say("You have met nobody yet.");
        }
        for known in people {
            let mark = if known.verified { "verified" } else { "not verified" };
            let start = known.key.get(..16).unwrap_or_default();
            let text = format!("{}: key {start}…, {mark}", known.name);
            let object = json!({
                "type": "person",
                "name": known.name,
                "key": known.key,
                "verified": known.verified,
            });
            console.show(&text, &object);
        }
        Ok(())
    }
}
