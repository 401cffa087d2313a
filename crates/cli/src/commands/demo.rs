//! `cryptab demo`: all parties on this machine, over real sockets.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use clap::{Args, Subcommand};
use cryptab_net::{JoinOptions, Party};
use cryptab_photo::clear;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::adjustment::Adjustment;
use crate::console::Console;
use crate::failure::{Failure, Kind};
use crate::house::House;
use crate::people::People;
use crate::photo_file::{Photo, Scale, check_output};
use crate::play::{Part, Played, linger, play};
use crate::route::Way;
use crate::runtime;

/// Show a program with all parties on this machine.
///
/// Relay, dealer and every party run here and talk through sockets of the loopback, exactly as they
/// would over the Internet; but since one machine holds everything, nothing is private.
#[derive(Args, Debug)]
pub(crate) struct Demo {
    #[command(subcommand)]
    program: Program,
}

#[derive(Debug, Subcommand)]
enum Program {
    Photo(DemoPhoto),
}

/// Adjust a photo: one party has it, another the adjustment, the rest help.
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  cryptab demo photo --input in.png --output out.png --parties 3 \\\n      \
    --brightness 12 --contrast 1.2 --saturation 0.8 --warmth 5 --filter sharpen --json"
)]
struct DemoPhoto {
    /// The photo, PNG or JPEG.
    #[arg(long)]
    input: PathBuf,
    /// Where the adjusted photo goes, .png or .jpg.
    #[arg(long)]
    output: PathBuf,
    /// How many parties, 2 to 8.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(2..=8))]
    parties: u8,
    /// Keep a large photo's size; otherwise its longer side becomes 1024 pixels.
    #[arg(long)]
    full: bool,
    #[command(flatten)]
    way: Way,
    #[command(flatten)]
    adjustment: Adjustment,
}

impl Demo {
    pub(crate) fn run(self, console: &Console) -> Result<(), Failure> {
        match self.program {
            Program::Photo(photo) => photo.run(console),
        }
    }
}

impl DemoPhoto {
    fn run(self, console: &Console) -> Result<(), Failure> {
        check_output(&self.output)?;
        let adjust = self.adjustment.checked()?;
        let scale = if self.full { Scale::Full } else { Scale::Usual };
        let photo = Photo::read(&self.input, scale, console)?;
        let expected = clear(&photo.rgb, photo.size, &adjust);
        let parts = [Part::Photo(photo), Part::Adjust(adjust)];
        let helpers = (2..self.parties).map(|_| Part::Help);
        let parts: Vec<Part> = parts.into_iter().chain(helpers).collect();

        let played = everybody(parts, self.way, console)?;
        let Played { result, rounds, bytes, dealer_bytes, time } = played;
        let no_result = || Failure::new(Kind::Bug, "the photo's owner got no result");
        let result = result.ok_or_else(no_result)?;
        let apart =
            result.rgb.iter().zip(&expected).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
        let (width, height) = (result.size.width, result.size.height);
        result.write(&self.output)?;
        let (seconds, output) = (time.as_secs_f64(), self.output.display().to_string());
        let parties = self.parties;
        let text = format!(
            "{output}: {width}x{height} pixels by {parties} parties in {seconds:.2} s, {rounds} rounds.\n\
             The owner sent {bytes} bytes and got {dealer_bytes} from the dealer.\n\
             Largest difference from the computation in the clear: {apart} of 255 levels."
        );
        let object = json!({
            "type": "done",
            "parties": parties,
            "width": width,
            "height": height,
            "seconds": seconds,
            "rounds": rounds,
            "bytes": bytes,
            "dealer_bytes": dealer_bytes,
            "max_error": apart,
            "output": output,
        });
        console.show(&text, &object);
        Ok(())
    }
}

/// Lets all parts play, each on a thread of its own; what the first one has at the end.
fn everybody(parts: Vec<Part>, way: Way, console: &Console) -> Result<Played, Failure> {
    let runtime = runtime::start()?;
    let house = runtime.block_on(House::open())?;
    let parties = u8::try_from(parts.len()).unwrap_or(u8::MAX);
    let link = house.link(parties, "photo")?;
    let silent = Console::silent();
    thread::scope(|scope| {
        let (link, runtime) = (&link[..], &runtime);
        let threads: Vec<_> = (0..)
            .zip(&parts)
            .map(|(slot, part)| {
                let console = if slot == 0 { console } else { &silent };
                scope.spawn(move || one(runtime, (link, way), slot, part, console))
            })
            .collect();
        let ended = threads.into_iter().map(|thread| {
            thread.join().unwrap_or_else(|_| Err(Failure::new(Kind::Bug, "a party panicked")))
        });
        let mut played: Vec<Played> = ended.collect::<Result<_, _>>()?;
        Ok(played.swap_remove(0))
    })
}

fn one(
    runtime: &Runtime,
    (link, way): (&str, Way),
    slot: u8,
    part: &Part,
    console: &Console,
) -> Result<Played, Failure> {
    let name = match part {
        Part::Photo(_) => "owner".to_owned(),
        Part::Adjust(_) => "adjuster".to_owned(),
        Part::Help => format!("helper {}", slot - 1),
    };
    runtime::run_party(runtime, async {
        let mut options = JoinOptions::new(link, &name, part.role())?;
        options.join.slot = Some(slot);
        options.join.route = way.route;
        let party = Party::join(options).await?;
        let played = play(&party, part, PATIENCE, &People::default(), console).await;
        if let (Ok(played), false) = (&played, slot == 0) {
            linger(&party, played).await;
        }
        party.close().await;
        played
    })
}

const PATIENCE: Duration = Duration::from_secs(30);
