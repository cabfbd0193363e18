//! Queries as a user of the TypeScript client writes them, `$` in place of each value, to the words of a shape:
//!
//! ```text
//! user.findMany({ where: { email: { contains: $ } }, orderBy: { email: desc }, take: $, select: { posts: true } })
//! ```

use purlin_query::catalog::{Arity, Catalog, FieldIndex, FieldKind, Model, ModelIndex};
use purlin_query::operators::OPERATORS;
use purlin_query::shape::Code;

/// An argument.
#[derive(Debug, Clone, PartialEq)]
enum Argument {
    Object(Vec<(String, Argument)>),
    List(Vec<Argument>),
    Word(String),
    /// A value, or a list of so many.
    Value,
}

/// The words of the shape of a call.
pub(crate) fn words(catalog: &Catalog, call: &str) -> Vec<u16> {
    let (model, rest) = call.trim().split_once('.').expect("`model.operation(..)`");
    let (operation, arguments) = rest.split_once('(').expect("`(`");
    let index = catalog.models.iter().position(|at| at.name.eq_ignore_ascii_case(model)).expect("a model");
    let mut tokens = tokens(arguments.trim_end().strip_suffix(')').expect("`)`")).into_iter().peekable();
    let arguments = if tokens.peek().is_some() { argument(&mut tokens) } else { Argument::Object(Vec::new()) };
    let mut encoder = Encoder { catalog, words: Vec::new() };
    encoder.query(index as ModelIndex, operation, &arguments);
    encoder.words
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut is_word = false;
    for character in text.chars() {
        let continues = character.is_alphanumeric() || matches!(character, '_' | '$' | '-');
        match tokens.last_mut() {
            Some(last) if continues && is_word => last.push(character),
            _ if matches!(character, ',' | ':') || character.is_whitespace() => {}
            _ => tokens.push(character.to_string()),
        }
        is_word = continues;
    }
    tokens
}

fn argument(tokens: &mut std::iter::Peekable<std::vec::IntoIter<String>>) -> Argument {
    let token = tokens.next().expect("an argument");
    match token.as_str() {
        "{" => {
            let mut members = Vec::new();
            while tokens.next_if(|token| token == "}").is_none() {
                let name = tokens.next().expect("a name or `}`");
                members.push((name, argument(tokens)));
            }
            Argument::Object(members)
        }
        "[" => {
            let mut members = Vec::new();
            while tokens.next_if(|token| token == "]").is_none() {
                members.push(argument(tokens));
            }
            Argument::List(members)
        }
        "$" => Argument::Value,
        _ => Argument::Word(token),
    }
}

impl Argument {
    fn get(&self, name: &str) -> Option<&Argument> {
        self.members().iter().find(|(other, _)| other == name).map(|(_, argument)| argument)
    }

    fn members(&self) -> &[(String, Argument)] {
        match self {
            Self::Object(members) => members,
            other => panic!("an object, not {other:?}"),
        }
    }

    /// The members of a list, or this alone.
    fn each(&self) -> &[Argument] {
        match self {
            Self::List(members) => members,
            other => std::slice::from_ref(other),
        }
    }

    fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(other) if other == word)
    }
}

struct Encoder<'a> {
    catalog: &'a Catalog,
    words: Vec<u16>,
}

impl<'a> Encoder<'a> {
    fn push(&mut self, word: impl Word) {
        self.words.push(word.word());
    }

