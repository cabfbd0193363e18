//! The walk over a plan with rows in memory in place of a database: what is called, in which order, and with what.

use std::collections::HashMap;
use std::future::Future;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use purlin_query::catalog::{Arity, Catalog, Column, Default, Field, Key, Model, Relation, Type};
use purlin_query::dialect::Dialect;
use purlin_query::plan::{Collation, Item, Nest};
use purlin_query::shape::Code;
use purlin_query::value::Value;
use purlin_query::{Limits, compile};

use super::bound::KeyList;
use super::*;
use crate::frame::Values;
use crate::options::Options;

const USER: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int)),
    Field::column("name", Column::new("name", Type::String)),
    Field::relation("posts", Relation::referenced(1, 3, Arity::Many, &[0], &[1]).indexed()),
    Field::relation("notes", Relation::referenced(3, 2, Arity::Many, &[0], &[1])),
];
const POST: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int)),
    Field::column("authorId", Column::new("author_id", Type::Int).indexed()),
    Field::column("title", Column::new("title", Type::String)),
    Field::relation("author", Relation::foreign(0, 2, Arity::One, &[1], &[0])),
    Field::relation("comments", Relation::referenced(2, 2, Arity::Many, &[0], &[1])),
];
const COMMENT: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int)),
    Field::column("postId", Column::new("post_id", Type::Int)),
    Field::relation("post", Relation::foreign(1, 4, Arity::One, &[1], &[0])),
];
const NOTE: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int)),
    Field::column("userId", Column::new("user_id", Type::Int)),
    Field::relation("user", Relation::foreign(0, 3, Arity::One, &[1], &[0])),
];
const EVENT: &[Field] = &[
    Field::column("id", Column::new("id", Type::String).default(Default::Uuid(4))),
    Field::column("kind", Column::new("kind", Type::String).nullable()),
    Field::column("at", Column::new("at", Type::DateTime).default(Default::Now)),
];
const COUNTRY: &[Field] = &[
    Field::column("code", Column::new("code", Type::String)),
    Field::relation("cities", Relation::referenced(6, 2, Arity::Many, &[0], &[1])),
];
const CITY: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int)),
    Field::column("countryCode", Column::new("country_code", Type::String)),
    Field::relation("country", Relation::foreign(5, 1, Arity::One, &[1], &[0])),
];
const ID: &[Key] = &[Key::new("id", &[0])];
const MODELS: &[Model] = &[
    Model::new("User", "User", USER, ID),
    Model::new("Post", "Post", POST, ID),
    Model::new("Comment", "Comment", COMMENT, ID),
    Model::new("Note", "Note", NOTE, ID),
    Model::new("Event", "Event", EVENT, ID),
    Model::new("Country", "Country", COUNTRY, ID),
    Model::new("City", "City", CITY, ID),
];

macro_rules! words {
    ($($word:expr),* $(,)?) => { &[$(($word) as u16),*] };
}

/// Users with their posts, which have their comments, and with their notes.
const THREE_LEVELS: &[u16] = words![
    Code::FindMany,
    0,
    Code::End,
    Code::Field,
    0,
    Code::Relation,
    2,
    Code::End,
    Code::Field,
    0,
    Code::Relation,
    4,
    Code::End,
    Code::Field,
    0,
    Code::End,
    Code::End,
    Code::Relation,
    3,
    Code::End,
    Code::Field,
    0,
    Code::End,
    Code::End,
];

fn prepared(words: &[u16], limits: Limits) -> Arc<Prepared> {
    let catalog = Arc::new(Catalog::new(MODELS, &[]));
    let plan = compile(&catalog, Dialect::Sqlite, words, &limits).expect("a valid shape");
    Arc::new(Prepared::new(plan, words, catalog, limits, Options::default().of_queries()))
}

/// A cell of a row in memory.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Int(i64),
    Text(&'static str),
}

/// A parameter as the fake database has got it.
#[derive(Debug, Clone, PartialEq)]
enum Seen {
    Null,
    Int(i64),
    Text(String),
    Date(Option<i64>),
    Keys(Vec<i64>),
}

/// A database in memory: by the numbers of the steps, what each of them returns.
#[derive(Default)]
struct Fake {
    rows: HashMap<usize, Vec<Vec<Cell>>>,
    /// What a run of a statement that returns nothing has changed.
    changed: Option<Changed>,
    /// The calls that were sent together.
    sent: Vec<Vec<usize>>,
    /// The parameters of each run.
    seen: Vec<(usize, Vec<Seen>)>,
}

