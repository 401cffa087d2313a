//! The photo program, played by one native party.

use std::time::Duration;

use cryptab_engine::Engine;
use cryptab_net::Party;
use cryptab_photo::{Adjust, Agreement, Parties, Side, Size, record};
use cryptab_session::{Event, Lobby, Role};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

use crate::console::Console;
use crate::failure::{Failure, Kind};
use crate::people::People;
use crate::photo_file::Photo;

/// What a party brings.
pub(crate) enum Part {
    /// The photo; this party alone gets the result.
    Photo(Photo),
    /// The secret adjustment.
    Adjust(Adjust),
    /// Shares only.
    Help,
}

/// What a party has when it is over.
pub(crate) struct Played {
    /// The adjusted photo, at the photo's owner.
    pub(crate) result: Option<Photo>,
    /// Rounds of the whole program.
    pub(crate) rounds: u32,
    /// Bytes of openings that this party sent, to all peers together.
    pub(crate) bytes: u64,
    /// Bytes of corrections that this party received.
    pub(crate) dealer_bytes: u64,
    /// From the first operation to the end.
    pub(crate) time: Duration,
}

impl Part {
    pub(crate) const fn role(&self) -> Role {
        match self {
            Self::Photo(_) => Role::Photo,
            Self::Adjust(_) => Role::Adjust,
            Self::Help => Role::Help,
        }
    }
}

/// Plays one photo: waits until everyone is here and has said what it brings, then computes.
///
/// Before the computation, others may leave and come back; it then begins anew.
pub(crate) async fn play(
    party: &Party,
    part: &Part,
    patience: Duration,
    people: &People,
    console: &Console,
) -> Result<Played, Failure> {
    let deadline = Instant::now() + patience;
    loop {
        await_ready(party, deadline, people, console).await?;
        let Some(engine) = party.engine() else { continue };
        let Some(agreed) = agree(party, part, deadline, console).await? else { continue };
        return compute(party, &engine, part, agreed, console).await;
    }
}

/// Stays until the others no longer need this party: its packets must reach those who wait for them.
///
/// A photo's owner who has its result leaves, and with it goes the session. One that stays, like a
/// tab, says nothing: then some seconds must do.
pub(crate) async fn linger(party: &Party, played: &Played) {
    let time = (3 * played.time).clamp(Duration::from_secs(5), Duration::from_secs(30));
    let ended = async {
        while let Ok(event) = party.events().recv().await {
            if matches!(event, Event::Failed(_) | Event::Closed(_)) {
                return;
            }
        }
    };
    // Both ends are good.
    let _ = timeout(time, ended).await;
}

/// What all have agreed on.
struct Agreed {
    parties: Parties,
    size: Size,
    side: Side,
}

async fn await_ready(
    party: &Party,
    deadline: Instant,
    people: &People,
    console: &Console,
) -> Result<(), Failure> {
    let mut trouble = None;
    loop {
        // Whoever was in the way last is at fault that it is late.
        let event = next_event(party, deadline).await;
        let event = event.map_err(|late| trouble.clone().unwrap_or(late))?;
        console.tell(&event);
        match event {
            Event::Ready => return Ok(()),
            Event::Acquainted(news) => {
                // Not worth the run: it is said, and this key will look new the next time.
                if let Err(error) = people.keep(&news) {
                    console.say(&format!("{} will not be known again: {error}.", news.name));
                }
            }
            Event::Closed(error) => return Err(error.into()),
            Event::Failed(error) => trouble = Some(Failure::from(error)),
            Event::Lobby(_) | Event::Said { .. } => {}
        }
    }
}

