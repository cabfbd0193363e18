//! The text of a catalog and the catalog say the same: for each schema of the repository, and for random catalogs.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]
#![allow(clippy::disallowed_methods, reason = "the schemas of the repository are files")]

use std::fs;
use std::path::{Path, PathBuf};

use purlin_query::catalog::{
    Arity, Catalog, Column, Default, Enum, EnumValue, Field, FieldKind, Key, Model, Name, Provider, Relation, Through,
    Type, VERSION, Writes,
};
use purlin_schema::source::SourceFile;

/// Reads back what was written, and writes it again.
fn check(catalog: &Catalog, which: &str) {
    let text = catalog.to_text();
    let read = Catalog::from_text(&text).unwrap_or_else(|error| panic!("{which}: {error}\n{text}"));
    assert_eq!(&read, catalog, "{which}\n{text}");
    assert_eq!(read.to_text(), text, "{which}");
    let meaningful = |char| matches!(char, '`' | '$' | '\\' | '\r' | '\u{2028}' | '\u{2029}');
    assert!(!text.contains(meaningful), "{which}: a template literal reads it otherwise\n{text}");
    assert_eq!(text.lines().count(), 1 + catalog.models.len() + catalog.enums.len(), "{which}: a line per model");
}

#[test]
fn the_catalog_of_each_schema_of_the_repository_is_what_its_text_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut checked, mut models) = (0, 0);
    for path in ["bench", "client", "examples", "node/package/test/schema", "query", "schema/tests", "tests"]
        .iter()
        .flat_map(|folder| schemas(&root.join(folder)))
    {
        let text = fs::read_to_string(&path).expect("the file is text");
        let (schema, _) = purlin_schema::parse(&[SourceFile { path: path.clone(), text }]);
        // Also of schemas with findings: what is left of them has a catalog.
        let catalog = purlin_codegen::lower::lower(&schema);
        models += catalog.models.len();
        checked += 1;
        if names_are_unique(&catalog) {
            check(&catalog, &path.display().to_string());
        }
    }
    assert!(checked > 50 && models > 300, "{checked} schemas with {models} models");
}

/// The schemas in a folder and those below it, but for what is installed or built.
fn schemas(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("the entry is readable").path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                let skipped = path.ends_with("node_modules") || path.ends_with("target");
                return if skipped { Vec::new() } else { schemas(&path) };
            }
            if path.extension().is_some_and(|ending| ending == "prisma") { vec![path] } else { Vec::new() }
        })
        .collect()
}

/// A schema with findings may define a name twice; no client is generated from it.
fn names_are_unique(catalog: &Catalog) -> bool {
    let unique = |mut names: Vec<&str>| {
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        names.len() == count
    };
    unique(catalog.models.iter().map(|model| &*model.name).collect())
        && unique(catalog.enums.iter().map(|enumeration| &*enumeration.name).collect())
        && catalog.models.iter().all(|model| unique(model.fields.iter().map(|field| &*field.name).collect()))
}

#[test]
fn a_random_catalog_is_what_its_text_says() {
    for seed in 0..2_000 {
        check(&Dice(seed).catalog(), &format!("seed {seed}"));
    }
}

#[test]
fn damaged_text_is_refused_or_is_another_catalog() {
    let (mut refused, mut read) = (0, 0);
    for seed in 0..2_000 {
        let mut dice = Dice(seed);
        let text = dice.catalog().to_text();
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..=dice.below(3) {
            if chars.is_empty() {
                break;
            }
            let place = dice.below(chars.len());
            match dice.below(3) {
                0 => drop(chars.remove(place)),
                1 => chars.insert(place, dice.char()),
                _ => chars.truncate(place.max(1)),
            }
        }
        match Catalog::from_text(&chars.into_iter().collect::<String>()) {
            Ok(catalog) => {
                read += 1;
                check(&catalog, &format!("seed {seed}, damaged"));
            }
            Err(error) => {
                refused += 1;
                assert!(error.to_string().ends_with("run `npx purlin generate`"), "{error}");
            }
        }
    }
    assert!(refused > 100 && read > 100, "{refused} refused, {read} read");
}

#[test]
fn the_text_of_another_version_is_refused_with_the_remedy() {
    let text = Catalog::new(&[], &[]).to_text();
    let (before, after) = (VERSION - 1, VERSION + 1);
    let other = |version: u32| text.replace(&format!("catalog {VERSION} "), &format!("catalog {version} "));
    // The JSON is what older versions sent.
    for text in [other(before), other(after), String::new(), r#"{"version":2,"models":[]}"#.to_owned()] {
        let error = Catalog::from_text(&text).expect_err("it is of another version");
        assert_eq!(
            error.to_string(),
            "the generated client was written by another version of purlin: run `npx purlin generate`"
        );
    }
    assert_eq!(Catalog::from_text(&text), Ok(Catalog::new(&[], &[])));
}

/// What says an index that leads nowhere is not written as something else.
#[test]
fn a_name_that_is_not_there_is_refused() {
    let header = format!("catalog {VERSION} sqlite\n");
    for line in [
        "model A id:enum.Nowhere |",
        "model A id:Nothing |",
        "model A id:Int@unheardOf |",
        "model A id:Int@uuid |",
        "model A id:Int@uuid(x) |",
        "model A id:Int | other",
        "model A id:Int id:Int | id",
        "model A\nmodel A",
        "model A a>B.a(a=a) |",
        "model A a>A.b(a=a) |",
        "model A a>A.a(b=a) |",
        "model A a>A.a?[](a=a) |",
        "model A a<A.a[](a=a)@through(x,y) |",
        "model A a<A.a[](a=a)@through(x,y,z,s,t) |",
        "model A=%4 |",
        "model A=%FF |",
        "model",
        "mixin A",
        "enum E=e@other A",
    ] {
        assert!(Catalog::from_text(&format!("{header}{line}\n")).is_err(), "{line}");
    }
}

