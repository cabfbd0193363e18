//! TypeScript types of what a Rust server sends as JSON: default rows, enums, and fragments with `json`. With the feature
//! `typescript`.
//!
//! [`export`] writes a file with the types that it is given, and all that they hold. A test is a good place for it:
//!
//! ```
//! # #[path = "../tests/blog/mod.rs"]
//! # mod blog;
//! # use blog::db;
//! use db::{Post, User};
//! use purlin::{DateTime, Select};
//!
//! /// What the list of authors shows.
//! #[derive(Select)]
//! #[select(User, json)]
//! struct UserCard {
//!     id: i32,
//!     name: Option<String>,
//!     #[select(count(posts))]
//!     posts_count: i64,
//!     posts: Vec<Headline>,
//! }
//!
//! #[derive(Select)]
//! #[select(Post, json)]
//! struct Headline {
//!     title: String,
//!     created_at: DateTime,
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = std::env::temp_dir().join(format!("purlin-export-{}", std::process::id()));
//! # let path = folder.join("types.ts");
//! # let read = || std::fs::read_to_string(&path);
//! purlin::typescript::export::<UserCard>(&path)?;
//!
//! assert_eq!(
//!     read()?,
//!     "\
//! // Written by `purlin::typescript` from types of Rust. Do not edit.
//!
//! export type Headline = {
//!   title: string
//!   createdAt: string
//! }
//!
//! /** What the list of authors shows. */
//! export type UserCard = {
//!   id: number
//!   name: string | null
//!   postsCount: number
//!   posts: Headline[]
//! }
//! "
//! );
//! # std::fs::remove_dir_all(folder)?;
//! # Ok(())
//! # }
//! ```
//!
//! Several types are a tuple: `export::<(UserCard, Role)>`.
//!
//! | column | JSON and TypeScript |
//! |---|---|
//! | String | `string` |
//! | Boolean | `boolean` |
//! | Int, Float, a number of rows | `number` |
//! | BigInt, Decimal | `string`, with all digits |
//! | DateTime | `string`, ISO 8601 with milliseconds |
//! | Bytes | `string`, base64 |
//! | Json | `unknown` |
//! | an enum | the union of its names in the schema |
//! | one that may be null | the same `\| null` |
//!
//! What serializes and what is exported come from one derive, so the two agree. A fragment with a `Serialize` of its own
//! has no TypeScript type: what its attributes make of it is not known here.

use std::any::type_name;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::value::Enum;
use crate::{DateTime, Decimal};

/// A type whose JSON has a TypeScript type. `#[select(Model, json)]` and the generated code implement it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no TypeScript type",
    note = "a fragment gets it by the word `json`: `#[select(User, json)]`; several types are a tuple"
)]
pub trait TypeScript {
    /// The expression that names the type; what it names is added to `types`.
    #[doc(hidden)]
    fn expression(types: &mut Types) -> String;

    /// The same for a list of them. It is here because a list of `u8` is the value of a column.
    #[doc(hidden)]
    fn list_expression(types: &mut Types) -> String
    where
        Self: Sized,
    {
        let element = Self::expression(types);
        if element.contains(['|', '{']) { format!("({element})[]") } else { format!("{element}[]") }
    }
}

/// A default row or a fragment, which another fragment may flatten.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no TypeScript type",
    note = "add the word `json` to `{Self}`: `#[select(User, json)]`"
)]
pub trait TypeScriptObject {
    fn members(members: &mut Members<'_>);
}

macro_rules! columns {
    ($($ty:ty => $text:literal),* $(,)?) => { $(
        impl TypeScript for $ty {
            fn expression(_: &mut Types) -> String {
                $text.to_owned()
            }
        }
    )* };
}

columns! {
    String => "string",
    bool => "boolean",
    i32 => "number",
    i64 => "string",
    f64 => "number",
    Decimal => "string",
    DateTime => "string",
}
#[cfg(feature = "json")]
columns! { crate::Json => "unknown" }

impl TypeScript for u8 {
    fn expression(_: &mut Types) -> String {
        "number".to_owned()
    }

