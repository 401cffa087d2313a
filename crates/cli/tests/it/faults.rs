//! Exit codes say whose fault it is.

use crate::run::{Folder, cryptab, fault, objects};

#[test]
fn bad_input_and_wrong_usage() {
    let folder = Folder::new("faults");
    let (input, _) = folder.picture("in.png", 4, 4);
    let no_image = folder.file("text.png");
    std::fs::write(&no_image, "a text").unwrap();
    let output = folder.file("out.png");
    let demo = |input: &str, output: &str, more: &[&str]| {
        fault(&[&["demo", "photo", "--input", input, "--output", output], more].concat())
    };
    for (found, code, says) in [
        (demo(&no_image, &output, &[]), 3, "text.png"),
        (demo(&folder.file("absent.png"), &output, &[]), 3, "absent.png"),
        (demo(&input, &folder.file("out.gif"), &[]), 3, ".png or .jpg"),
        (demo(&input, &output, &["--contrast", "9"]), 3, "contrast is 9"),
        (demo(&input, &output, &["--filter", "1,2,3"]), 3, "9 or 25 weights"),
        (demo(&input, &output, &["--parties", "9"]), 2, "--parties"),
        (fault(&["join", "photo.png"]), 3, "not an invite link"),
        (fault(&["dance"]), 2, "dance"),
        (fault(&["relay", "--site", "/nonexistent"]), 3, "index.html"),
    ] {
        assert_eq!(found.0, code, "{}", found.1);
        assert!(found.1.contains(says), "{}", found.1);
    }
}

#[test]
fn a_huge_picture_is_refused_before_it_is_decoded() {
    let folder = Folder::new("bomb");
    let file = folder.file("bomb.png");
    // A header that promises 60,000 x 60,000 pixels.
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend([60_000_u32.to_be_bytes(), 60_000_u32.to_be_bytes()].concat());
    bytes.extend([8, 2, 0, 0, 0, 0x0f, 0x8d, 0x8b, 0x0e]);
    std::fs::write(&file, bytes).unwrap();
    let output = folder.file("out.png");
    let (code, said) = fault(&["demo", "photo", "--input", &file, "--output", &output]);
    assert_eq!(code, 3, "{said}");
}

#[test]
fn nobody_at_the_relays_address() {
    let key = "ab".repeat(32);
    let link = cryptab(&["link", "http://127.0.0.1:1", "--dealer-key", &key]);
    let link = String::from_utf8(link.stdout).unwrap();
    assert_eq!(fault(&["join", &link]).0, 5);
    assert_eq!(fault(&["link", "http://127.0.0.1:1"]).0, 5);
}

#[test]
fn costs_are_known_before() {
    let told = objects(&cryptab(&["inspect", "relu", "--count", "1000000", "--json"]));
    let bytes = told[0]["bytes"].as_u64().unwrap();
    assert!(bytes <= 14_200_000, "{bytes}");
    assert!(told[0]["rounds"].as_u64().unwrap() > 0);
}
