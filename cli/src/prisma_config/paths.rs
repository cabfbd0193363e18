//! `join` and `resolve` of Node's module `path`, as they are on POSIX.

/// `path.join(..)`
pub(super) fn join(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { ".".to_owned() } else { normalize(&parts.join("/")) }
}

/// `path.resolve(..)` in the folder `root`.
pub(super) fn resolve(root: &str, parts: &[String]) -> String {
    let mut whole = root.to_owned();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        whole = if part.starts_with('/') { part.clone() } else { format!("{whole}/{part}") };
    }
    let normal = normalize(&whole);
    if normal.len() > 1 { normal.trim_end_matches('/').to_owned() } else { normal }
}

/// A path without `.`, `a/..` and doubled slashes. A slash at its end stays.
fn normalize(path: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if is_absolute => {}
            part => parts.push(part),
        }
    }
    let end = if path.ends_with('/') { "/" } else { "" };
    match (parts.join("/"), is_absolute) {
        (path, true) if path.is_empty() => "/".to_owned(),
        (path, true) => format!("/{path}{end}"),
        (path, false) if path.is_empty() => format!(".{end}"),
        (path, false) => format!("{path}{end}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Node 20 returns.
    #[test]
    fn paths_are_joined_as_by_node() {
        for (parts, joined, resolved) in [
            (&["a", "b"][..], "a/b", "/r/a/b"),
            (&["a/", "b/"], "a/b/", "/r/a/b"),
            (&["a", "..", "/"], "./", "/"),
            (&["./"], "./", "/r"),
            (&["", ""], ".", "/r"),
            (&[], ".", "/r"),
            (&["a", "../../b"], "../b", "/b"),
            (&["..", "..", "x"], "../../x", "/x"),
            (&["/", "a", ".."], "/", "/"),
            (&["/a//b", "./c/"], "/a/b/c/", "/a/b/c"),
            (&["a", "/b"], "a/b", "/b"),
            (&["a..b", ".c", "d."], "a..b/.c/d.", "/r/a..b/.c/d."),
            (&["/../x"], "/x", "/x"),
        ] {
            let parts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
            assert_eq!(join(&parts), joined, "join {parts:?}");
            assert_eq!(resolve("/r", &parts), resolved, "resolve {parts:?}");
        }
    }
}
