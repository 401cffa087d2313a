//! Invites, made where nobody else sees their secrets.

use cryptab_session::Invite;
use cryptab_wire::VERSION;
use serde::Deserialize;
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
}

/// A link to a new room: `{ origin, parties, program, dealerKey, dealerUrl, lifetime }`.
///
/// Its name and secret are drawn here, from the browser's generator, and are in the link alone.
///
/// # Errors
/// If an option is missing or out of range.
#[wasm_bindgen(js_name = createInvite)]
pub fn create_invite(
    #[wasm_bindgen(unchecked_param_type = "object")] options: JsValue,
) -> Result<String, JsValue> {
    Ok(invite(serde_wasm_bindgen::from_value(options)?)?)
}

fn invite(options: Options) -> Result<String, Failure> {
    let dealer_key = unhex(&options.dealer_key)
        .ok_or_else(|| Failure::misuse("the dealer's key has 64 hexadecimal digits"))?;
    let invite = Invite {
        version: VERSION,
        room: random()?,
        secret: random::<32>()?.into(),
        dealer_key,
        parties: options.parties,
        program: options.program,
        expires: clock::now().as_secs() + u64::from(options.lifetime),
        dealer_url: options.dealer_url,
    };
    let invite = invite.validated().map_err(|error| Failure::misuse(error.to_string()))?;
    Ok(invite.link(&options.origin))
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Failure::bug(error.to_string()))?;
    Ok(bytes)
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u32> = text.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(16 * high + low).ok(),
        _ => None,
    });
    pairs.collect::<Option<Vec<u8>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::unhex;

    #[test]
    fn keys_are_64_digits() {
        assert_eq!(unhex(&"0a".repeat(32)), Some([10; 32]));
        for bad in ["", "0a", &"0a".repeat(33), &"0g".repeat(32), &"0".repeat(63)] {
            assert_eq!(unhex(bad), None, "{bad}");
        }
    }
}
