//! Versions of React and Next.js that run code of whoever sends it (CVE-2025-55182): with them no check of a server
//! action protects the database.

use super::{
    Finding,
    packages::{installed, manifests},
    version::Version,
};
use crate::{
    failure::Failure,
    project::{Loaded, Project},
};

pub(super) const NAME: &str = "react";

const PACKAGES: [&str; 5] =
    ["next", "react", "react-server-dom-webpack", "react-server-dom-turbopack", "react-server-dom-parcel"];

#[expect(clippy::unnecessary_wraps, reason = "it is one of the checks")]
pub(super) fn check(project: &Project, _: &Loaded) -> Result<Vec<Finding>, Failure> {
    let manifests = manifests(&project.root);
    let mut findings = Vec::new();
    for package in PACKAGES {
        // What is installed counts; of a range that is not installed nobody knows what it will be.
        let declared = || manifests.iter().find_map(|manifest| manifest.wants(package)).map(str::to_owned);
        let Some(version) = installed(&project.root, package).or_else(declared).and_then(|text| Version::read(&text))
        else {
            continue;
        };
        let fixed = if package == "next" { fixed_next(version) } else { fixed_react(version) };
        if let Some(fixed) = fixed {
            findings.push(Finding::error(
                NAME,
                format!(
                    "{package} {version} lets anybody who reaches a server action run code on the server (CVE-2025-55182)"
                ),
                format!("install {package} {fixed} or later"),
            ));
        }
    }
    Ok(findings)
}

/// The version that fixes a vulnerable one of React.
fn fixed_react(version: Version) -> Option<String> {
    let fixed = match (version.major, version.minor) {
        (19, 0) => 1,
        (19, 1) => 2,
        (19, 2) => 1,
        _ => return None,
    };
    (version.patch < fixed).then(|| format!("19.{}.{fixed}", version.minor))
}

/// The version that fixes a vulnerable one of Next.js.
fn fixed_next(version: Version) -> Option<String> {
    let canary = |fixed: u64| version.patch == 0 && version.prerelease.is_some_and(|number| number < fixed);
    let fixed = match (version.major, version.minor) {
        (15, 0) => 5,
        (15, 1) => 9,
        (15, 2) => 6,
        (15, 3) => 6,
        (15, 4) => 8,
        (15, 5) => 7,
        (16, 0) => 7,
        // Canaries after the last release that was vulnerable, and before the one that was fixed.
        (14, 3) if version.prerelease.is_some_and(|number| number >= 77) => return Some("15.0.5".to_owned()),
        (15, 6) if canary(58) => return Some("15.6.0-canary.58".to_owned()),
        (16, 1) if canary(12) => return Some("16.1.0-canary.12".to_owned()),
        _ => return None,
    };
    (version.patch < fixed).then(|| format!("{}.{}.{fixed}", version.major, version.minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vulnerable_versions_are_known() {
        let react = |text| fixed_react(Version::read(text).expect("a version"));
        for (version, fixed) in [("19.0.0", "19.0.1"), ("19.1.0", "19.1.2"), ("19.1.1", "19.1.2"), ("19.2.0", "19.2.1")]
        {
            assert_eq!(react(version).as_deref(), Some(fixed), "{version}");
        }
        for version in ["18.3.1", "19.0.1", "19.1.2", "19.2.1", "19.3.0", "20.0.0"] {
            assert_eq!(react(version), None, "{version}");
        }
        let next = |text| fixed_next(Version::read(text).expect("a version"));
        for (bad, good) in [
            ("15.0.4", "15.0.5"),
            ("15.1.8", "15.1.9"),
            ("15.2.5", "15.2.6"),
            ("15.3.5", "15.3.6"),
            ("15.4.7", "15.4.8"),
            ("15.5.6", "15.5.7"),
            ("16.0.6", "16.0.7"),
        ] {
            assert_eq!(next(bad).as_deref(), Some(good), "{bad}");
            assert_eq!(next(good), None, "{good}");
        }
        assert!(next("16.0.0-canary.3").is_some() && next("16.1.0-canary.11").is_some());
        assert!(next("16.1.0-canary.12").is_none() && next("16.1.0").is_none() && next("14.2.30").is_none());
    }
}
