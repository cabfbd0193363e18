//! The shape: a query tree without values, as a sequence of 16-bit words.
//!
//! Both clients write it while they walk the arguments of a call, and put each value they meet into a list
//! beside it. The words are the key of the plan cache, so a call that was seen before costs no tree at all;
//! [`decode`] turns them back into a [`Query`] for the planner when it was not. A word fits a UTF-16 unit: in
//! JavaScript a shape is a string.
//!
//! ```text
//! query     := FindMany model args selection | FindFirst .. | FindUnique ..
//!            | Count model args n (All | Field field)*n
//!            | Create model writes selection          | CreateMany model n (k field*k)*n     values: a list a group
//!            | Update model filter writes selection   | UpdateMany model filter writes
//!            | Delete model filter selection          | DeleteMany model filter
//! args      := (Where filter)? (OrderBy order)* (Take | TakeLast)? Skip? End            values: the numbers
//! filter    := And n filter*n | Or n filter*n | Not filter
//!            | (Equals | .. | EndsWith) field                                           value: the operand
//!            | (In | NotIn) field bits                                                  value: a list
//!            | IsNull field | IsNotNull field | (Some | Every | None) relation filter
//! order     := (Ascending | Descending) (NullsFirst | NullsLast)? n relation*n (Field field | Count relation)
//! selection := (AllColumns | Field field | Relation relation args selection
//!            | Counts n (relation (Where filter | All))*n)* End
//! writes    := (Set field | SetNull field | (Add | ..) field | NestedCreate relation writes
//!            | Connect relation filter)* End                                            values: in order
//! ```
//! `bits` is the base-2 logarithm of the bound length of a list, which is padded to a power of two.

use crate::catalog::{Arity, Catalog, FieldIndex, Model, ModelIndex, Relation, Type};
use crate::error::Error;
use crate::tree::{
    Args, Arithmetic, Compare, Filter, FindMode, Nested, Nulls, Order, OrderBy, Quantifier, Query, RelationCount,
    RowGroup, Selected, Slot, Take, Write,
};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// The words with a meaning of their own; the others are indices and numbers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u16)]
        #[allow(missing_docs, reason = "the grammar above is their documentation")]
        pub enum Code { $($(#[$doc])* $name = $word,)* }

        impl Code {
            /// Every code with its name, from which the TypeScript runtime's table is made.
            pub const ALL: &[(&str, u16)] = &[$((stringify!($name), $word),)*];

            fn from_word(word: u16) -> Option<Self> {
                match word { $($word => Some(Self::$name),)* _ => None }
            }
        }
    };
}

codes! {
    End = 0,
    FindMany = 1,
    FindFirst = 2,
    FindUnique = 3,
    Count = 4,
    Create = 5,
    CreateMany = 6,
    Update = 7,
    UpdateMany = 8,
    Delete = 9,
    DeleteMany = 10,
    Where = 16,
    OrderBy = 17,
    Take = 18,
    TakeLast = 19,
    Skip = 20,
    And = 32,
    Or = 33,
    Not = 34,
    Equals = 35,
    NotEquals = 36,
    Less = 37,
    LessOrEqual = 38,
    Greater = 39,
    GreaterOrEqual = 40,
    Contains = 41,
    StartsWith = 42,
    EndsWith = 43,
    In = 44,
    NotIn = 45,
    IsNull = 46,
    IsNotNull = 47,
    Some = 48,
    Every = 49,
    None = 50,
    Ascending = 64,
    Descending = 65,
    NullsFirst = 66,
    NullsLast = 67,
    AllColumns = 80,
    Field = 81,
    Relation = 82,
    Counts = 83,
    All = 84,
    Set = 96,
    SetNull = 97,
    Add = 98,
    Subtract = 99,
    Multiply = 100,
    Divide = 101,
    NestedCreate = 102,
    Connect = 103,
}

/// A list longer than this is refused: SQLite binds at most 32,766 values.
pub const MAX_LIST_BITS: u16 = 14;

/// How deep relations, filters and nested writes may nest.
const MAX_DEPTH: usize = 64;

/// The logarithm of the bound length of a list of `length` values.
pub fn list_bits(length: usize) -> u16 {
    let bits = length.max(1).next_power_of_two().trailing_zeros();
    u16::try_from(bits).unwrap_or(u16::MAX)
}

/// What a value of a query must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// A value for a column, or of its type.
    Column {
        /// The model of the column.
        model: ModelIndex,
        /// The column.
        field: FieldIndex,
    },
    /// A list of values for a column.
    List {
        /// The model of the column.
        model: ModelIndex,
        /// The column.
        field: FieldIndex,
    },
    /// A number of rows.
    Count,
    /// The rows of a group of `createMany`: the index of the group.
    Rows {
        /// The model of the rows.
        model: ModelIndex,
        /// Index of the group in [`Query::CreateMany`].
        group: usize,
    },
}

