//! What a computation leaves behind in memory. A process of its own: other tests would be counted too.
#![cfg(target_os = "linux")]

use cryptab_testkit::World;

#[test]
fn a_thousand_repetitions_take_no_more_memory_than_a_hundred() {
    const SIZE: usize = 2_000;
    let world = World::new(2, 1);
    let data = vec![1.5; SIZE];
    let repeat = |times: usize| {
        for _ in 0..times {
            let results = world.reveal(|engine| {
                let x = engine.input(0, &[SIZE], (engine.me() == 0).then_some(&data[..]))?;
                x.mul(&x)?.relu()
            });
            assert!(
                results.iter().all(|result| result.as_ref().is_ok_and(|all| all.len() == SIZE))
            );
        }
    };
    repeat(100);
    let before = resident().unwrap();
    repeat(900);
    let grown = resident().unwrap().saturating_sub(before);
    // A single tensor of both parties left behind each time would be 29 MB. What stays are the names, costs
    // and hashes of the operations, by which parties notice that their programs differ.
    assert!(grown < 12 << 20, "{grown} bytes more");
}

/// Bytes of memory that this process holds.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: usize = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes << 10)
}
