//! What people call themselves. A name is a claim, shown to others: it holds nothing that could
//! pass for something else on a screen.

/// The name as others will see it: without what is not allowed, cut to size, never empty.
pub(crate) fn clean(name: &str) -> String {
    let mut clean = String::new();
    for character in name.chars().filter(|character| !is_deceptive(*character)) {
        if clean.len() + character.len_utf8() > MAX_NAME {
            break;
        }
        clean.push(character);
    }
    match clean.trim() {
        "" => "someone".to_owned(),
        name => name.to_owned(),
    }
}

/// Whether a peer may call itself so: whether cleaning would leave it as it is.
pub(crate) fn is_allowed(name: &str) -> bool {
    name.len() <= MAX_NAME && clean(name) == name
}

/// A text from another machine for people to read: without control characters, and not long.
pub(crate) fn readable(text: &str) -> String {
    text.chars().filter(|character| !is_deceptive(*character)).take(MAX_TEXT).collect()
}

/// Control characters, invisible ones, and those that change the direction of what follows.
fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The longest name in bytes.
pub(crate) const MAX_NAME: usize = 64;

const MAX_TEXT: usize = 300;

#[cfg(test)]
mod tests {
    use super::{MAX_NAME, clean, is_allowed};

    #[test]
    fn names_are_cleaned() {
        assert_eq!(clean("  alice\n"), "alice");
        assert_eq!(clean("bob\u{202e}ecila"), "bobecila");
        assert_eq!(clean(" \t"), "someone");
        assert_eq!(clean(&"é".repeat(100)).len(), MAX_NAME);
    }

    #[test]
    fn only_clean_names_are_allowed() {
        for name in ["alice", "Zoë B.", "李"] {
            assert!(is_allowed(name), "{name}");
        }
        for name in ["", " alice", "a\u{0}b", "a\u{200b}b", &"a".repeat(MAX_NAME + 1)] {
            assert!(!is_allowed(name), "{name:?}");
        }
    }
}
