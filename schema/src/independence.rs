//! The findings that follow from others wait until those are gone.
//!
//! A finding about the text, a name, a type, an attribute or the configuration stands by itself. One about what the
//! schema means together (see [`Stage::Meaning`]) waits if what it is about is open: a field that another error is
//! about, the keys of a model of which a line or a key could not be read, the relations of two models one of whose
//! relation fields is wrong, the database where the datasource does not say which it is.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::Schema;
use crate::rules::{Rule, Stage};
use crate::source::Span;
use crate::suggest::closest;
use crate::syntax::{Argument, Attribute, Block, BlockKind, Expression, ExpressionKind, Field, Item, Member, Tree};

/// Removes the findings that follow from others.
pub(crate) fn retain(trees: &[Tree], schema: &Schema, diagnostics: &mut Vec<Diagnostic>) {
    let open = Open::of(trees, schema, diagnostics);
    diagnostics.retain(|diagnostic| diagnostic.stage != Stage::Meaning || !open.concerns(diagnostic));
}

/// Two models, in the order of their names.
type Pair<'t> = (&'t str, &'t str);

fn pair<'t>(one: &'t str, other: &'t str) -> Pair<'t> {
    if one <= other { (one, other) } else { (other, one) }
}

/// The places of a schema, and what is open there.
#[derive(Default)]
struct Open<'t> {
    /// The blocks, by file and by where they start.
    blocks: Vec<&'t Block>,
    /// The models, views and mixins by name.
    named: HashMap<&'t str, &'t Block>,
    /// The fields of each block by name, the first of those that have the same.
    members: HashMap<(&'t str, &'t str), &'t Field>,
    /// The fields that an error is about: which type they have, whether they stay.
    fields: HashSet<(&'t str, &'t str)>,
    /// The types of those fields, with the names of their blocks.
    types: HashSet<(&'t str, &'t str)>,
    /// The blocks whose keys are open.
    keys: HashSet<&'t str>,
    /// The blocks that may lack fields.
    incomplete: HashSet<&'t str>,
    /// The blocks whose attributes are open: which table they are, whether they are ignored.
    attributes: HashSet<&'t str>,
    /// The blocks the names of whose columns are open.
    columns: HashSet<&'t str>,
    /// The blocks of whose relation fields one lost its `@relation` to another field.
    relations: HashSet<&'t str>,
    /// The starts of the attributes that are wrong in themselves, or name a field that is open.
    broken: HashSet<(usize, usize)>,
    /// Those of which one names a field of a type that no key has: they are read once.
    typed: HashSet<(usize, usize)>,
    /// The names that several blocks have.
    duplicated: HashSet<&'t str>,
    /// The models between which an error is about a relation field.
    pairs: HashSet<Pair<'t>>,
    /// The models between which a relation is ambiguous.
    ambiguous: HashSet<Pair<'t>>,
    /// The relations that are wrong: the end of one waits for the others.
    wrong: HashSet<Pair<'t>>,
    /// True if the database that the schema is for is open.
    database: bool,
    /// True if the preview flags are open.
    previews: bool,
    /// True if `relationMode` is open.
    relation_mode: bool,
    /// True if the schemas of the database are open.
    schemas: bool,
}

