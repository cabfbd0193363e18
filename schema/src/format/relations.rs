//! The halves of relations that are missing: the field that leads back, the fields that hold the key, and the arguments
//! that name them.
//!
//! Works on the syntax trees, by names: what is ambiguous, declared twice or composed from elsewhere is left to the
//! checks, and nothing is written that would clash with a field that is there.

use std::collections::{HashMap, HashSet};

use super::Edit;
use super::declared::{argument, criterion, end_of_fields, keys, name_of, relation, words};
use crate::model::Scalar;
use crate::names::invented;
use crate::source::{SourceFile, Span};
use crate::syntax::{Attribute, Block, BlockKind, Field, Tree};

/// Native types that are longer are not repeated: else each relation to such a field would be as long.
const LONGEST_NATIVE: usize = 100;

/// The relation fields that get a field that leads back from another model: the spans of their names.
pub(super) fn completed(files: &[SourceFile], trees: &[Tree]) -> HashSet<Span> {
    let mut missing = Missing::new(files, trees);
    let mut completed = HashSet::new();
    for group in missing.groups() {
        let (models, end) = (group.models, group.ends.first().map(|end| end.field.name.span));
        let is_alone = group.ends.len() == 1 && models.0 != models.1;
        if missing.complete(group).is_some() && is_alone {
            completed.extend(end);
        }
    }
    completed
}

/// The text to insert into each file.
pub(super) fn missing(files: &[SourceFile], trees: &[Tree]) -> Vec<Vec<Edit>> {
    let mut missing = Missing::new(files, trees);
    for group in missing.groups() {
        missing.complete(group);
    }
    // The arguments of a field before the fields on the lines below it.
    missing
        .arguments
        .into_iter()
        .zip(missing.fields)
        .map(|(mut first, then)| {
            first.extend(then);
            first
        })
        .collect()
}

struct Missing<'a> {
    files: &'a [SourceFile],
    models: Vec<Model<'a>>,
    places: HashMap<&'a str, Option<usize>>,
    enums: HashSet<&'a str>,
    arguments: Vec<Vec<Edit>>,
    fields: Vec<Vec<Edit>>,
}

struct Model<'a> {
    block: &'a Block,
    file: usize,
    fields: HashMap<&'a str, &'a Field>,
    /// The names of the fields that are there or were added.
    names: HashSet<String>,
    /// True if some of its fields may be declared elsewhere.
    composed: bool,
    ignored: bool,
    /// The fields that name a row.
    criterion: Option<Vec<&'a str>>,
    uniques: HashSet<Vec<&'a str>>,
    /// The fields that hold relations, each with the model that its relation leads to.
    held: HashSet<(String, String)>,
    /// The end of the line of the last field.
    end: Option<usize>,
}

/// A relation field.
#[derive(Clone, Copy)]
struct End<'a> {
    model: usize,
    field: &'a Field,
}

/// The relation fields between the same two models under the same name.
struct Group<'a> {
    name: Option<&'a str>,
    models: (usize, usize),
    ends: Vec<End<'a>>,
}

/// A field to add: its line, and the name in it.
struct NewField {
    name: String,
    line: String,
}

/// The columns of a foreign key.
struct Key {
    fields: Vec<String>,
    references: Vec<String>,
    /// Those of the fields that are not there.
    new: Vec<NewField>,
    /// True if some of the fields is optional.
    optional: bool,
}

impl<'a> Model<'a> {
    fn new(block: &'a Block, file: usize, text: &str) -> Self {
        let has = |name| block.attributes().any(|attribute| attribute.name.text == name);
        Self {
            block,
            file,
            fields: block.fields().map(|field| (field.name.text.as_str(), field)).collect(),
            names: block.fields().map(|field| field.name.text.clone()).collect(),
            composed: has("include"),
            ignored: has("ignore"),
            criterion: criterion(block),
            uniques: keys(block, "id").chain(keys(block, "unique")).collect(),
            held: held(block),
            end: end_of_fields(text, block),
        }
    }
}

