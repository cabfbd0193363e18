//! Words to a query tree, checked against the catalog on the way.

use super::check::Verb;
use crate::catalog::{Arity, Catalog, FieldIndex, Model, ModelIndex, Relation, Type};
use crate::error::Error;
use crate::limits::Limits;
use crate::operators::Operator;
use crate::shape::{Code, Input};
use crate::tree::{
    Args, Arithmetic, ColumnWrite, Compare, Filter, FindMode, ListCompare, Nested, Nulls, Order, OrderBy, Quantifier,
    Query, RelationCount, RelationWrite, RowGroup, RowWrites, Rows, Selected, Slot, Take,
};

/// Decodes a shape and checks all of it against the catalog: indices, types, keys, required columns. What goes beyond
/// the limits is refused before it takes memory.
///
/// Gives the tree and what each value must be.
pub fn decode(catalog: &Catalog, words: &[u16], limits: &Limits) -> Result<(Query, Vec<Input>), Error> {
    let mut reader = Reader {
        catalog,
        words,
        position: 0,
        inputs: Vec::new(),
        limits: limits.within_ceilings(),
        nodes: 0,
        data_nodes: 0,
        filter_depth: 0,
        relation_depth: 0,
    };
    let query = reader.query()?;
    if reader.position == words.len() { Ok((query, reader.inputs)) } else { Err(malformed()) }
}

pub(super) fn malformed() -> Error {
    Error::invalid("malformed query shape".to_owned())
}

pub(super) struct Reader<'a> {
    pub(super) catalog: &'a Catalog,
    words: &'a [u16],
    position: usize,
    inputs: Vec<Input>,
    limits: Limits,
    nodes: u32,
    data_nodes: u32,
    filter_depth: u16,
    relation_depth: u16,
}