impl<'t> Open<'t> {
    fn of(trees: &'t [Tree], schema: &Schema, diagnostics: &[Diagnostic]) -> Self {
        let mut open = Self { blocks: trees.iter().flat_map(Tree::blocks).collect(), ..Self::default() };
        open.blocks.sort_by_key(|block| (block.span.file, block.span.start));
        for block in open.blocks.iter().filter(|block| !block.kind.is_configuration()) {
            if open.named.insert(&block.name.text, block).is_some() {
                open.duplicated.insert(&block.name.text);
            }
            for field in block.fields() {
                open.members.entry((&block.name.text, &field.name.text)).or_insert(field);
            }
        }
        let is_lost = trees.iter().any(|tree| !tree.lost.is_empty());
        let has_datasource = open.blocks.iter().any(|block| block.kind == BlockKind::Datasource);
        open.database = schema.datasource.is_none() && (has_datasource || is_lost);
        open.previews = is_lost;
        for block in open.blocks.clone() {
            match block.kind {
                BlockKind::Generator => open.previews |= block.damaged,
                BlockKind::Datasource => {
                    open.relation_mode |= block.lost.may_hold("relationMode");
                    open.schemas |= block.lost.may_hold("schemas");
                }
                _ if block.damaged => {
                    let name = block.name.text.as_str();
                    if block.lost.may_hold_key() {
                        open.keys.insert(name);
                    }
                    if ["map", "schema", "ignore"].into_iter().any(|attribute| block.lost.may_hold(attribute)) {
                        open.attributes.insert(name);
                    }
                }
                _ => {}
            }
        }
        // What cannot be read between two blocks may be lines of the first, which ends too early.
        for items in trees.iter().map(|tree| &tree.items) {
            for (one, other) in items.iter().zip(items.iter().skip(1)) {
                if let (Item::Block(block), Item::Unreadable(_)) = (one, other) {
                    open.previews |= block.kind == BlockKind::Generator;
                    open.keys.insert(&block.name.text);
                    open.attributes.insert(&block.name.text);
                    open.incomplete.insert(&block.name.text);
                }
            }
        }
        let errors = || diagnostics.iter().filter(|it| it.severity == Severity::Error);
        for error in errors().filter(|error| error.stage != Stage::Meaning) {
            open.add(error);
        }
        open.include();
        open.name();
        for error in errors().filter(|error| error.stage == Stage::Meaning && error.rule.is_of_relations()) {
            let Some(pair) = open.pair_at(error.span) else { continue };
            match error.rule {
                Rule::AmbiguousRelation => open.ambiguous.insert(pair),
                Rule::RequiredBackRelation => continue,
                _ => open.wrong.insert(pair),
            };
        }
        open
    }

    /// Adds what an error leaves open.
    fn add(&mut self, error: &Diagnostic) {
        let Some(block) = self.block_at(error.span) else { return };
        let name = block.name.text.as_str();
        match block.kind {
            BlockKind::Generator => self.previews = true,
            BlockKind::Datasource => {
                self.database |= error.rule == Rule::SecondDatasource;
                let spans = error.related.iter().map(|(span, _)| *span).chain([error.span]);
                for name in spans.filter_map(|span| match member_at(block, span)? {
                    Member::Property(property) => Some(property.name.text.as_str()),
                    _ => None,
                }) {
                    let is_meant = |property: &str| name == property || closest(name, [property]).is_some();
                    self.relation_mode |= is_meant("relationMode");
                    self.schemas |= is_meant("schemas");
                }
            }
            _ => match member_at(block, error.span).or_else(|| cut_off(block, error)) {
                Some(Member::Field(field)) => self.add_field(block, field, error),
                Some(Member::Attribute(attribute)) => {
                    let start = (attribute.span.file, attribute.span.start);
                    self.broken.insert(start);
                    self.add_attribute(name, attribute);
                    if matches!(error.rule, Rule::RelationInKey | Rule::ListInId) && self.typed.insert(start) {
                        self.add_types(block, attribute);
                    }
                }
                _ => {}
            },
        }
    }

    fn add_field(&mut self, block: &'t Block, field: &'t Field, error: &Diagnostic) {
        let name = block.name.text.as_str();
        let ty = field.ty.name.text.as_str();
        let is_relation = self.named.get(ty).is_some_and(|it| matches!(it.kind, BlockKind::Model | BlockKind::View));
        let attribute = attribute_at(field, error.span);
        if error.rule == Rule::DuplicateColumn {
            self.columns.insert(name);
            return;
        }
        let Some(attribute) = attribute else {
            self.open_field(name, field);
            if matches!(error.rule, Rule::DuplicateField | Rule::MisplacedAttribute) {
                self.keys.insert(name);
            }
            if is_relation {
                self.pairs.insert(pair(name, ty));
            }
            return;
        };
        match attribute.name.text.as_str() {
            // The type may be wrong as well as what does not fit it.
            _ if matches!(error.rule, Rule::RelationInKey | Rule::MisplacedAttribute) && is_relation
                || error.rule.is_of_type() =>
            {
                self.open_field(name, field);
                if is_relation {
                    self.pairs.insert(pair(name, ty));
                }
            }
            "id" | "unique" => {
                self.keys.insert(name);
            }
            "relation" if is_relation => {
                self.pairs.insert(pair(name, ty));
            }
            "relation" => {
                self.open_field(name, field);
                self.relations.insert(name);
            }
            "map" => {
                self.columns.insert(name);
            }
            "default" | "updatedAt" | "was" | "server" | "generated" => {}
            native if native.contains('.') => {}
            "ignore" => {
                self.open_field(name, field);
            }
            // It may be meant to be any.
            _ if is_relation => {
                self.pairs.insert(pair(name, ty));
            }
            unknown => {
                if closest(unknown, ["default", "updatedAt", "map"]).is_none() {
                    self.keys.insert(name);
                }
            }
        }
    }