    fn model(&self, model: ModelIndex) -> &'a Model {
        self.catalog.model(model).expect("a model")
    }

    fn field(&self, model: ModelIndex, name: &str) -> (FieldIndex, &'a FieldKind) {
        let fields = &self.model(model).fields;
        let index = fields.iter().position(|field| field.name == name);
        let index = index.unwrap_or_else(|| panic!("{} has no field {name}", self.model(model).name));
        (index as FieldIndex, &fields[index].kind)
    }

    fn query(&mut self, model: ModelIndex, operation: &str, arguments: &Argument) {
        let code = match operation {
            "findMany" => Code::FindMany,
            "findFirst" => Code::FindFirst,
            "findUnique" => Code::FindUnique,
            "count" => Code::Count,
            "create" => Code::Create,
            "createMany" => Code::CreateMany,
            "update" => Code::Update,
            "updateMany" => Code::UpdateMany,
            "delete" => Code::Delete,
            "deleteMany" => Code::DeleteMany,
            "upsert" => Code::Upsert,
            other => panic!("no operation {other}"),
        };
        self.push(code);
        self.push(model);
        let filter = |encoder: &mut Self| match arguments.get("where") {
            Some(filter) => encoder.filter(model, filter),
            None => encoder.words.extend([Code::And as u16, 0]),
        };
        match code {
            Code::FindMany | Code::FindFirst | Code::FindUnique => {
                self.args(model, arguments);
                self.selection(model, arguments);
            }
            Code::Count => {
                self.args(model, arguments);
                let counted = arguments.get("select").map_or(&[][..], Argument::members);
                self.push(counted.len().max(1) as u16);
                for (name, _) in counted {
                    if name == "_all" {
                        self.push(Code::All);
                    } else {
                        self.push(Code::Field);
                        self.push(self.field(model, name).0);
                    }
                }
                if counted.is_empty() {
                    self.push(Code::All);
                }
            }
            Code::Create => {
                self.writes(model, arguments.get("data").expect("`data`"));
                self.selection(model, arguments);
            }
            Code::CreateMany => {
                let groups = arguments.get("data").expect("`data`").each();
                self.push(groups.len() as u16);
                for group in groups {
                    self.push(group.members().len() as u16);
                    for (name, _) in group.members() {
                        self.push(self.field(model, name).0);
                    }
                }
            }
            Code::Update => {
                filter(self);
                self.writes(model, arguments.get("data").expect("`data`"));
                self.selection(model, arguments);
            }
            Code::UpdateMany => {
                filter(self);
                self.writes(model, arguments.get("data").expect("`data`"));
            }
            Code::Upsert => {
                filter(self);
                self.writes(model, arguments.get("create").expect("`create`"));
                self.writes(model, arguments.get("update").expect("`update`"));
                self.selection(model, arguments);
            }
            Code::Delete => {
                filter(self);
                self.selection(model, arguments);
            }
            _ => filter(self),
        }
    }

    fn args(&mut self, model: ModelIndex, arguments: &Argument) {
        if let Some(filter) = arguments.get("where") {
            self.push(Code::Where);
            self.filter(model, filter);
        }
        for order in arguments.get("orderBy").map_or(&[][..], Argument::each) {
            self.order(model, order);
        }
        if let Some(take) = arguments.get("take") {
            self.push(if take.is("-$") { Code::TakeLast } else { Code::Take });
        }
        if arguments.get("skip").is_some() {
            self.push(Code::Skip);
        }
        self.push(Code::End);
    }

    fn order(&mut self, model: ModelIndex, order: &Argument) {
        let (mut path, mut at, mut inner) = (Vec::new(), model, order);
        loop {
            let [(name, next)] = inner.members() else { panic!("one sort key, not {inner:?}") };
            match self.field(at, name) {
                (field, FieldKind::Relation(relation)) if relation.arity != Arity::Many => {
                    path.push(field);
                    (at, inner) = (relation.target, next);
                }
                (field, kind) => {
                    let counts = matches!(kind, FieldKind::Relation(_));
                    let next = if counts { next.get("_count").expect("`_count`") } else { next };
                    let (direction, nulls) = match next {
                        Argument::Object(_) => (next.get("sort").expect("`sort`"), next.get("nulls")),
                        _ => (next, None),
                    };
                    self.push(Code::OrderBy);
                    self.push(if direction.is("desc") { Code::Descending } else { Code::Ascending });
                    match nulls {
                        Some(nulls) if nulls.is("first") => self.push(Code::NullsFirst),
                        Some(_) => self.push(Code::NullsLast),
                        None => {}
                    }
                    self.push(path.len() as u16);
                    self.words.extend(path);
                    self.push(if counts { Code::Count } else { Code::Field });
                    self.push(field);
                    return;
                }
            }
        }
    }

    fn selection(&mut self, model: ModelIndex, arguments: &Argument) {
        let selected = arguments.get("select");
        if selected.is_none() {
            self.push(Code::AllColumns);
        }
        let members = selected.or(arguments.get("include")).map_or(&[][..], Argument::members);
        for (name, inner) in members {
            if name == "_count" {
                let counts = inner.get("select").expect("`select`").members();
                self.push(Code::Counts);
                self.push(counts.len() as u16);
                for (name, inner) in counts {
                    let (field, kind) = self.field(model, name);
                    let FieldKind::Relation(relation) = kind else { panic!("{name} is a relation") };
                    self.push(field);
                    match inner {
                        Argument::Object(_) => {
                            self.push(Code::Where);
                            self.filter(relation.target, inner.get("where").expect("`where`"));
                        }
                        _ => self.push(Code::All),
                    }
                }
                continue;
            }
            match self.field(model, name) {
                (field, FieldKind::Column(_)) => {
                    self.push(Code::Field);
                    self.push(field);
                }
                (field, FieldKind::Relation(relation)) => {
                    self.push(Code::Relation);
                    self.push(field);
                    let all = Argument::Object(Vec::new());
                    let inner = if inner.is("true") { &all } else { inner };
                    self.args(relation.target, inner);
                    self.selection(relation.target, inner);
                }
            }
        }
        self.push(Code::End);
    }

    /// A condition, or the conjunction of several.
    fn filter(&mut self, model: ModelIndex, filter: &Argument) {
        let at = self.words.len();
        let mut count = 0;
        for (name, inner) in filter.members() {
            match name.as_str() {
                "AND" | "OR" => {
                    self.push(if name == "AND" { Code::And } else { Code::Or });
                    self.push(inner.each().len() as u16);
                    for member in inner.each() {
                        self.filter(model, member);
                    }
                    count += 1;
                }
                "NOT" => {
                    self.push(Code::Not);
                    self.filter(model, inner);
                    count += 1;
                }
                _ => count += self.condition(model, name, inner),
            }
        }
        if count != 1 {
            self.words.splice(at..at, [Code::And as u16, count]);
        }
    }

    fn condition(&mut self, model: ModelIndex, name: &str, inner: &Argument) -> u16 {
        let (field, kind) = self.field(model, name);
        if let FieldKind::Relation(relation) = kind {
            for (quantifier, inner) in inner.members() {
                self.push(match quantifier.as_str() {
                    "some" | "is" => Code::Some,
                    "every" => Code::Every,
                    "none" | "isNot" => Code::None,
                    other => panic!("no quantifier {other}"),
                });
                self.push(field);
                self.filter(relation.target, inner);
            }
            return inner.members().len() as u16;
        }
        let equals = [("equals".to_owned(), inner.clone())];
        let operators = if let Argument::Object(members) = inner { &members[..] } else { &equals };
        for (operator, value) in operators {
            let code = match (operator.as_str(), value) {
                ("equals", Argument::Word(_)) => Code::IsNull,
                ("not", Argument::Word(_)) => Code::IsNotNull,
                ("has", _) => Code::Has,
                ("hasEvery", _) => Code::HasEvery,
                ("hasSome", _) => Code::HasSome,
                ("isEmpty", _) => Code::IsEmpty,
                (name, _) => match OPERATORS.iter().find(|operator| operator.name == name) {
                    Some(operator) => operator.code,
                    None => panic!("no operator {name}"),
                },
            };
            self.push(code);
            self.push(field);
        }
        operators.len() as u16
    }

    fn writes(&mut self, model: ModelIndex, data: &Argument) {
        for (name, inner) in data.members() {
            let (field, kind) = self.field(model, name);
            match kind {
                FieldKind::Column(_) => {
                    let code = match inner {
                        Argument::Word(_) => Code::SetNull,
                        Argument::Object(members) => match members[0].0.as_str() {
                            "increment" => Code::Add,
                            "decrement" => Code::Subtract,
                            "multiply" => Code::Multiply,
                            "divide" => Code::Divide,
                            "push" => Code::Push,
                            other => panic!("no change {other}"),
                        },
                        _ => Code::Set,
                    };
                    self.push(code);
                    self.push(field);
                }
                FieldKind::Relation(relation) => {
                    let many = relation.arity == Arity::Many;
                    for (operation, rows) in inner.members() {
                        if operation == "set" {
                            self.push(Code::SetRelated);
                            self.push(field);
                            self.push(rows.each().len() as u16);
                            for row in rows.each() {
                                self.filter(relation.target, row);
                            }
                            continue;
                        }
                        for row in rows.each() {
                            self.related(operation, field, relation.target, many, row);
                        }
                    }
                }
            }
        }
        self.push(Code::End);
    }
}