impl Fake {
    fn with(rows: &[(usize, &[&[Cell]])]) -> Self {
        let rows = rows.iter().map(|(step, rows)| (*step, rows.iter().map(|row| row.to_vec()).collect()));
        Self { rows: rows.collect(), ..Self::default() }
    }

    fn call(&mut self, call: &Call<'_>, answer: &mut Answer<'_>) -> Result<(), Error> {
        for run in call.runs() {
            let mut seen = Vec::new();
            run.each(|bound| {
                seen.push(match bound {
                    Bound::Null => Seen::Null,
                    Bound::Int(number) | Bound::Instant(number) => Seen::Int(number),
                    Bound::Text(text) => Seen::Text(text.to_owned()),
                    Bound::Identifier(text) => Seen::Text(text),
                    Bound::Date { micros, .. } => Seen::Date(micros),
                    Bound::Keys(keys) => Seen::Keys(numbers(&keys)),
                    other => panic!("no test binds {other:?}"),
                });
                Ok::<_, Error>(())
            })?;
            self.seen.push((call.index(), seen));
            let none = Vec::new();
            let rows = self.rows.get(&call.index()).unwrap_or(&none);
            for row in rows {
                push(&mut answer.frame, row);
                if answer.row_is_read()? == ControlFlow::Break(()) {
                    break;
                }
            }
            answer.ran(self.changed.unwrap_or(Changed::Rows(1)))?;
        }
        Ok(())
    }

    /// Runs a plan, one call after another.
    fn run(&mut self, prepared: &Arc<Prepared>, values: &[Value]) -> Result<Reply, Error> {
        let recycler = Arc::default();
        let query = PlannedQuery { prepared, plan: &prepared.plan, values, most_bytes: u64::MAX };
        let mut execution = Execution::new(&query, &recycler);
        while let Some((call, mut answer)) = execution.next()? {
            self.sent.push(vec![call.index()]);
            self.call(&call, &mut answer)?;
            execution.done(answer)?;
        }
        execution.finish()
    }

    /// Runs a plan, with as many calls at once as may be sent together.
    fn run_together(&mut self, prepared: &Arc<Prepared>, values: &[Value]) -> Result<Reply, Error> {
        let recycler = Arc::default();
        let query = PlannedQuery { prepared, plan: &prepared.plan, values, most_bytes: u64::MAX };
        let mut execution = Execution::new(&query, &recycler);
        loop {
            let calls = execution.ready()?;
            if calls.is_empty() {
                return execution.finish();
            }
            self.sent.push(calls.iter().map(|(call, _)| call.index()).collect());
            let mut answers = Vec::new();
            for (call, mut answer) in calls {
                self.call(&call, &mut answer)?;
                answers.push(answer);
            }
            for answer in answers {
                execution.done(answer)?;
            }
        }
    }
}

fn numbers(keys: &KeyList<'_>) -> Vec<i64> {
    let mut numbers = Vec::new();
    let taken = keys.each(|part| -> Result<(), Error> {
        let Bound::Int(number) = part else { panic!("a number, not {part:?}") };
        numbers.push(number);
        Ok(())
    });
    taken.expect("all keys have all their parts");
    assert_eq!(numbers.len(), keys.len() * keys.width());
    numbers
}

fn push(frame: &mut Frame, row: &[Cell]) {
    for (column, cell) in frame.columns.iter_mut().zip(row) {
        match (&mut column.values, cell) {
            (Values::I32(values), Cell::Int(number)) => values.push(i32::try_from(*number).expect("a small number")),
            (Values::I64(values), Cell::Int(number)) => values.push(*number),
            (Values::Text(places), Cell::Text(text)) => {
                let start = u32::try_from(frame.text.len()).expect("a short text");
                let length = u32::try_from(text.len()).expect("a short text");
                places.push(crate::frame::HeapRange { start, length });
                frame.text.push_str(text);
            }
            (values, cell) => panic!("{cell:?} does not fit {values:?}"),
        }
    }
    frame.rows += 1;
}

