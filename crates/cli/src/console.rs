//! What the user sees: sentences and a bar on a terminal, or one JSON object per line.

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
    /// The last sentence about the lobby: not repeated.
    lobby: Arc<Mutex<String>>,
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
            Event::Lobby(lobby) => (lobby_text(lobby), lobby_object(lobby)),
            Event::Ready => {
                ("Everyone is here and all channels are sealed.".into(), json!({ "type": "ready" }))
            }
            Event::Failed(error) => (
                format!("The session failed: {error}"),
                json!({ "type": "failed", "error": error.to_string() }),
            ),
            Event::Closed(_) => ("The session is closed.".into(), json!({ "type": "closed" })),
            Event::Said { .. } => return,
        };
        if self.is_for_scripts() {
            self.show("", &object);
        } else if self.is_new(event, &text) {
            self.say(&text);
        }
    }

    /// Whether a sentence about the lobby says something that the last one did not.
    fn is_new(&self, event: &Event, text: &str) -> bool {
        let mut last = self.lobby.lock().unwrap_or_else(PoisonError::into_inner);
        let new = !matches!(event, Event::Lobby(_)) || *last != text;
        if matches!(event, Event::Lobby(_)) {
            text.clone_into(&mut last);
        }
        new
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

fn lobby_text(lobby: &Lobby) -> String {
    let members = lobby.members.iter().map(|member| {
        let mark = match (member.you, member.sealed) {
            (true, _) => "you",
            (false, true) => member.fingerprint.as_str(),
            (false, false) => "channel not sealed yet",
        };
        format!("{} ({}, {mark})", member.name, member.role)
    });
    let members: Vec<String> = members.collect();
    format!("In the room, {} of {}: {}", members.len(), lobby.parties, members.join("; "))
}

fn lobby_object(lobby: &Lobby) -> Value {
    let members: Vec<Value> = lobby
        .members
        .iter()
        .map(|member| {
            json!({
                "slot": member.slot,
                "name": member.name,
                "role": member.role.to_string(),
                "you": member.you,
                "sealed": member.sealed,
                "fingerprint": member.fingerprint,
            })
        })
        .collect();
    let dealer = format!("{:?}", lobby.dealer).to_lowercase();
    json!({ "type": "lobby", "members": members, "parties": lobby.parties, "dealer": dealer })
}

/// Whoever reads may have gone: nothing is lost then.
fn print_line(mut stream: impl io::Write, line: &str) {
    let _ = writeln!(stream, "{line}").and_then(|()| stream.flush());
}
