//! The beginning of a session whose parties are all in this process.

use cryptab_engine::Engine;
use cryptab_net::Party;
use cryptab_session::Event;

use crate::failure::{Failure, Kind};

/// The engine, once everyone is here.
pub(crate) async fn ready(party: &Party) -> Result<Engine, Failure> {
    while let Ok(event) = party.events().recv().await {
        match event {
            Event::Ready => {
                if let Some(engine) = party.engine() {
                    return Ok(engine);
                }
            }
            Event::Failed(error) | Event::Closed(error) => return Err(error.into()),
            Event::Lobby(_) | Event::Acquainted(_) | Event::Said { .. } => {}
        }
    }
    Err(Failure::new(Kind::Bug, "the session is gone"))
}
