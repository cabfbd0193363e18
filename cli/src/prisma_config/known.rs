//! What is known of a value.

use crate::value::{Condition, Value};

/// What is known of a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Known {
    /// A string or `undefined`.
    Text(Value),
    Flag(Condition),
    List(Vec<Known>),
    Object(Object),
    /// Something of a module or of the language, by its name in `modules.rs`.
    Name(String),
    /// The URL of a file, by its path.
    Location(String),
    /// Nothing; the offset of what decides it.
    Unknown(u32),
}

/// An object, with its keys in the order in which they were written.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Object {
    pub(super) entries: Vec<Entry>,
    /// The offset of something that may add other keys.
    pub(super) open: Option<u32>,
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) value: Known,
    pub(super) at: u32,
}

impl PartialEq for Entry {
    /// Two entries with the same value mean the same, wherever they are written.
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.value == other.value
    }
}

impl Known {
    /// About how much memory it takes.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Text(value) => value.size(),
            Self::Flag(condition) => condition.size(),
            Self::List(list) => list.iter().map(Self::size).sum::<usize>() + 1,
            Self::Object(object) => {
                object.entries.iter().map(|entry| entry.value.size() + entry.key.len()).sum::<usize>() + 1
            }
            Self::Name(text) | Self::Location(text) => text.len() + 1,
            Self::Unknown(_) => 1,
        }
    }
}

impl Object {
    pub(super) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Adds an entry, or replaces the one with the same key.
    pub(super) fn set(&mut self, entry: Entry) {
        match self.entries.iter_mut().find(|known| known.key == entry.key) {
            Some(known) => *known = entry,
            None => self.entries.push(entry),
        }
    }

    /// Forgets all values, since something at this offset may replace them.
    pub(super) fn obscure(&mut self, at: u32) {
        for entry in &mut self.entries {
            (entry.value, entry.at) = (Known::Unknown(at), at);
        }
        self.open = Some(at);
    }
}

/// The condition that a value is true in JavaScript.
pub(super) fn truth(known: &Known) -> Option<Condition> {
    Some(match known {
        Known::Flag(condition) => condition.clone(),
        Known::Text(Value::Literal(text)) => Condition::Constant(!text.is_empty()),
        Known::Text(Value::Undefined) => Condition::Constant(false),
        Known::Text(value) => Condition::Filled(value.clone()),
        Known::Object(_) | Known::List(_) | Known::Location(_) => Condition::Constant(true),
        Known::Name(_) | Known::Unknown(_) => return None,
    })
}

/// The first value if the condition holds, else the second.
pub(super) fn choose(condition: Option<&Condition>, then: Known, otherwise: Known, at: u32) -> Known {
    let undefined = |known: &Known| *known == Known::Text(Value::Undefined);
    match (condition, then, otherwise) {
        (_, then, otherwise) if then == otherwise => then,
        (Some(Condition::Constant(true)), then, _) => then,
        (Some(Condition::Constant(false)), _, otherwise) => otherwise,
        (Some(condition), Known::Text(then), Known::Text(otherwise)) => {
            Known::Text(Value::Choice(condition.clone().into(), then.into(), otherwise.into()))
        }
        (condition, Known::Object(then), Known::Object(otherwise)) => {
            Known::Object(choose_object(condition, then, otherwise, at))
        }
        (condition, Known::Object(then), otherwise) if undefined(&otherwise) => {
            Known::Object(choose_object(condition, then, Object::default(), at))
        }
        (condition, then, Known::Object(otherwise)) if undefined(&then) => {
            Known::Object(choose_object(condition, Object::default(), otherwise, at))
        }
        _ => Known::Unknown(at),
    }
}

pub(super) fn choose_object(condition: Option<&Condition>, then: Object, otherwise: Object, at: u32) -> Object {
    let mut chosen = Object { entries: Vec::new(), open: then.open.or(otherwise.open) };
    for entry in then.entries.iter().chain(&otherwise.entries) {
        if chosen.entry(&entry.key).is_some() {
            continue;
        }
        let side = |object: &Object| match (object.entry(&entry.key), object.open) {
            (Some(entry), _) => entry.value.clone(),
            (None, Some(open)) => Known::Unknown(open),
            (None, None) => Known::Text(Value::Undefined),
        };
        let value = choose(condition, side(&then), side(&otherwise), at);
        let at = if matches!(value, Known::Unknown(_)) { at } else { entry.at };
        chosen.entries.push(Entry { key: entry.key.clone(), value, at });
    }
    chosen
}
