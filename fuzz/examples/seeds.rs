//! Writes the seeds of the corpus: `cargo run --manifest-path fuzz/Cargo.toml --example seeds`.
//!
//! Real messages, in the forms that the targets read: of a computation of two parties with many kinds of
//! operations, of a room in which they meet, and one of each message beside them.

use std::fs;
use std::path::Path;

use cryptab_engine::{Engine, Order, Secret};
use cryptab_fuzz::{Script, engine};
use cryptab_testkit::{Endpoint, World};
use cryptab_wire::relay::address;
use cryptab_wire::{
    Admission, Charter, Claim, DealerHello, FromDealer, FromRelay, Grant, Invite,
    Order as WantedOrder, Owner, Ownership, Pass, Refusal, Role, Secret as InviteSecret, Statement,
    Ticket, ToDealer, ToRelay, control, encode_dispute,
};

fn main() {
    let corpus = Corpus;
    invites(&corpus);
    relay(&corpus);
    dealer(&corpus);
    session(&corpus);
    computation(&corpus);
    requests(&corpus);
    channels(&corpus);
    streams(&corpus);
    journal(&corpus);
    direct(&corpus);
    files(&corpus);
}

struct Corpus;

impl Corpus {
    /// One seed, named by its number.
    fn add(&self, target: &str, seed: impl AsRef<[u8]>) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
        fs::create_dir_all(&folder).expect("the corpus can be written");
        let seed = seed.as_ref();
        let name = blake3::hash(seed).to_hex();
        fs::write(folder.join(&name[..12]), seed).expect("the corpus can be written");
    }
}

fn invites(corpus: &Corpus) {
    for (parties, dealer_url) in [(2, None), (8, Some("/dealer")), (3, Some("wss://a.example/d"))] {
        let invite = Invite {
            version: cryptab_wire::VERSION,
            room: [1; 16],
            secret: InviteSecret::from([2; 16]),
            dealer_key: [3; 32],
            parties,
            program: "photo".into(),
            expires: 1_800_000_000,
            dealer_url: dealer_url.map(Into::into),
            ownership: None,
        };
        corpus.add("invite", invite.link("https://cryptab.example"));
        for ticket in [None, Some(ticket(parties))] {
            let charter = charter(parties, ticket.is_some());
            let ownership = Some(Ownership { owner: charter.owner, ticket });
            let owned = Invite { room: charter.room(), ownership, ..invite.clone() };
            corpus.add("invite", owned.link("https://cryptab.example"));
        }
    }
}

fn owner() -> Owner {
    Owner::from_secret(&[8; 32])
}

fn charter(parties: u8, by_token: bool) -> Charter {
    let admission = if by_token { Admission::Token } else { Admission::Link };
    Charter { owner: owner().key(), admission, parties, expires: 1_800_000_000 }
}

fn ticket(parties: u8) -> Ticket {
    let grant = Grant { role: Some(Role::Photo), slot: Some(1), expires: 1_800_000_000 };
    owner().invite(&charter(parties, true), [9; 16], grant)
}

fn pass() -> Pass {
    ticket(2).pass(charter(2, true).room(), [2; 16])
}

fn relay(corpus: &Corpus) {
    let owner_key = owner().key();
    let claims = [None, Some(Claim { owner: owner_key, pass: Some(pass()) })];
    for (slot, claim) in [None, Some(1)].into_iter().zip(claims) {
        let (version, room, member) = (cryptab_wire::VERSION, [1; 16], [2; 16]);
        let join =
            ToRelay::Join { version, room, parties: 2, slot, member, expires: 1 << 33, claim };
        corpus.add("relay", join.encode());
    }
    for wanted in [WantedOrder::Close, WantedOrder::Revoke(pass().token.id())] {
        let charter = charter(2, true);
        let order = owner().order(&charter, wanted);
        let told = ToRelay::Order { version: cryptab_wire::VERSION, charter, order };
        corpus.add("relay", told.encode());
        corpus.add("relay", told.encode_within());
        corpus.add("relay", FromRelay::Ordered { order }.encode());
    }
    corpus.add("relay", FromRelay::Welcome { slot: 2, present: vec![0, 1, 7] }.encode());
    corpus.add("relay", FromRelay::Joined { slot: 1 }.encode());
    corpus.add("relay", FromRelay::Left { slot: 1 }.encode());
    corpus.add("relay", FromRelay::Refused { reason: Refusal::Closing }.encode());
    corpus.add("relay", address(1, b"sealed"));
}