/// For each relation of a result, by the name of its field: how many rows belong to each parent.
fn lengths(reply: Reply) -> Vec<(String, Vec<u32>)> {
    fn collect(rows: &Rows, catalog: &Catalog, nest: &Nest, lengths: &mut Vec<(String, Vec<u32>)>) {
        for item in &nest.items {
            let Item::Relation { field, link, nest: inner, .. } = item else { continue };
            let name = catalog.field_name(nest.model, *field).to_owned();
            lengths.push((name, rows.link(*link).iter().map(|span| span.length).collect()));
            collect(rows, catalog, inner, lengths);
        }
    }
    let Reply::Rows(rows) = reply else { panic!("rows, not {reply:?}") };
    let mut lengths = Vec::new();
    collect(&rows, &rows.prepared().catalog, rows.nest(), &mut lengths);
    lengths
}

const fn ints<const N: usize>(row: [i64; N]) -> [Cell; N] {
    let mut cells = [const { Cell::Int(0) }; N];
    let mut at = 0;
    while at < N {
        cells[at] = Cell::Int(row[at]);
        at += 1;
    }
    cells
}

/// The steps of [`THREE_LEVELS`], by the models that they read.
fn steps(prepared: &Prepared) -> [usize; 4] {
    [0, 1, 2, 3].map(|model| {
        let reads = |step: &Step| step.columns.iter().any(|column| column.source.is_some_and(|(of, _)| of == model));
        prepared.plan.steps.iter().position(reads).expect("each model is read")
    })
}

/// Three users, of whom the second has no posts; of the posts, two have comments.
fn three_levels(prepared: &Prepared) -> Fake {
    let [users, posts, comments, notes] = steps(prepared);
    Fake::with(&[
        (users, &[&ints([1]), &ints([2]), &ints([3])]),
        (posts, &[&ints([10, 1]), &ints([11, 1]), &ints([12, 3])]),
        (comments, &[&ints([20, 10]), &ints([21, 10]), &ints([22, 12])]),
        (notes, &[&ints([30, 2])]),
    ])
}

const LENGTHS: [(&str, &[u32]); 3] = [("posts", &[2, 0, 1]), ("comments", &[2, 0, 1]), ("notes", &[0, 1, 0])];

#[test]
fn levels_are_read_one_after_another_by_the_keys_of_their_parents() {
    let prepared = prepared(THREE_LEVELS, Limits::default());
    let [users, posts, comments, notes] = steps(&prepared);
    let mut fake = three_levels(&prepared);
    let reply = fake.run(&prepared, &[]).expect("all answer");
    assert_eq!(lengths(reply), LENGTHS.map(|(name, lengths)| (name.to_owned(), lengths.to_vec())));
    let keys: HashMap<usize, Vec<Seen>> = fake.seen.into_iter().collect();
    assert_eq!(keys[&users], []);
    assert_eq!(keys[&posts], [Seen::Keys(vec![1, 2, 3])]);
    assert_eq!(keys[&comments], [Seen::Keys(vec![10, 11, 12])]);
    assert_eq!(keys[&notes], [Seen::Keys(vec![1, 2, 3])]);
    assert_eq!(fake.sent, [[0], [1], [2], [3]]);
}

#[test]
fn statements_that_do_not_wait_for_each_other_are_sent_together() {
    let prepared = prepared(THREE_LEVELS, Limits::default());
    let [users, posts, comments, notes] = steps(&prepared);
    let mut fake = three_levels(&prepared);
    let reply = fake.run_together(&prepared, &[]).expect("all answer");
    assert_eq!(lengths(reply), LENGTHS.map(|(name, lengths)| (name.to_owned(), lengths.to_vec())));
    let mut second = vec![posts, notes];
    second.sort_unstable();
    assert_eq!(fake.sent, [vec![users], second, vec![comments]]);
}