impl<'a> Missing<'a> {
    fn new(files: &'a [SourceFile], trees: &'a [Tree]) -> Self {
        let mut models: Vec<Model<'a>> = Vec::new();
        let mut places: HashMap<&str, Option<usize>> = HashMap::new();
        let mut enums = HashSet::new();
        for (file, block) in trees.iter().enumerate().flat_map(|(file, tree)| tree.blocks().map(move |it| (file, it))) {
            let place = match block.kind {
                BlockKind::Datasource | BlockKind::Generator => continue,
                BlockKind::Model | BlockKind::View => Some(models.len()),
                _ => None,
            };
            if block.kind == BlockKind::Enum {
                enums.insert(block.name.text.as_str());
            }
            // Of two blocks with one name neither is meant for sure.
            places.entry(&block.name.text).and_modify(|place| *place = None).or_insert(place);
            if place.is_some() {
                models.push(Model::new(block, file, files.get(file).map_or("", |file| &file.text)));
            }
        }
        let none = || files.iter().map(|_| Vec::new()).collect();
        Self { files, models, places, enums, arguments: none(), fields: none() }
    }

    /// The model of this name, when there is one and all of its fields are in its block.
    fn place(&self, name: &str) -> Option<usize> {
        let place = (*self.places.get(name)?)?;
        (!self.models.get(place)?.composed).then_some(place)
    }

