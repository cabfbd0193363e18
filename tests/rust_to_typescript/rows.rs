//! Random rows and fragments of each type: the compiler accepts what the server writes, and refuses what it does not.

use purlin::typescript::to_string;
use purlin::{DateTime, Decimal, Json, Select};
use purlin_tests::db::{Role, Sample};

use crate::Project;
use crate::random::Random;

/// Relations, counts, and a fragment of the same row.
#[derive(Select)]
#[select(Sample, json)]
struct Tree {
    #[select(flatten)]
    values: Values,
    parent: Option<Box<Leaf>>,
    #[select(filter(|child| child.int.gt(0)).order_by(|child| child.id.asc()).take(3))]
    children: Vec<Leaf>,
    #[select(count(children))]
    number_of_children: i64,
    #[select(count(children).filter(|child| child.boolean.eq(true)))]
    marked: i64,
}

#[derive(Select)]
#[select(Sample, json)]
struct Values {
    id: i32,
    string: String,
    boolean: bool,
    big_int: i64,
    float: f64,
    decimal: Decimal,
    date_time: DateTime,
    json: Json,
    bytes: Vec<u8>,
    role: Role,
    optional_string: Option<String>,
    optional_boolean: Option<bool>,
    optional_int: Option<i32>,
    optional_big_int: Option<i64>,
    optional_float: Option<f64>,
    optional_decimal: Option<Decimal>,
    optional_date_time: Option<DateTime>,
    optional_json: Option<Json>,
    optional_bytes: Option<Vec<u8>>,
    optional_role: Option<Role>,
}

/// Default rows within a fragment.
#[derive(Select)]
#[select(Sample, json)]
struct Leaf {
    big_int: i64,
    parent: Option<Sample>,
    children: Vec<Sample>,
}

fn sample(random: &mut Random) -> Sample {
    Sample {
        id: random.int(),
        string: random.string(),
        boolean: random.boolean(),
        int: random.int(),
        big_int: random.big_int(),
        float: random.float(),
        decimal: random.decimal(),
        date_time: random.date_time(),
        json: random.json(),
        bytes: random.bytes(),
        role: random.role(),
        optional_string: random.maybe(Random::string),
        optional_boolean: random.maybe(Random::boolean),
        optional_int: random.maybe(Random::int),
        optional_big_int: random.maybe(Random::big_int),
        optional_float: random.maybe(Random::float),
        optional_decimal: random.maybe(Random::decimal),
        optional_date_time: random.maybe(Random::date_time),
        optional_json: random.maybe(Random::json),
        optional_bytes: random.maybe(Random::bytes),
        optional_role: random.maybe(Random::role),
        parent_id: random.maybe(Random::int),
    }
}

fn values(random: &mut Random) -> Values {
    let row = sample(random);
    Values {
        id: row.id,
        string: row.string,
        boolean: row.boolean,
        big_int: row.big_int,
        float: row.float,
        decimal: row.decimal,
        date_time: row.date_time,
        json: row.json,
        bytes: row.bytes,
        role: row.role,
        optional_string: row.optional_string,
        optional_boolean: row.optional_boolean,
        optional_int: row.optional_int,
        optional_big_int: row.optional_big_int,
        optional_float: row.optional_float,
        optional_decimal: row.optional_decimal,
        optional_date_time: row.optional_date_time,
        optional_json: row.optional_json,
        optional_bytes: row.optional_bytes,
        optional_role: row.optional_role,
    }
}

fn leaf(random: &mut Random) -> Leaf {
    Leaf { big_int: random.big_int(), parent: random.maybe(sample), children: random.some(sample) }
}

fn tree(random: &mut Random) -> Tree {
    Tree {
        values: values(random),
        parent: random.maybe(leaf).map(Box::new),
        children: random.some(leaf),
        number_of_children: random.int().into(),
        marked: random.int().into(),
    }
}

