//! The behaviour of channels, by topic.

#[cfg(test)]
mod handshake;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tamper;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