/// The condition that another is a member of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Around {
    Conjunction,
    Other,
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

    /// Counts a condition, a sort key or a selected field.
    fn node(&mut self) -> Result<(), Error> {
        let most = self.limits.nodes;
        if self.nodes >= most {
            let what = format!("the query has more than {most} conditions, sort keys and selected fields");
            return Err(Error::beyond("nodes", most.into(), most >= Limits::NONE.nodes, &what, "ask for less"));
        }
        self.nodes += 1;
        Ok(())
    }

    /// Counts a value or a related row of a write.
    fn data_node(&mut self) -> Result<(), Error> {
        let most = self.limits.data_nodes;
        if self.data_nodes >= most {
            let what = format!("the query writes more than {most} values and related rows");
            let ceiling = most >= Limits::NONE.data_nodes;
            return Err(Error::beyond("dataNodes", most.into(), ceiling, &what, "write less at once"));
        }
        self.data_nodes += 1;
        Ok(())
    }

    /// Reads what stands inside a group of conditions, a negation or a relation.
    fn inside_filter<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let most = self.limits.filter_depth;
        if self.filter_depth >= most {
            let what = format!("the query nests conditions deeper than {most} levels");
            let ceiling = most >= Limits::NONE.filter_depth;
            return Err(Error::beyond("filterDepth", most.into(), ceiling, &what, "ask for less"));
        }
        self.filter_depth += 1;
        let result = read(self);
        self.filter_depth -= 1;
        result
    }

    /// Reads what stands inside a relation of a selection or a write.
    fn inside_relation<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        self.check_relation_depth(self.relation_depth)?;
        self.relation_depth += 1;
        let result = read(self);
        self.relation_depth -= 1;
        result
    }

    fn check_relation_depth(&self, depth: u16) -> Result<(), Error> {
        let most = self.limits.relation_depth;
        if depth < most {
            return Ok(());
        }
        let what = format!("the query nests relations deeper than {most} levels");
        Err(Error::beyond("relationDepth", most.into(), most >= Limits::NONE.relation_depth, &what, "ask for less"))
    }

    pub(super) fn model(&self, index: ModelIndex) -> Result<&'a Model, Error> {
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
                    self.node()?;
                    of.push(match self.code()? {
                        Code::All => None,
                        Code::Field => Some(self.column(model)?),
                        _ => return Err(malformed()),
                    });
                }
                Query::Count { model, args, of }
            }
            Code::Create => {
                let data = self.new_row(model, None)?;
                Query::Create { model, data, selection: self.selection(model)? }
            }
            Code::CreateMany => Query::CreateMany { model, rows: self.rows(model)? },
            Code::Upsert => {
                self.check_writes(model, Verb::Change)?;
                let filter = self.unique_filter(model)?;
                let create = self.new_row(model, None)?;
                let update = self.writes(model, Verb::Change)?;
                Query::Upsert { model, filter, create, update, selection: self.selection(model)? }
            }
            Code::Update => {
                self.check_writes(model, Verb::Change)?;
                let (filter, data) = (self.unique_filter(model)?, self.writes(model, Verb::Change)?);
                Query::Update { model, filter, data, selection: self.selection(model)? }
            }
            Code::UpdateMany => {
                self.check_writes(model, Verb::Change)?;
                let (filter, data) = (self.filter(model)?, self.column_writes(model)?);
                Query::UpdateMany { model, filter, data }
            }
            Code::Delete => {
                self.check_writes(model, Verb::Change)?;
                Query::Delete { model, filter: self.unique_filter(model)?, selection: self.selection(model)? }
            }
            Code::DeleteMany => {
                self.check_writes(model, Verb::Change)?;
                Query::DeleteMany { model, filter: self.filter(model)? }
            }
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

    fn rows(&mut self, model: ModelIndex) -> Result<Rows, Error> {
        self.check_writes(model, Verb::Create)?;
        let length = self.word()?;
        let mut groups = Vec::new();
        for group in 0..usize::from(length) {
            groups.push(self.row_group(model, group, None)?);
        }
        let order = match groups.len() {
            0 | 1 => None,
            several => Some(self.slot(Input::Order { groups: several })?),
        };
        Ok(Rows { groups, order })
    }

    /// Rows of `createMany` that give the same columns. `parent`: the relation whose other row gives them a foreign key.
    fn row_group(&mut self, model: ModelIndex, group: usize, parent: Option<&Relation>) -> Result<RowGroup, Error> {
        self.data_node()?;
        let is_inherited = |field: &FieldIndex| parent.is_some_and(|parent| parent.to.contains(field));
        let mut fields = Vec::new();
        for _ in 0..self.word()? {
            self.data_node()?;
            let field = self.column(model)?;
            self.written(model, field)?;
            if fields.contains(&field) {
                return Err(malformed());
            }
            if is_inherited(&field) {
                return Err(Error::set_by_relation(&self.catalog.path(model, field)));
            }
            fields.push(field);
        }
        for (index, field, column) in self.model(model)?.columns() {
            if column.required() && !fields.contains(&index) && !is_inherited(&index) {
                return Err(Error::required(self.model(model)?, field));
            }
        }
        Ok(RowGroup { fields, rows: self.slot(Input::Rows { model, group })? })
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
        self.node()?;
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
        self.check_relation_depth(length.saturating_sub(1))?;
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
        self.filter_in(model, Around::Other)
    }

    fn filter_in(&mut self, model: ModelIndex, around: Around) -> Result<Filter, Error> {
        self.node()?;
        let code = self.code()?;
        let operator = match code {
            // The members of an object are a conjunction without being a level.
            Code::And if around == Around::Other => return Ok(Filter::And(self.filters(model, Around::Conjunction)?)),
            Code::And => {
                let parts = self.inside_filter(|reader| reader.filters(model, Around::Conjunction))?;
                return Ok(Filter::And(parts));
            }
            Code::Or => return Ok(Filter::Or(self.inside_filter(|reader| reader.filters(model, Around::Other))?)),
            Code::Not => {
                // A negation is one with its condition; how many stand before each other is bounded by the depth.
                self.nodes -= 1;
                return Ok(Filter::Not(Box::new(self.inside_filter(|reader| reader.filter(model))?)));
            }
            Code::In | Code::NotIn => {
                let field = self.column(model)?;
                self.check_list(model, field, false)?;
                let list = self.slot(Input::List { model, field })?;
                return Ok(Filter::In { field, negated: code == Code::NotIn, list });
            }
            Code::IsNull | Code::IsNotNull => {
                let negated = code == Code::IsNotNull;
                let field = self.column(model)?;
                self.check_list(model, field, false)?;
                return Ok(Filter::Null { field, negated });
            }
            Code::Has | Code::HasEvery | Code::HasSome => {
                let field = self.column(model)?;
                self.check_list(model, field, true)?;
                let (operator, input) = match code {
                    Code::Has => (ListCompare::Has, Input::Compared { model, field }),
                    Code::HasEvery => (ListCompare::HasEvery, Input::Elements { model, field }),
                    _ => (ListCompare::HasSome, Input::Elements { model, field }),
                };
                return Ok(Filter::List { field, operator, value: self.slot(input)? });
            }
            Code::IsEmpty => {
                let field = self.column(model)?;
                self.check_list(model, field, true)?;
                return Ok(Filter::Empty { field });
            }
            Code::Some | Code::Every | Code::None => {
                let quantifier = match code {
                    Code::Some => Quantifier::Some,
                    Code::Every => Quantifier::Every,
                    _ => Quantifier::None,
                };
                let (field, relation) = self.relation(model)?;
                let filter = Box::new(self.inside_filter(|reader| reader.filter(relation.target))?);
                return Ok(Filter::Related { field, quantifier, filter });
            }
            _ => Operator::of(code).ok_or_else(malformed)?,
        };
        let compare = operator.compare.ok_or_else(malformed)?;
        let field = self.column(model)?;
        if compare == Compare::Equals && self.model(model)?.column(field).is_some_and(|column| column.list) {
            let value = self.slot(Input::Elements { model, field })?;
            return Ok(Filter::List { field, operator: ListCompare::Equals, value });
        }
        self.check_operator(model, field, operator)?;
        Ok(Filter::Compare { field, operator: compare, value: self.slot(Input::Compared { model, field })? })
    }

    fn filters(&mut self, model: ModelIndex, around: Around) -> Result<Vec<Filter>, Error> {
        let length = self.word()?;
        (0..length).map(|_| self.filter_in(model, around)).collect()
    }

    fn unique_filter(&mut self, model: ModelIndex) -> Result<Filter, Error> {
        let filter = self.filter(model)?;
        self.check_unique(model, &filter)?;
        Ok(filter)
    }

    fn selection(&mut self, model: ModelIndex) -> Result<Vec<Selected>, Error> {
        let mut selection = Vec::new();
        loop {
            match self.code()? {
                Code::End => return Ok(selection),
                Code::AllColumns => {
                    self.node()?;
                    selection.extend(self.model(model)?.shown_columns().map(|(field, ..)| Selected::Column(field)));
                }
                Code::Field => {
                    self.node()?;
                    selection.push(Selected::Column(self.column(model)?));
                }
                Code::Relation => {
                    self.node()?;
                    let (field, relation) = self.relation(model)?;
                    let args = self.args(relation.target)?;
                    let paged = !args.order.is_empty() || args.take.is_some() || args.skip.is_some();
                    if relation.arity != Arity::Many && paged {
                        return Err(malformed());
                    }
                    if relation.arity == Arity::One && args.filter.is_some() {
                        return Err(Error::invalid("a required to-one relation takes no `where`".to_owned()));
                    }
                    let selection_of_target = self.inside_relation(|reader| reader.selection(relation.target))?;
                    selection.push(Selected::Relation(Nested { field, args, selection: selection_of_target }));
                }
                Code::Counts => {
                    let mut counts = Vec::new();
                    for _ in 0..self.word()? {
                        self.node()?;
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

    /// What a new row is given. `parent`: the relation whose other row gives it a foreign key.
    fn new_row(&mut self, model: ModelIndex, parent: Option<&Relation>) -> Result<RowWrites, Error> {
        let data = self.writes(model, Verb::Create)?;
        self.check_required(model, &data, parent)?;
        Ok(data)
    }

    /// What `updateMany` gives to columns.
    fn column_writes(&mut self, model: ModelIndex) -> Result<RowWrites, Error> {
        let data = self.writes(model, Verb::Change)?;
        if data.relations.is_empty() {
            Ok(data)
        } else {
            Err(Error::invalid("updateMany writes columns only; use update for related rows".to_owned()))
        }
    }

    fn writes(&mut self, model: ModelIndex, verb: Verb) -> Result<RowWrites, Error> {
        let mut writes = RowWrites::default();
        loop {
            let code = self.code()?;
            if code == Code::End {
                break;
            }
            self.data_node()?;
            if let Code::Set | Code::SetNull | Code::Add | Code::Subtract | Code::Multiply | Code::Divide | Code::Push =
                code
            {
                let field = self.column(model)?;
                let write = self.column_write(model, field, code)?;
                writes.columns.push((field, write));
            } else {
                let (field, relation) = self.relation(model)?;
                let write = self.relation_write(model, field, relation, code, verb)?;
                writes.relations.push((field, write));
            }
        }
        self.check_targets(model, &writes, verb)?;
        Ok(writes)
    }

    fn column_write(&mut self, model: ModelIndex, field: FieldIndex, code: Code) -> Result<ColumnWrite, Error> {
        Ok(match code {
            Code::Set => {
                let list = self.written(model, field)?.list;
                let input = if list { Input::Elements { model, field } } else { Input::Column { model, field } };
                ColumnWrite::Set(self.slot(input)?)
            }
            Code::SetNull => {
                self.written(model, field)?;
                let model = self.model(model)?;
                if model.column(field).is_some_and(|column| !column.nullable) {
                    let path = model.path(field);
                    return Err(Error::invalid(format!("`{path}` is required, it cannot be null")));
                }
                ColumnWrite::Null
            }
            Code::Push => {
                self.check_list(model, field, true)?;
                self.written(model, field)?;
                ColumnWrite::Push(self.slot(Input::Elements { model, field })?)
            }
            _ => {
                let operator = match code {
                    Code::Add => Arithmetic::Add,
                    Code::Subtract => Arithmetic::Subtract,
                    Code::Multiply => Arithmetic::Multiply,
                    _ => Arithmetic::Divide,
                };
                self.check_list(model, field, false)?;
                match self.written(model, field)?.ty {
                    Type::Int | Type::BigInt | Type::Float | Type::Decimal => {}
                    _ => {
                        return Err(Error::invalid(
                            "only Int, BigInt, Float and Decimal columns can be changed by arithmetic".to_owned(),
                        ));
                    }
                }
                ColumnWrite::Change { operator, value: self.slot(Input::Column { model, field })? }
            }
        })
    }

    fn relation_write(
        &mut self,
        model: ModelIndex,
        field: FieldIndex,
        relation: &'a Relation,
        code: Code,
        verb: Verb,
    ) -> Result<RelationWrite, Error> {
        let target = relation.target;
        let of_new_rows =
            matches!(code, Code::NestedCreate | Code::NestedCreateMany | Code::Connect | Code::ConnectOrCreate);
        if verb == Verb::Create && !of_new_rows {
            let path = self.catalog.path(model, field);
            return Err(Error::invalid(format!(
                "a new row has no rows in `{path}` yet: it takes create, createMany, connect and connectOrCreate"
            )));
        }
        let many = relation.arity == Arity::Many;
        match code {
            Code::NestedCreate => {}
            Code::NestedCreateMany => self.check_writes(target, Verb::Create)?,
            _ => self.check_writes(target, Verb::Change)?,
        }
        if let Code::SetRelated | Code::NestedUpdateMany | Code::NestedDeleteMany | Code::NestedCreateMany = code
            && !many
        {
            return Err(malformed());
        }
        self.inside_relation(|reader| {
            Ok(match code {
                Code::NestedCreate => RelationWrite::Create(reader.new_row(target, Some(relation))?),
                Code::NestedCreateMany => {
                    if relation.through.is_some() {
                        let path = reader.catalog.path(model, field);
                        return Err(Error::invalid(format!(
                            "`{path}` is a many-to-many relation, which has no createMany: use create"
                        )));
                    }
                    RelationWrite::CreateMany(reader.row_group(target, 0, Some(relation))?)
                }
                Code::Connect => RelationWrite::Connect(reader.unique_filter(target)?),
                Code::ConnectOrCreate => RelationWrite::ConnectOrCreate {
                    filter: reader.unique_filter(target)?,
                    create: reader.new_row(target, Some(relation))?,
                },
                Code::Disconnect => {
                    reader.check_disconnects(model, field)?;
                    RelationWrite::Disconnect(reader.row(relation)?)
                }
                Code::SetRelated => {
                    let length = reader.word()?;
                    let mut rows = Vec::new();
                    for _ in 0..length {
                        reader.data_node()?;
                        rows.push(reader.unique_filter(target)?);
                    }
                    RelationWrite::Set(rows)
                }
                Code::NestedUpdate => {
                    RelationWrite::Update { filter: reader.row(relation)?, data: reader.related_changes(relation)? }
                }
                Code::NestedUpdateMany => {
                    let (filter, data) = (reader.filter(target)?, reader.column_writes(target)?);
                    reader.check_stays_related(relation, &data)?;
                    RelationWrite::UpdateMany { filter, data }
                }
                Code::NestedUpsert => RelationWrite::Upsert {
                    filter: reader.row(relation)?,
                    create: reader.new_row(target, Some(relation))?,
                    update: reader.related_changes(relation)?,
                },
                Code::NestedDelete => {
                    // A row that cannot be without the other would go with it.
                    if relation.holds_key {
                        reader.check_disconnects(model, field)?;
                    }
                    RelationWrite::Delete(reader.row(relation)?)
                }
                Code::NestedDeleteMany => RelationWrite::DeleteMany(reader.filter(target)?),
                _ => return Err(malformed()),
            })
        })
    }

    /// What a related row is given. That it is related is said by the relation around it.
    fn related_changes(&mut self, relation: &Relation) -> Result<RowWrites, Error> {
        let data = self.writes(relation.target, Verb::Change)?;
        self.check_stays_related(relation, &data)?;
        Ok(data)
    }

    /// Which related row: of a to-one relation the one that is there, where it satisfies a condition; of several the one
    /// that a key names.
    fn row(&mut self, relation: &Relation) -> Result<Option<Filter>, Error> {
        let many = relation.arity == Arity::Many;
        match self.code()? {
            Code::All if !many => Ok(None),
            Code::Where if many => Ok(Some(self.unique_filter(relation.target)?)),
            Code::Where => Ok(Some(self.filter(relation.target)?)),
            _ => Err(malformed()),
        }
    }
}
