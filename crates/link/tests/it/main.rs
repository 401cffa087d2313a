//! The behaviour of channels, by topic.

#[cfg(test)]
mod handshake;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tamper;
