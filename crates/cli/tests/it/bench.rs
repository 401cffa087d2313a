//! `cryptab bench`, on small tensors.

use serde_json::Value;

use crate::run::{cryptab, fault, objects};

fn rows(arguments: &[&str]) -> Vec<Value> {
    let told = objects(&cryptab(&[&["bench", "--repeat", "1", "--json"], arguments].concat()));
    assert_eq!(told.len(), 1, "one array on one line");
    told[0].as_array().unwrap().clone()
}

#[test]
fn every_work_is_measured_by_two_and_by_three() {
    for parties in ["2", "3"] {
        let rows = rows(&["--shrink", "100", "--parties", parties]);
        let names: Vec<_> = rows.iter().map(|row| row["name"].as_str().unwrap()).collect();
        assert_eq!(names, NAMES);
        for row in rows {
            let (name, error) = (&row["name"], row["max_error"].as_f64().unwrap());
            let (rounds, bytes) = (row["rounds"].as_u64().unwrap(), row["bytes"].as_u64().unwrap());
            assert!(error <= if name == "photo" { 1.0 } else { 0.004 }, "{row}");
            assert_eq!(rounds == 0, name == "add", "{row}");
            assert_eq!(bytes == 0, name == "add", "{row}");
            assert_eq!(row["parties"].to_string(), parties);
            assert!(row["seconds"].as_f64().unwrap() > 0.0, "{row}");
            assert_eq!(row["online_seconds"].is_f64(), name != "photo", "{row}");
            assert!(row["size"].is_string() && row["dealer_bytes"].is_u64(), "{row}");
        }
    }
}

#[test]
fn works_are_chosen_by_name_or_by_name_and_size() {
    let sizes = |only: &str| -> Vec<String> {
        let rows = rows(&["--shrink", "32", "--only", only]);
        rows.iter().map(|row| row["size"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(sizes("matmul"), ["8x8", "16x16", "32x32"]);
    assert_eq!(sizes("matmul 16x16,add"), ["31250", "16x16"]);
    let (code, said) = fault(&["bench", "--only", "relu,dance"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("`dance`") && said.contains("max_pool"), "{said}");
    assert_eq!(fault(&["bench", "--parties", "9"]).0, 2);
}

#[test]
fn a_long_line_takes_its_time() {
    let line = ["--only", "mul", "--shrink", "1000", "--rtt-ms", "60", "--mbps", "100"];
    let row = &rows(&line)[0];
    let seconds = row["seconds"].as_f64().unwrap();
    // A message takes 30 ms to the relay, and 30 ms from it.
    assert!(seconds >= 0.06, "{row}");
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_told_where_it_is_known() {
    let row = &rows(&["--only", "mul", "--shrink", "100", "--memory"])[0];
    // Two inputs and a result of 10,000 numbers, at two parties.
    assert_eq!(row["tensor_memory"], 2 * 3 * 10_000 * 8);
    assert!(
        row["peak_memory"].is_null() || row["peak_memory"].as_u64().unwrap() > 480_000,
        "{row}"
    );
}

const NAMES: [&str; 26] = [
    "input+reveal",
    "add",
    "mul",
    "square",
    "matmul",
    "matmul",
    "matmul",
    "conv2d",
    "lt",
    "eq",
    "relu",
    "abs",
    "max",
    "argmax",
    "max_pool",
    "exp",
    "log",
    "reciprocal",
    "sqrt",
    "rsqrt",
    "sigmoid",
    "tanh",
    "erf",
    "cos",
    "softmax",
    "photo",
];