fn dealer(corpus: &Corpus) {
    let statement = Statement {
        version: cryptab_wire::VERSION,
        room: [1; 16],
        program: "photo".into(),
        parties: 2,
        keys: vec![[2; 32], [3; 32]],
        nonces: vec![[4; 32], [5; 32]],
    };
    corpus.add("dealer", DealerHello { statement, index: 1 }.encode());
    corpus.add("dealer", ToDealer::Request(b"request").encode());
    corpus.add("dealer", FromDealer::Seed(&[6; 32]).encode());
    corpus.add("dealer", FromDealer::Correction(b"correction").encode());
    corpus.add("dealer", FromDealer::Refused("too much").encode());
}

/// As the tables of `message`, `signal` and `hello` in cryptab-session say.
fn session(corpus: &Corpus) {
    let epoch = 7_u64.to_le_bytes();
    corpus.add("session_messages", [&[1][..], &epoch, &[9; 32]].concat());
    corpus.add("session_messages", [&[2][..], &[8; 32]].concat());
    for cause in [[0, 0], [1, 3], [2, 0]] {
        corpus.add("session_messages", [&[3][..], &epoch, &cause].concat());
    }
    corpus.add("session_messages", b"\x04shares");
    corpus.add("session_messages", b"\x05words");
    let hello = [&b"\x01\x05alice\x00\x10\x00\x01"[..], &[7; 32]].concat();
    corpus.add("session_messages", [&hello[..], &[0]].concat());
    corpus.add("session_messages", [&hello[..], &[1], &control::encode(&pass())].concat());
    let order = owner().order(&charter(2, true), WantedOrder::Close);
    corpus.add("session_messages", [&[32][..], &control::encode(&order)].concat());
    corpus.add("session_messages", [&[16][..], &[7; 16]].concat());
    corpus.add("session_messages", [&[17][..], &[7; 64]].concat());
    corpus.add("session_messages", [&[18][..], &[7; 64]].concat());
    corpus.add("session_messages", [&[1][..], &[5; 8]].concat());
    corpus.add("session_messages", [&[2][..], &[5; 8]].concat());
    corpus.add("session_messages", [3]);
    // Deliver everything for a long time; then talk, begin anew, and disturb.
    let deliveries = [0, 1].repeat(40);
    corpus.add("session_room", &deliveries);
    corpus.add("session_room", [&deliveries[..], &[24, 7, 0, 1, 25, 8, 0, 1]].concat());
    corpus.add("session_room", [&deliveries[..], &[26, 0, 1, 0, 1, 0, 1]].concat());
    for trick in [10, 12, 14, 16, 18, 22] {
        let tricked = [&deliveries[..8], &[trick, 0, 0, 1, 0, 1], &deliveries[..]].concat();
        corpus.add("session_room", tricked);
    }
}

/// What party 0 hears while the program of the targets runs.
fn computation(corpus: &Corpus) {
    let (world, pending) = engine::world();
    world.network().record();
    world.run();
    drop(pending);
    let (mut frames, mut corrections) = (Vec::new(), Vec::new());
    for envelope in world.network().recorded() {
        match (envelope.from, envelope.to) {
            (Endpoint::Party(1), Endpoint::Party(0)) => {
                corpus.add("frame", &envelope.bytes);
                frames.extend(Script::written(&envelope.bytes));
                corpus.add("engine_frame", &frames);
            }
            (Endpoint::Dealer, Endpoint::Party(0)) => {
                corpus.add("correction", &envelope.bytes);
                corrections.push(1);
                corrections.extend(Script::written(&envelope.bytes));
            }
            _ => {}
        }
    }
    corpus.add("engine_correction", &corrections);
    corpus.add("engine_correction", [0; 20]);
    let dispute = encode_dispute(&["Input".to_owned(), "Mul".to_owned()]);
    corpus.add("frame", &dispute);
    corpus.add("engine_frame", Script::written(&dispute));
}

