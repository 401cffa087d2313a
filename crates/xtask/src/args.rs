//! The command line, parsed into one value.

use anyhow::{Context as _, Result, bail};

use crate::bench::{Comparison, Distance, Peer};
use crate::fuzz::Fuzzing;
use crate::load::Load;
use crate::test::Group;

/// What `cargo xtask help` prints.
pub(crate) const HELP: &str = "\
cargo xtask <command>

  demo [--port PORT]    install what is missing, build everything, serve it on 127.0.0.1 (port 8787)
  test [--only GROUP]   every check that CI makes; GROUP is lint, native, docs, fuzz, wasm,
                        web or browser; or turn, which CI leaves out
  fuzz [--seconds N] [--target NAME]
                        arbitrary bytes for every decoder, N seconds each (20)
  bench --peer crypten [--parties N] [--only NAME,...] [--line MS,MBIT] [--environment FOLDER]
                        the jobs of `cryptab bench`, by CrypTen and by CrypTab; with so long a round
                        trip and so many Mbit/s between the parties (Linux, as root); CrypTen is
                        installed in a temporary folder, or stays in FOLDER for the next time
  load [--quick] [--only TEST] [--json FILE]
                        load on a local relay; TEST is idle, rounds, transfer, slow, limits or flood
  build                 everything that demo builds, without serving it
  setup                 only install what is missing for build and test

Set CARGO_TARGET_DIR to build elsewhere than in target/.";

/// A command and its options.
#[derive(Debug, PartialEq)]
pub(crate) enum Request {
    /// Print the help.
    Help,
    /// Install the tools.
    Setup,
    /// Build the site and the program.
    Build,
    /// Build, then serve.
    Demo {
        /// The loopback port to serve on.
        port: u16,
    },
    /// Compare the speed with another system's.
    Bench(Comparison),
    /// Put load on a relay.
    Load(Load),
    /// Feed arbitrary bytes to the decoders.
    Fuzz(Fuzzing),
    /// Check everything, or one group of checks.
    Test {
        /// The group, or all of them.
        only: Option<Group>,
    },
}

/// Reads the arguments after the program's name.
pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Request> {
    let mut arguments = arguments.into_iter();
    let command = arguments.next().unwrap_or_else(|| "help".to_owned());
    let mut options = Options { words: arguments.collect(), command: &command };
    let request = match command.as_str() {
        "help" | "--help" | "-h" => Request::Help,
        "setup" => Request::Setup,
        "build" => Request::Build,
        "demo" => Request::Demo { port: options.port()?.unwrap_or(DEFAULT_PORT) },
        "bench" => Request::Bench(options.comparison()?),
        "load" => Request::Load(options.load()?),
        "fuzz" => Request::Fuzz(options.fuzzing()?),
        "test" => Request::Test { only: options.group()? },
        other => bail!("there is no command `{other}`: run `cargo xtask help`"),
    };
    options.finish()?;
    Ok(request)
}

/// `MS,MBIT`.
fn distance(text: &str) -> Result<Distance> {
    let parsed = text.split_once(',').and_then(|(round_trip, rate)| {
        let distance =
            Distance { round_trip_ms: round_trip.parse().ok()?, mbps: rate.parse().ok()? };
        // The relay is half-way, a whole number of milliseconds from both.
        (distance.mbps > 0 && distance.round_trip_ms.is_multiple_of(2)).then_some(distance)
    });
    let wrong =
        || format!("`--line` takes an even number of ms and Mbit/s, as 50,100; not `{text}`");
    parsed.with_context(wrong)
}

struct Options<'a> {
    words: Vec<String>,
    command: &'a str,
}

