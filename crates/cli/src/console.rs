//! What the user sees: sentences and a bar on a terminal, or one JSON object per line.

mod lobby;

use std::collections::BTreeSet;
use std::io::{self, IsTerminal as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cryptab_engine::Progress;
use cryptab_session::{Event, Lobby};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::failure::Failure;

/// Where a command speaks. Results go to standard output, everything else to standard error.
#[derive(Clone, Debug)]
pub(crate) struct Console {
    voice: Voice,
    bar: ProgressBar,
    /// What was said about the lobby: not repeated.
    lobby: Arc<Mutex<Said>>,
}

/// What was said about the lobby.
#[derive(Debug, Default)]
struct Said {
    /// The last sentence about who is there.
    text: String,
    /// The words to compare, and warnings.
    remarks: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Voice {
    People,
    Scripts,
    Nobody,
}

impl Console {
    pub(crate) fn new(json: bool) -> Self {
        let bar = if !json && io::stderr().is_terminal() {
            let style =
                ProgressStyle::with_template("{bar:30} {pos}/{len} rounds  {elapsed}  {msg}");
            ProgressBar::no_length()
                .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        } else {
            ProgressBar::hidden()
        };
        Self {
            voice: if json { Voice::Scripts } else { Voice::People },
            bar,
            lobby: Arc::default(),
        }
    }

    /// One that says nothing: for all but one of several parties in this process.
    pub(crate) fn silent() -> Self {
        Self { voice: Voice::Nobody, bar: ProgressBar::hidden(), lobby: Arc::default() }
    }

    /// Whether scripts read what is printed.
    pub(crate) fn is_for_scripts(&self) -> bool {
        self.voice == Voice::Scripts
    }

    /// A result: text for people, or an object for scripts.
    pub(crate) fn show(&self, text: &str, object: &Value) {
        let line = match self.voice {
            Voice::People => text.to_owned(),
            Voice::Scripts => object.to_string(),
            Voice::Nobody => return,
        };
        self.bar.suspend(|| print_line(io::stdout(), &line));
    }

    /// Something worth knowing.
    pub(crate) fn say(&self, text: &str) {
        match self.voice {
            Voice::People => self.bar.suspend(|| print_line(io::stderr(), text)),
            Voice::Scripts => self.show("", &json!({ "type": "note", "text": text })),
            Voice::Nobody => {}
        }
    }

    /// The end of a command that failed.
    pub(crate) fn fail(&self, failure: &Failure) {
        self.bar.finish_and_clear();
        if self.is_for_scripts() {
            let error = failure.to_string();
            self.show("", &json!({ "type": "error", "fault": failure.fault(), "error": error }));
        }
        print_line(io::stderr(), &format!("error: {failure}"));
    }

    /// What happens in a room.
    pub(crate) fn tell(&self, event: &Event) {
        let (text, object) = match event {
            Event::Lobby(lobby) => return self.tell_lobby(lobby),
            Event::Ready => {
                ("Everyone is here and all channels are sealed.".into(), json!({ "type": "ready" }))
            }
            Event::Failed(error) => (
                format!("The session failed: {error}"),
                json!({ "type": "failed", "error": error.to_string() }),
            ),
            Event::Closed(_) => ("The session is closed.".into(), json!({ "type": "closed" })),
            Event::Acquainted(_) | Event::Said { .. } => return,
        };
        self.remark(&text, &object);
    }

    /// Something that happened: a sentence for people, or an object for scripts.
    fn remark(&self, text: &str, object: &Value) {
        if self.is_for_scripts() {
            self.show("", object);
        } else {
            self.say(text);
        }
    }

    fn tell_lobby(&self, lobby: &Lobby) {
        let mut said = self.lobby.lock().unwrap_or_else(PoisonError::into_inner);
        let text = lobby::text(lobby);
        if self.is_for_scripts() {
            self.show("", &lobby::object(lobby));
        } else if said.text != text {
            self.say(&text);
            said.text = text;
        }
        for (text, object) in lobby::remarks(lobby) {
            if said.remarks.insert(text.clone()) {
                self.remark(&text, &object);
            }
        }
    }

    /// How far a computation is; `names` are those waited for.
    pub(crate) fn progress(&self, progress: &Progress, names: &[String], time: Duration) {
        if self.is_for_scripts() {
            let object = json!({
                "type": "progress",
                "stage": progress.stage,
                "round": progress.rounds_done,
                "rounds": progress.rounds_total,
                "bytes": progress.bytes_sent,
                "dealer_bytes": progress.dealer_bytes,
                "seconds": time.as_secs_f64(),
                "waiting_for": names,
            });
            self.show("", &object);
        }
        self.bar.set_length(u64::from(progress.rounds_total));
        self.bar.set_position(u64::from(progress.rounds_done));
        self.bar.set_message(match names {
            [] => progress.stage.to_owned(),
            names => format!("{}, waiting for {}", progress.stage, names.join(", ")),
        });
    }

    /// The computation is over.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Whoever reads may have gone: nothing is lost then.
fn print_line(mut stream: impl io::Write, line: &str) {
    let _ = writeln!(stream, "{line}").and_then(|()| stream.flush());
}