/// Random numbers from a seed, by the algorithm splitmix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).expect("it is below the bound")
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    fn one_of<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    /// Letters, what means something in the text or in JavaScript, and what does in neither.
    fn char(&mut self) -> char {
        let some: Vec<char> = "aZ9_- =:@|><.?[](),%`$\\\"'{}\n\r\u{2028}\u{0}äß日\u{301}\u{1f600}".chars().collect();
        self.one_of(&some)
    }

    fn name(&mut self) -> Name {
        (0..self.below(5)).map(|_| self.char()).collect::<String>().into()
    }

    /// The name of something in the database: often that in the clients.
    fn db_name(&mut self, name: &Name) -> Name {
        if self.coin() { name.clone() } else { self.name() }
    }

    fn maybe(&mut self) -> Option<Name> {
        (self.below(4) == 0).then(|| self.name())
    }

    /// A name that nothing else has.
    fn unique(&mut self, index: usize) -> Name {
        format!("{}{index}", self.name()).into()
    }

    fn indices(&mut self, below: usize) -> Vec<u16> {
        (0..self.below(4)).map(|_| u16::try_from(self.below(below)).expect("there are few")).collect()
    }

    fn index(&mut self, below: usize) -> u16 {
        u16::try_from(self.below(below)).expect("there are few")
    }

    fn catalog(&mut self) -> Catalog {
        let enums: Vec<Enum> = (0..self.below(3))
            .map(|index| {
                let name = self.unique(index);
                let values = (0..self.below(4)).map(|_| {
                    let name = self.name();
                    EnumValue { db_name: self.db_name(&name), name }
                });
                let values: Vec<EnumValue> = values.collect();
                Enum { db_name: self.db_name(&name), name, schema: self.maybe(), values: values.into() }
            })
            .collect();
        let counts: Vec<usize> = (0..self.below(4)).map(|_| 1 + self.below(6)).collect();
        let models: Vec<Model> = (0..counts.len()).map(|index| self.model(index, &counts, enums.len())).collect();
        let provider = self.one_of(&[Provider::Sqlite, Provider::Postgres, Provider::Mysql]);
        Catalog { version: VERSION, provider, models: models.into(), enums: enums.into() }
    }

    /// `counts`: how many fields each model has.
    fn model(&mut self, index: usize, counts: &[usize], enums: usize) -> Model {
        let name = self.unique(index);
        let own = counts[index];
        let mut fields: Vec<Field> = Vec::new();
        for index in 0..own {
            let name = self.unique(index);
            let kind = if self.coin() {
                FieldKind::Column(self.column(&name, enums))
            } else {
                FieldKind::Relation(self.relation(own, counts))
            };
            fields.push(Field { name, kind });
        }
        let mut keys: Vec<Key> = Vec::new();
        for _ in 0..self.below(3) {
            let of = self.indices(own);
            let names: Vec<&str> = of.iter().map(|field| &*fields[usize::from(*field)].name).collect();
            let usual: Name = names.join("_").into();
            keys.push(Key { name: self.db_name(&usual), fields: of.into() });
        }
        Model {
            table: self.db_name(&name),
            name,
            schema: self.maybe(),
            writes: self.one_of(&[Writes::All, Writes::NoCreate, Writes::None]),
            fields: fields.into(),
            keys: keys.into(),
        }
    }

    fn column(&mut self, name: &Name, enums: usize) -> Column {
        let scalars = [
            Type::String,
            Type::Boolean,
            Type::Int,
            Type::BigInt,
            Type::Float,
            Type::Decimal,
            Type::DateTime,
            Type::Json,
            Type::Bytes,
        ];
        let ty = if enums > 0 && self.coin() { Type::Enum(self.index(enums)) } else { self.one_of(&scalars) };
        let defaults = [
            Default::None,
            Default::Database,
            Default::Number(i32::MIN),
            Default::Instant(i64::MIN),
            Default::Instant(1),
            Default::Autoincrement,
            Default::Now,
            Default::Uuid(7),
            Default::Cuid(2),
            Default::Ulid,
            Default::Nanoid(255),
        ];
        Column {
            name: self.db_name(name),
            ty,
            nullable: self.coin(),
            default: self.one_of(&defaults),
            updated_at: self.coin(),
            list: self.coin(),
            server_only: self.coin(),
            generated: self.coin(),
            indexed: self.coin(),
            native: self.maybe(),
        }
    }

    fn relation(&mut self, own: usize, counts: &[usize]) -> Relation {
        let target = self.below(counts.len());
        let through = self.coin().then(|| Through {
            table: self.name(),
            schema: self.maybe(),
            from_column: self.name(),
            to_column: self.name(),
        });
        Relation {
            target: u16::try_from(target).expect("there are few"),
            inverse: self.index(counts[target]),
            arity: self.one_of(&[Arity::One, Arity::Optional, Arity::Many]),
            from: self.indices(own).into(),
            to: self.indices(counts[target]).into(),
            holds_key: self.coin(),
            indexed: self.coin(),
            through,
        }
    }
}
