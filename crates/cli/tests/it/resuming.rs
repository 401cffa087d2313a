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

#[test]
fn either_party_goes_on_where_it_was() {
    let folder = Folder::new("resuming");
    let (_serve, serving) = Background::serve(&["serve", "--listen", "127.0.0.1:0"]);
    let link = cryptab(&["link", serving["url"].as_str().unwrap()]);
    let link = String::from_utf8(link.stdout).unwrap();
    let (input, image) = folder.picture("in.png", 500, 400);
    let (output, here, there) = (folder.file("out.png"), folder.file("here"), folder.file("there"));
    let photo = ["--role", "photo", "--input", &input, "--output", &output, "--state-dir", &here];
    let photo = [&["join", &link, "--json"][..], &photo].concat();
    let adjust = ["join", &link, "--json", "--role", "adjust", "--state-dir", &there];
    let other = command(&adjust).stdout(Stdio::piped()).spawn().unwrap();
    killed_in_mid_run(&photo);
    let journal = std::fs::read_dir(&here).unwrap().map(|file| file.unwrap());
    let journal = journal.filter(|file| file.path().extension().is_some_and(|it| it == "journal"));
    assert!(journal.last().unwrap().metadata().unwrap().len() > 0);
    // The same folder is in use at the other party.
    let (code, said) = fault(&adjust);
    assert!(code == 3 && said.contains("another process goes on with it"), "{code} {said}");

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
