//! Reads files of text: what is none is told apart from what cannot be read.

use std::{
    fs::{self, File},
    io::{Error, ErrorKind, Read},
    path::Path,
};

use crate::{failure::Failure, terminal};

/// What is read of a file that has no size of its own, such as a device: `/dev/zero` never ends.
const MOST: u64 = 256 << 20;

/// The text of a file.
pub(crate) fn text(path: &Path) -> Result<String, Failure> {
    let bytes = bytes(path).map_err(|error| Failure::file("read", path, &error))?;
    decode(bytes).map_err(|what| not_text(&terminal::path(path), what))
}

/// The text of a file, where there is one.
pub(crate) fn text_if_any(path: &Path) -> Result<Option<String>, Failure> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        _ => text(path).map(Some),
    }
}

/// The text of standard input.
pub(crate) fn standard() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().read_to_end(&mut bytes);
    read.map_err(|error| Failure::file("read", Path::new("standard input"), &error))?;
    decode(bytes).map_err(|what| not_text("standard input", what))
}

fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(Error::from(ErrorKind::IsADirectory));
    }
    if file.metadata()?.is_file() {
        return fs::read(path);
    }
    let mut bytes = Vec::new();
    file.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST { Err(Error::from(ErrorKind::FileTooLarge)) } else { Ok(bytes) }
}

/// The text, or what it is instead.
fn decode(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("is in the encoding UTF-16".to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("is not in the encoding UTF-8: line {line} has other bytes")
    })
}

fn not_text(name: &str, what: String) -> Failure {
    Failure::trouble(format!("{name} {what}")).with_remedy("save it in the encoding UTF-8")
}