/// Decodes a shape and checks all of it against the catalog: indices, types, keys, required columns.
///
/// Gives the tree and what each value must be.
pub fn decode(catalog: &Catalog, words: &[u16]) -> Result<(Query, Vec<Input>), Error> {
    let mut reader = Reader { catalog, words, position: 0, inputs: Vec::new(), depth: 0 };
    let query = reader.query()?;
    if reader.position == words.len() { Ok((query, reader.inputs)) } else { Err(malformed()) }
}

fn malformed() -> Error {
    Error::invalid("malformed query shape".to_owned())
}

struct Reader<'a> {
    catalog: &'a Catalog,
    words: &'a [u16],
    position: usize,
    inputs: Vec<Input>,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn word(&mut self) -> Result<u16, Error> {
        let word = self.words.get(self.position).copied().ok_or_else(malformed)?;
        self.position += 1;
        Ok(word)
    }

    fn code(&mut self) -> Result<Code, Error> {
        Code::from_word(self.word()?).ok_or_else(malformed)
    }

    /// Takes the next word when it is `code`.
    fn accept(&mut self, code: Code) -> bool {
        let found = self.words.get(self.position) == Some(&(code as u16));
        self.position += usize::from(found);
        found
    }

    /// Remembers what the next value must be.
    fn slot(&mut self, input: Input) -> Result<Slot, Error> {
        let slot =
            Slot::try_from(self.inputs.len()).map_err(|_| Error::invalid("too many values in one query".to_owned()))?;
        self.inputs.push(input);
        Ok(slot)
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        if self.depth == MAX_DEPTH {
            return Err(Error::invalid(format!("the query nests deeper than {MAX_DEPTH} levels")));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn model(&self, index: ModelIndex) -> Result<&'a Model, Error> {
        self.catalog.model(index).ok_or_else(malformed)
    }

    fn column(&mut self, model: ModelIndex) -> Result<FieldIndex, Error> {
        let field = self.word()?;
        self.model(model)?.column(field).ok_or_else(malformed)?;
        Ok(field)
    }

    fn relation(&mut self, model: ModelIndex) -> Result<(FieldIndex, &'a Relation), Error> {
        let field = self.word()?;
        Ok((field, self.model(model)?.relation(field).ok_or_else(malformed)?))
    }

    fn query(&mut self) -> Result<Query, Error> {
        let operation = self.code()?;
        let model = self.word()?;
        self.model(model)?;
        Ok(match operation {
            Code::FindMany => self.find(model, FindMode::Many)?,
            Code::FindFirst => self.find(model, FindMode::First)?,
            Code::FindUnique => self.find(model, FindMode::Unique)?,
            Code::Count => {
                let args = self.args(model)?;
                let length = self.word()?;
                let mut of = Vec::new();
                for _ in 0..length {
                    of.push(match self.code()? {
                        Code::All => None,
                        Code::Field => Some(self.column(model)?),
                        _ => return Err(malformed()),
                    });
                }
                Query::Count { model, args, of }
            }
            Code::Create => {
                let data = self.writes(model)?;
                self.check_required(model, &data, None)?;
                Query::Create { model, data, selection: self.selection(model)? }
            }
            Code::CreateMany => self.create_many(model)?,
            Code::Update => Query::Update {
                model,
                filter: self.unique_filter(model)?,
                data: self.writes(model)?,
                selection: self.selection(model)?,
            },
            Code::UpdateMany => {
                let (filter, data) = (self.filter(model)?, self.writes(model)?);
                if data.iter().any(|write| matches!(write, Write::Create { .. } | Write::Connect { .. })) {
                    return Err(Error::invalid(
                        "updateMany writes columns only; use update for related rows".to_owned(),
                    ));
                }
                Query::UpdateMany { model, filter, data }
            }
            Code::Delete => {
                Query::Delete { model, filter: self.unique_filter(model)?, selection: self.selection(model)? }
            }
            Code::DeleteMany => Query::DeleteMany { model, filter: self.filter(model)? },
            _ => return Err(malformed()),
        })
    }

    fn find(&mut self, model: ModelIndex, mode: FindMode) -> Result<Query, Error> {
        let args = self.args(model)?;
        if mode == FindMode::Unique {
            match &args.filter {
                Some(filter) => self.check_unique(model, filter)?,
                None => return Err(self.not_unique(model)),
            }
        }
        Ok(Query::Find { model, mode, args, selection: self.selection(model)? })
    }

    fn create_many(&mut self, model: ModelIndex) -> Result<Query, Error> {
        let length = self.word()?;
        let mut groups = Vec::new();
        for group in 0..usize::from(length) {
            let mut fields = Vec::new();
            for _ in 0..self.word()? {
                let field = self.column(model)?;
                if fields.contains(&field) {
                    return Err(malformed());
                }
                fields.push(field);
            }
            if fields.is_empty() {
                return Err(Error::invalid("a row of createMany gives at least one value".to_owned()));
            }
            for (index, field, column) in self.model(model)?.columns() {
                if column.required() && !fields.contains(&index) {
                    return Err(Error::required(self.model(model)?, field));
                }
            }
            groups.push(RowGroup { fields, rows: self.slot(Input::Rows { model, group })? });
        }
        Ok(Query::CreateMany { model, groups })
    }

    fn args(&mut self, model: ModelIndex) -> Result<Args, Error> {
        let mut args = Args::default();
        if self.accept(Code::Where) {
            args.filter = Some(self.filter(model)?);
        }
        while self.accept(Code::OrderBy) {
            args.order.push(self.order(model)?);
        }
        if self.accept(Code::Take) {
            args.take = Some(Take { count: self.slot(Input::Count)?, last: false });
        } else if self.accept(Code::TakeLast) {
            args.take = Some(Take { count: self.slot(Input::Count)?, last: true });
        }
        if self.accept(Code::Skip) {
            args.skip = Some(self.slot(Input::Count)?);
        }
        if self.accept(Code::End) { Ok(args) } else { Err(malformed()) }
    }

    fn order(&mut self, model: ModelIndex) -> Result<Order, Error> {
        let descending = match self.code()? {
            Code::Ascending => false,
            Code::Descending => true,
            _ => return Err(malformed()),
        };
        let nulls = if self.accept(Code::NullsFirst) {
            Some(Nulls::First)
        } else if self.accept(Code::NullsLast) {
            Some(Nulls::Last)
        } else {
            None
        };
        let (mut path, mut at) = (Vec::new(), model);
        let length = self.word()?;
        if usize::from(length) > MAX_DEPTH {
            return Err(malformed());
        }
        for _ in 0..length {
            let (field, relation) = self.relation(at)?;
            if relation.arity == Arity::Many {
                return Err(malformed());
            }
            path.push(field);
            at = relation.target;
        }
        let by = match self.code()? {
            Code::Field => OrderBy::Column(self.column(at)?),
            Code::Count => match self.relation(at)? {
                (field, Relation { arity: Arity::Many, .. }) => OrderBy::Count(field),
                _ => return Err(malformed()),
            },
            _ => return Err(malformed()),
        };
        Ok(Order { path, by, descending, nulls })
    }

    fn filter(&mut self, model: ModelIndex) -> Result<Filter, Error> {
        self.nested(|reader| reader.filter_here(model))
    }

    fn filter_here(&mut self, model: ModelIndex) -> Result<Filter, Error> {
        let code = self.code()?;
        let operator = match code {
            Code::And => return Ok(Filter::And(self.filters(model)?)),
            Code::Or => return Ok(Filter::Or(self.filters(model)?)),
            Code::Not => return Ok(Filter::Not(Box::new(self.filter(model)?))),
            Code::In | Code::NotIn => {
                let field = self.column(model)?;
                let bits = self.word()?;
                if bits > MAX_LIST_BITS {
                    let most = 1 << MAX_LIST_BITS;
                    return Err(Error::too_many(format!(
                        "a list of more than {most} values; split it into several queries"
                    )));
                }
                let list = self.slot(Input::List { model, field })?;
                return Ok(Filter::In { field, negated: code == Code::NotIn, list, length: 1 << bits });
            }
            Code::IsNull | Code::IsNotNull => {
                let negated = code == Code::IsNotNull;
                return Ok(Filter::Null { field: self.column(model)?, negated });
            }
            Code::Some | Code::Every | Code::None => {
                let quantifier = match code {
                    Code::Some => Quantifier::Some,
                    Code::Every => Quantifier::Every,
                    _ => Quantifier::None,
                };
                let (field, relation) = self.relation(model)?;
                let filter = Box::new(self.filter(relation.target)?);
                return Ok(Filter::Related { field, quantifier, filter });
            }
            Code::Equals => Compare::Equals,
            Code::NotEquals => Compare::NotEquals,
            Code::Less => Compare::Less,
            Code::LessOrEqual => Compare::LessOrEqual,
            Code::Greater => Compare::Greater,
            Code::GreaterOrEqual => Compare::GreaterOrEqual,
            Code::Contains => Compare::Contains,
            Code::StartsWith => Compare::StartsWith,
            Code::EndsWith => Compare::EndsWith,
            _ => return Err(malformed()),
        };
        let field = self.column(model)?;
        self.check_operator(model, field, operator)?;
        Ok(Filter::Compare { field, operator, value: self.slot(Input::Column { model, field })? })
    }

    fn filters(&mut self, model: ModelIndex) -> Result<Vec<Filter>, Error> {
        let length = self.word()?;
        (0..length).map(|_| self.filter(model)).collect()
    }

    fn check_operator(&self, model: ModelIndex, field: FieldIndex, operator: Compare) -> Result<(), Error> {
        let model = self.model(model)?;
        let column = model.column(field).ok_or_else(malformed)?;
        let fits = match operator {
            Compare::Equals | Compare::NotEquals => true,
            Compare::Less | Compare::LessOrEqual | Compare::Greater | Compare::GreaterOrEqual => {
                !matches!(column.ty, Type::Boolean | Type::Json | Type::Bytes | Type::Enum(_))
            }
            Compare::Contains | Compare::StartsWith | Compare::EndsWith => column.ty == Type::String,
        };
        if fits {
            return Ok(());
        }
        let name = model.fields.get(usize::from(field)).map_or("", |field| &field.name);
        let ty = column.ty.name(self.catalog);
        Err(Error::invalid(format!("`{}.{name}` is {ty}, which has no operator {operator:?}", model.name)))
    }

    fn unique_filter(&mut self, model: ModelIndex) -> Result<Filter, Error> {
        let filter = self.filter(model)?;
        self.check_unique(model, &filter)?;
        Ok(filter)
    }

    /// A filter names at most one row when, on its topmost `And`, all columns of some key equal values.
    fn check_unique(&self, model: ModelIndex, filter: &Filter) -> Result<(), Error> {
        if self.model(model)?.keys.iter().any(|key| key.fields.iter().all(|field| pins(filter, *field))) {
            Ok(())
        } else {
            Err(self.not_unique(model))
        }
    }

    fn not_unique(&self, model: ModelIndex) -> Error {
        let Some(model) = self.catalog.model(model) else { return malformed() };
        let keys = model.keys.iter().map(|key| format!("`{}`", key.name)).collect::<Vec<_>>().join(", ");
        Error::invalid(format!("`where` must name one row of {} by a unique key: {keys}", model.name))
    }

    fn selection(&mut self, model: ModelIndex) -> Result<Vec<Selected>, Error> {
        self.nested(|reader| reader.selection_here(model))
    }

    fn selection_here(&mut self, model: ModelIndex) -> Result<Vec<Selected>, Error> {
        let mut selection = Vec::new();
        loop {
            match self.code()? {
                Code::End => return Ok(selection),
                Code::AllColumns => {
                    selection.extend(self.model(model)?.columns().map(|(field, ..)| Selected::Column(field)));
                }
                Code::Field => selection.push(Selected::Column(self.column(model)?)),
                Code::Relation => {
                    let (field, relation) = self.relation(model)?;
                    let args = self.args(relation.target)?;
                    let paged = !args.order.is_empty() || args.take.is_some() || args.skip.is_some();
                    if relation.arity != Arity::Many && paged {
                        return Err(malformed());
                    }
                    if relation.arity == Arity::One && args.filter.is_some() {
                        return Err(Error::invalid("a required to-one relation takes no `where`".to_owned()));
                    }
                    let selection_of_target = self.selection(relation.target)?;
                    selection.push(Selected::Relation(Nested { field, args, selection: selection_of_target }));
                }
                Code::Counts => {
                    let mut counts = Vec::new();
                    for _ in 0..self.word()? {
                        let (field, relation) = self.relation(model)?;
                        let filter = match self.code()? {
                            Code::All => None,
                            Code::Where => Some(self.filter(relation.target)?),
                            _ => return Err(malformed()),
                        };
                        if relation.arity != Arity::Many {
                            return Err(malformed());
                        }
                        counts.push(RelationCount { field, filter });
                    }
                    selection.push(Selected::Counts(counts));
                }
                _ => return Err(malformed()),
            }
        }
    }

    fn writes(&mut self, model: ModelIndex) -> Result<Vec<Write>, Error> {
        self.nested(|reader| reader.writes_here(model))
    }

    fn writes_here(&mut self, model: ModelIndex) -> Result<Vec<Write>, Error> {
        let mut writes = Vec::new();
        loop {
            let code = self.code()?;
            writes.push(match code {
                Code::End => break,
                Code::Set => {
                    let field = self.column(model)?;
                    Write::Set { field, value: self.slot(Input::Column { model, field })? }
                }
                Code::SetNull => {
                    let field = self.column(model)?;
                    let model = self.model(model)?;
                    if model.column(field).is_some_and(|column| !column.nullable) {
                        let name = model.fields.get(usize::from(field)).map_or("", |field| &field.name);
                        return Err(Error::invalid(format!("`{}.{name}` is required, it cannot be null", model.name)));
                    }
                    Write::SetNull { field }
                }
                Code::Add | Code::Subtract | Code::Multiply | Code::Divide => {
                    let operator = match code {
                        Code::Add => Arithmetic::Add,
                        Code::Subtract => Arithmetic::Subtract,
                        Code::Multiply => Arithmetic::Multiply,
                        _ => Arithmetic::Divide,
                    };
                    let field = self.column(model)?;
                    match self.model(model)?.column(field).map(|column| column.ty) {
                        Some(Type::Int | Type::BigInt | Type::Float) => {}
                        _ => {
                            return Err(Error::invalid(
                                "only Int, BigInt and Float columns can be changed by arithmetic".to_owned(),
                            ));
                        }
                    }
                    Write::Change { field, operator, value: self.slot(Input::Column { model, field })? }
                }
                Code::NestedCreate => {
                    let (field, relation) = self.relation(model)?;
                    let data = self.writes(relation.target)?;
                    self.check_required(relation.target, &data, Some(relation))?;
                    Write::Create { field, data }
                }
                Code::Connect => {
                    let (field, relation) = self.relation(model)?;
                    Write::Connect { field, filter: self.unique_filter(relation.target)? }
                }
                _ => return Err(malformed()),
            });
        }
        self.check_targets(model, &writes)?;
        Ok(writes)
    }

    /// Each column and each to-one relation is written once, and a foreign key by its column or its relation.
    fn check_targets(&self, model: ModelIndex, writes: &[Write]) -> Result<(), Error> {
        let model = self.model(model)?;
        let mut written = Vec::new();
        for write in writes {
            let targets: &[FieldIndex] = match write {
                Write::Set { field, .. } | Write::SetNull { field } | Write::Change { field, .. } => &[*field],
                Write::Create { field, .. } | Write::Connect { field, .. } => match model.relation(*field) {
                    Some(relation) if relation.holds_key => &relation.from,
                    Some(relation) if relation.arity != Arity::Many => &[*field],
                    _ => &[],
                },
            };
            for target in targets {
                if written.contains(target) {
                    let name = model.fields.get(usize::from(*target)).map_or("", |field| &field.name);
                    return Err(Error::invalid(format!("`{}.{name}` is written twice", model.name)));
                }
                written.push(*target);
            }
        }
        Ok(())
    }

    /// A new row has a value for each required column: given, by default, by a relation, or from its parent.
    fn check_required(&self, model: ModelIndex, data: &[Write], parent: Option<&Relation>) -> Result<(), Error> {
        let model = self.model(model)?;
        for (index, field, column) in model.columns() {
            let given = data.iter().any(|write| match write {
                Write::Set { field, .. } => *field == index,
                Write::Create { field, .. } | Write::Connect { field, .. } => {
                    model.relation(*field).is_some_and(|relation| relation.holds_key && relation.from.contains(&index))
                }
                Write::SetNull { .. } | Write::Change { .. } => false,
            });
            let inherited = parent
                .is_some_and(|parent| !parent.holds_key && parent.through.is_none() && parent.to.contains(&index));
            if column.required() && !given && !inherited {
                return Err(Error::required(model, field));
            }
        }
        Ok(())
    }
}