    /// Adds the fields whose types are not those that a key needs: the type may be wrong as well as the key.
    fn add_types(&mut self, block: &'t Block, attribute: &'t Attribute) {
        let name = block.name.text.as_str();
        for word in words(attribute, "fields") {
            let Some(field) = self.members.get(&(name, word)).copied() else { continue };
            if field.ty.list || self.named.contains_key(field.ty.name.text.as_str()) {
                self.open_field(name, field);
                self.pairs.insert(pair(name, &field.ty.name.text));
            }
        }
    }

    fn open_field(&mut self, block: &'t str, field: &'t Field) {
        self.fields.insert((block, &field.name.text));
        self.types.insert((block, &field.ty.name.text));
    }

    fn add_attribute(&mut self, block: &'t str, attribute: &Attribute) {
        match attribute.name.text.as_str() {
            "id" | "unique" => {
                self.keys.insert(block);
            }
            "include" => {
                self.keys.insert(block);
                self.incomplete.insert(block);
            }
            "index" | "fulltext" | "shardKey" | "check" | "was" => {}
            "map" | "schema" | "ignore" => {
                self.attributes.insert(block);
            }
            _ => {
                self.attributes.insert(block);
                self.keys.insert(block);
            }
        }
    }

    /// Adds to the models what is open in the mixins that they include.
    fn include(&mut self) {
        let mut fields: HashMap<&str, Vec<&str>> = HashMap::new();
        for (block, field) in &self.fields {
            fields.entry(block).or_default().push(field);
        }
        for block in self.blocks.clone() {
            let name = block.name.text.as_str();
            for mixin in included(block) {
                if self.keys.contains(mixin) {
                    self.keys.insert(name);
                }
                for field in fields.get(mixin).into_iter().flatten() {
                    self.fields.insert((name, field));
                    if let Some(field) = self.members.get(&(mixin, *field)) {
                        self.types.insert((name, &field.ty.name.text));
                    }
                }
            }
        }
    }

    /// Adds the attributes that name fields that are open: each list is read once.
    fn name(&mut self) {
        let mut broken = Vec::new();
        for block in &self.blocks {
            let name = block.name.text.as_str();
            let is_open =
                |block, attribute, argument| words(attribute, argument).iter().any(|word| self.is_open(block, word));
            let keys = block.attributes().filter(|attribute| is_open(name, attribute, "fields"));
            let relations = block.fields().flat_map(|field| {
                let ty = field.ty.name.text.as_str();
                let relations = field.all_attributes().filter(|attribute| attribute.name.text == "relation");
                relations.filter(move |it| is_open(name, it, "fields") || is_open(ty, it, "references"))
            });
            broken.extend(keys.chain(relations).map(|attribute| (attribute.span.file, attribute.span.start)));
        }
        self.broken.extend(broken);
    }

    /// Returns whether a finding is about something that is open.
    fn concerns(&self, finding: &Diagnostic) -> bool {
        let rule = finding.rule;
        if self.database && !rule.is_of_any_database()
            || self.previews && rule == Rule::PreviewFeature
            || self.schemas && rule.is_of_schemas()
            || self.relation_mode && rule.is_of_relation_mode()
        {
            return true;
        }
        // What a `@relation` says is complete or not, whatever else is wrong.
        if matches!(rule, Rule::EmptyKey | Rule::MissingArgument) {
            return false;
        }
        let Some(block) = self.block_at(finding.span) else { return false };
        let name = block.name.text.as_str();
        let is_open = rule == Rule::ConstraintNameClash && self.columns.contains(name);
        if is_open
            || rule.is_of_tables() && self.attributes.contains(name)
            || rule.is_of_keys() && self.keys.contains(name)
        {
            return true;
        }
        match member_at(block, finding.span) {
            Some(Member::Field(field)) => self.concerns_field(block, field, rule),
            Some(Member::Attribute(attribute)) => self.broken.contains(&(attribute.span.file, attribute.span.start)),
            _ => false,
        }
    }

