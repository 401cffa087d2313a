//! Three people learn the mean of their salaries, and nothing else.
use cryptab_testkit::World;

fn main() -> Result<(), cryptab_engine::Error> {
    let salaries = [52_000.0, 61_500.0, 48_250.0];
    let world = World::new(3, 1); // three parties and a dealer, in one process
    let results = world.reveal(|engine| {
        let mine = |owner: u8| (owner == engine.me()).then_some([salaries[usize::from(owner)]]);
        let input = |owner: u8| engine.input(owner, &[1], mine(owner).as_ref().map(|x| &x[..]));
        let total = input(0)?.add(&input(1)?)?.add(&input(2)?)?; // nobody sees another's salary
        total.mul(&engine.constant(&[1], &[1.0 / 3.0])?) // nothing has been sent yet
    });
    for (party, mean) in results.into_iter().enumerate() {
        println!("party {party}: the mean is {:.0}", mean?[0]);
    }
    Ok(())
}
