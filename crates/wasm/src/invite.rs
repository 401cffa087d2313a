//! Rooms and invites, made where nobody else sees their secrets.

use cryptab_session::{Admission, Charter, Grant, Invite, Owner, Ownership, Role, Ticket};
use cryptab_wire::VERSION;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::clock;
use crate::failure::Failure;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    /// Where the site is, for example `https://cryptab.example`.
    origin: String,
    parties: u8,
    program: String,
    /// The dealer's public key, 64 hexadecimal digits.
    dealer_key: String,
    dealer_url: Option<String>,
    /// Seconds until the room ends.
    lifetime: u32,
    /// Who is invited, each by a link of its own; if nobody is named, one link is for everybody.
    #[serde(default)]
    grants: Vec<Place>,
}

#[derive(Clone, Copy, Deserialize)]
struct Place {
    role: Option<Role>,
    slot: Option<u8>,
}

/// A room that was just made.
#[derive(Serialize)]
struct Made {
    links: Vec<Link>,
    /// The owner's secret key.
    owner: String,
}

/// A link, and what it is for.
#[derive(Serialize)]
struct Link {
    link: String,
    role: Option<Role>,
    token: Option<String>,
}

/// What an invite says.
#[derive(Serialize)]
struct Said {
    parties: u8,
    program: String,
    /// Seconds since 1970.
    expires: u64,
    role: Option<Role>,
    token: Option<String>,
}

/// Makes a room: `{ origin, parties, program, dealerKey, dealerUrl, lifetime, grants }`. Gives
/// `{ links: { link, role, token }[], owner }`.
///
/// Its name and secrets are drawn here, from the browser's generator, and are in the links and in
/// the owner's key alone.
///
/// # Errors
/// If an option is missing or out of range.
#[wasm_bindgen(
    js_name = createRoom,
    unchecked_return_type = "{ links: { link: string; role?: string; token?: string }[]; owner: string }"
)]
pub fn create_room(
    #[wasm_bindgen(unchecked_param_type = "object")] options: JsValue,
) -> Result<JsValue, JsValue> {
    let made = make(serde_wasm_bindgen::from_value(options)?)?;
    Ok(serde_wasm_bindgen::to_value(&made)?)
}

/// What a link invites to, without joining.
///
/// # Errors
/// If the link is no invite.
#[wasm_bindgen(
    js_name = readInvite,
    unchecked_return_type = "{ parties: number; program: string; expires: number; role?: string; token?: string }"
)]
pub fn read_invite(link: &str) -> Result<JsValue, JsValue> {
    let invite = Invite::from_link(link).map_err(Failure::from)?;
    let said = Said {
        parties: invite.parties,
        role: invite.ticket().and_then(|ticket| ticket.grant.role),
        token: invite.ticket().map(name),
        expires: invite.end(),
        program: invite.program,
    };
    Ok(serde_wasm_bindgen::to_value(&said)?)
}

fn make(options: Options) -> Result<Made, Failure> {
    let dealer_key = unhex(&options.dealer_key)
        .ok_or_else(|| Failure::misuse("the dealer's key has 64 hexadecimal digits"))?;
    let owner = Owner::from_secret(&random()?);
    let Options { origin, parties, grants, .. } = options;
    let expires = clock::now().as_secs() + u64::from(options.lifetime);
    let admission = if grants.is_empty() { Admission::Link } else { Admission::Token };
    let charter = Charter { owner: owner.key(), admission, parties, expires };
    let invite = Invite {
        version: VERSION,
        room: charter.room(),
        secret: random::<32>()?.into(),
        dealer_key,
        parties,
        program: options.program,
        expires,
        dealer_url: options.dealer_url,
        ownership: None,
    };
    let link = |ticket: Option<Ticket>| {
        let ownership = Some(Ownership { owner: owner.key(), ticket });
        let invite = Invite { ownership, ..invite.clone() };
        let invite = invite.validated().map_err(|error| Failure::misuse(error.to_string()))?;
        Ok::<_, Failure>(Link {
            link: invite.link(&origin),
            role: invite.ticket().and_then(|ticket| ticket.grant.role),
            token: invite.ticket().map(name),
        })
    };
    let mut links = Vec::new();
    for Place { role, slot } in &grants {
        let grant = Grant { role: *role, slot: *slot, expires };
        links.push(link(Some(owner.invite(&charter, random()?, grant)))?);
    }
    if links.is_empty() {
        links.push(link(None)?);
    }
    Ok(Made { links, owner: hex(&*owner.secret()) })
}

fn name(ticket: &Ticket) -> String {
    ticket.token().id().to_string()
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Failure::bug(error.to_string()))?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The 32 bytes that 64 hexadecimal digits stand for.
pub(crate) fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u32> = text.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(16 * high + low).ok(),
        _ => None,
    });
    pairs.collect::<Option<Vec<u8>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::{hex, unhex};

    #[test]
    fn keys_are_64_digits() {
        assert_eq!(unhex(&"0a".repeat(32)), Some([10; 32]));
        assert_eq!(hex(&[10; 32]), "0a".repeat(32));
        for bad in ["", "0a", &"0a".repeat(33), &"0g".repeat(32), &"0".repeat(63)] {
            assert_eq!(unhex(bad), None, "{bad}");
        }
    }
}
