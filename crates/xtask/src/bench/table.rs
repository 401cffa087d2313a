use std::fmt::Write as _;

use serde_json::Value;

/// Both systems' seconds, row by row in our order, and what the ratio should be.
pub(crate) fn table(
    ours: &[Value],
    theirs: &[Value],
    parties: u8,
    aim: impl Fn(&str, &str, u8) -> Option<f64>,
) -> String {
    let mut table = format!(
        "\n{parties} parties\n{:<13} {:<14} {:>9} {:>9} {:>7} {:>9} {:>7} {:>6}\n",
        "job", "size", "CrypTen s", "CrypTab s", "ratio", "online s", "ratio", "aim"
    );
    for our in ours {
        let same = |their: &&Value| their["name"] == our["name"] && their["size"] == our["size"];
        let their_seconds = theirs.iter().find(same).and_then(|their| their["seconds"].as_f64());
        let our_seconds = our["seconds"].as_f64();
        let online_seconds = our["online_seconds"].as_f64();
        let over = |ours: Option<f64>| their_seconds.zip(ours).map(|(theirs, ours)| theirs / ours);
        let (ratio, online_ratio) = (over(our_seconds), over(online_seconds));
        let (name, size) = (text(our, "name"), text(our, "size"));
        let aim = aim(name, size, parties);
        let missed = aim.zip(ratio).is_some_and(|(aim, ratio)| ratio < aim);
        writeln!(
            table,
            "{name:<13} {size:<14} {:>9} {:>9} {:>7} {:>9} {:>7} {:>6}{}",
            shown(their_seconds, 4),
            shown(our_seconds, 4),
            shown(ratio, 2),
            shown(online_seconds, 4),
            shown(online_ratio, 2),
            shown(aim, 1),
            if missed { "  missed" } else { "" }
        )
        .expect("a String takes every write");
    }
    table
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

fn shown(number: Option<f64>, digits: usize) -> String {
    number.map_or_else(|| "-".to_owned(), |number| format!("{number:.digits$}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::table;
    use crate::bench::aims::aim;

    #[test]
    fn rows_are_joined_by_name_and_size() {
        let row = |name: &str, size: &str, seconds: f64| json!({ "name": name, "size": size, "seconds": seconds });
        let mut ours =
            [row("mul", "10", 0.5), row("relu", "10", 0.25), row("photo", "8x8 3x3", 1.0)];
        ours[0]["online_seconds"] = json!(0.25);
        let theirs = [row("relu", "10", 1.0), row("mul", "10", 2.0)];
        let table = table(&ours, &theirs, 2, aim);
        let lines: Vec<Vec<&str>> =
            table.lines().skip(3).map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0], ["mul", "10", "2.0000", "0.5000", "4.00", "0.2500", "8.00", "2.0"]);
        assert_eq!(lines[1], ["relu", "10", "1.0000", "0.2500", "4.00", "-", "-", "8.0", "missed"]);
        assert_eq!(lines[2], ["photo", "8x8", "3x3", "-", "1.0000", "-", "-", "-", "-"]);
    }
}