#[test]
fn the_exported_type_accepts_what_the_server_writes() {
    let mut random = Random::new();
    let rows: Vec<Sample> = (0..200).map(|_| sample(&mut random)).collect();
    let trees: Vec<Tree> = (0..200).map(|_| tree(&mut random)).collect();
    let json = serde_json::to_string(&(rows, trees)).expect("it serializes");
    let project = Project::new("random");
    let errors = project.errors::<(Sample, Tree)>("[rust.Sample[], rust.Tree[]]", &json);
    assert_eq!(errors, "", "PURLIN_SEED={}", random.seed);
}

/// That the type is no wider than it must be: each value of another form is an error.
#[test]
fn the_exported_type_refuses_what_the_server_does_not_write() {
    let mut random = Random::new();
    let project = Project::new("wrong");
    let json = serde_json::to_value(tree(&mut random)).expect("it serializes");
    let mut page = "import type { Tree } from './types.js'\n".to_owned();
    let wrong = [
        ("bigInt", "7"),
        ("decimal", "1.5"),
        ("dateTime", "new Date()"),
        ("bytes", "[1, 2]"),
        ("role", "'power user'"),
        ("float", "'1.5'"),
        ("boolean", "1"),
        ("string", "null"),
        ("optionalInt", "undefined"),
        ("children", "null"),
        ("numberOfChildren", "'3'"),
        ("parent", "{}"),
        // Keys that it does not have.
        ("big_int", "'7'"),
        ("values", "{}"),
    ];
    for (number, (key, value)) in wrong.iter().enumerate() {
        let mut row = json.clone();
        row[key] = "PLACE".into();
        let row = one_line(&row).replace("\"PLACE\"", value);
        page.push_str(&format!("// @ts-expect-error {key}\nexport const wrong{number}: Tree = "));
        page.push_str(&row);
        page.push('\n');
    }
    for (number, key) in ["bigInt", "optionalRole", "children", "marked"].iter().enumerate() {
        let mut row = json.clone();
        row.as_object_mut().and_then(|row| row.remove(*key)).expect("it has the key");
        let row = one_line(&row);
        page.push_str(&format!("// @ts-expect-error {key}\nexport const missing{number}: Tree = {row}\n"));
    }
    project.write("types.ts", &to_string::<Tree>().expect("the types have names of their own"));
    project.write("page.ts", &page);
    assert_eq!(purlin_tests::tsc::errors(&project.0), "", "PURLIN_SEED={}", random.seed);
}

/// JSON that TypeScript reads as one line, on which it reports what is wrong with any part.
fn one_line(json: &Json) -> String {
    json.to_string().replace('\u{2028}', "\\u2028")
}

/// A fragment with all columns has the JSON of the default row.
#[test]
fn a_fragment_serializes_as_the_default_row_does() {
    let mut random = Random::new();
    let seed = random.seed;
    for _ in 0..100 {
        let row = sample(&mut random);
        let mut json = serde_json::to_value(&row).expect("it serializes");
        let row = Values {
            id: row.id,
            string: row.string,
            boolean: row.boolean,
            big_int: row.big_int,
            float: row.float,
            decimal: row.decimal,
            date_time: row.date_time,
            json: row.json,
            bytes: row.bytes,
            role: row.role,
            optional_string: row.optional_string,
            optional_boolean: row.optional_boolean,
            optional_int: row.optional_int,
            optional_big_int: row.optional_big_int,
            optional_float: row.optional_float,
            optional_decimal: row.optional_decimal,
            optional_date_time: row.optional_date_time,
            optional_json: row.optional_json,
            optional_bytes: row.optional_bytes,
            optional_role: row.optional_role,
        };
        let object = json.as_object_mut().expect("an object");
        object.retain(|key, _| key != "int" && key != "parentId");
        assert_eq!(serde_json::to_value(&row).expect("it serializes"), json, "PURLIN_SEED={seed}");
    }
}
