//! Random pairs of schemas with rows between them: whatever the change, the database becomes what a fresh one would be,
//! and no row or value that survives the change is lost. `PURLIN_SEED=n` starts at another seed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use std::collections::BTreeMap;

use purlin_migrate::{
    plan::Level,
    push::{self, DataLoss},
};
use support::Database;

const PAIRS: u64 = 250;
const ROWS: u64 = 7;

/// A generator of numbers that is the same everywhere (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// A field of a random model: enough to write it and to fill it.
#[derive(Clone)]
struct Field {
    ty: &'static str,
    optional: bool,
    default: bool,
    unique: bool,
    index: bool,
    /// The model that it refers to.
    refers: Option<usize>,
}

type Model = BTreeMap<usize, Field>;

#[derive(Clone)]
struct Schema {
    models: BTreeMap<usize, Model>,
    /// Pairs of models with a many-to-many relation, the smaller one first.
    many: Vec<(usize, usize)>,
}

const TYPES: [(&str, &str); 9] = [
    ("String", "\"it's\""),
    ("Boolean", "true"),
    ("Int", "-3"),
    ("BigInt", "9007199254740993"),
    ("Float", "1.5"),
    ("Decimal", "0.10"),
    ("DateTime", "now()"),
    ("Json", "\"[1]\""),
    ("Bytes", "\"aGk=\""),
];

fn field(random: &mut Random, models: u64) -> Field {
    let refers = random.chance(20).then(|| random.below(models) as usize);
    let ty = TYPES.get(random.below(9) as usize).unwrap().0;
    Field {
        ty: if refers.is_some() { "Int" } else { ty },
        optional: random.chance(50),
        default: refers.is_none() && random.chance(60),
        unique: refers.is_none() && ty != "Boolean" && random.chance(10),
        index: random.chance(20),
        refers,
    }
}

fn first(random: &mut Random) -> Schema {
    let count = 3 + random.below(4);
    let model =
        |random: &mut Random| (0..2 + random.below(6) as usize).map(|index| (index, field(random, count))).collect();
    let models = (0..count as usize).map(|index| (index, model(random))).collect();
    let many = if random.chance(50) { vec![(0, 1)] } else { Vec::new() };
    Schema { models, many }
}

/// Another schema, some steps away.
fn changed(random: &mut Random, schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    let count = schema.models.len() as u64;
    for _ in 0..1 + random.below(6) {
        let name = random.below(count) as usize;
        let Some(model) = schema.models.get_mut(&name) else { continue };
        let key = random.below(8) as usize;
        match random.below(10) {
            0..3 => {
                model.insert(key, field(random, count));
            }
            3 => {
                model.remove(&key);
            }
            4 => schema.many = if schema.many.is_empty() { vec![(0, 1)] } else { Vec::new() },
            5 => {
                let number = schema.models.len();
                schema.models.insert(number, BTreeMap::from([(0, field(random, count))]));
            }
            step => {
                if let Some(field) = model.get_mut(&key) {
                    match step {
                        6 => field.optional = !field.optional,
                        7 => field.default = field.refers.is_none() && !field.default,
                        8 => field.index = !field.index,
                        _ => field.unique = field.refers.is_none() && !field.unique,
                    }
                }
            }
        }
    }
    schema
}

fn text(schema: &Schema) -> String {
    let mut text = String::new();
    for (name, model) in &schema.models {
        text.push_str(&format!("model M{name} {{\n  id Int @id @default(autoincrement())\n"));
        for (key, field) in model {
            let mark = if field.optional { "?" } else { "" };
            text.push_str(&format!("  f{key} {}{mark}", field.ty));
            if field.default {
                text.push_str(&format!(" @default({})", TYPES.iter().find(|(ty, _)| *ty == field.ty).unwrap().1));
            }
            text.push_str(if field.unique { " @unique\n" } else { "\n" });
            if let Some(target) = field.refers {
                text.push_str(&format!(
                    "  r{key} M{target}{mark} @relation(\"m{name}f{key}\", fields: [f{key}], references: [id])\n"
                ));
            }
            if field.index {
                text.push_str(&format!("  @@index([f{key}])\n"));
            }
        }
        for (other, source) in &schema.models {
            for (key, _) in source.iter().filter(|(_, field)| field.refers == Some(*name)) {
                text.push_str(&format!("  b{other}f{key} M{other}[] @relation(\"m{other}f{key}\")\n"));
            }
        }
        for (a, b) in schema.many.iter().filter(|(a, b)| a == name || b == name) {
            text.push_str(&format!("  many M{}[]\n", if a == name { b } else { a }));
        }
        text.push_str("}\n\n");
    }
    text
}

fn fill(random: &mut Random, database: &Database, schema: &Schema) {
    for (name, model) in &schema.models {
        for row in 1..=ROWS {
            let mut columns = vec!["id".to_owned()];
            let mut values = vec![row.to_string()];
            for (key, field) in model {
                columns.push(format!("f{key}"));
                values.push(if field.optional && random.chance(30) {
                    "NULL".to_owned()
                } else {
                    value(random, field, row)
                });
            }
            database.sql(&format!("INSERT INTO M{name} ({}) VALUES ({})", columns.join(", "), values.join(", ")));
        }
        // The mark of the keys stands higher than the rows.
        database.sql(&format!("UPDATE sqlite_sequence SET seq = 100 WHERE name = 'M{name}'"));
    }
    for (a, b) in &schema.many {
        database.sql(&format!("INSERT INTO _M{a}ToM{b} (A, B) VALUES (1, 2), (2, 1)"));
    }
}

