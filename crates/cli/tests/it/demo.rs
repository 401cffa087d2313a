//! `cryptab demo photo` against the computation in the clear.

use cryptab_photo::{Adjust, Preset, Size, clear};

use crate::run::{Folder, cryptab, objects, read};

fn demo(parties: &str) {
    let folder = Folder::new(&format!("demo-{parties}"));
    let (input, image) = folder.picture("in.png", 45, 31);
    let output = folder.file("out.png");
    let run = cryptab(&[
        "demo",
        "photo",
        "--input",
        &input,
        "--output",
        &output,
        "--parties",
        parties,
        "--json",
        "--brightness",
        "12",
        "--contrast",
        "1.2",
        "--saturation",
        "0.8",
        "--warmth",
        "-5",
        "--filter",
        "sharpen",
    ]);
    let told = objects(&run);
    let done = told.last().unwrap();
    assert_eq!(done["type"], "done");
    assert!(done["rounds"].as_u64().unwrap() > 0 && done["max_error"].as_u64().unwrap() <= 1);

    let filter = Preset::Sharpen.weights().to_vec();
    let adjust = Adjust { brightness: 12.0, contrast: 1.2, saturation: 0.8, warmth: -5.0, filter };
    let expected = clear(image.as_raw(), Size { width: 45, height: 31 }, &adjust);
    let result = read(&output).into_raw();
    assert_eq!(result.len(), expected.len());
    assert!(result.iter().zip(&expected).all(|(a, b)| a.abs_diff(*b) <= 1));
    assert_ne!(&result, image.as_raw());
}

#[test]
fn two_parties() {
    demo("2");
}

#[test]
fn three_parties() {
    demo("3");
}

#[test]
fn a_large_photo_is_scaled_and_that_is_said() {
    let folder = Folder::new("scaled");
    let (input, _) = folder.picture("in.png", 1200, 12);
    let output = folder.file("out.png");
    let run = cryptab(&["demo", "photo", "--input", &input, "--output", &output]);
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(said.contains("1200x12 pixels and is scaled to 1024x10"), "{said}");
    assert_eq!(read(&output).dimensions(), (1024, 10));
}
