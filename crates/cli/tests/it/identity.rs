//! Keys that outlive a run, the words to compare, and whom one has met before.

use std::process::{Child, Stdio};

use serde_json::Value;

use crate::run::{Background, Folder, command, cryptab, fault, objects};

/// What a party said, with its state in this folder; the others, without any state, help it along.
fn photo(folder: &Folder, state: &str, adjuster: &[&str]) -> (Vec<Value>, Vec<Value>) {
    let (_serve, serving) = Background::serve(&["serve", "--listen", "127.0.0.1:0"]);
    let origin = serving["url"].as_str().unwrap();
    let link = String::from_utf8(cryptab(&["link", origin]).stdout).unwrap();
    let (input, _) = folder.picture("in.png", 6, 5);
    let output = folder.file("out.png");
    let adjust = ["join", &link, "--role", "adjust", "--name", "Ben", "--json"];
    let adjust = started(&[&adjust, adjuster].concat(), "/dev/null/state");
    let photo =
        ["join", &link, "--role", "photo", "--input", &input, "--output", &output, "--json"];
    let photo = started(&photo, state).wait_with_output().unwrap();
    (objects(&photo), objects(&adjust.wait_with_output().unwrap()))
}

fn started(arguments: &[&str], state: &str) -> Child {
    let mut command = command(arguments);
    command.env("XDG_STATE_HOME", state).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

fn all<'told>(told: &'told [Value], kind: &str) -> Vec<&'told Value> {
    told.iter().filter(|line| line["type"] == kind).collect()
}

#[test]
fn both_sides_print_the_same_words_and_know_each_other_again() {
    let folder = Folder::new("identity");
    let (state, key) = (folder.file("state"), folder.file("ben.key"));
    let (owner, ben) = photo(&folder, &state, &["--identity", &key]);
    let [words] = all(&owner, "authentication")[..] else { panic!("{owner:?}") };
    assert_eq!(words["words"].as_str().unwrap().split(' ').count(), 4);
    assert_eq!(words["emoji"].as_array().unwrap().len(), 7);
    assert_eq!([words], all(&ben, "authentication")[..]);
    assert!(all(&owner, "changed_key").is_empty());
    let fingerprint = |told: &[Value], name: &str| {
        let lobby = all(told, "lobby").last().copied().cloned().unwrap();
        let members = lobby["members"].as_array().unwrap().clone();
        let member = members.into_iter().find(|member| member["name"] == name).unwrap();
        (member["fingerprint"].as_str().unwrap().to_owned(), member["verified"] == true)
    };
    let first = [fingerprint(&ben, "terminal"), fingerprint(&owner, "Ben")];
    assert!(!first[1].1);

    let people = |arguments: &[&str]| {
        let arguments = [&["people", "--json"], arguments].concat();
        objects(&started(&arguments, &state).wait_with_output().unwrap())
    };
    let met = people(&["--verify", "Ben"]);
    assert_eq!((met.len(), &met[0]["name"]), (1, &Value::from("Ben")));
    let (owner, ben) = photo(&folder, &state, &["--identity", &key]);
    assert_eq!(fingerprint(&ben, "terminal"), first[0], "the key outlived the run");
    assert_eq!(fingerprint(&owner, "Ben"), (first[1].0.clone(), true));
    assert_ne!(all(&owner, "authentication"), [words], "of another room");

    // Someone else comes as Ben.
    let (owner, _) = photo(&folder, &state, &[]);
    let [changed] = all(&owner, "changed_key")[..] else { panic!("{owner:?}") };
    assert_eq!(changed["name"], "Ben");
    people(&["--forget", "Ben"]);
    let (owner, _) = photo(&folder, &state, &[]);
    assert!(all(&owner, "changed_key").is_empty());
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new("exposed");
    let key = folder.file("a.key");
    let link = cryptab(&["link", "http://127.0.0.1:1", "--dealer-key", &"ab".repeat(32)]);
    let link = String::from_utf8(link.stdout).unwrap();
    // Nobody is at this relay, but the key is made before.
    assert_eq!(fault(&["join", &link, "--identity", &key]).0, 5);
    let permissions = std::fs::metadata(&key).unwrap().permissions();
    assert_eq!(permissions.mode() & 0o777, 0o600);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (code, said) = fault(&["join", &link, "--identity", &key]);
    assert_eq!(code, 3);
    assert!(said.contains("can be read by others"), "{said}");
}

#[test]
fn people_who_cannot_be_kept_end_no_run() {
    let folder = Folder::new("no-people");
    let state = folder.file("state");
    // Something is in the way of the file that is to be written.
    std::fs::create_dir_all(format!("{state}/cryptab/people.json.new")).unwrap();
    let (owner, _) = photo(&folder, &state, &[]);
    assert_eq!(owner.last().unwrap()["type"], "done");
    let notes = all(&owner, "note");
    let said = |note: &&&Value| note["text"].as_str().unwrap().contains("Ben will not be known");
    assert!(notes.iter().any(|note| said(&note)), "{notes:?}");
}
