//! The words that queries are made of, beside the grammar of [`purlin_query::shape`].

#[path = "../tests/blog/db.rs"]
mod db;

use purlin_query::shape::Code::{
    Add, And, Ascending, Connect, Contains, Counts, Descending, End, Equals, Every, Field, FindMany, Greater, In,
    IsNotNull, IsNull, NestedCreate, Not, NullsLast, Or, OrderBy, Relation, Set, SetNull, Skip, Take, Where,
};
use purlin_query::shape::{Code, decode};
use purlin_query::value::Value;

use crate::expression::Query;
use crate::model::Model;
use crate::select::Select;
use crate::{Filter, New};
use db::{NewPost, NewUser, Post, User};

const USER: db::UserFields = User::FIELDS;
const POST: db::PostFields = Post::FIELDS;

/// What stands in a shape: a code, or a number.
struct Word(u16);

impl From<Code> for Word {
    fn from(code: Code) -> Self {
        Self(code as u16)
    }
}

impl From<u16> for Word {
    fn from(number: u16) -> Self {
        Self(number)
    }
}

macro_rules! words {
    ($($word:expr),* $(,)?) => { [$(Word::from($word).0),*] };
}

#[test]
fn a_filter_is_its_code_its_field_and_its_value() {
    let filter = (USER.visits.gt(3) | USER.name.is_null()) & USER.email.in_list(["a", "b", "c"]);
    assert_eq!(filter.expression.words.as_slice(), words![And, 2, Or, 2, Greater, 4, IsNull, 2, In, 1, 2]);
    let list = ["a", "b", "c"].map(|text| Value::Text(text.into()));
    assert_eq!(filter.expression.values.as_slice(), [Value::Int(3), Value::List(list.into())]);
}

#[test]
fn null_is_part_of_the_shape() {
    assert_eq!(USER.name.eq(None::<&str>).expression.words.as_slice(), words![IsNull, 2]);
    assert_eq!(USER.name.ne(None::<&str>).expression.words.as_slice(), words![IsNotNull, 2]);
    let sets = New::<User>::empty().set(|user| [user.name.to(None::<String>), user.visits.add(1)]);
    assert_eq!(sets.writes.words.as_slice(), words![SetNull, 2, Add, 4]);
}

#[test]
fn a_condition_on_related_rows_holds_its_condition() {
    let filter: Filter<User> = !USER.posts.every(|post| post.author.is(|author| author.id.eq(1)));
    assert_eq!(filter.expression.words.as_slice(), words![Not, Every, 8, Code::Some, 7, Equals, 0]);
}

#[test]
fn a_nested_write_ends_where_its_row_ends() {
    let new = New::from(NewUser { email: "a".into() }).set(|user| {
        [user.posts.create(NewPost { title: "t".into() }), user.manager.connect(|manager| manager.id.eq(1))]
    });
    assert_eq!(new.writes.words.as_slice(), words![Set, 1, NestedCreate, 8, Set, 1, End, Connect, 6, Equals, 0]);
    assert_eq!(new.writes.values.as_slice(), [Value::Text("a".into()), Value::Text("t".into()), Value::Int(1)]);
}

#[derive(purlin_macros::Select)]
#[select(User)]
#[allow(dead_code, reason = "only its selection is looked at")]
struct UserCard {
    id: i32,
    #[select(filter(|post| post.views.gt(5)).order_by(|post| [post.author.by(|user| user.name.asc().nulls_last()), post.id.desc()]).take(2))]
    posts: Vec<PostTitle>,
    #[select(count(comments).filter(|comment| comment.text.contains("!")))]
    comments_count: i64,
}

#[derive(purlin_macros::Select)]
#[select(Post)]
#[allow(dead_code, reason = "only its selection is looked at")]
struct PostTitle {
    title: String,
}

#[test]
fn a_fragment_is_a_selection() {
    let mut query = Query::new(FindMany, User::INDEX);
    query.code(End);
    UserCard::selection().write(&mut query, &[]);
    let posts = words![
        Relation, 8, Where, Greater, 3, OrderBy, Ascending, NullsLast, 1, 7, Field, 2, OrderBy, Descending, 0, Field,
        0, Take, End, Field, 1, End,
    ];
    let words = [
        words![FindMany, 0, End, Field, 0].to_vec(),
        posts.to_vec(),
        words![Counts, 1, 9, Where, Contains, 1, End].to_vec(),
    ];
    assert_eq!(query.words.as_slice(), words.concat());
    assert_eq!(query.values.as_slice(), [Value::Int(5), Value::Int(2), Value::Text("!".into())]);
    assert!(decode(User::CATALOG, &query.words, &purlin_query::Limits::default()).is_ok());
}

#[test]
fn a_refinement_narrows_the_fragment() {
    let mut query = Query::default();
    let refine =
        UserCard::slots(0).posts.filter(|post| post.published.eq(true)).order_by(|post| post.views.desc()).skip(1);
    UserCard::selection().write(&mut query, &[refine.into()]);
    let posts = words![
        Field, 0, Relation, 8, Where, And, 2, Greater, 3, Equals, 2, OrderBy, Descending, 0, Field, 3, Take, Skip, End,
        Field, 1, End,
    ];
    assert_eq!(query.words.get(..posts.len()), Some(posts.as_slice()));
    let values = [Value::Int(5), Value::Boolean(true), Value::Int(2), Value::Int(1), Value::Text("!".into())];
    assert_eq!(query.values.as_slice(), values);
    assert_eq!(POST.views.field, 3);
}
