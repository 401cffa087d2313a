//! The option that names the way between parties.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use cryptab_session::Route;

/// Which way the parties' packets may take.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Way {
    /// Which way packets take between parties: the faster one, the relay alone (then no party learns
    /// another's network address), or a direct connection alone.
    #[arg(long, default_value = "best", value_parser = route())]
    pub(crate) route: Route,
}

fn route() -> impl TypedValueParser<Value = Route> {
    let names = ROUTES.map(|(name, _)| PossibleValue::new(name));
    PossibleValuesParser::new(names).map(|chosen| {
        let named = ROUTES.into_iter().find(|(name, _)| *name == chosen);
        named.map_or_else(Route::default, |(_, route)| route)
    })
}

const ROUTES: [(&str, Route); 3] =
    [("best", Route::Best), ("relay", Route::Relay), ("direct", Route::Direct)];

#[cfg(test)]
mod tests {
    use clap::Parser;
    use cryptab_session::Route;

    use super::Way;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        way: Way,
    }

    #[test]
    fn a_route_has_the_name_that_tabs_call_it_by() {
        let parse = |arguments: &[&str]| {
            let all = ["command"].iter().chain(arguments);
            Command::try_parse_from(all).map(|command| command.way.route).ok()
        };
        assert_eq!(parse(&[]), Some(Route::Best));
        for (name, route) in super::ROUTES {
            assert_eq!(parse(&["--route", name]), Some(route));
            assert_eq!(serde_json::to_value(route).unwrap(), name);
        }
        assert_eq!(parse(&["--route", "scenic"]), None);
    }
}
