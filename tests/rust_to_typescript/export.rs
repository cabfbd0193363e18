//! Exporting: names, doc comments, generic fragments, and files.

use std::fs;

use purlin::Select;
use purlin::typescript::{check, export, to_string};
use purlin_tests::db::{Comment, Post, PostKind, Role, User};

use crate::Project;

/// Ends here: */ export type Wrong = never
///
/// or not.
#[derive(Select)]
#[select(User, json)]
#[allow(dead_code, reason = "only its type is looked at")]
struct Card {
    /// Where to write to.
    email: String,
    role: Role,
    posts: Vec<Entry<Comment>>,
}

#[derive(Select)]
#[select(Post, json)]
#[allow(dead_code, reason = "only its type is looked at")]
struct Entry<C: Select<Model = Comment>> {
    kind: Option<PostKind>,
    comments: Vec<C>,
}

/// The first of two fields with one name stays, in JSON as in the type.
#[derive(Select)]
#[select(User, json)]
struct Twice {
    #[select(flatten)]
    first: First,
    #[select(flatten)]
    second: Second,
}

#[derive(Select)]
#[select(User, json)]
struct First {
    id: i32,
    #[select(filter(|post| post.published.eq(true)))]
    posts: Vec<Post>,
}

#[derive(Select)]
#[select(User, json)]
struct Second {
    posts: Vec<Title>,
    id: i32,
}

#[derive(Select)]
#[select(Post, json)]
struct Title {
    title: String,
}

mod other {
    use purlin::Select;
    use purlin_tests::db::User;

    #[derive(Select)]
    #[select(User, json)]
    #[allow(dead_code, reason = "only its type is looked at")]
    pub(super) struct Card {
        id: i32,
    }

    #[derive(Select)]
    #[select(User, json, typescript = "OtherCard")]
    #[allow(dead_code, reason = "only its type is looked at")]
    pub(super) struct Renamed {
        id: i32,
    }
}

#[test]
fn comments_and_generic_fragments_are_exported() {
    assert_eq!(
        to_string::<Card>().expect("the types have names of their own"),
        "\
// Written by `purlin::typescript` from types of Rust. Do not edit.

/**
 * Ends here: *\\/ export type Wrong = never
 *
 * or not.
 */
export type Card = {
  /** Where to write to. */
  email: string
  role: Role
  posts: ({
    kind: PostKind | null
    comments: Comment[]
  })[]
}

export type Comment = {
  id: number
  text: string
  postId: number
  authorId: number | null
}

export type PostKind = 'NOTE' | 'ESSAY'

export type Role = 'ADMIN' | 'MEMBER' | 'POWER_USER'
"
    );
    let project = Project::new("comments");
    let card = r#"{ "email": "", "role": "ADMIN", "posts": [{ "kind": null, "comments": [] }] }"#;
    assert_eq!(project.errors::<Card>("rust.Card", card), "");
}

#[test]
fn an_object_has_each_key_once() {
    let twice = Twice {
        first: First { id: 1, posts: vec![] },
        second: Second { posts: vec![Title { title: "A".into() }], id: 1 },
    };
    let json = serde_json::to_string(&twice).expect("it serializes");
    assert_eq!(json, r#"{"id":1,"posts":[]}"#);
    let text = to_string::<Twice>().expect("the types have names of their own");
    assert!(text.contains("export type Twice = {\n  id: number\n  posts: Post[]\n}\n"), "{text}");
}

#[test]
fn two_types_of_one_name_are_refused() {
    let error = to_string::<(Card, other::Card)>().expect_err("both are `Card`").to_string();
    assert!(error.contains("::export::Card`") && error.contains("::export::other::Card`"), "{error}");
    assert!(error.contains("are both called `Card` in TypeScript: give one of them another name"), "{error}");
    assert!(to_string::<(Card, Card, other::Renamed)>().is_ok_and(|text| text.contains("export type OtherCard = {")));
}

#[test]
fn a_file_is_written_once_and_checked() {
    let project = Project::new("file");
    let path = project.0.join("deep/types.ts");
    let error = check::<Card>(&path).expect_err("it is not there").to_string();
    assert!(error.starts_with("cannot read ") && error.contains("types.ts"), "{error}");

    export::<Card>(&path).expect("it is written");
    check::<Card>(&path).expect("it is what was written");
    let written = fs::metadata(&path).and_then(|file| file.modified()).expect("it is there");
    fs::set_permissions(&path, read_only(&path)).expect("its permissions change");
    export::<Card>(&path).expect("a file that is right is not written");
    assert_eq!(fs::metadata(&path).and_then(|file| file.modified()).expect("it is there"), written);

    let windows = fs::read_to_string(&path).expect("it is there").replace('\n', "\r\n");
    fs::remove_file(&path).expect("it goes");
    fs::write(&path, windows).expect("it is written");
    check::<Card>(&path).expect("its lines end as on Windows");
    let error = check::<(Card, Twice)>(&path).expect_err("it lacks a type").to_string();
    assert!(error.ends_with("types.ts is not what the types of Rust are now: export it again"), "{error}");

    let error = export::<Card>(&project.0).expect_err("a folder is no file").to_string();
    assert!(error.starts_with("cannot write "), "{error}");
}

fn read_only(path: &std::path::Path) -> fs::Permissions {
    let mut permissions = fs::metadata(path).expect("it is there").permissions();
    permissions.set_readonly(true);
    permissions
}