#[test]
fn children_of_nobody_are_not_asked_for() {
    let prepared = prepared(THREE_LEVELS, Limits::default());
    let [users, posts, _, notes] = steps(&prepared);
    for together in [false, true] {
        let run = |fake: &mut Fake| match together {
            true => fake.run_together(&prepared, &[]),
            false => fake.run(&prepared, &[]),
        };
        let mut nobody = Fake::default();
        let reply = run(&mut nobody).expect("an empty result");
        assert_eq!(
            lengths(reply),
            [("posts", []), ("comments", []), ("notes", [])].map(|(n, l)| (n.to_owned(), l.to_vec()))
        );
        assert_eq!(nobody.sent, [[users]]);
        // Nor the children of children.
        let mut alone = Fake::with(&[(users, &[&ints([7])])]);
        let reply = run(&mut alone).expect("a user");
        let expected = [("posts", vec![0]), ("comments", vec![]), ("notes", vec![0])];
        assert_eq!(lengths(reply), expected.map(|(name, lengths)| (name.to_owned(), lengths)));
        let mut called = alone.sent.concat();
        called.sort_unstable();
        let mut expected = [users, posts, notes];
        expected.sort_unstable();
        assert_eq!(called, expected);
    }
}

#[test]
fn each_key_is_bound_once() {
    let prepared = prepared(THREE_LEVELS, Limits::default());
    let [_, posts, comments, _] = steps(&prepared);
    let mut fake = three_levels(&prepared);
    // Posts that come back twice, and not in the order of their keys.
    fake.rows.insert(posts, [[12, 3], [10, 1], [12, 3], [11, 1], [10, 1]].map(|row| ints(row).to_vec()).to_vec());
    fake.run(&prepared, &[]).expect("all answer");
    let (_, keys) = fake.seen.iter().find(|(step, _)| *step == comments).expect("comments are asked for");
    assert_eq!(*keys, [Seen::Keys(vec![12, 10, 11])]);
}

/// A post of a user who is connected.
const CREATE_POST: &[u16] = words![
    Code::Create,
    1,
    Code::Set,
    0,
    Code::Set,
    2,
    Code::Connect,
    3,
    Code::Equals,
    0,
    Code::End,
    Code::Field,
    0,
    Code::Field,
    2,
    Code::End,
];

fn post_values() -> Vec<Value> {
    vec![Value::Int(5), Value::Text("new".to_owned()), Value::Int(1)]
}

#[test]
fn nothing_is_written_when_a_row_is_missing_that_must_be_there() {
    let prepared = prepared(CREATE_POST, Limits::default());
    let required = prepared.plan.steps.iter().position(|step| step.require.is_some()).expect("the user must be there");
    for together in [false, true] {
        let mut fake = Fake::default();
        let reply = match together {
            true => fake.run_together(&prepared, &post_values()),
            false => fake.run(&prepared, &post_values()),
        };
        let error = reply.expect_err("there is no user");
        assert!(error.is_not_found(), "{error}");
        assert_eq!(error.to_string(), "no row matches the `connect` of `Post.author`");
        assert_eq!(fake.sent.concat(), (0..=required).collect::<Vec<_>>(), "nothing comes after it");
    }
}

#[test]
fn a_write_binds_what_the_statements_before_it_have_found() {
    let prepared = prepared(CREATE_POST, Limits::default());
    let last = prepared.plan.steps.len() - 1;
    let mut fake = Fake::with(&[(0, &[&ints([1])]), (last, &[&[Cell::Int(5), Cell::Text("new")]])]);
    let Ok(Reply::Rows(rows)) = fake.run(&prepared, &post_values()) else { panic!("the post is written") };
    assert_eq!(rows.len(), 1);
    let (_, bound) = fake.seen.iter().find(|(step, _)| *step == last).expect("the post is inserted");
    assert!(
        [Seen::Int(5), Seen::Text("new".to_owned()), Seen::Int(1)].iter().all(|value| bound.contains(value)),
        "{bound:?}"
    );
}

#[test]
fn a_written_row_that_does_not_come_back_is_an_error() {
    let prepared = prepared(CREATE_POST, Limits::default());
    let error = Fake::with(&[(0, &[&ints([1])])]).run(&prepared, &post_values()).expect_err("no post came back");
    assert_eq!(error.code(), Some("P2004"), "{error}");
}

#[test]
fn several_rows_of_a_unique_key_are_an_error() {
    let words = words![Code::Update, 0, Code::Equals, 0, Code::Set, 1, Code::End, Code::Field, 0, Code::End];
    let prepared = prepared(words, Limits::default());
    let values = [Value::Int(1), Value::Text("Ada".to_owned())];
    let run = |rows: &[&[Cell]]| Fake::with(&[(0, rows)]).run(&prepared, &values);
    assert!(run(&[&ints([1])]).is_ok());
    assert!(run(&[]).is_err_and(|error| error.is_not_found()));
    let error = run(&[&ints([1]), &ints([1])]).expect_err("the key is unique");
    assert!(error.to_string().contains("several rows of User match"), "{error}");
}