    fn concerns_field(&self, block: &'t Block, field: &'t Field, rule: Rule) -> bool {
        let (name, ty) = (block.name.text.as_str(), field.ty.name.text.as_str());
        if self.is_open(name, &field.name.text) {
            return true;
        }
        if !self.named.get(ty).is_some_and(|it| matches!(it.kind, BlockKind::Model | BlockKind::View)) {
            return false;
        }
        let between = pair(name, ty);
        let relation = field.all_attributes().find(|attribute| attribute.name.text == "relation");
        if rule == Rule::MissingBackRelation && self.incomplete.contains(ty) {
            return true;
        }
        let is_bare = relation.is_none() && (self.relations.contains(name) || self.relations.contains(ty));
        let is_missing_back = rule == Rule::MissingBackRelation && self.relations.contains(ty);
        is_bare
            || is_missing_back
            || self.pairs.contains(&between)
            || self.duplicated.contains(name)
            || self.duplicated.contains(ty) && rule != Rule::AmbiguousRelation
            || relation.is_some_and(|it| self.broken.contains(&(it.span.file, it.span.start)))
            || self.types.contains(&(ty, name))
            || matches!(rule, Rule::ReferencesNoKey | Rule::ManyToManyId) && self.keys.contains(ty)
            || rule == Rule::RelationToIgnored && self.attributes.contains(ty)
            || rule == Rule::RequiredBackRelation && self.wrong.contains(&between)
            || rule.is_of_relations() && rule != Rule::AmbiguousRelation && self.ambiguous.contains(&between)
    }

    fn is_open(&self, block: &str, field: &str) -> bool {
        self.fields.contains(&(block, field))
    }

    /// The block at a place.
    fn block_at(&self, span: Span) -> Option<&'t Block> {
        let after = self.blocks.partition_point(|it| (it.span.file, it.span.start) <= (span.file, span.start));
        let block = *self.blocks.get(after.checked_sub(1)?)?;
        (block.span.file == span.file && span.start < block.span.end).then_some(block)
    }

    /// The models of the relation whose field is at a place.
    fn pair_at(&self, span: Span) -> Option<Pair<'t>> {
        let block = self.block_at(span)?;
        match member_at(block, span)? {
            Member::Field(field) => Some(pair(&block.name.text, &field.ty.name.text)),
            _ => None,
        }
    }
}

/// The member of a block at a place.
fn member_at(block: &Block, span: Span) -> Option<&Member> {
    let after = block.members.partition_point(|member| member.span().start <= span.start);
    let member = block.members.get(after.checked_sub(1)?)?;
    (span.start < member.span().end || span.start == member.span().start).then_some(member)
}

/// The member whose line goes on with what cannot be read: a line that cannot be read at all is a member itself.
fn cut_off<'t>(block: &'t Block, error: &Diagnostic) -> Option<&'t Member> {
    let after = block.members.partition_point(|member| member.span().start <= error.span.start);
    block.members.get(after.checked_sub(1)?).filter(|_| error.rule == Rule::Syntax)
}

/// The attribute of a field at a place.
fn attribute_at(field: &Field, span: Span) -> Option<&Attribute> {
    let find = |attributes: &'_ [Attribute]| {
        let after = attributes.partition_point(|attribute| attribute.span.start <= span.start);
        let place = after.checked_sub(1)?;
        let attribute = attributes.get(place)?;
        (span.end <= attribute.span.end).then_some(place)
    };
    let written = find(&field.attributes).and_then(|place| field.attributes.get(place));
    written.or_else(|| find(&field.commented).and_then(|place| field.commented.get(place)))
}

/// The mixins that a block includes.
fn included(block: &Block) -> impl Iterator<Item = &str> {
    let includes = block.attributes().filter(|attribute| attribute.name.text == "include");
    let arguments = includes.flat_map(|attribute| attribute.arguments.iter().flat_map(|it| &it.items));
    arguments.filter_map(|argument| match &argument.value.kind {
        ExpressionKind::Word(name) => Some(name.as_str()),
        _ => None,
    })
}

/// The names of fields in an argument, which may be the first one without its name.
fn words<'t>(attribute: &'t Attribute, name: &str) -> BTreeSet<&'t str> {
    let items = attribute.arguments.iter().flat_map(|arguments| &arguments.items);
    let is_meant = |argument: &&Argument| argument.name.as_ref().is_none_or(|it| it.text == name);
    let mut found = BTreeSet::new();
    let mut add = |value: &'t Expression| match &value.kind {
        ExpressionKind::Word(word) => {
            found.insert(word.as_str());
        }
        ExpressionKind::Call(word, _) => {
            found.insert(word.text.as_str());
        }
        _ => {}
    };
    for argument in items.filter(is_meant) {
        match &argument.value.kind {
            ExpressionKind::List(items) => items.iter().for_each(&mut add),
            _ => add(&argument.value),
        }
    }
    found
}
