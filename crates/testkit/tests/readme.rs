//! The README's first example is the one that is built, and prints what the README says.

#[test]
fn the_readme_shows_the_example() {
    let readme = include_str!("../../../README.md");
    let example = include_str!("../examples/salaries.rs");
    let code = example.split_once("\n\n").map_or(example, |(_, code)| code);
    let shown = readme.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(shown.trim(), example.lines().skip(1).collect::<Vec<_>>().join("\n").trim());
    assert!(code.contains("println!"));
    assert!(readme.contains("party 0: the mean is 53917"));
}