/// Whether a filter holds only where `column` equals one value.
fn pins(filter: &Filter, column: FieldIndex) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().any(|part| pins(part, column)),
        Filter::Compare { field, operator: Compare::Equals, .. } => *field == column,
        _ => false,
    }
}

impl Query {
    /// The model that the query is about.
    pub fn model(&self) -> ModelIndex {
        match self {
            Self::Find { model, .. }
            | Self::Count { model, .. }
            | Self::Create { model, .. }
            | Self::CreateMany { model, .. }
            | Self::Update { model, .. }
            | Self::UpdateMany { model, .. }
            | Self::Delete { model, .. }
            | Self::DeleteMany { model, .. } => *model,
        }
    }
}

/// The name of a field, for messages.
pub(crate) fn field_name(catalog: &Catalog, model: ModelIndex, field: FieldIndex) -> String {
    match (catalog.model(model), catalog.field(model, field)) {
        (Some(model), Some(field)) => format!("{}.{}", model.name, field.name),
        _ => "?".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_its_own_word() {
        for (index, (name, word)) in Code::ALL.iter().enumerate() {
            assert!(Code::ALL.iter().skip(index + 1).all(|(_, other)| other != word), "{name} shares its word");
        }
    }

    #[test]
    fn a_list_is_padded_to_a_power_of_two() {
        assert_eq!([0, 1, 2, 3, 8, 9].map(list_bits), [0, 0, 1, 2, 3, 4]);
    }

    #[test]
    fn no_words_make_the_decoder_panic() {
        let catalog = crate::fixture::blog();
        let mut state = 7_u32;
        for _ in 0..200_000 {
            let words: Vec<u16> = (0..24)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let choice = (state >> 16) as usize;
                    if choice & 1 == 0 {
                        Code::ALL[(choice >> 1) % Code::ALL.len()].1
                    } else {
                        (choice >> 1) as u16 % 6
                    }
                })
                .collect();
            let _ = decode(&catalog, &words);
        }
    }
}
