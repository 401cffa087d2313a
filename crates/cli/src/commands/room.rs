//! `cryptab room`: what the owner of a room may do later.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use cryptab_session::{Invite, Order, TokenId};
use serde_json::json;

use crate::console::Console;
use crate::failure::Failure;
use crate::{owner_file, runtime};

/// Take an invite back, or close a room, as its owner.
///
/// For rooms made with `cryptab link --owner-file`. The relay obeys at once and until the room's end,
/// or until it is restarted; whoever is in the room learns of it from the relay and from one another.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  cryptab room revoke 'LINK' 0123456789abcdef --owner-file room.key\n  \
    cryptab room close 'LINK' --owner-file room.key"
)]
pub(crate) struct RoomCommand {
    #[command(subcommand)]
    order: OrderCommand,
}

#[derive(Debug, Subcommand)]
enum OrderCommand {
    /// Send everybody away and let nobody in any more.
    Close {
        #[command(flatten)]
        room: OwnedRoom,
    },
    /// Send away whoever came by an invite, and let nobody in by it any more.
    Revoke {
        #[command(flatten)]
        room: OwnedRoom,
        /// The invite: the name that `cryptab link` printed before it, or the link itself.
        #[arg(value_parser = token)]
        token: TokenId,
    },
}

#[derive(Args, Debug)]
struct OwnedRoom {
    /// A link to the room, whichever.
    link: String,
    /// The file that `cryptab link` wrote.
    #[arg(long)]
    owner_file: PathBuf,
}

impl RoomCommand {
    pub(crate) fn run(self, console: &Console) -> Result<(), Failure> {
        let (room, order, done) = match self.order {
            OrderCommand::Close { room } => (room, Order::Close, "The room is closed."),
            OrderCommand::Revoke { room, token } => {
                (room, Order::Revoke(token), "The invite is taken back.")
            }
        };
        let invite = Invite::from_link(&room.link).map_err(cryptab_net::Error::from)?;
        let owner = owner_file::read(&room.owner_file)?;
        let charter = invite.charter().filter(|charter| charter.owner == owner.key());
        let charter = charter.ok_or_else(|| {
            Failure::file(&room.owner_file, "is not the key of the room that this link leads to")
        })?;
        let order = owner.order(&charter, order);
        runtime::start()?.block_on(cryptab_net::order(&room.link, order))?;
        console.show(done, &json!({ "type": "done" }));
        Ok(())
    }
}

/// The token that a text names.
fn token(text: &str) -> Result<TokenId, String> {
    match Invite::from_link(text) {
        Ok(invite) => match invite.ticket() {
            Some(ticket) => Ok(ticket.token().id()),
            None => Err("this link is for everybody: close the room instead".to_owned()),
        },
        Err(_) => text.parse().map_err(|_| {
            "an invite is named by 16 hexadecimal digits, or by its whole link".to_owned()
        }),
    }
}
