//! A secure, ordered channel between two peers over any dumb pipe. Sans-IO: packets in, packets out.
//!
//! # The contract
//! Make a [`Channel`] (one side as initiator, the other as responder), send what [`Channel::start`]
//! returns, give every packet that arrives to [`Channel::receive`] and act on its [`Event`]s. After
//! [`Event::Open`], messages go into [`Channel::send`] and come out as [`Event::Message`].
//!
//! ```
//! use cryptab_link::{Channel, Event, Identity};
//!
//! let (alice, bob) = (Identity::generate()?, Identity::generate()?);
//! let mut lower = Channel::pair_initiator(&alice, &[7; 32], b"room", b"alice".to_vec())?;
//! let mut upper = Channel::pair_responder(&bob, &[7; 32], b"room", b"bob".to_vec())?;
//!
//! let first = lower.start()?.expect("the initiator speaks first");
//! let [Event::Send(second)] = &upper.receive(&first)?[..] else { panic!() };
//! let [Event::Send(third)] = &lower.receive(second)?[..] else { panic!() };
//! let [Event::Send(fourth), Event::Open { hello, .. }] = &upper.receive(third)?[..] else { panic!() };
//! assert_eq!(hello, b"alice");
//! let [Event::Open { peer, hello }] = &lower.receive(fourth)?[..] else { panic!() };
//! assert_eq!((*peer, &hello[..]), (bob.public(), &b"bob"[..]));
//!
//! for packet in lower.send(b"a message of any length")? {
//!     for event in upper.receive(&packet)? {
//!         assert_eq!(event, Event::Message(b"a message of any length".to_vec()));
//!     }
//! }
//! # Ok::<(), cryptab_link::Error>(())
//! ```
//!
//! | between | handshake | keyed by |
//! |---|---|---|
//! | two parties | `Noise_XXpsk3_25519_ChaChaPoly_BLAKE2s` | the invite's secret ([`pair_psk`]) |
//! | party and dealer | `Noise_XK_25519_ChaChaPoly_BLAKE2s` | the dealer's key, pinned in the invite |
//!
//! Messages are sealed with `AES-256-GCM` where both sides have instructions for it, else with
//! `ChaCha20-Poly1305`: both tell in the handshake what they are fast with.
//!
//! Both bind a prologue ([`Prologue`], [`dealer_prologue`]): sides that disagree about version, room,
//! parties, program or dealer never open.
//!
//! # What it protects against
//! Whoever carries the packets can delay them or stop carrying them. They cannot read, alter, replay,
//! reorder, leave out or cut any of them, nor speak for a peer: each such try ends the channel with
//! an [`Error`]. The end of a connection is not authenticated: it is the caller who
//! knows whether all was said.
//!
//! # What outlives a channel
//! A [`Stream`] lives above channels that come and go, by the relay and directly: whatever was not
//! acknowledged is sent again by the next one, and arrives once and in order (a short message may
//! overtake long ones: [`Order::Free`]). It trusts that each channel attached to it leads to the same
//! party.
//!
//! # What it assumes
//! Everybody who holds the invite may join: the secret keeps others out, it does not tell the invited
//! apart. Names in a hello are claims of the one with that key.

mod channel;
mod error;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod handshake;
mod key;
mod primitives;
mod prologue;
mod psk;
mod sealed;
mod stream;

pub use channel::{Channel, Event, MAX_HELLO};
pub use error::{Error, Fault};
pub use key::{Identity, PublicKey};
pub use prologue::{Pair, Prologue, dealer_prologue};
pub use psk::pair_psk;
pub use sealed::MAX_MESSAGE;
pub use stream::{Departure, Memory, News, Order, Path, Stream};

#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
