//! `cryptab eval`: arrays in, arrays out, and what it says of bad expressions.

use ndarray::{Array, Array1, Array2, ArrayD, Dimension, array};
use ndarray_npy::{WritableElement, read_npy, write_npy};

use crate::run::{Folder, cryptab, fault, objects};

fn save<T: WritableElement, D: Dimension>(
    folder: &Folder,
    name: &str,
    array: &Array<T, D>,
) -> String {
    let file = folder.file(&format!("{name}.npy"));
    write_npy(&file, array).unwrap();
    format!("{name}={file}")
}

#[test]
fn arrays_in_and_out_for_several_parties() {
    let folder = Folder::new("eval");
    let x = array![[1.5, -2.0, 0.25], [0.0, 3.0, -1.0]];
    let w = array![[1.0_f32, 2.0], [0.5, -1.0], [4.0, 0.0]];
    let (x, w) = (save(&folder, "x", &x), save(&folder, "w", &w));
    let output = folder.file("y.npy");
    for parties in ["2", "3"] {
        let run = cryptab(&[
            "eval",
            "relu(x @ w) + 1",
            "--input",
            &x,
            "--input",
            &w,
            "--parties",
            parties,
            "--owner",
            "x=1",
            "--output",
            &output,
            "--json",
        ]);
        let done = objects(&run).pop().unwrap();
        assert_eq!(done["type"], "done");
        assert_eq!(done["parties"].to_string(), parties);
        assert!(done["rounds"].as_u64().unwrap() > 0);
        assert!(done["dealer_bytes"].as_u64().unwrap() > 0);
        assert!(done["seconds"].as_f64().unwrap() > 0.0);
        assert!(done["max_difference"].as_f64().unwrap() < 1e-4);
        let bytes = done["bytes"].as_array().unwrap();
        assert_eq!(bytes.len().to_string(), parties);
        assert!(bytes.iter().all(|bytes| bytes.as_u64().unwrap() > 0));
        assert_eq!(done["results"][0]["shape"], serde_json::json!([2, 2]));
        let y: Array2<f64> = read_npy(&output).unwrap();
        let wanted = array![[2.5, 6.0], [1.0, 1.0]];
        assert!((&y - &wanted).iter().all(|apart| apart.abs() < 1e-4), "{y}");
    }
}

#[test]
fn two_results_go_to_two_files() {
    let folder = Folder::new("eval-two");
    let x = save(&folder, "x", &array![[1_i64, 5, 5], [-3, -4, -9]]);
    let output = folder.file("y.npy");
    let run = cryptab(&["eval", "max(x, dim=1)", "--input", &x, "--output", &output, "--json"]);
    let done = objects(&run).pop().unwrap();
    assert_eq!(done["max_difference"], 0.0);
    assert_eq!(done["results"].as_array().unwrap().len(), 2);
    let values: Array1<i64> = read_npy(folder.file("y.0.npy")).unwrap();
    let places: Array1<i64> = read_npy(folder.file("y.1.npy")).unwrap();
    assert_eq!((values, places), (array![5, -3], array![1, 0]));
}

#[test]
fn bits_fractions_and_the_clear() {
    let folder = Folder::new("eval-bits");
    let b = save(&folder, "b", &array![true, false]);
    let x = save(&folder, "x", &array![0.126, -0.3]);
    let output = folder.file("y.npy");
    let both = ["--input", &b, "--input", &x, "--output", &output];
    let eval = |expression: &str, more: &[&str]| {
        objects(&cryptab(&[&["eval", expression, "--json"], &both[..], more].concat()))
    };
    eval("b & (x > 0)", &[]);
    assert_eq!(read_npy::<_, ArrayD<bool>>(&output).unwrap(), array![true, false].into_dyn());
    // With 2 fraction bits 0.126 is 0.25 and -0.3 is -0.25; nothing is lost besides.
    let done = eval("x + 0 * b", &["--frac-bits", "2"]);
    assert_eq!(done[0]["max_difference"], 0.0);
    assert_eq!(read_npy::<_, ArrayD<f64>>(&output).unwrap(), array![0.25, -0.25].into_dyn());
    let done = eval("x + 0 * b", &["--clear"]);
    assert_eq!(done[0]["clear"], true);
    assert!(done[0]["rounds"].is_null());
    assert_eq!(read_npy::<_, ArrayD<f64>>(&output).unwrap(), array![0.126, -0.3].into_dyn());
}

#[test]
fn either_evaluator_serves() {
    let folder = Folder::new("eval-evaluators");
    let x = save(&folder, "x", &array![0.5, -1.0, 3.0, 100.0]);
    let dealt = ["trigonometric", "polynomial"].map(|evaluator| {
        let run = cryptab(&[
            "eval",
            "sigmoid(x) + log(abs(x))",
            "--input",
            &x,
            "--evaluator",
            evaluator,
            "--json",
        ]);
        let done = objects(&run).pop().unwrap();
        assert_eq!(done["evaluator"], evaluator);
        assert!(done["max_difference"].as_f64().unwrap() < 3e-4);
        done["dealer_bytes"].as_u64().unwrap()
    });
    assert!(dealt[0] < dealt[1]);
    assert_eq!(fault(&["eval", "1", "--evaluator", "best"]).0, 2);
}