impl Encoder<'_> {
    fn related(&mut self, operation: &str, field: FieldIndex, target: ModelIndex, many: bool, row: &Argument) {
        let code = match operation {
            "create" => Code::NestedCreate,
            "createMany" => Code::NestedCreateMany,
            "connect" => Code::Connect,
            "connectOrCreate" => Code::ConnectOrCreate,
            "disconnect" => Code::Disconnect,
            "update" => Code::NestedUpdate,
            "updateMany" => Code::NestedUpdateMany,
            "upsert" => Code::NestedUpsert,
            "delete" => Code::NestedDelete,
            "deleteMany" => Code::NestedDeleteMany,
            other => panic!("no nested {other}"),
        };
        self.push(code);
        self.push(field);
        let member = |name: &str| row.get(name).expect("an argument");
        match code {
            Code::NestedCreate => self.writes(target, row),
            Code::NestedCreateMany => {
                let row = &member("data").each()[0];
                self.push(row.members().len() as u16);
                for (name, _) in row.members() {
                    self.push(self.field(target, name).0);
                }
            }
            Code::Connect | Code::NestedDeleteMany => self.filter(target, row),
            Code::ConnectOrCreate => {
                self.filter(target, member("where"));
                self.writes(target, member("create"));
            }
            Code::Disconnect | Code::NestedDelete => {
                let row = if row.is("true") { None } else { Some(row) };
                self.row(target, row);
            }
            Code::NestedUpdate if !many && row.get("data").is_none() => {
                self.push(Code::All);
                self.writes(target, row);
            }
            Code::NestedUpdate => {
                self.row(target, row.get("where"));
                self.writes(target, member("data"));
            }
            Code::NestedUpdateMany => {
                self.filter(target, member("where"));
                self.writes(target, member("data"));
            }
            _ => {
                self.row(target, row.get("where"));
                self.writes(target, member("create"));
                self.writes(target, member("update"));
            }
        }
    }

    fn row(&mut self, target: ModelIndex, filter: Option<&Argument>) {
        match filter {
            None => self.push(Code::All),
            Some(filter) => {
                self.push(Code::Where);
                self.filter(target, filter);
            }
        }
    }
}

trait Word {
    fn word(self) -> u16;
}

impl Word for Code {
    fn word(self) -> u16 {
        self as u16
    }
}

impl Word for u16 {
    fn word(self) -> u16 {
        self
    }
}