fn value(random: &mut Random, field: &Field, row: u64) -> String {
    // Unique where it must be, now and then a value twice where it may be.
    let number = if field.unique || random.chance(70) { row } else { 1 };
    match field.ty {
        _ if field.refers.is_some() => (1 + random.below(ROWS)).to_string(),
        "Boolean" => (number % 2).to_string(),
        "String" if random.chance(50) => format!("'{number}'"),
        "String" => format!("'text {number}'"),
        "Float" => format!("{number}.25"),
        "Decimal" => format!("'{number}.10000000000000000001'"),
        "DateTime" => format!("'2024-01-0{number}T00:00:00.000+00:00'"),
        "Json" => format!("'{{\"a\":{number}}}'"),
        "Bytes" => format!("X'0{number}'"),
        _ => number.to_string(),
    }
}

/// Tables, columns, keys and indexes as SQLite tells them, without their order.
fn catalog(database: &Database, schema: &Schema) -> String {
    let mut tables: Vec<String> = schema.models.keys().map(|name| format!("M{name}")).collect();
    tables.extend(schema.many.iter().map(|(a, b)| format!("_M{a}ToM{b}")));
    let one = |table: &String| {
        [
            format!("SELECT name || ' ' || type || ' ' || \"notnull\" || ' ' || pk || ' ' || coalesce(dflt_value, '-') || ';' FROM pragma_table_xinfo('{table}') ORDER BY 1"),
            format!("SELECT l.name || ' ' || l.\"unique\" || ' ' || x.seqno || ' ' || x.name || ' ' || x.\"desc\" || ';' FROM pragma_index_list('{table}') l, pragma_index_xinfo(l.name) x WHERE x.key ORDER BY 1"),
            format!("SELECT \"from\" || ' ' || \"table\" || ' ' || \"to\" || ' ' || on_delete || ' ' || on_update || ';' FROM pragma_foreign_key_list('{table}') ORDER BY 1"),
        ]
        .map(|sql| database.get(&sql))
        .join("\n")
    };
    tables.iter().map(|table| format!("{table}\n{}\n", one(table))).collect()
}

/// The columns that keep their type, and their values.
fn values(database: &Database, before: &Schema, after: &Schema) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for (name, model) in &before.models {
        let Some(other) = after.models.get(name) else { continue };
        values.insert(format!("M{name}"), database.get(&format!("SELECT id FROM M{name} ORDER BY id")));
        for (key, field) in model {
            if other.get(key).is_some_and(|other| other.ty == field.ty && (other.optional || !field.optional)) {
                values.insert(
                    format!("M{name}.f{key}"),
                    database.get(&format!("SELECT quote(f{key}) FROM M{name} ORDER BY id")),
                );
            }
        }
    }
    values
}

#[test]
fn random_changes_lose_nothing() {
    let start: u64 = std::env::var("PURLIN_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0);
    let (mut applied, mut blocked) = (0, 0);
    for seed in start..start + PAIRS {
        let random = &mut Random(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let before = first(random);
        let after = changed(random, &before);
        println!("seed {seed}\n{}\n--- to ---\n{}", text(&before), text(&after));
        let mut database = Database::new();
        database.push(&text(&before));
        fill(random, &database, &before);
        let kept = values(&database, &before, &after);
        let dump = database.dump();

        let push = database.plan(&text(&after));
        println!("{}\n{:?}", push.plan().script, push.plan().hazards);
        let result = push::apply(&mut database.connection, &push, DataLoss::Accepted);
        if push.plan().at(Level::Blocked).next().is_some() {
            assert!(result.unwrap_err().is_refused());
            assert_eq!(database.dump(), dump);
            blocked += 1;
            continue;
        }
        if let Err(error) = &result {
            // A constant that refers to a row is checked when all is done; nothing else may surprise.
            assert!(error.to_string().contains("would refer to a row"), "seed {seed}: {error}");
            assert_eq!(database.dump(), dump);
            blocked += 1;
            continue;
        }
        applied += 1;
        database.assert_pushed(&text(&after));
        assert_eq!(values(&database, &before, &after), kept, "seed {seed}");
        assert_eq!(database.get("SELECT count(*) FROM pragma_foreign_key_check"), "0", "seed {seed}");
        for name in before.models.keys() {
            assert_eq!(
                database.get(&format!("SELECT seq FROM sqlite_sequence WHERE name = 'M{name}'")),
                "100",
                "seed {seed}"
            );
        }
        let mut fresh = Database::new();
        fresh.push(&text(&after));
        assert_eq!(catalog(&database, &after), catalog(&fresh, &after), "seed {seed}");
    }
    // Both ways must have been walked often for the test to mean anything.
    assert!(applied > PAIRS / 4 && blocked > PAIRS / 20, "{applied} applied, {blocked} blocked");
}