    fn groups(&self) -> Vec<Group<'a>> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        let mut found: HashMap<(usize, usize, Option<&str>), usize> = HashMap::new();
        for (index, model) in self.models.iter().enumerate() {
            if self.place(&model.block.name.text) != Some(index) {
                continue;
            }
            for field in model.block.fields() {
                let Some(target) = self.place(&field.ty.name.text) else { continue };
                let name = relation(field).and_then(name_of);
                let models = (index.min(target), index.max(target));
                let place = *found.entry((models.0, models.1, name)).or_insert_with(|| {
                    groups.push(Group { name, models, ends: Vec::new() });
                    groups.len() - 1
                });
                if let Some(group) = groups.get_mut(place) {
                    group.ends.push(End { model: index, field });
                }
            }
        }
        groups
    }

    /// Adds what a relation lacks; nothing, where it is not clear what that is.
    fn complete(&mut self, group: Group<'a>) -> Option<()> {
        let is_self = group.models.0 == group.models.1;
        match group.ends.as_slice() {
            // A relation of a model to itself always needs a name.
            _ if is_self && group.name.is_none() => None,
            // It would have to be escaped.
            _ if group
                .name
                .is_some_and(|name| name.contains(|char: char| char.is_control() || "\"\\".contains(char))) =>
            {
                None
            }
            [one, other] if is_self || one.model != other.model => self.complete_pair(*one, *other),
            [end] => {
                let target = self.place(&end.field.ty.name.text)?;
                if end.field.ty.list {
                    self.add_forward(*end, target, group.name)
                } else {
                    self.add_back(*end, target, group.name)
                }
            }
            _ => None,
        }
    }

    fn complete_pair(&mut self, one: End<'a>, other: End<'a>) -> Option<()> {
        let holds = |end: End<'_>| {
            relation(end.field)
                .is_some_and(|relation| ["fields", "references"].iter().any(|it| argument(relation, it).is_some()))
        };
        let (forward, back) = match (one.field.ty.list, other.field.ty.list) {
            (true, true) => return None,
            (false, true) => (one, other),
            (true, false) => (other, one),
            (false, false) => match (holds(one), holds(other)) {
                (true, false) => (one, other),
                (false, true) => (other, one),
                (true, true) => return None,
                // The end that must be there is the one that knows the other.
                (false, false) => match (one.field.ty.optional, other.field.ty.optional) {
                    (false, true) => (one, other),
                    (true, false) => (other, one),
                    _ => return None,
                },
            },
        };
        if !self.is_sound(forward, back.model) {
            return None;
        }
        let key = self.key_of(forward, back.model, !back.field.ty.list)?;
        self.write_key(forward, key);
        Some(())
    }

    /// Returns whether the fields that an end names are there.
    fn is_sound(&self, end: End<'_>, target: usize) -> bool {
        [("fields", end.model), ("references", target)].into_iter().all(|(name, model)| {
            let Some(list) = relation(end.field).and_then(|relation| argument(relation, name)) else { return true };
            let known = |field: &&str| self.models.get(model).is_some_and(|model| model.fields.contains_key(field));
            words(list).is_some_and(|fields| fields.iter().all(known))
        })
    }

    /// The field that leads back from the target of a field that holds the key, or should.
    fn add_back(&mut self, end: End<'a>, target: usize, relation_name: Option<&str>) -> Option<()> {
        if !self.is_sound(end, target) {
            return None;
        }
        let model = self.models.get(end.model)?;
        let fields = relation(end.field).and_then(|relation| argument(relation, "fields")).and_then(words);
        let unique = fields.is_some_and(|fields| model.uniques.contains(&fields));
        let name = &model.block.name.text;
        let (field, modifier) = if unique { (invented::field(name), "?") } else { (invented::list(name), "[]") };
        let field = self.free_name(target, field, end.field)?;
        let mut line = format!("{field} {name}{modifier}");
        if let Some(relation_name) = relation_name {
            line.push_str(&format!(" @relation(\"{relation_name}\")"));
        }
        // In a model that is ignored itself it would be idle.
        if model.ignored && !self.models.get(target)?.ignored {
            line.push_str(" @ignore");
        }
        let back = NewField { name: field, line };
        match self.key_of(end, target, unique) {
            // A model that leads to itself gets both.
            Some(key) if end.model == target && key.new.iter().any(|new| new.name == back.name) => return None,
            Some(key) => self.write_key(end, key),
            None if self.has_key(end) => {}
            None => return None,
        }
        self.add_fields(target, [back]);
        Some(())
    }

    /// The field that leads from the target to the model that has a list of it, with the key.
    fn add_forward(&mut self, end: End<'a>, target: usize, relation_name: Option<&str>) -> Option<()> {
        let name = &self.models.get(end.model)?.block.name.text;
        let references = self.models.get(end.model)?.criterion.clone()?;
        let field = self.free_name(target, invented::field(name), end.field)?;
        let mut key = self.key(target, &field, end.model, references, None, "")?;
        let modifier = if key.optional { "?" } else { "" };
        let relation_name = relation_name.map(|name| format!("\"{name}\", ")).unwrap_or_default();
        let line = format!(
            "{field} {name}{modifier} @relation({relation_name}fields: [{}], references: [{}])",
            key.fields.join(", "),
            key.references.join(", ")
        );
        key.new.insert(0, NewField { name: field, line });
        if !self.is_free(target, &key.new) {
            return None;
        }
        self.hold(target, name, &key);
        self.add_fields(target, key.new);
        Some(())
    }

    fn has_key(&self, end: End<'_>) -> bool {
        relation(end.field).is_some_and(|relation| {
            argument(relation, "fields").is_some() && argument(relation, "references").is_some()
        })
    }

    /// The key that a field lacks, in whole or in part; `None` if it lacks nothing, or nothing can be said.
    fn key_of(&self, forward: End<'a>, target: usize, unique: bool) -> Option<Key> {
        let of = |name| relation(forward.field).and_then(|relation| argument(relation, name));
        let criterion = &self.models.get(target)?.criterion;
        let optional = forward.field.ty.optional;
        match (of("fields"), of("references")) {
            (Some(_), Some(_)) => None,
            (Some(fields), None) => {
                let (fields, references) = (owned(words(fields)?), owned(criterion.clone()?));
                (fields.len() == references.len()).then_some(Key { fields, references, new: Vec::new(), optional })
            }
            (None, references) => {
                // A model without a key gives an empty list, for the user to fill in.
                let references = match references {
                    Some(references) => words(references)?,
                    None => criterion.clone().unwrap_or_default(),
                };
                let unique = if unique && references.len() == 1 { " @unique" } else { "" };
                let key =
                    self.key(forward.model, &forward.field.name.text, target, references, Some(optional), unique)?;
                self.is_free(forward.model, &key.new).then_some(key)
            }
        }
    }

    /// The key in a model to the fields of another one, for the field `end`; without `optional` its fields that are
    /// there decide.
    fn key(
        &self,
        model: usize,
        end: &str,
        target: usize,
        references: Vec<&str>,
        optional: Option<bool>,
        unique: &str,
    ) -> Option<Key> {
        let (model, target) = (self.models.get(model)?, self.models.get(target)?);
        // A field that holds another relation to the same model would make both lead to one row.
        let is_held = |name: &String| model.held.contains(&(target.block.name.text.clone(), name.clone()));
        let names = |prefix: &str| -> Vec<String> {
            references.iter().map(|reference| format!("{prefix}{}", invented::capital(reference))).collect()
        };
        let (by_model, by_end) = (names(&invented::small(&target.block.name.text)), names(end));
        // Fields that are called after the relation are meant for it.
        let are_there = !by_end.is_empty() && by_end.iter().all(|name| model.fields.contains_key(name.as_str()));
        let fields = if are_there || by_model.iter().any(is_held) { by_end } else { by_model };
        if fields.iter().any(is_held) {
            return None;
        }
        let mut key = Key { fields, references: owned(references), new: Vec::new(), optional: false };
        for (name, reference) in key.fields.iter().zip(&key.references) {
            match model.fields.get(name.as_str()) {
                Some(field) => {
                    if !self.is_key_type(&field.ty.name.text) {
                        return None;
                    }
                    key.optional |= field.ty.optional;
                }
                None => {
                    let field = target.fields.get(reference.as_str())?;
                    let ty = &field.ty.name.text;
                    if !self.is_key_type(ty) || field.ty.list {
                        return None;
                    }
                    let optional = optional.unwrap_or(true);
                    key.optional |= optional;
                    let modifier = if optional { "?" } else { "" };
                    let native = self.native(target.file, field)?;
                    let line = format!("{name} {ty}{modifier}{unique}{native}");
                    key.new.push(NewField { name: name.clone(), line });
                }
            }
        }
        Some(key)
    }

    fn is_key_type(&self, ty: &str) -> bool {
        match self.places.get(ty) {
            Some(None) => self.enums.contains(ty),
            Some(Some(_)) => false,
            None => Scalar::ALL.iter().any(|scalar| scalar.name() == ty),
        }
    }

    /// The native type of a field, as it is written; `None` where it is longer than such types are, or holds a comment,
    /// which is about that field alone.
    fn native(&self, file: usize, field: &Field) -> Option<String> {
        let text = self.files.get(file).map_or("", |file| file.text.as_str());
        let mut written = String::new();
        for native in field.attributes.iter().filter(|attribute| attribute.name.text.contains('.')) {
            written.push(' ');
            written.push_str(text.get(native.span.start..native.span.end)?);
        }
        (written.len() <= LONGEST_NATIVE && !written.contains(['/', '\n'])).then_some(written)
    }

    /// A name in a model for a field that leads back to the field `end`.
    fn free_name(&self, model: usize, wanted: String, end: &Field) -> Option<String> {
        let model = self.models.get(model)?;
        Some(invented::free(wanted, &end.name.text, |name| model.names.contains(name)))
    }

    /// Returns whether no field has the name of one of these.
    fn is_free<'n>(&self, model: usize, new: impl IntoIterator<Item = &'n NewField>) -> bool {
        let Some(model) = self.models.get(model) else { return false };
        let mut own = HashSet::new();
        new.into_iter().all(|new| !model.names.contains(&new.name) && own.insert(new.name.as_str()))
    }

    fn write_key(&mut self, forward: End<'a>, key: Key) {
        let mut missing = Vec::new();
        let of = |name| relation(forward.field).and_then(|relation| argument(relation, name));
        for (name, columns) in [("fields", &key.fields), ("references", &key.references)] {
            if of(name).is_none() {
                missing.push(format!("{name}: [{}]", columns.join(", ")));
            }
        }
        let missing = missing.join(", ");
        let edit = match relation(forward.field) {
            None => Edit { at: forward.field.ty.span.end, text: format!(" @relation({missing})") },
            Some(Attribute { arguments: None, span, .. }) => Edit { at: span.end, text: format!("({missing})") },
            Some(Attribute { arguments: Some(arguments), .. }) => match arguments.items.last() {
                Some(last) => Edit { at: last.span.end, text: format!(", {missing}") },
                None => Edit { at: arguments.span.start + 1, text: missing },
            },
        };
        self.hold(forward.model, &forward.field.ty.name.text, &key);
        let file = self.models.get(forward.model).map_or(0, |model| model.file);
        if let Some(edits) = self.arguments.get_mut(file) {
            edits.push(edit);
        }
        self.add_fields(forward.model, key.new);
    }

    /// Notes which fields of a model hold a relation to another one.
    fn hold(&mut self, model: usize, target: &str, key: &Key) {
        if let Some(model) = self.models.get_mut(model) {
            model.held.extend(key.fields.iter().map(|field| (target.to_owned(), field.clone())));
        }
    }

    /// Writes fields below those that are there.
    fn add_fields(&mut self, model: usize, new: impl IntoIterator<Item = NewField>) {
        let Some(model) = self.models.get_mut(model) else { return };
        let Some(edits) = self.fields.get_mut(model.file) else { return };
        for NewField { name, line } in new {
            edits.push(match model.end {
                Some(at) => Edit { at, text: format!("\n{line}") },
                None => Edit { at: model.block.span.end.saturating_sub(1), text: format!("\n{line}\n") },
            });
            model.names.insert(name);
        }
    }
}

fn held(block: &Block) -> HashSet<(String, String)> {
    let relations = block.fields().filter_map(|field| Some((field, argument(relation(field)?, "fields")?)));
    let pairs = relations.flat_map(|(field, list)| {
        let names = words(list).unwrap_or_default().into_iter();
        names.map(|name| (field.ty.name.text.clone(), name.to_owned()))
    });
    pairs.collect()
}

fn owned(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}
