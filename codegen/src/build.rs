//! Generation from a build script, for those who do not check the client in.

use std::fs;
use std::path::{Path, PathBuf};

use purlin_schema::Severity;
use purlin_schema::source::SourceFile;

use crate::lower::lower;
use crate::rust::{self, Options};
use crate::{ClientOptions, SchemaFilesError, schema_files};

/// Writes the Rust client of a schema to `$OUT_DIR/db.rs`, as a module `db`. Call it from `build.rs`:
///
/// ```no_run
/// purlin_codegen::build("prisma/schema.prisma");
/// ```
///
/// and declare its module `db` where the crate wants it:
///
/// ```text
/// include!(concat!(env!("OUT_DIR"), "/db.rs"));
/// ```
///
/// `schema` is a file, or a folder whose `.prisma` files, and those of the folders below it, are one schema.
///
/// # Panics
///
/// When the schema cannot be read or has errors: the message is what is wrong with it, which Cargo shows.
pub fn build(schema: impl AsRef<Path>) {
    build_with(schema, &ClientOptions::default());
}

/// Like [`build`], for a client with limits and time-outs of its own: a build script does not read `purlin.toml`.
///
/// ```no_run
/// use purlin_codegen::{ClientOptions, LimitOptions};
///
/// let limits = LimitOptions { rows: Some(500), ..LimitOptions::default() };
/// let options = ClientOptions { limits, statement_timeout: Some(2_000), ..ClientOptions::default() };
/// purlin_codegen::build_with("prisma/schema.prisma", &options);
/// ```
///
/// # Panics
///
/// As [`build`] does.
#[expect(clippy::panic, reason = "a build script fails by panicking")]
#[expect(clippy::print_stdout, reason = "a build script talks to Cargo by its output")]
pub fn build_with(schema: impl AsRef<Path>, options: &ClientOptions) {
    let schema = schema.as_ref();
    println!("cargo::rerun-if-changed={}", schema.display());
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from);
    let Some(out) = out else { panic!("OUT_DIR is not set: call `purlin_codegen::build` from a build script") };
    if let Err(message) = generate_into(schema, &out, options) {
        panic!("{message}");
    }
}

/// Writes the Rust client of the schema at `schema` to `db.rs` in the folder `out`.
fn generate_into(schema: &Path, out: &Path, client: &ClientOptions) -> Result<(), String> {
    let files = read(schema)?;
    let (parsed, diagnostics) = purlin_schema::parse(&files);
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(purlin_schema::report::text(&files, &diagnostics, false));
    }
    let generator = parsed.generators.iter().find(|generator| generator.provider == "purlin-rust");
    let options = generator.map_or_else(|| Ok(Options::default()), Options::of)?;
    let options = Options { source: schema.display().to_string(), client: *client, ..options };
    for file in rust::generate(&parsed, &lower(&parsed), &options) {
        let path = out.join(&file.path);
        // An included file may not begin with attributes and docs of its own; a module may.
        fs::write(&path, format!("pub mod db {{\n{}}}\n", file.text))
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(())
}

