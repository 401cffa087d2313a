//! What goes wrong: packets, lines, services.

use cryptab_session::Input;
use cryptab_wire::relay::addressed;

use super::World;

/// What happens to one packet to the relay.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    Lose,
    Double,
    Swap,
    Alter,
}

impl World {
    /// A tab is closed: its lines end, the node is no more.
    pub(crate) fn vanish(&mut self, who: usize) {
        self.parties[who].up = None;
        self.parties[who].down.clear();
        self.parties[who].line = None;
        self.directs.close_all(who);
        self.say_who_left(who);
    }

    /// The party's line to the relay is cut, and the relay has not noticed yet.
    pub(crate) fn cut(&mut self, who: usize) {
        self.parties[who].up = None;
        self.parties[who].down.clear();
        self.parties[who].node.handle(Input::RelayClosed("network changed".to_owned()), self.now);
    }

    /// The party's line to the relay is cut, and the relay notices at once.
    pub(crate) fn cut_and_noticed(&mut self, who: usize) {
        if self.parties[who].up.is_some() {
            self.cut(who);
            self.say_who_left(who);
        }
    }

    /// Something happens to the next packet that this party has for the others.
    pub(crate) fn next_packet(&mut self, who: usize, fault: Fault) {
        self.drain(who);
        let draw = self.draw();
        let Some(up) = &mut self.parties[who].up else { return };
        // The first message is for the relay itself.
        let is_packet = up.front().is_some_and(|message| addressed(message).is_ok());
        if !is_packet {
            return;
        }
        match fault {
            Fault::Lose => drop(up.pop_front()),
            Fault::Double => {
                let first = up[0].clone();
                up.push_front(first);
            }
            Fault::Swap if up.len() > 1 => up.swap(0, 1),
            Fault::Swap => {}
            Fault::Alter => {
                let length = up[0].len() as u64 - 2;
                let at = 2 + usize::try_from(draw % length).unwrap();
                up[0][at] ^= 1 << (draw % 8);
            }
        }
    }

    /// The relay goes: all lines to it end.
    pub(crate) fn lose_relay(&mut self) {
        self.relay.is_up = false;
        self.relay.forget_all();
        for party in &mut self.parties {
            if party.up.take().is_some() {
                party.down.push_back(Input::RelayClosed("connection reset".to_owned()));
            }
        }
    }

    /// The dealer goes, or comes back.
    pub(crate) fn set_dealer(&mut self, is_up: bool) {
        self.dealer.is_up = is_up;
        if !is_up {
            for line in self.parties.iter_mut().filter_map(|party| party.line.as_mut()) {
                line.close("connection reset");
            }
        }
    }

    /// The relay notices that a line of this party from before has ended.
    pub(crate) fn forget_old_lines(&mut self, who: usize) {
        let now = self.parties[who].connection;
        for connection in (1..=self.connections).filter(|connection| *connection != now) {
            let is_open = self.parties.iter().any(|party| party.connection == connection);
            if !is_open {
                let deliveries = self.relay.part(connection);
                self.deliver(deliveries);
            }
        }
    }
}