/// Events with and without a kind.
const CREATE_EVENTS: &[u16] = words![Code::CreateMany, 4, 2, 1, 1, 0];

fn event_values() -> Vec<Value> {
    let kinds = ["a", "b", "c"].map(|kind| Value::Text(kind.to_owned()));
    let order = [0, 1, 0, 0, 1].map(Value::Int);
    vec![Value::List(kinds.to_vec()), Value::List(vec![Value::Null; 2]), Value::List(order.to_vec())]
}

#[test]
fn rows_are_written_in_the_order_in_which_they_were_given() {
    let prepared = prepared(CREATE_EVENTS, Limits::default());
    for together in [false, true] {
        let mut fake = Fake::default();
        let reply = match together {
            true => fake.run_together(&prepared, &event_values()),
            false => fake.run(&prepared, &event_values()),
        };
        let Ok(Reply::Affected(5)) = reply else { panic!("five rows are written, not {reply:?}") };
        assert_eq!(fake.sent, [[0], [1], [0], [1]], "those that stand together are one call");
        let kind = |(_, seen): &(usize, Vec<Seen>)| {
            seen.iter().find_map(|seen| match seen {
                Seen::Text(text) if text.len() == 1 => Some(text.clone()),
                _ => None,
            })
        };
        let kinds: Vec<Option<String>> = fake.seen.iter().map(kind).collect();
        assert_eq!(kinds, [Some("a"), None, Some("b"), Some("c"), None].map(|kind| kind.map(str::to_owned)));
    }
}

#[test]
fn a_request_has_one_instant_and_each_row_its_own_identifier() {
    let prepared = prepared(CREATE_EVENTS, Limits::default());
    let mut fake = Fake::default();
    fake.run(&prepared, &event_values()).expect("five rows are written");
    let mut instants = Vec::new();
    let mut identifiers = Vec::new();
    for seen in fake.seen.iter().flat_map(|(_, seen)| seen) {
        match seen {
            Seen::Date(Some(micros)) => instants.push(*micros),
            Seen::Text(text) if text.len() == 36 => identifiers.push(text.clone()),
            _ => {}
        }
    }
    assert_eq!((instants.len(), identifiers.len()), (5, 5));
    instants.dedup();
    identifiers.sort_unstable();
    identifiers.dedup();
    assert_eq!((instants.len(), identifiers.len()), (1, 5));
}

#[test]
fn a_row_that_the_database_leaves_out_is_an_error_where_it_can_tell() {
    let prepared = prepared(words![Code::CreateMany, 4, 1, 1, 1], Limits::default());
    let values = [Value::List(vec![Value::Text("a".to_owned()), Value::Text("b".to_owned())])];
    let run = |changed| Fake { changed: Some(changed), ..Fake::default() }.run(&prepared, &values);
    assert!(run(Changed::Rows(0)).is_err_and(|error| error.code() == Some("P2004")));
    assert!(matches!(run(Changed::Rows(1)), Ok(Reply::Affected(2))));
    assert!(matches!(run(Changed::Unknown), Ok(Reply::Affected(0))));
}

#[test]
fn rows_beyond_a_limit_are_refused_as_they_come() {
    let words = words![Code::FindMany, 0, Code::End, Code::Field, 0, Code::Field, 1, Code::End];
    let row: &[Cell] = &[Cell::Int(1), Cell::Text("twenty characters ok")];
    let run = |limits: Limits, rows: usize| {
        let mut fake = Fake::with(&[(0, &vec![row; rows])]);
        fake.run(&prepared(words, limits), &[])
    };
    let three = Limits { rows: 3, ..Limits::default() };
    assert!(run(three, 3).is_ok());
    assert!(run(three, 4).is_err_and(|error| error.to_string().starts_with("more than 3 rows of User match")));
    let small = Limits { result_bytes: 100, ..Limits::default() };
    assert!(run(small, 2).is_ok());
    assert!(run(small, 3).is_err_and(|error| error.to_string().contains("larger than 100 bytes")));
}

