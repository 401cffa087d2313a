//! A process that is killed in mid-run and started again.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::run::{Background, Folder, command, cryptab, fault, objects, read};

/// Starts to take part, and kills the process once rounds have been computed.
fn killed_in_mid_run(arguments: &[&str]) {
    let child = command(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut child = Background(child);
    let lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let mut lines = lines.map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    let progress = lines.find(|line| line["type"] == "progress" && line["round"] != 0);
    let progress = progress.expect("it was done too soon");
    assert!(progress["round"].as_u64() < progress["rounds"].as_u64(), "{progress}");
}

fn files(folder: &str) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A room's name as it was once written.
fn room_of(link: &str) -> String {
    let invite = cryptab_session::Invite::from_link(link.trim()).unwrap();
    invite.room.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(unix)]
#[test]
fn what_is_kept_to_go_on_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new("private");
    let link = cryptab(&["link", "http://127.0.0.1:1", "--dealer-key", &"ab".repeat(32)]);
    let link = String::from_utf8(link.stdout).unwrap();
    let kept = folder.file("deep/kept");
    let join = ["join", &link, "--state-dir", &kept];
    // Nobody is at this relay, but the folder is made before.
    let (code, said) = fault(&join);
    assert_eq!(code, 5, "{said}");
    let mode = |path: &str| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!([mode(&kept), mode(&folder.file("deep"))], [0o700; 2]);
    let mut names = files(&kept);
    names.sort_by_key(|name| name != "identity.key");
    let [key, journal] = &names[..] else { panic!("{names:?}") };
    assert!(key == "identity.key" && journal.ends_with(".journal"), "{names:?}");
    assert!(names.iter().all(|name| !name.contains(&room_of(&link))), "{names:?}");
    for name in [key, journal] {
        let path = format!("{kept}/{name}");
        assert_eq!(mode(&path), 0o600, "{name}");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let (code, said) = fault(&join);
        assert!(code == 3 && said.contains("can be read by others"), "{name}: {code} {said}");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

#[test]
fn either_party_goes_on_where_it_was() {
    let folder = Folder::new("resuming");
    let (_serve, serving) = Background::serve(&["serve", "--listen", "127.0.0.1:0"]);
    let link = cryptab(&["link", serving["url"].as_str().unwrap()]);
    let link = String::from_utf8(link.stdout).unwrap();
    let (input, image) = folder.picture("in.png", 500, 400);
    let (output, here, there) = (folder.file("out.png"), folder.file("here"), folder.file("there"));
    let key = folder.file("photo.key");
    let photo = ["--role", "photo", "--input", &input, "--output", &output, "--state-dir", &here];
    // One goes on under a key of its own, the other under that of its folder.
    let photo = [&["join", &link, "--json", "--identity", &key][..], &photo].concat();
    let adjust = ["join", &link, "--json", "--role", "adjust", "--state-dir", &there];
    let other = command(&adjust).stdout(Stdio::piped()).spawn().unwrap();
    killed_in_mid_run(&photo);
    let [journal] = &files(&here)[..] else { panic!("{:?}", files(&here)) };
    assert!(journal.ends_with(".journal") && !journal.contains(&room_of(&link)), "{journal}");
    assert!(std::fs::metadata(format!("{here}/{journal}")).unwrap().len() > 0);
    assert!(std::fs::metadata(&key).is_ok());
    // The same folder is in use at the other party.
    let (code, said) = fault(&adjust);
    assert!(code == 3 && said.contains("another process of this machine"), "{code} {said}");

    let told = objects(&cryptab(&photo));
    let other = objects(&other.wait_with_output().unwrap());
    for told in [&told, &other] {
        assert_eq!(told.last().unwrap()["type"], "done");
        assert!(told.iter().all(|line| line["type"] != "failed"), "{told:?}");
        assert_eq!(told.iter().filter(|line| line["type"] == "ready").count(), 1);
    }
    let result = read(&output).into_raw();
    assert!(result.iter().zip(image.as_raw()).all(|(a, b)| a.abs_diff(*b) <= 1));
}
