/// How many times faster than CrypTen a job is meant to be over a line of 50 ms and 100 Mbit/s.
pub(crate) fn aim_on_a_line(name: &str, size: &str, _parties: u8) -> Option<f64> {
    match (name, size) {
        ("relu", "100000") => Some(10.0),
        ("sigmoid", "100000") | ("max", "1000x100") => Some(20.0),
        _ => None,
    }
}

/// How many times faster than CrypTen a job is meant to be; `None` where nothing is aimed at.
pub(crate) fn aim(name: &str, size: &str, parties: u8) -> Option<f64> {
    let two_parties = match (name, size) {
        ("relu" | "abs" | "lt" | "max" | "argmax" | "max_pool", _) => 8.0,
        ("eq", _) => 4.0,
        ("mul" | "square", _) => 2.0,
        ("matmul", "512x512" | "1024x1024") => 1.3,
        ("softmax", _) => 10.0,
        ("log" | "reciprocal" | "sqrt" | "rsqrt" | "sigmoid" | "tanh" | "erf", _) => 5.0,
        ("cos", _) => 15.0,
        _ => return None,
    };
    Some(if parties > 2 { 2.0 * two_parties } else { two_parties })
}

#[cfg(test)]
mod tests {
    use super::aim;

    #[test]
    fn more_than_two_parties_double_it() {
        assert_eq!(aim("matmul", "512x512", 2), Some(1.3));
        assert_eq!(aim("matmul", "512x512", 3), Some(2.6));
        assert_eq!(aim("matmul", "256x256", 2), None);
        assert_eq!(aim("photo", "512x512 3x3", 2), None);
    }
}
