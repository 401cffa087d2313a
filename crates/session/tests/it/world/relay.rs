//! A relay as the real one behaves, for one room.

use cryptab_wire::relay::{addressed, readdress};
use cryptab_wire::{FromRelay, Refusal, ToRelay};

type Tamper = Box<dyn FnMut(u8, u8, &mut Vec<u8>)>;

/// Messages to parties, by their connections: the first that anyone makes is number one.
pub(crate) type Deliveries = Vec<(usize, Vec<u8>)>;

type Hands = Box<dyn FnMut(Deliveries) -> Deliveries>;

pub(crate) struct Relay {
    /// Who is in each slot, and as which member.
    seats: Vec<Option<(usize, [u8; 16])>>,
    /// Whether it looks for members that are present already. A relay that does not is not honest.
    pub(crate) checks_members: bool,
    pub(crate) is_up: bool,
    /// Whether it passes on what the room's owner orders.
    pub(crate) obeys: bool,
    /// Changes packets from one slot to another.
    pub(crate) tamper: Option<Tamper>,
    /// Delivers something else than an honest relay would. Such a relay is not honest either.
    pub(crate) hands: Option<Hands>,
    /// All it ever saw.
    pub(crate) seen: Vec<u8>,
}

impl Relay {
    pub(super) fn new(parties: u8) -> Self {
        let seats = vec![None; usize::from(parties)];
        Self {
            seats,
            checks_members: true,
            is_up: true,
            obeys: true,
            tamper: None,
            hands: None,
            seen: Vec::new(),
        }
    }

    pub(super) fn forget_all(&mut self) {
        self.seats.iter_mut().for_each(|seat| *seat = None);
    }

    /// A message from a client: what to deliver to whom.
    pub(super) fn receive(&mut self, who: usize, bytes: Vec<u8>) -> Deliveries {
        self.seen.extend_from_slice(&bytes);
        let honest = self.forward(who, bytes);
        self.hand_out(honest)
    }

    fn hand_out(&mut self, honest: Deliveries) -> Deliveries {
        match &mut self.hands {
            Some(hands) => hands(honest),
            None => honest,
        }
    }

    fn forward(&mut self, who: usize, mut bytes: Vec<u8>) -> Deliveries {
        let Some(from) = self.slot_of(who) else {
            return self.admit(who, &ToRelay::decode(&bytes).unwrap());
        };
        if let Some(said) = ToRelay::decode_within(&bytes) {
            let ToRelay::Order { order, .. } = said.unwrap() else { panic!("a second join") };
            return if self.obeys { self.to_all(&FromRelay::Ordered { order }) } else { vec![] };
        }
        let to = addressed(&bytes).unwrap().0;
        if let Some(tamper) = &mut self.tamper {
            tamper(from, to, &mut bytes);
        }
        readdress(&mut bytes, from).unwrap();
        let receiver = self.seats[usize::from(to)];
        receiver.map(|(receiver, _)| (receiver, bytes)).into_iter().collect()
    }

    /// A client has gone.
    pub(super) fn part(&mut self, who: usize) -> Deliveries {
        let Some(slot) = self.slot_of(who) else { return Vec::new() };
        self.seats[usize::from(slot)] = None;
        let honest = self.to_all(&FromRelay::Left { slot });
        self.hand_out(honest)
    }

    fn admit(&mut self, who: usize, join: &ToRelay) -> Deliveries {
        let ToRelay::Join { parties, slot, member, .. } = join else { panic!("no join") };
        let refused = |reason| vec![(who, FromRelay::Refused { reason }.encode())];
        if usize::from(*parties) != self.seats.len() {
            return refused(Refusal::Mismatch);
        }
        let present = self.seats.iter().flatten().any(|(_, other)| other == member);
        if present && self.checks_members {
            return refused(Refusal::MemberPresent);
        }
        let free = self.seats.iter().position(Option::is_none);
        let Some(free) = free else { return refused(Refusal::Full) };
        let slot = slot.map_or(free, usize::from);
        if self.seats[slot].is_some() {
            return refused(Refusal::SlotTaken);
        }
        let present =
            (0..).zip(&self.seats).filter_map(|(slot, seat)| seat.map(|_| slot)).collect();
        let slot_byte = u8::try_from(slot).unwrap();
        let mut deliveries = vec![(who, FromRelay::Welcome { slot: slot_byte, present }.encode())];
        deliveries.extend(self.to_all(&FromRelay::Joined { slot: slot_byte }));
        self.seats[slot] = Some((who, *member));
        deliveries
    }

    fn to_all(&self, notice: &FromRelay) -> Deliveries {
        self.seats.iter().flatten().map(|(who, _)| (*who, notice.encode())).collect()
    }

    fn slot_of(&self, who: usize) -> Option<u8> {
        let slot =
            self.seats.iter().position(|seat| seat.is_some_and(|(other, _)| other == who))?;
        u8::try_from(slot).ok()
    }
}
