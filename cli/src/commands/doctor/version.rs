//! Versions of packages, as far as the checks compare them.

use std::fmt;

/// `1.2.3-canary.4`
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    pub(super) major: u64,
    pub(super) minor: u64,
    pub(super) patch: u64,
    /// The number at the end of a prerelease, 0 without one; `None` for a release.
    pub(super) prerelease: Option<u64>,
}

impl Version {
    /// Reads a version; `v` before it and build metadata behind it do not matter. `None` for ranges and tags.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches(['v', '=']);
        let text = text.split('+').next().unwrap_or_default();
        let (numbers, prerelease) = match text.split_once('-') {
            Some((numbers, prerelease)) => (numbers, Some(prerelease)),
            None => (text, None),
        };
        let mut parts = numbers.split('.').map(|part| part.parse::<u64>().ok());
        let (major, minor, patch) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some() {
            return None;
        }
        let last = |text: &str| text.rsplit('.').next().and_then(|part| part.parse().ok()).unwrap_or(0);
        Some(Self { major, minor, patch, prerelease: prerelease.map(last) })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_versions_are_read() {
        let read = |text| Version::read(text).map(|version| version.to_string());
        assert_eq!(read("v20.9.0\n").as_deref(), Some("20.9.0"));
        assert_eq!(read("19.0.0+build").as_deref(), Some("19.0.0"));
        assert_eq!(Version::read("16.1.0-canary.11").and_then(|version| version.prerelease), Some(11));
        for other in ["", "latest", "^19.0.0", "19", "19.x", "file:../x", "1.2.3.4"] {
            assert_eq!(Version::read(other), None, "{other}");
        }
    }
}