/// One of each kind that a wide range of operations asks for.
fn requests(corpus: &Corpus) {
    type Program = fn(&Secret, &Secret) -> cryptab_engine::Result<Secret>;
    let programs: [Program; 18] = [
        |x, y| x.mul(y),
        |x, y| x.matmul(y),
        |x, y| x.lt(y),
        |x, y| x.eq(y),
        |x, _| x.relu(),
        |x, _| x.exp(),
        |x, _| x.sin(),
        |x, _| x.sigmoid(),
        |x, y| x.div(y),
        |x, _| x.sqrt(),
        |x, _| x.log(),
        |x, _| x.softmax(1),
        |x, _| x.max(0, false).map(|(value, _)| value),
        |x, _| x.sort(0, Order::Ascending).map(|(values, _)| values),
        |x, _| x.shuffle(0),
        |x, _| x.rescale(0)?.one_hot(4),
        |x, _| x.permute(&[1, 0])?.square(),
        |x, _| x.to_binary()?.to_arithmetic(16),
    ];
    for program in programs {
        let world = World::new(2, 1);
        world.network().record();
        let record = |engine: &Engine| {
            let mine = (engine.me() == 0).then_some(&[1.5, 2.0, 0.25, 3.0][..]);
            let x = engine.input(0, &[2, 2], mine)?;
            let theirs = (engine.me() == 1).then_some(&[0.5, 2.0, 1.0, 0.125][..]);
            program(&x, &engine.input(1, &[2, 2], theirs)?)
        };
        world.reveal(record);
        let mut kinds = 0;
        for envelope in world.network().recorded() {
            let wanted = envelope.from == Endpoint::Party(0) && envelope.to == Endpoint::Dealer;
            if wanted && envelope.bytes.len() <= 600 && kinds < 6 {
                kinds += 1;
                corpus.add("request", &envelope.bytes);
            }
        }
    }
}

fn channels(corpus: &Corpus) {
    for side in 0..4 {
        corpus.add("channel_handshake", [&[side][..], &Script::written(&[7; 48])].concat());
    }
    corpus.add("channel_sealed", [3, 2, 40, 0, 7, 2, 50, 0, 8, 0, 1, 0, 9, 1, 3, 0, 5]);
    for trick in 2..7 {
        corpus.add("channel_sealed", [1, 2, 40, 0, 7, 2, 50, 0, 8, 0, 0, trick, 1, 0, 3]);
    }
    let whole = [&5_u32.to_le_bytes()[..], b"hello"].concat();
    let long = 70_000_u32.to_le_bytes();
    let hello = Script::written(b"alice");
    corpus.add("channel_fragments", [&hello[..], &Script::written(&whole), &[0]].concat());
    corpus
        .add("channel_fragments", [&hello[..], &Script::written(&long), &[255, 0, 0, 0]].concat());
}