#[test]
fn faults_are_the_users_and_show_the_place() {
    let folder = Folder::new("eval-faults");
    let x = save(&folder, "x", &array![[1.0, 2.0], [3.0, 4.0]]);
    let big = save(&folder, "x", &array![[f64::NAN, 2.0], [3.0, 4.0]]).replace("x.npy", "big.npy");
    std::fs::rename(folder.file("x.npy"), folder.file("big.npy")).unwrap();
    save(&folder, "x", &array![[1.0, 2.0], [3.0, 4.0]]);
    let eval = |expression: &str, more: &[&str]| {
        fault(&[&["eval", expression, "--input", &x], more].concat())
    };
    for (found, says) in [
        (
            eval("1 + sofmax(x, dim=1)", &[]),
            "error: unknown function `sofmax`; near: softmax\n  1 + sofmax(x, dim=1)\n      ^^^^^^\n",
        ),
        (
            eval("x @ x[:1]", &[]),
            "error: matmul: shapes [2, 2] and [1, 2] do not fit: the last axis on the left must \
             equal the last but one on the right\n  x @ x[:1]\n    ^\n",
        ),
        (
            eval("x + atan(x)", &[]),
            "error: atan: takes public tensors only; there is no private form of it yet\n  \
             x + atan(x)\n      ^^^^^^^\n",
        ),
        (eval("(x", &[]), "error: expected `)`, found the end\n  (x\n    ^\n"),
        (eval("x + y", &[]), "error: unknown input `y`; near: x\n  x + y\n      ^\n"),
        (eval("1 + 1", &[]), "error: the expression does not use the input `x`\n"),
        (eval("x", &["--owner", "x=2"]), "error: `2` is none of the parties 0 to 1\n"),
        (eval("x", &["--owner", "y=1"]), "error: there is no input `y` to be owned\n"),
        (eval("x", &["--input", &x]), "error: the input `x` is given twice\n"),
        (
            fault(&["eval", "x", "--input", &big]),
            "error: the input `x`: encode: element 0 is NaN, which is not a finite number\n",
        ),
    ] {
        assert_eq!(found, (3, says.to_owned()));
    }
    assert_eq!(eval("x", &["--input", "y=absent.npy"]).0, 3);
    assert_eq!(eval("x", &["--input", "absent.npy"]).0, 2);
    assert_eq!(eval("x", &["--parties", "1"]).0, 2);
}

#[test]
fn random_values_are_drawn_anew_and_compared_with_nothing() {
    let text = "rand(500), randn(500), randint(-3, 4000, 500), bernoulli(full(500, 0.25)), \
                dropout(ones(500), 0.5), randperm(20)";
    let drawn = |more: &[&str]| {
        let done = objects(&cryptab(&[&["eval", text, "--json"], more].concat())).pop().unwrap();
        assert!(done["max_difference"].is_null(), "{done}");
        let results = done["results"].as_array().unwrap().clone();
        let elements = results.iter().map(|result| {
            result["elements"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
        });
        elements.collect::<Vec<Vec<f64>>>()
    };
    let moments = |x: &[f64]| {
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        (mean, x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / x.len() as f64)
    };
    let first = drawn(&[]);
    assert_ne!(first, drawn(&[]), "another session draws other values");
    for results in [first, drawn(&["--parties", "3"]), drawn(&["--clear"])] {
        let [uniform, normal, integers, flips, dropped, order] = &results[..] else {
            panic!("six results")
        };
        // Five deviations of a mean of 500, and of a variance.
        assert!(uniform.iter().all(|x| (0.0..1.0).contains(x)));
        assert!((moments(uniform).0 - 0.5).abs() < 5.0 * 0.2887 / 500_f64.sqrt());
        let (mean, variance) = moments(normal);
        let deviation = 5.0 / 500_f64.sqrt();
        assert!(mean.abs() < deviation && (variance - 1.0).abs() < 1.5 * deviation);
        assert!(integers.iter().all(|x| x.fract() == 0.0 && (-3.0..4000.0).contains(x)));
        assert!((moments(integers).0 - 1998.0).abs() < deviation * 1155.6);
        assert!(flips.iter().all(|x| [0.0, 1.0].contains(x)));
        assert!((moments(flips).0 - 0.25).abs() < deviation * 0.433);
        assert!(dropped.iter().all(|x| *x == 0.0 || (x - 2.0).abs() < 1e-4));
        let mut order = order.clone();
        order.sort_by(f64::total_cmp);
        assert_eq!(order, (0..20).map(f64::from).collect::<Vec<_>>());
    }
}
