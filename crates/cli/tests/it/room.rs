//! Services and parties as separate processes.

use std::process::Stdio;

use crate::run::{Background, Folder, command, cryptab, fault, objects, read};

#[test]
fn three_processes_adjust_a_photo() {
    let folder = Folder::new("room");
    let key_file = folder.file("dealer.key");
    let listen = ["--listen", "127.0.0.1:0"];
    let key = objects(&cryptab(&["dealer", "--print-key", "--key-file", &key_file, "--json"]));
    let key = key[0]["dealer_key"].as_str().unwrap();
    let (_dealer, dealing) =
        Background::serve(&[&["dealer", "--key-file", &key_file], &listen[..]].concat());
    assert_eq!(dealing["dealer_key"], key);
    let url = dealing["url"].as_str().unwrap();
    let relay = ["relay", "--dealer-url", url, "--dealer-key", key];
    let (_relay, serving) = Background::serve(&[&relay[..], &listen].concat());
    let origin = serving["url"].as_str().unwrap();

    let link = cryptab(&["link", origin, "--parties", "3"]);
    let link = String::from_utf8(link.stdout).unwrap();
    let (input, image) = folder.picture("in.png", 20, 10);
    let output = folder.file("out.png");
    let help = command(&["join", &link, "--role", "help", "--name", "Cleo", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let adjust = command(&["join", &link, "--role", "adjust", "--name", "Ben", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let photo =
        ["join", &link, "--role", "photo", "--input", &input, "--output", &output, "--json"];
    let photo = objects(&cryptab(&photo));
    let (help, adjust) = (help.wait_with_output().unwrap(), adjust.wait_with_output().unwrap());
    for told in [photo, objects(&help), objects(&adjust)] {
        assert!(told.iter().any(|line| line["type"] == "lobby"));
        assert!(told.iter().any(|line| line["type"] == "ready"));
        assert_eq!(told.last().unwrap()["type"], "done");
    }
    let result = read(&output).into_raw();
    assert!(result.iter().zip(image.as_raw()).all(|(a, b)| a.abs_diff(*b) <= 1));
}

#[test]
fn one_process_serves_all() {
    let (_serve, serving) = Background::serve(&["serve", "--listen", "127.0.0.1:0"]);
    let origin = serving["url"].as_str().unwrap();
    let expired = cryptab(&["link", origin, "--expires-in", "-5"]);
    let expired = String::from_utf8(expired.stdout).unwrap();
    let (code, said) = fault(&["join", &expired]);
    assert_eq!(code, 7, "{said}");
    assert!(said.contains("expired"), "{said}");
    let link = String::from_utf8(cryptab(&["link", origin]).stdout).unwrap();
    let (code, said) = fault(&["join", &link, "--role", "adjust", "--wait", "1"]);
    assert_eq!(code, 4, "{said}");
}
