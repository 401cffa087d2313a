//! Prints how fast messages are sealed and opened: one thread, the fastest of many repetitions.
//!
//! ```text
//! cargo run --release -p cryptab-link --example sealing
//! ```

use std::error::Error;
use std::time::Instant;

use cryptab_link::{Channel, Event, Identity};

fn main() -> Result<(), Box<dyn Error>> {
    let (mut sender, mut receiver) = connected()?;
    for length in [64, 1_000, 64_000, 1_000_000, 14_000_000] {
        let repetitions = (500_000_000 / (length + 2_000)).clamp(1, 100_000);
        let message = vec![7; length];
        let (mut sealing, mut opening) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..repetitions {
            let start = Instant::now();
            let packets = sender.send(&message)?;
            sealing = sealing.min(start.elapsed().as_secs_f64());
            let start = Instant::now();
            for packet in &packets {
                std::hint::black_box(receiver.receive(packet)?);
            }
            opening = opening.min(start.elapsed().as_secs_f64());
        }
        println!(
            "{length:>10} bytes: seal {:>6.0} MB/s ({:>8.1} us), open {:>6.0} MB/s ({:>8.1} us)",
            length as f64 / sealing / 1e6,
            sealing * 1e6,
            length as f64 / opening / 1e6,
            opening * 1e6,
        );
    }
    Ok(())
}

fn connected() -> Result<(Channel, Channel), Box<dyn Error>> {
    let (alice, bob) = (Identity::generate()?, Identity::generate()?);
    let mut initiator = Channel::pair_initiator(&alice, &[1; 32], b"throughput", Vec::new())?;
    let mut responder = Channel::pair_responder(&bob, &[1; 32], b"throughput", Vec::new())?;
    let mut due = initiator.start()?;
    let mut to_responder = true;
    while let Some(packet) = due.take() {
        let side = if to_responder { &mut responder } else { &mut initiator };
        for event in side.receive(&packet)? {
            if let Event::Send(packet) = event {
                due = Some(packet);
            }
        }
        to_responder = !to_responder;
    }
    Ok((initiator, responder))
}
