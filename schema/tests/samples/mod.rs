//! The schemas that the tests read.

use std::path::Path;

use purlin_schema::SourceFile;

/// The schemas of a folder beside this file, by name.
#[expect(clippy::disallowed_methods, reason = "only the tests read files")]
pub(crate) fn samples(folder: &str) -> Vec<(String, SourceFile)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut samples: Vec<(String, SourceFile)> = std::fs::read_dir(&folder)
        .expect("the folder exists")
        .map(|entry| entry.expect("the entry can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "prisma"))
        .map(|path| {
            let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).expect("the sample can be read");
            (name.clone(), SourceFile { path: format!("{name}.prisma").into(), text })
        })
        .collect();
    samples.sort_by(|(a, _), (b, _)| a.cmp(b));
    assert!(!samples.is_empty(), "there are samples in {}", folder.display());
    samples
}
