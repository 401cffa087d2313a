//! An invite link, as somebody pastes it.
#![no_main]

use cryptab_wire::Invite;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    // A link is its own proof of health (a checksum), which no fuzzer guesses: the body is tried too.
    for link in [text.to_owned(), cryptab_fuzz::linked(text.as_bytes())] {
        let Ok(invite) = Invite::from_link(&link) else { continue };
        let origin = "https://cryptab.example";
        let again = invite.link(origin);
        assert_eq!(Invite::from_link(&again).as_ref(), Ok(&invite), "decode(encode(x)) is x");
        let fragment = |link: &str| link.trim().split_once('#').map(|(_, part)| part.to_owned());
        assert_eq!(fragment(&again), fragment(&link), "one invite has one fragment");
        assert!(invite.validated().is_ok());
    }
});
