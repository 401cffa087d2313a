//! Stands in for `webrtc` where it is not built in: no way leads through it.

use std::convert::Infallible;
use std::future::pending;

use tokio::sync::mpsc;

use super::Side;
use super::connection::Ends;
use super::ice::Ice;
use super::signal::Signal;

/// A data channel; there is none.
pub(super) struct Channel(Infallible);

impl Channel {
    pub(super) async fn carry(self, _ends: &mut Ends) -> String {
        match self.0 {}
    }
}

/// Opens a data channel: never.
pub(super) async fn open(
    _side: Side,
    _ice: &Ice,
    _signals: mpsc::Receiver<Signal>,
    _said: mpsc::UnboundedSender<Signal>,
) -> Result<Channel, String> {
    pending().await
}
