//! Services and parties as separate processes.

use std::io::{BufRead as _, BufReader};
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

#[test]
fn an_owner_invites_takes_back_and_closes() {
    let folder = Folder::new("owner");
    let owner_file = folder.file("room.key");
    let (_serve, serving) = Background::serve(&["serve", "--listen", "127.0.0.1:0"]);
    let origin = serving["url"].as_str().unwrap();
    let link = ["link", origin, "--owner-file", &owner_file, "--grant", "photo", "--grant"];
    let made = objects(&cryptab(&[&link[..], &["adjust@1", "--json"]].concat()));
    let [photo, adjust] = [&made[0], &made[1]].map(|one| one["link"].as_str().unwrap());
    assert_eq!((&made[0]["role"], &made[1]["role"]), (&"photo".into(), &"adjust".into()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&owner_file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    // The granted role alone.
    let (code, said) = fault(&["join", adjust, "--role", "help", "--wait", "1"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("invited as `adjust`"), "{said}");

    // Someone who is in the room already must go.
    let mut inside = command(&["join", adjust, "--role", "adjust", "--wait", "30", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(inside.stdout.take().unwrap()).lines();
    assert!(said.any(|line| line.unwrap().contains("\"lobby\"")));
    let order = |arguments: &[&str]| {
        fault(&[&["room"], arguments, &["--owner-file", &owner_file]].concat())
    };
    let token = made[1]["token"].as_str().unwrap();
    assert_eq!(order(&["revoke", photo, token]).0, 0);
    assert_eq!(inside.wait().unwrap().code(), Some(7));
    let (code, said) = fault(&["join", adjust, "--role", "adjust", "--wait", "1"]);
    assert_eq!(code, 7, "{said}");
    assert!(said.contains("took this invite back"), "{said}");

    assert_eq!(order(&["close", photo]).0, 0);
    let (code, said) = fault(&["join", adjust, "--role", "adjust", "--wait", "1"]);
    assert_eq!(code, 7, "{said}");
    assert!(said.contains("closed the room"), "{said}");

    let other = String::from_utf8(cryptab(&["link", origin]).stdout).unwrap();
    assert_eq!(order(&["close", &other]).0, 3, "a room without an owner");
    assert_eq!(order(&["revoke", photo, "photo"]).0, 2);
    assert_eq!(order(&["revoke", photo, photo]).0, 0, "named by its link");
    assert_eq!(fault(&link[..6]).0, 3, "the file exists");
    assert_eq!(fault(&["link", origin, "--grant", "photo"]).0, 2, "without an owner");
}

#[test]
fn no_owners_file_is_left_of_links_that_cannot_be() {
    let folder = Folder::new("no-owner");
    let owner_file = folder.file("room.key");
    let key = "ab".repeat(32);
    let link = ["link", "http://127.0.0.1:1", "--dealer-key", &key, "--owner-file", &owner_file];
    let ends = |seconds: u64| seconds.to_string();
    for (arguments, complaint) in [
        (&["--grant", "photo@5"][..], "slot"),
        (&["--grant", "photo@1", "--grant", "adjust@1"], "the same place"),
        (&["--grant", "photo", "--grant", "adjust", "--grant", "help"], "cannot be 2 parties"),
        (&["--expires-in", &ends(31 * 24 * 3600)], "30 days"),
    ] {
        let (code, said) = fault(&[&link[..], arguments].concat());
        assert_eq!(code, 3, "{arguments:?}: {said}");
        assert!(said.contains(complaint), "{said}");
        assert!(std::fs::metadata(&owner_file).is_err(), "{arguments:?}");
    }
    assert_eq!(fault(&[&link[..], &["--expires-in", &ends(30 * 24 * 3600)]].concat()).0, 0);
}
