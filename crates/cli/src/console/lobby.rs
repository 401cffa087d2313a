//! What there is to say about who is in a room.

use cryptab_session::{Authentication, Lobby};
use serde_json::{Value, json};

/// Who is there.
pub(super) fn text(lobby: &Lobby) -> String {
    let members = lobby.members.iter().map(|member| {
        let mark = match (member.you, member.sealed) {
            (true, _) => "you",
            (false, true) => member.fingerprint.as_str(),
            (false, false) => "channel not sealed yet",
        };
        let mark = if member.verified { format!("{mark}, verified") } else { mark.to_owned() };
        format!("{} ({}, {mark})", member.name, member.role)
    });
    let members: Vec<String> = members.collect();
    format!("In the room, {} of {}: {}", members.len(), lobby.parties, members.join("; "))
}

/// Who is there, for scripts.
pub(super) fn object(lobby: &Lobby) -> Value {
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
                "verified": member.verified,
                "changed_key": member.changed_key,
            })
        })
        .collect();
    let dealer = format!("{:?}", lobby.dealer).to_lowercase();
    json!({ "type": "lobby", "members": members, "parties": lobby.parties, "dealer": dealer })
}

/// What is said once: the words to compare, and warnings about keys; for people and for scripts.
pub(super) fn remarks(lobby: &Lobby) -> Vec<(String, Value)> {
    let changed = lobby.members.iter().filter(|member| member.changed_key).map(|member| {
        let (name, fingerprint) = (&member.name, &member.fingerprint);
        let text = format!(
            "WARNING: {name}'s key is not one that {name} had before: it is now {fingerprint}. Another \
             browser or machine of the same person, or someone else under this name? Compare the words \
             before you trust it; `--accept` takes it as it is."
        );
        let object = json!({
            "type": "changed_key",
            "slot": member.slot,
            "name": name,
            "fingerprint": fingerprint,
        });
        (text, object)
    });
    changed.chain(lobby.authentication.as_ref().map(compare)).collect()
}

fn compare(Authentication { words, emoji }: &Authentication) -> (String, Value) {
    let words = words.join(" ");
    let symbols: Vec<_> = emoji.iter().map(|emoji| &*emoji.symbol).collect();
    let text = format!(
        "Compare with the others, over the phone: {words}   {}\n\
         Equal on every screen means that nobody sits in between.",
        symbols.join(" ")
    );
    let names: Vec<_> = emoji.iter().map(|emoji| &*emoji.name).collect();
    let object = json!({
        "type": "authentication",
        "words": words,
        "emoji": symbols,
        "emoji_names": names,
    });
    (text, object)
}