fn read(schema: &Path) -> Result<Vec<SourceFile>, String> {
    let cannot_read = |path: &Path, error| format!("cannot read the schema {}: {error}", path.display());
    let paths = schema_files(schema).map_err(|error| match error {
        SchemaFilesError::Unreadable(path, error) => cannot_read(&path, error),
        SchemaFilesError::NotAFile(path) => {
            format!("{} is not a file: move it out of the schema's folder", path.display())
        }
        SchemaFilesError::Empty(folder) => {
            format!("there is no .prisma file in {}: name a folder of .prisma files or one such file", folder.display())
        }
    })?;
    let file = |path: PathBuf| match fs::read_to_string(&path) {
        Ok(text) => Ok(SourceFile { text, path }),
        Err(error) => Err(cannot_read(&path, error)),
    };
    paths.into_iter().map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that is removed when the test ends.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("purlin-build-{name}-{}", std::process::id()));
            fs::create_dir_all(&path).expect("the folder for temporary files can be written");
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            // It is in the folder for temporary files: the system removes what is left.
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_folder_of_files_is_one_schema() {
        let folder = Folder::new("folder");
        let schema = folder.0.join("schema");
        fs::create_dir_all(&schema).expect("writable");
        fs::write(schema.join("a.prisma"), "datasource db {\n  provider = \"sqlite\"\n}\n").expect("writable");
        fs::write(schema.join("b.prisma"), "model User {\n  id Int @id\n}\n").expect("writable");
        assert_eq!(generate_into(&schema, &folder.0, &ClientOptions::default()), Ok(()));
        let text = fs::read_to_string(folder.0.join("db.rs")).expect("it was written");
        assert!(text.starts_with("pub mod db {\n//! Generated by"), "{text}");
        assert!(text.contains("pub struct NewUser"), "{text}");
    }

    #[test]
    fn folders_below_belong_to_the_schema_and_what_others_wrote_does_not() {
        let folder = Folder::new("below");
        let schema = folder.0.join("schema");
        let file = |place: &str, text: &str| {
            let path = schema.join(place);
            fs::create_dir_all(path.parent().expect("it is in a folder")).expect("writable");
            fs::write(path, text).expect("writable");
        };
        file("main.prisma", "datasource db {\n  provider = \"sqlite\"\n}\n");
        file("models/people/user.prisma", "model User {\n  id Int @id\n}\n");
        file("models/post.prisma", "model Post {\n  id Int @id\n}\n");
        file("node_modules/other/user.prisma", "model User {\n  id Int @id\n}\n");
        file("built/CACHEDIR.TAG", "");
        file("built/user.prisma", "model User {\n  id Int @id\n}\n");
        file("notes.txt", "model User");
        assert_eq!(generate_into(&schema, &folder.0, &ClientOptions::default()), Ok(()));
        let text = fs::read_to_string(folder.0.join("db.rs")).expect("it was written");
        for name in ["NewUser", "NewPost"] {
            assert!(text.contains(&format!("pub struct {name}")), "{text}");
        }
    }

    #[test]
    fn a_schema_without_files_is_named() {
        let folder = Folder::new("empty");
        for place in [folder.0.clone(), folder.0.join("missing.prisma")] {
            let error = generate_into(&place, &folder.0, &ClientOptions::default()).expect_err("there is none");
            assert!(error.contains(&place.display().to_string()), "{error}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_folder_that_is_linked_is_not_entered_and_a_file_that_is_linked_is_read() {
        let folder = Folder::new("links");
        let (schema, elsewhere) = (folder.0.join("schema"), folder.0.join("elsewhere.prisma"));
        fs::create_dir_all(&schema).expect("writable");
        fs::write(&elsewhere, "model User {\n  id Int @id\n}\n").expect("writable");
        fs::write(schema.join("main.prisma"), "datasource db {\n  provider = \"sqlite\"\n}\n").expect("writable");
        std::os::unix::fs::symlink(&schema, schema.join("again.prisma")).expect("links can be made");
        std::os::unix::fs::symlink(&elsewhere, schema.join("user.prisma")).expect("links can be made");
        assert_eq!(generate_into(&schema, &folder.0, &ClientOptions::default()), Ok(()));
        assert!(fs::read_to_string(folder.0.join("db.rs")).is_ok_and(|text| text.contains("pub struct NewUser")));
    }

    #[test]
    fn the_options_are_in_the_client() {
        let folder = Folder::new("options");
        let schema = folder.0.join("schema.prisma");
        fs::write(&schema, "datasource db {\n  provider = \"sqlite\"\n}\nmodel User {\n  id Int @id\n}\n")
            .expect("writable");
        let options = ClientOptions { queue_length: Some(7), ..ClientOptions::default() };
        assert_eq!(generate_into(&schema, &folder.0, &options), Ok(()));
        let text = fs::read_to_string(folder.0.join("db.rs")).expect("it was written");
        assert!(text.contains("builder.queue_length(7)"), "{text}");
    }

    #[test]
    fn an_error_says_what_is_wrong() {
        let folder = Folder::new("error");
        let schema = folder.0.join("schema.prisma");
        assert!(
            generate_into(&schema, &folder.0, &ClientOptions::default())
                .is_err_and(|message| message.starts_with("cannot read the schema"))
        );
        fs::write(&schema, "model User {\n  id Itn @id\n}\n").expect("writable");
        assert!(
            generate_into(&schema, &folder.0, &ClientOptions::default()).is_err_and(|message| message.contains("Itn"))
        );
    }
}