    fn list_expression(_: &mut Types) -> String {
        "string".to_owned()
    }
}

impl<T: TypeScript> TypeScript for Vec<T> {
    fn expression(types: &mut Types) -> String {
        T::list_expression(types)
    }
}

impl<T: TypeScript> TypeScript for Option<T> {
    fn expression(types: &mut Types) -> String {
        match T::expression(types) {
            // Null is one of its values.
            unknown if unknown == "unknown" => unknown,
            some => format!("{some} | null"),
        }
    }
}

impl<T: TypeScript> TypeScript for Box<T> {
    fn expression(types: &mut Types) -> String {
        T::expression(types)
    }
}

impl<T: TypeScriptObject> TypeScriptObject for Box<T> {
    fn members(members: &mut Members<'_>) {
        T::members(members);
    }
}

macro_rules! tuples {
    ($(($($name:ident)+))*) => { $(
        impl<$($name: TypeScript),+> TypeScript for ($($name,)+) {
            fn expression(types: &mut Types) -> String {
                let parts = [$($name::expression(types)),+];
                format!("[{}]", parts.join(", "))
            }
        }
    )* };
}

tuples! {
    (A)
    (A B)
    (A B C)
    (A B C D)
    (A B C D E)
    (A B C D E F)
    (A B C D E F G)
    (A B C D E F G H)
    (A B C D E F G H I)
    (A B C D E F G H I J)
    (A B C D E F G H I J K)
    (A B C D E F G H I J K L)
}

/// The types that a file will hold, by name.
#[derive(Debug, Default)]
pub struct Types {
    declared: BTreeMap<String, Declared>,
    conflict: Option<Problem>,
}

#[derive(Debug)]
struct Declared {
    /// The Rust type, with its path.
    of: &'static str,
    text: String,
}

impl Types {
    /// Declares an object and returns its name.
    #[doc(hidden)]
    pub fn object<T: TypeScriptObject>(&mut self, name: &str, documentation: &str) -> String {
        let body = self.inline::<T>();
        self.declare::<T>(name, documentation, &body)
    }

    /// The members of an object, without a name. A generic fragment is one: each of its instances is another type.
    #[doc(hidden)]
    pub fn inline<T: TypeScriptObject>(&mut self) -> String {
        let mut members = Members { types: self, members: Vec::new() };
        T::members(&mut members);
        let mut body = "{\n".to_owned();
        for Member { name, ty, documentation } in members.members {
            comment(&mut body, "  ", documentation);
            let _ = writeln!(body, "  {name}: {}", ty.replace('\n', "\n  "));
        }
        body.push('}');
        body
    }

    /// Declares an enum and returns its name.
    #[doc(hidden)]
    pub fn enumeration<E: Enum>(&mut self, name: &str) -> String {
        let values: Vec<String> = E::VALUES.iter().map(|value| format!("'{}'", value.name())).collect();
        self.declare::<E>(name, "", &values.join(" | "))
    }

    fn declare<T>(&mut self, name: &str, documentation: &str, body: &str) -> String {
        let name = name.trim_start_matches("r#").to_owned();
        let mut text = String::new();
        comment(&mut text, "", documentation);
        let _ = writeln!(text, "export type {name} = {body}");
        let of = type_name::<T>();
        let declared = self.declared.entry(name.clone()).or_insert_with(|| Declared { of, text });
        if declared.of != of && self.conflict.is_none() {
            self.conflict = Some(Problem::Conflict { name: name.clone(), of: [declared.of, of] });
        }
        name
    }

    fn finish(self) -> Result<String, ExportError> {
        if let Some(conflict) = self.conflict {
            return Err(ExportError(conflict));
        }
        let mut text = "// Written by `purlin::typescript` from types of Rust. Do not edit.\n".to_owned();
        for declared in self.declared.values() {
            text.push('\n');
            text.push_str(&declared.text);
        }
        Ok(text)
    }
}

/// The members of an object that is being declared.
#[doc(hidden)]
#[derive(Debug)]
pub struct Members<'t> {
    types: &'t mut Types,
    members: Vec<Member>,
}

