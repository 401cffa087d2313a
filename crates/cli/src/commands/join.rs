//! `cryptab join`: a native party in a room.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use cryptab_net::{JoinOptions, Party};
use cryptab_session::Role;
use serde_json::json;

use crate::adjustment::Adjustment;
use crate::console::Console;
use crate::failure::{Failure, Kind};
use crate::key_file::{KeyError, KeyFile};
use crate::people::People;
use crate::photo_file::{Photo, Scale, check_output};
use crate::play::{Part, Played, linger, play};
use crate::route::Way;
use crate::{journal_folder, runtime, state};

/// Take part in a room from a terminal.
///
/// With the role `photo`, bring a photo and receive the adjusted one; with `adjust`, bring the secret
/// adjustment; with `help`, bring nothing and make collusion harder. Waits for the others, computes
/// one photo, and leaves.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  cryptab join 'LINK' --role photo --input in.png --output out.png\n  \
    cryptab join 'LINK' --role adjust --brightness 12 --contrast 1.2 --filter sharpen\n  \
    cryptab join 'LINK' --role help --name carol --json"
)]
pub(crate) struct JoinCommand {
    /// The room's link, in quotes: shells treat # in their own way.
    link: String,
    /// photo, adjust or help.
    #[arg(long, default_value = "help")]
    role: Role,
    /// What the others shall call you.
    #[arg(long, default_value = "terminal")]
    name: String,
    /// The photo, PNG or JPEG (role photo).
    #[arg(long, required_if_eq("role", "photo"))]
    input: Option<PathBuf>,
    /// Where the adjusted photo goes, .png or .jpg (role photo).
    #[arg(long, required_if_eq("role", "photo"))]
    output: Option<PathBuf>,
    /// Keep a large photo's size; otherwise its longer side becomes 1024 pixels.
    #[arg(long)]
    full: bool,
    /// Seconds to wait for the others.
    #[arg(long, default_value_t = 3600)]
    wait: u64,
    /// Seconds to wait, once a session is under way, for whoever is away; then it ends.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    patience: u32,
    /// The file of your key, by which others know you again; made if it is missing. Without it, a
    /// file in the folder of --state-dir, or else in your state folder ($XDG_STATE_HOME or
    /// ~/.local/state).
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// Take the key of whoever shows this name, even if it is another than before.
    #[arg(long, value_name = "NAME")]
    accept: Vec<String>,
    #[command(flatten)]
    way: Way,
    /// A folder in which to keep what this party needs to go on after it was stopped in mid-run: run the same
    /// command once more then. Holds secrets, your key among them if --identity names no other; what is kept
    /// of a session is forgotten when it is over.
    #[arg(long, value_name = "FOLDER")]
    state_dir: Option<PathBuf>,
    #[command(flatten)]
    adjustment: Adjustment,
}

impl JoinCommand {
    pub(crate) fn run(self, console: &Console) -> Result<(), Failure> {
        let part = self.part(console)?;
        let mut options = JoinOptions::new(&self.link, &self.name, self.role)?;
        options.join.route = self.way.route;
        options.join.patience = Duration::from_secs(u64::from(self.patience));
        if options.join.invite.program != PROGRAM {
            let program = &options.join.invite.program;
            let text = format!("the room's program is `{program}`; terminals can play `{PROGRAM}`");
            return Err(Failure::input(text));
        }
        let key = self.key(console)?;
        if let Some(key) = &key {
            options.join.identity = key.identity.clone();
        }
        if let Some(folder) = &self.state_dir {
            journal_folder::keep(&mut options, folder)?;
        }
        let people = People::of_this_user();
        let people = match people.all() {
            Ok(known) => {
                options.join.acquaintances = known;
                people
            }
            Err(error) => {
                console.say(&format!("Nobody will be known again: {error}."));
                People::default()
            }
        };
        options.join.acquaintances.retain(|known| !self.accept.contains(&known.name));
        let runtime = runtime::start()?;
        let played = runtime::run_party(&runtime, async {
            tokio::select! {
                played = take_part(options, &part, Duration::from_secs(self.wait), &people, console) => played,
                () = runtime::asked_to_stop() => Err(Failure::new(Kind::Peer, "stopped before the end")),
            }
        })?;
        let Played { result, rounds, bytes, dealer_bytes, time } = played;
        let output = match (result, self.output) {
            (Some(photo), Some(output)) => {
                photo.write(&output)?;
                Some(output.display().to_string())
            }
            _ => None,
        };
        let seconds = time.as_secs_f64();
        let text = format!(
            "Done in {seconds:.2} s: {rounds} rounds, {bytes} bytes sent, {dealer_bytes} bytes from the dealer{}.",
            output.as_ref().map(|file| format!("; {file} is written")).unwrap_or_default()
        );
        let object = json!({
            "type": "done",
            "seconds": seconds,
            "rounds": rounds,
            "bytes": bytes,
            "dealer_bytes": dealer_bytes,
            "output": output,
        });
        console.show(&text, &object);
        Ok(())
    }

    /// The user's key. Nothing means a fresh one: another process has the usual one.
    fn key(&self, console: &Console) -> Result<Option<KeyFile>, Failure> {
        if let Some(file) = &self.identity {
            return Ok(Some(KeyFile::load_or_create(file)?));
        }
        if let Some(folder) = &self.state_dir {
            // What is kept there was written under this key.
            return Ok(Some(KeyFile::load_or_create(&journal_folder::key(folder))?));
        }
        let Some(folder) = state::folder() else { return Ok(None) };
        match KeyFile::load_or_create(&folder.join("identity.key")) {
            Ok(key) => Ok(Some(key)),
            // One person plays several parties on one machine, or has no place for a key.
            Err(error @ (KeyError::Taken(_) | KeyError::File { .. })) => {
                console.say(&format!("Using a fresh key: {error}."));
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn part(&self, console: &Console) -> Result<Part, Failure> {
        Ok(match (self.role, &self.input, &self.output) {
            (Role::Photo, Some(input), Some(output)) => {
                check_output(output)?;
                let scale = if self.full { Scale::Full } else { Scale::Usual };
                Part::Photo(Photo::read(input, scale, console)?)
            }
            (Role::Photo, ..) => {
                return Err(Failure::input("the role photo needs --input and --output"));
            }
            (Role::Adjust, ..) => Part::Adjust(self.adjustment.checked()?),
            (Role::Help, ..) => Part::Help,
        })
    }
}

async fn take_part(
    options: JoinOptions,
    part: &Part,
    patience: Duration,
    people: &People,
    console: &Console,
) -> Result<Played, Failure> {
    let party = Party::join(options).await?;
    let played = play(&party, part, patience, people, console).await;
    if let Ok(played) = &played
        && part.role() != Role::Photo
    {
        linger(&party, played).await;
    }
    party.close().await;
    played
}

/// The program that native parties can play.
const PROGRAM: &str = "photo";