#[test]
fn a_page_of_each_parent_is_a_run_for_each_key() {
    let words = words![
        Code::FindMany,
        0,
        Code::End,
        Code::Field,
        0,
        Code::Relation,
        2,
        Code::Take,
        Code::End,
        Code::Field,
        0,
        Code::End,
        Code::End,
    ];
    let prepared = prepared(words, Limits::default());
    let each = prepared.plan.steps.iter().position(|step| matches!(step.run, Run::EachKey(_)));
    let each = each.expect("a statement that runs for each key");
    let mut fake = Fake::with(&[(0, &[&ints([1]), &ints([2])])]);
    fake.run(&prepared, &[Value::Int(1)]).expect("all answer");
    assert_eq!(fake.sent, [[0], [each]], "it is one call");
    let keys: Vec<&Vec<Seen>> = fake.seen.iter().filter(|(step, _)| *step == each).map(|(_, seen)| seen).collect();
    assert_eq!(keys.len(), 2);
    assert!(keys[0].contains(&Seen::Int(1)) && keys[1].contains(&Seen::Int(2)), "{keys:?}");
}

#[test]
fn texts_that_the_database_takes_for_equal_are_linked_by_their_collation() {
    let words = words![
        Code::FindMany,
        5,
        Code::End,
        Code::Field,
        0,
        Code::Relation,
        1,
        Code::End,
        Code::Field,
        0,
        Code::End,
        Code::End,
    ];
    let prepared = prepared(words, Limits::default());
    // The rows of a database that found `DE` by `de`, which the walk cannot know.
    let columns = &prepared.plan.steps[1].columns;
    let row = |id: i64, code: &'static str| -> Vec<Cell> {
        columns.iter().map(|column| if column.ty == Type::Int { Cell::Int(id) } else { Cell::Text(code) }).collect()
    };
    let countries: Vec<Vec<Cell>> = vec![vec![Cell::Text("de")], vec![Cell::Text("fr")]];
    let run = |collation: Option<Collation>| {
        let recycler = Arc::default();
        let query = PlannedQuery { prepared: &prepared, plan: &prepared.plan, values: &[], most_bytes: u64::MAX };
        let mut execution = Execution::new(&query, &recycler);
        let mut step = 0;
        while let Some((_, mut answer)) = execution.next().expect("all answer") {
            let cities = vec![row(1, "DE"), row(2, "DE"), row(3, "fr")];
            (if step == 0 { countries.clone() } else { cities }).iter().for_each(|row| push(&mut answer.frame, row));
            execution.done(answer).expect("all answer");
            step += 1;
        }
        let unmatched = execution.link();
        assert_eq!(unmatched.len(), 1);
        if let Some(collation) = collation {
            execution.link_by(&unmatched[0], &[collation]);
        }
        lengths(execution.finish().expect("all answered"))
    };
    assert_eq!(run(None), [("cities".to_owned(), vec![0, 1])]);
    assert_eq!(run(Some(Collation::NoCase)), [("cities".to_owned(), vec![2, 1])]);
}

/// A task that awaits each answer, as one of a server does. It may go from thread to thread in between.
#[test]
fn a_task_may_await_each_answer() {
    async fn answered() {
        let mut polled = false;
        std::future::poll_fn(
            move |_| if std::mem::replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending },
        )
        .await;
    }
    async fn drive(prepared: Arc<Prepared>, mut fake: Fake) -> Result<Reply, Error> {
        let recycler = Arc::default();
        let query = PlannedQuery { prepared: &prepared, plan: &prepared.plan, values: &[], most_bytes: u64::MAX };
        let mut execution = Execution::new(&query, &recycler);
        while let Some((call, mut answer)) = execution.next()? {
            answered().await;
            fake.call(&call, &mut answer)?;
            answered().await;
            execution.done(answer)?;
        }
        execution.finish()
    }
    fn sendable<T: Future + Send>(future: T) -> T {
        future
    }
    let prepared = prepared(THREE_LEVELS, Limits::default());
    let fake = three_levels(&prepared);
    let mut task = pin!(sendable(drive(prepared, fake)));
    let mut context = Context::from_waker(Waker::noop());
    let mut pending = 0;
    let reply = loop {
        match task.as_mut().poll(&mut context) {
            Poll::Ready(reply) => break reply,
            Poll::Pending => pending += 1,
        }
    };
    assert_eq!(pending, 8, "twice for each of four statements");
    assert_eq!(lengths(reply.expect("all answer")).len(), 3);
}