/// As the table of `stream/frame` in cryptab-link says.
fn streams(corpus: &Corpus) {
    let attach = [&[0][..], &[9; 16], &[0; 16], &[0; 32], &[0]].concat();
    let begin = |lane: u8, place: u64, length: u32, bytes: &[u8]| {
        let after = 0_u64.to_le_bytes();
        let (place, length) = (place.to_le_bytes(), length.to_le_bytes());
        [&[16 + lane][..], &place, &[0; 16], &length, &after, bytes].concat()
    };
    let acknowledge =
        |kind: u8, small: u64| [&[kind][..], &small.to_le_bytes(), &0_u64.to_le_bytes()].concat();
    let told = |path: u8, message: &[u8]| [&[path][..], &Script::written(message)].concat();
    let met = [told(0, &attach), told(1, &attach)].concat();
    let says = [8, 1, 0, 40, 255, 255];
    for more in [
        told(0, &begin(0, 0, 5, b"hello")),
        [told(0, &begin(0, 1, 1, b"b")), told(1, &begin(0, 0, 1, b"a"))].concat(),
        [&says[..], &told(0, &acknowledge(48, 1)), &[12, 200], &told(0, &acknowledge(49, 1))]
            .concat(),
        [told(0, &acknowledge(50, 0)), told(1, &[64, 1, 0, 0, 0, 9]), told(1, &[65, 1, 0, 0, 0])]
            .concat(),
        [&says[..], &[14, 10], &told(0, &attach)].concat(),
        told(1, b"\x50a signal"),
    ] {
        corpus.add("stream", [&met[..], &more].concat());
    }
}

/// As the table of `journal/entry` in cryptab-session says.
fn journal(corpus: &Corpus) {
    corpus.add("journal", [&[1, 1][..], &[3; 16], b"a message"].concat());
    corpus.add("journal", [&[2, 1][..], &[9; 8]].concat());
    corpus.add("journal", [&[3][..], &[1; 4], &[5; 32]].concat());
    corpus.add("journal", [&[4][..], &[1; 4], &[6; 32]].concat());
    // A head begins with its version, an epoch, a slot, a role and a format.
    corpus.add(
        "journal",
        [&[2, 7, 0, 1, 16, 0][..], &[5; 32], &[3, 1, 2, 3], &[6; 64], &[0, 0]].concat(),
    );
}

fn direct(corpus: &Corpus) {
    let packet = |bytes: &[u8]| [&(bytes.len() as u32).to_le_bytes()[..], bytes].concat();
    corpus.add("direct", [packet(b"one"), packet(b""), packet(&[7; 300]), vec![9]].concat());
    for signal in [
        r#"{"type":"tcp","token":"abababababababababababababababab","addresses":["127.0.0.1:1234"]}"#,
        r#"{"type":"take"}"#,
        r#"{"type":"offer","sdp":"v=0"}"#,
        r#"{"type":"candidate","candidate":"candidate:1","sdpMid":"0","sdpMLineIndex":0}"#,
    ] {
        corpus.add("direct", signal);
    }
}

fn files(corpus: &Corpus) {
    for text in [
        "where(x > 0, x, 0.1 * x).sum(dim=0)",
        "(x @ y.T + 1e-3)[..., ::2, -1] ** 2",
        "softmax(conv2d(x, w, stride=2, padding='same'), dim=1)",
        "~(a & b) | (c == [1, 2.5, None, True])",
        "zeros(2, 3) + ones((2, 3)).reshape(2, -1)[0]",
    ] {
        corpus.add("expression", text);
    }
    let array = |descr: &str, shape: &str, fortran: &str, data: &[u8]| {
        let header =
            format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}");
        let padded = format!("{header:117}\n");
        let length = u16::try_from(padded.len()).expect("a short header").to_le_bytes();
        [b"\x93NUMPY\x01\x00", &length[..], padded.as_bytes(), data].concat()
    };
    corpus.add("npy", array("<f8", "(2,)", "False", &[0; 16]));
    corpus.add("npy", array("<i8", "(2, 1)", "True", &[1; 16]));
    corpus.add("npy", array("|b1", "()", "False", &[1]));
    corpus.add("npy", array("<f4", "(0, 3)", "False", &[]));
    let image = image::RgbImage::from_fn(6, 5, |x, y| image::Rgb([x, y, x * y].map(|n| n as u8)));
    for format in [image::ImageFormat::Png, image::ImageFormat::Jpeg] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).expect("a small photo can be written");
        corpus.add("photo", bytes.into_inner());
    }
}
