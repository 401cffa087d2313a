//! The README's first example is the one that is built, and prints what the README says.

use std::process::Command;

#[test]
fn the_readme_shows_the_example_and_its_output() {
    let readme = include_str!("../../../README.md");
    let example = include_str!("../examples/salaries.rs");
    let block = |language: &str| {
        let start = readme.split(&format!("```{language}\n")).nth(1).unwrap();
        start.split("```").next().unwrap().trim().to_owned()
    };
    let code = example.lines().skip(1).collect::<Vec<_>>().join("\n");
    assert_eq!(block("rust"), code.trim());
    let run = ["run", "--quiet", "--package", "cryptab-testkit", "--example", "salaries"];
    let output = Command::new(env!("CARGO")).args(run).output().unwrap();
    assert_eq!(block("text"), String::from_utf8(output.stdout).unwrap().trim());
}