impl Options<'_> {
    fn port(&mut self) -> Result<Option<u16>> {
        self.value("--port")?
            .map(|text| text.parse().with_context(|| format!("`{text}` is no port number")))
            .transpose()
    }

    fn comparison(&mut self) -> Result<Comparison> {
        let peer = match self.value("--peer")?.as_deref() {
            Some("crypten") => Peer::Crypten,
            Some(other) => bail!("there is no peer `{other}`: there is crypten"),
            None => bail!("`bench` needs `--peer crypten`: run `cargo xtask help`"),
        };
        let parties = match self.value("--parties")?.map(|text| text.parse::<u8>()) {
            None => 2,
            Some(Ok(parties @ 2..=8)) => parties,
            Some(_) => bail!("`--parties` takes a number from 2 to 8"),
        };
        let only = self.value("--only")?;
        let line = self.value("--line")?.map(|text| distance(&text)).transpose()?;
        let environment = self.value("--environment")?.map(Into::into);
        Ok(Comparison { peer, parties, only, line, environment })
    }

    fn load(&mut self) -> Result<Load> {
        let quick = self.flag("--quick");
        let only = self.value("--only")?;
        let json = self.value("--json")?.map(Into::into);
        Ok(Load { quick, only, json })
    }

    fn fuzzing(&mut self) -> Result<Fuzzing> {
        let seconds = match self.value("--seconds")?.map(|text| text.parse::<u32>()) {
            None => DEFAULT_SECONDS,
            Some(Ok(seconds @ 1..)) => seconds,
            Some(_) => bail!("`--seconds` takes a number from 1 on"),
        };
        Ok(Fuzzing { seconds, target: self.value("--target")? })
    }

    fn group(&mut self) -> Result<Option<Group>> {
        self.value("--only")?.map(|text| Group::parse(&text)).transpose()
    }

    /// Takes `--name value` or `--name=value` out of the words.
    fn value(&mut self, name: &str) -> Result<Option<String>> {
        let joined = format!("{name}=");
        let Some(at) = self.words.iter().position(|word| word == name || word.starts_with(&joined))
        else {
            return Ok(None);
        };
        let word = self.words.remove(at);
        if let Some(value) = word.strip_prefix(&joined) {
            return Ok(Some(value.to_owned()));
        }
        if at == self.words.len() {
            bail!("`{name}` needs a value: run `cargo xtask help`");
        }
        Ok(Some(self.words.remove(at)))
    }

    /// Takes `name` out of the words.
    fn flag(&mut self, name: &str) -> bool {
        let at = self.words.iter().position(|word| word == name);
        at.map(|at| self.words.remove(at)).is_some()
    }

    fn finish(self) -> Result<()> {
        match self.words.first() {
            None => Ok(()),
            Some(word) => {
                bail!("`{}` does not know `{word}`: run `cargo xtask help`", self.command)
            }
        }
    }
}

const DEFAULT_PORT: u16 = 8787;
const DEFAULT_SECONDS: u32 = 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Request> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn reads_each_command() {
        assert_eq!(parsed("").unwrap(), Request::Help);
        assert_eq!(parsed("setup").unwrap(), Request::Setup);
        assert_eq!(parsed("demo").unwrap(), Request::Demo { port: 8787 });
        assert_eq!(parsed("demo --port 9000").unwrap(), Request::Demo { port: 9000 });
        assert_eq!(parsed("test").unwrap(), Request::Test { only: None });
        assert_eq!(parsed("test --only=wasm").unwrap(), Request::Test { only: Some(Group::Wasm) });
    }

    #[test]
    fn reads_a_comparison() {
        let comparison = |parties, only: Option<&str>, environment: Option<&str>| {
            let (only, environment) = (only.map(Into::into), environment.map(Into::into));
            Request::Bench(Comparison {
                peer: Peer::Crypten,
                parties,
                only,
                line: None,
                environment,
            })
        };
        let line = "bench --peer crypten";
        assert_eq!(parsed(line).unwrap(), comparison(2, None, None));
        let line = "bench --peer=crypten --parties 3 --only relu,lt --environment x/y";
        assert_eq!(parsed(line).unwrap(), comparison(3, Some("relu,lt"), Some("x/y")));
        let Request::Bench(far) = parsed("bench --peer crypten --line 50,100").unwrap() else {
            panic!("no comparison")
        };
        assert_eq!(far.line, Some(Distance { round_trip_ms: 50, mbps: 100 }));
        for wrong in ["50", "50,", "50,0", "x,1", "51,100", "50,100,3"] {
            assert!(parsed(&format!("bench --peer crypten --line {wrong}")).is_err(), "{wrong}");
        }
        for line in ["bench", "bench --peer spu", "bench --peer crypten --parties 1"] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }

    #[test]
    fn reads_a_load() {
        assert_eq!(parsed("load").unwrap(), Request::Load(Load::default()));
        let load = Load { quick: true, only: Some("idle".into()), json: Some("x.json".into()) };
        assert_eq!(parsed("load --only idle --json=x.json --quick").unwrap(), Request::Load(load));
        assert!(parsed("load --quick --quick").is_err());
    }

    #[test]
    fn reads_what_to_fuzz() {
        let fuzzing = |seconds, target: Option<&str>| {
            Request::Fuzz(Fuzzing { seconds, target: target.map(Into::into) })
        };
        assert_eq!(parsed("fuzz").unwrap(), fuzzing(20, None));
        assert_eq!(parsed("fuzz --seconds 5 --target=npy").unwrap(), fuzzing(5, Some("npy")));
        assert!(parsed("fuzz --seconds 0").is_err() && parsed("fuzz --seconds x").is_err());
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for line in ["walk", "demo --port", "demo --port x", "demo --port 70000", "test --only x"] {
            assert!(parsed(line).is_err(), "{line}");
        }
        let error = parsed("build --fast").unwrap_err().to_string();
        assert!(error.contains("`build` does not know `--fast`"), "{error}");
    }
}
