//! A peer that seals what it likes for the other end of a stream.
#![no_main]

use std::time::Duration;

use bytes::Bytes;
use cryptab_fuzz::Script;
use cryptab_link::{News, Order, Path, Stream, fuzzing};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let (mut stream, mut now) = (Stream::new([7; 8]), Duration::ZERO);
    let (mut sent, mut heard) = (0_usize, [0; 2]);
    for path in [Path::Relay, Path::Direct] {
        stream.attach(path, now);
    }
    while !script.is_over() {
        let what = script.byte();
        let path = if what & 1 == 0 { Path::Relay } else { Path::Direct };
        match what >> 1 & 7 {
            0..=3 => {
                let message = script.message();
                if let Some(again) = fuzzing::frame(message) {
                    assert_eq!(again, message);
                }
                let Ok(news) = stream.receive(path, message, now) else { return };
                for news in news {
                    match news {
                        News::Message { bytes, delivered } => {
                            assert!(bytes.len() <= 1 << 20, "nobody said so much");
                            assert!(delivered[0] + delivered[1] > heard[0] + heard[1], "in order");
                            heard = delivered;
                        }
                        // What it sends is counted anew.
                        News::Restarted | News::Resumed { .. } => heard = [0; 2],
                        News::Aside(_) => {}
                    }
                }
            }
            4 => {
                let body = Bytes::from(vec![what; 100 * script.number() / 64]);
                sent += body.len();
                if sent < 1 << 22 {
                    let order = if what >> 4 & 1 == 0 { Order::Free } else { Order::Strict };
                    stream.send(vec![1, 2, 3], body, order).expect("a short message");
                }
            }
            5 => stream.attach(path, now),
            6 => {
                now += Duration::from_millis(100 * u64::from(script.byte()));
                stream.tick(now);
            }
            _ => stream.detach(path),
        }
        let mut frames = 0;
        while let Some(departure) = stream.poll(now) {
            let message = [&departure.head[..], &departure.body].concat();
            assert_eq!(fuzzing::frame(&message), Some(message), "its own frames are frames");
            frames += 1;
            assert!(frames < 10_000, "it never stops");
        }
    }
});