/// Says what this party brings and hears what the others bring. Nothing when the session ended
/// meanwhile.
async fn agree(
    party: &Party,
    part: &Part,
    deadline: Instant,
    console: &Console,
) -> Result<Option<Agreed>, Failure> {
    let parties = cast(&party.lobby())?;
    let (mut size, mut side) = (None, None);
    let said = match part {
        Part::Photo(photo) => Some(Agreement::Photo(*size.insert(photo.size))),
        Part::Adjust(adjust) => Some(Agreement::Filter(*side.insert(adjust.checked()?))),
        Part::Help => None,
    };
    if let Some(said) = said
        && party.say(said.to_bytes()).is_err()
    {
        return Ok(None);
    }
    loop {
        if let (Some(size), Some(side)) = (size, side) {
            return Ok(Some(Agreed { parties, size, side }));
        }
        let event = next_event(party, deadline).await?;
        console.tell(&event);
        match event {
            Event::Said { from, bytes } => match (Agreement::from_bytes(&bytes), from) {
                (Ok(Agreement::Photo(said)), from) if from == parties.owner => {
                    size = Some(said.checked()?);
                }
                (Ok(Agreement::Filter(said)), from) if from == parties.adjuster => {
                    side = Some(said);
                }
                _ => {
                    let complaint = format!("{} said what makes no sense", name(party, from));
                    return Err(Failure::new(Kind::Peer, complaint));
                }
            },
            Event::Failed(_) => return Ok(None),
            Event::Closed(error) => return Err(error.into()),
            Event::Lobby(_) | Event::Acquainted(_) | Event::Ready => {}
        }
    }
}

async fn compute(
    party: &Party,
    engine: &Engine,
    part: &Part,
    agreed: Agreed,
    console: &Console,
) -> Result<Played, Failure> {
    let Agreed { parties, size, side } = agreed;
    let start = Instant::now();
    let rgb = match part {
        Part::Photo(photo) => Some(&photo.rgb[..]),
        Part::Adjust(_) | Part::Help => None,
    };
    let adjust = match part {
        Part::Adjust(adjust) => Some(adjust),
        Part::Photo(_) | Part::Help => None,
    };
    let run = record(engine, parties, size, side, rgb, adjust);
    let run = run.map_err(|error| explained(party, error))?;
    let mut finish = std::pin::pin!(run.finish());
    let mut ticks = interval(Duration::from_millis(200));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let finished = loop {
        tokio::select! {
            // A result that is here counts, even if the others have left since.
            biased;
            finished = &mut finish => break finished,
            event = party.events().recv() => match event {
                Ok(Event::Failed(error) | Event::Closed(error)) => {
                    console.finish();
                    return Err(error.into());
                }
                Ok(event) => console.tell(&event),
                Err(_) => return Err(Failure::new(Kind::Bug, "the session is gone")),
            },
            _ = ticks.tick() => {
                let progress = engine.progress();
                let mut names: Vec<String> =
                    progress.waiting_for.iter().map(|slot| name(party, *slot)).collect();
                if progress.waiting_for_dealer {
                    names.push("the dealer".to_owned());
                }
                console.progress(&progress, &names, start.elapsed());
            }
        }
    };
    console.finish();
    let (result, _share) = finished.map_err(|error| explained(party, error))?;
    let progress = engine.progress();
    Ok(Played {
        result: result.map(|rgb| Photo { size, rgb }),
        rounds: engine.cost().rounds,
        bytes: progress.bytes_sent,
        dealer_bytes: progress.dealer_bytes,
        time: start.elapsed(),
    })
}

async fn next_event(party: &Party, deadline: Instant) -> Result<Event, Failure> {
    tokio::select! {
        event = party.events().recv() => {
            event.map_err(|_| Failure::new(Kind::Bug, "the session is gone"))
        }
        () = sleep_until(deadline) => {
            Err(Failure::new(Kind::Peer, "the others did not come in time; --wait makes it longer"))
        }
    }
}

/// Who has which part.
fn cast(lobby: &Lobby) -> Result<Parties, Failure> {
    let slot_of = |role: Role| {
        let member = lobby.members.iter().find(|member| member.role == role);
        let missing = || Failure::new(Kind::Peer, format!("nobody has the role `{role}`"));
        member.map(|member| member.slot).ok_or_else(missing)
    };
    Ok(Parties { owner: slot_of(Role::Photo)?, adjuster: slot_of(Role::Adjust)? })
}

fn explained(party: &Party, error: cryptab_photo::Error) -> Failure {
    match error {
        cryptab_photo::Error::Engine(error) => party.explain(error).into(),
        error => error.into(),
    }
}

fn name(party: &Party, slot: u8) -> String {
    let lobby = party.lobby();
    let member = lobby.members.into_iter().find(|member| member.slot == slot);
    member.map_or_else(|| format!("the party in slot {slot}"), |member| member.name)
}