#[derive(Debug)]
struct Member {
    name: &'static str,
    ty: String,
    documentation: &'static str,
}

impl Members<'_> {
    /// Adds a member that holds a `T`.
    pub fn add<T: TypeScript>(&mut self, name: &'static str, documentation: &'static str) {
        let ty = T::expression(self.types);
        self.push(name, documentation, ty);
    }

    /// Adds a number of rows.
    pub fn add_count(&mut self, name: &'static str, documentation: &'static str) {
        self.push(name, documentation, "number".to_owned());
    }

    /// As in the JSON, the first of two members with one name stays.
    fn push(&mut self, name: &'static str, documentation: &'static str, ty: String) {
        if self.members.iter().all(|member| member.name != name) {
            self.members.push(Member { name, ty, documentation });
        }
    }
}

/// Adds a column of a default row. The closure is never called: it says the type.
#[doc(hidden)]
pub fn column_of<R, T: TypeScript>(members: &mut Members<'_>, name: &'static str, _: fn(&R) -> &T) {
    members.add::<T>(name, "");
}

/// A doc comment, which the text cannot end.
fn comment(out: &mut String, indent: &str, documentation: &str) {
    let text = documentation.trim().replace("*/", "*\\/");
    let mut lines = text.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end());
    let _ = match (lines.clone().count(), lines.next()) {
        (0, _) | (_, None) => Ok(()),
        (1, Some(line)) => writeln!(out, "{indent}/** {line} */"),
        (_, Some(first)) => {
            let _ = write!(out, "{indent}/**\n{indent} * {first}\n");
            for line in lines {
                let _ = writeln!(out, "{}", format!("{indent} * {line}").trim_end());
            }
            writeln!(out, "{indent} */")
        }
    };
}

/// The text of the file that [`export`] writes.
pub fn to_string<T: TypeScript>() -> Result<String, ExportError> {
    let mut types = Types::default();
    T::expression(&mut types);
    types.finish()
}

/// Writes `T`, and all types that it holds, to a file of TypeScript; its folder is made. A file that holds them already is
/// left alone, so that nothing is built again for it.
pub fn export<T: TypeScript>(path: impl AsRef<Path>) -> Result<(), ExportError> {
    let path = path.as_ref();
    let text = to_string::<T>()?;
    if fs::read_to_string(path).is_ok_and(|present| present == text) {
        return Ok(());
    }
    let write = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)
    };
    write().map_err(|error| ExportError(Problem::Io("write", path.to_owned(), error)))
}

/// Checks that a file holds what [`export`] would write: for a repository that has the file, and a test that writes nothing.
pub fn check<T: TypeScript>(path: impl AsRef<Path>) -> Result<(), ExportError> {
    let path = path.as_ref();
    let text = to_string::<T>()?;
    match fs::read_to_string(path) {
        // Git may check it out with the line ends of Windows.
        Ok(present) if present.replace("\r\n", "\n") == text => Ok(()),
        Ok(_) => Err(ExportError(Problem::Stale(path.to_owned()))),
        Err(error) => Err(ExportError(Problem::Io("read", path.to_owned(), error))),
    }
}

/// Why types were not exported.
pub struct ExportError(Problem);

#[derive(Debug)]
enum Problem {
    Conflict { name: String, of: [&'static str; 2] },
    Stale(PathBuf),
    Io(&'static str, PathBuf, io::Error),
}

impl fmt::Display for ExportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Problem::Conflict { name, of: [first, second] } => write!(
                formatter,
                "`{first}` and `{second}` are both called `{name}` in TypeScript: give one of them another name by \
                 `#[select(.., json, typescript = \"Name\")]`, or export them to two files"
            ),
            Problem::Stale(path) => {
                write!(formatter, "{} is not what the types of Rust are now: export it again", path.display())
            }
            Problem::Io(what, path, error) => write!(formatter, "cannot {what} {}: {error}", path.display()),
        }
    }
}

/// The same text: it is what `unwrap` in a test shows.
impl fmt::Debug for ExportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl std::error::Error for ExportError {}
