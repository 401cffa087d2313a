//! What was measured, as a table and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// All figures, in the order of their measuring.
#[derive(Default)]
pub(crate) struct Report(Vec<Row>);

struct Row {
    test: &'static str,
    figure: String,
    value: f64,
    unit: &'static str,
    aim: Option<Aim>,
}

/// What a figure should be.
#[derive(Clone, Copy)]
pub(crate) enum Aim {
    /// At most this: missed on a slow or busy machine.
    Below(f64),
    /// This and nothing else: otherwise the relay is wrong.
    Exactly(f64),
}

impl Report {
    /// Adds a figure, and says it at once: the whole takes minutes.
    pub(crate) fn add(
        &mut self,
        test: &'static str,
        figure: impl Into<String>,
        value: f64,
        unit: &'static str,
        aim: Option<Aim>,
    ) {
        let row = Row { test, figure: figure.into(), value, unit, aim };
        eprintln!("{}", row.line().trim_end());
        self.0.push(row);
    }

    /// The middle, the 99th percentile and the longest of some times in milliseconds.
    pub(crate) fn add_times(
        &mut self,
        test: &'static str,
        what: &str,
        mut times: Vec<f64>,
        aim: Option<Aim>,
    ) {
        times.sort_by(f64::total_cmp);
        let at = |part: usize| times.get((times.len() * part / 100).min(times.len() - 1));
        for (name, part, aim) in [("p50", 50, None), ("p99", 99, aim), ("longest", 100, None)] {
            let Some(time) = at(part) else { return };
            self.add(test, format!("{what}: {name}"), *time, "ms", aim);
        }
    }

    /// Whether everything is as it must be; slowness is no fault.
    pub(crate) fn holds(&self) -> bool {
        self.0.iter().all(|row| !matches!(row.aim, Some(Aim::Exactly(_))) || row.is_met())
    }

    pub(crate) fn table(&self) -> String {
        let mut table = format!(
            "\n{:<10} {:<62} {:>10} {:<6} {:>8}\n",
            "test", "figure", "value", "unit", "aim"
        );
        self.0.iter().for_each(|row| table += &row.line());
        table
    }

    pub(crate) fn json(&self) -> String {
        let rows: Vec<Value> = self.0.iter().map(Row::object).collect();
        let processors = std::thread::available_parallelism().map_or(0, usize::from);
        json!({ "processors": processors, "rows": rows }).to_string()
    }
}

impl Row {
    fn is_met(&self) -> bool {
        match self.aim {
            None => true,
            Some(Aim::Below(most)) => self.value < most,
            // Counts, which are whole numbers.
            Some(Aim::Exactly(count)) => (self.value - count).abs() < 0.5,
        }
    }

    fn line(&self) -> String {
        let Self { test, figure, value, unit, aim } = self;
        let aim = match aim {
            None => String::new(),
            Some(Aim::Below(most)) => format!("< {most}"),
            Some(Aim::Exactly(count)) => format!("= {count}"),
        };
        let missed = if self.is_met() { "" } else { "  missed" };
        let digits = if value.fract() == 0.0 { 0 } else { 2 };
        let mut line = String::new();
        // A String takes every write.
        let _ = writeln!(
            line,
            "{test:<10} {figure:<62} {value:>10.digits$} {unit:<6} {aim:>8}{missed}"
        );
        line
    }

    fn object(&self) -> Value {
        let Self { test, figure, value, unit, aim } = self;
        let aim = match aim {
            None => Value::Null,
            Some(Aim::Below(most)) => json!({ "below": most }),
            Some(Aim::Exactly(count)) => json!({ "exactly": count }),
        };
        json!({ "test": test, "figure": figure, "value": value, "unit": unit, "aim": aim, "met": self.is_met() })
    }
}
