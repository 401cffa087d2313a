//! How long a browser may keep a response.

use axum::http::StatusCode;

/// The `Cache-Control` for `path`: files named by their content never change, all else is asked for
/// again.
pub(crate) fn control(path: &str, status: StatusCode) -> &'static str {
    let found = status.is_success() || status == StatusCode::NOT_MODIFIED;
    match (found, is_named_by_content(path)) {
        (false, _) => "no-store",
        (true, true) => "public, max-age=31536000, immutable",
        (true, false) => "no-cache",
    }
}

/// Whether Vite made this name: `/assets/<name>-<8 characters of base64url>.<extension>`.
///
/// A hash of lower-case letters alone is taken for a word: kept too short a time, which is the
/// harmless mistake.
fn is_named_by_content(path: &str) -> bool {
    let Some((folder, file)) = path.rsplit_once('/') else { return false };
    let stem = file.split('.').next().unwrap_or(file);
    let Some((split, hash)) = stem.len().checked_sub(HASH).and_then(|at| stem.split_at_checked(at))
    else {
        return false;
    };
    folder == "/assets"
        && split.ends_with('-')
        && hash.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        && hash.chars().any(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
}

/// Characters of the hash in a name made by Vite.
const HASH: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashed_assets_are_kept() {
        let kept = |path| control(path, StatusCode::OK).contains("immutable");
        for path in [
            "/assets/index-B7x_3-Qa.js",
            "/assets/cryptab_bg-DfK2lm90.wasm",
            "/assets/a-00000000.js.map",
        ] {
            assert!(kept(path), "{path}");
        }
        for path in [
            "/",
            "/index.html",
            "/assets/photo-portrait.jpg",
            "/index-B7x_3-Qa.js",
            "/assets/a.js",
            "/assets/é-B7x",
        ] {
            assert!(!kept(path), "{path}");
        }
    }

    #[test]
    fn what_is_missing_is_not_remembered() {
        assert_eq!(control("/assets/index-B7x_3-Qa.js", StatusCode::NOT_FOUND), "no-store");
        assert_eq!(control("/", StatusCode::NOT_MODIFIED), "no-cache");
    }
}
