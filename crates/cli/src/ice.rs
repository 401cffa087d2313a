//! The options of a relay that helps parties to connect directly.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use cryptab_relay::{IceConfig, Turn, TurnSecret};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Servers that help parties to connect directly.
#[derive(Args, Debug)]
#[command(next_help_heading = "Direct connections between parties")]
pub(crate) struct Ice {
    /// A STUN server, stun:HOST:PORT: it tells a party how the Internet sees it. May be given several
    /// times, as --turn.
    #[arg(long, value_name = "URL", value_parser = address(&["stun:", "stuns:"]))]
    stun: Vec<String>,
    /// A TURN server, turn:HOST:PORT: it carries packets where two networks let nothing through.
    #[arg(long, value_name = "URL", requires = "turn_secret_file", value_parser = address(&["turn:", "turns:"]))]
    turn: Vec<String>,
    /// The file with the secret that the TURN servers share with this relay (coturn:
    /// static-auth-secret); parties get credentials that end.
    #[arg(long, value_name = "FILE", requires = "turn")]
    turn_secret_file: Option<PathBuf>,
    /// How long these credentials are good for, in minutes.
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=10_080))]
    turn_minutes: u32,
    /// Parties reach each other through TURN servers or this relay alone, so that none learns
    /// another's network address.
    #[arg(long, requires = "turn")]
    ice_relay_only: bool,
}

impl Ice {
    pub(crate) fn config(&self) -> Result<IceConfig, Failure> {
        let turn = match &self.turn_secret_file {
            Some(file) => Some(Turn {
                urls: self.turn.clone(),
                secret: secret(file)?,
                life: Duration::from_secs(60 * u64::from(self.turn_minutes)),
            }),
            None => None,
        };
        Ok(IceConfig { stun: self.stun.clone(), turn, relay_only: self.ice_relay_only })
    }
}

fn secret(file: &Path) -> Result<TurnSecret, Failure> {
    let text = fs::read_to_string(file).map(Zeroizing::new);
    let secret = TurnSecret::new(&text.map_err(|error| Failure::file(file, error))?);
    if secret.is_empty() {
        return Err(Failure::file(file, "there is no secret in it"));
    }
    Ok(secret)
}

/// Reads an address with one of these schemes.
fn address(
    schemes: &'static [&'static str],
) -> impl Fn(&str) -> Result<String, String> + Clone + Send + Sync + 'static {
    move |text| {
        let host = schemes.iter().find_map(|scheme| text.strip_prefix(scheme));
        match host {
            Some(host) if !host.is_empty() && !host.starts_with('/') => Ok(text.to_owned()),
            _ => Err(format!("it must begin with {} and a host", schemes.join(" or "))),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::Ice;

    #[derive(Debug, Parser)]
    struct Command {
        #[command(flatten)]
        ice: Ice,
    }

    fn parse(arguments: &str) -> Option<Ice> {
        let all = ["command"].into_iter().chain(arguments.split_whitespace());
        Command::try_parse_from(all).ok().map(|command| command.ice)
    }

    #[test]
    fn servers_have_the_schemes_that_browsers_take() {
        for good in [
            "",
            "--stun stun:a:1 --stun stuns:b",
            "--turn turn:a:1?transport=tcp --turn turns:b --turn-secret-file f --ice-relay-only",
        ] {
            assert!(parse(good).is_some(), "{good}");
        }
        for bad in [
            "--stun turn:a",
            "--stun a:3478",
            "--turn turn: --turn-secret-file f",
            "--turn turn://a --turn-secret-file f",
            "--ice-relay-only",
            "--turn-secret-file f",
            "--turn turn:a --turn-secret-file f --turn-minutes 0",
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn turn_servers_are_named_with_credentials_alone() {
        assert!(parse("--turn turn:a").is_none(), "browsers would make no connection at all");
        assert!(parse("--turn turn:a --turn-secret-file f").is_some());
    }

    #[test]
    fn a_secret_file_must_hold_a_secret() {
        let file = std::env::temp_dir().join(format!("cryptab-turn-secret-{}", std::process::id()));
        let config = || {
            parse(&format!("--turn turn:a --turn-secret-file {}", file.display())).unwrap().config()
        };
        assert!(config().is_err(), "it is not there");
        std::fs::write(&file, "\n").unwrap();
        assert!(config().is_err(), "it is empty");
        std::fs::write(&file, "north\n").unwrap();
        let config = config();
        std::fs::remove_file(&file).unwrap();
        assert!(config.unwrap().turn.is_some());
    }
}
