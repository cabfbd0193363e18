//! The syntax tree: what is written where, before any name has a meaning.
//!
//! Every node knows its span, comments are nodes, and [`Tree::tokens`] keeps the rest (blank lines, spacing, the
//! order inside a node), so that a formatter or a language server can work from a [`Tree`] alone.

use std::collections::BTreeSet;

use crate::lexer::Token;
use crate::source::Span;

/// A file.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// All tokens of the file: laid end to end they are its text.
    pub tokens: Vec<Token>,
    /// The blocks and the comments between them, in source order.
    pub items: Vec<Item>,
    /// The text between the blocks, or in blocks whose headers could not be read.
    pub lost: Lost,
}

/// Text that could not be read: whatever is missing may be in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lost {
    /// The words in it.
    words: BTreeSet<String>,
    /// True if it may hold any name, as a block that has none.
    all: bool,
    /// True if a field of it has no type, so that it may lead to any model.
    untyped: bool,
}

impl Lost {
    /// Returns whether something called `name` may be in it.
    pub fn may_hold(&self, name: &str) -> bool {
        self.all || self.words.contains(name)
    }

    /// Returns whether a field that leads to the model called `name` may be in it.
    pub fn may_lead_to(&self, name: &str) -> bool {
        self.untyped || self.may_hold(name)
    }

    /// Returns whether a key, or the field `id`, may be in it.
    pub(crate) fn may_hold_key(&self) -> bool {
        ["id", "unique", "include"].into_iter().any(|word| self.may_hold(word))
    }

    /// Returns whether nothing was lost.
    pub fn is_empty(&self) -> bool {
        !self.all && self.words.is_empty()
    }

    /// Adds a word that was in it.
    pub(crate) fn add(&mut self, word: &str) {
        self.words.insert(word.to_owned());
    }

    /// A field without a type was in it.
    pub(crate) fn add_untyped(&mut self) {
        self.untyped = true;
    }

    /// Any name may be in it.
    pub(crate) fn add_all(&mut self) {
        self.all = true;
    }

    /// Adds what something else lost.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.words.extend(other.words.iter().cloned());
        self.all |= other.all;
        self.untyped |= other.untyped;
    }
}

/// An item at the top level.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// `model User { .. }` and its kind.
    Block(Block),
    /// A comment that stands alone.
    Comment(Comment),
    /// Text that could not be read; a diagnostic tells why.
    Unreadable(Span),
}

/// A comment.
#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    /// Its form.
    pub kind: CommentKind,
    /// With its slashes, without the line break.
    pub span: Span,
}

/// The forms of comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommentKind {
    /// `//`
    Line,
    /// `///`, the documentation of what follows, or of what precedes it on the same line
    Doc,
    /// `/* */`
    Block,
}

/// The kinds of blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// `datasource`
    Datasource,
    /// `generator`
    Generator,
    /// `model`
    Model,
    /// `enum`
    Enum,
    /// `view`
    View,
    /// `type`, a composite type
    Type,
    /// `mixin`, fields and attributes that models include
    Mixin,
}

impl BlockKind {
    /// All kinds.
    pub const ALL: [Self; 7] =
        [Self::Datasource, Self::Generator, Self::Model, Self::Enum, Self::View, Self::Type, Self::Mixin];

    /// The keyword.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Datasource => "datasource",
            Self::Generator => "generator",
            Self::Model => "model",
            Self::Enum => "enum",
            Self::View => "view",
            Self::Type => "type",
            Self::Mixin => "mixin",
        }
    }

    /// Returns whether its members are `key = value`.
    pub fn is_configuration(self) -> bool {
        matches!(self, Self::Datasource | Self::Generator)
    }
}

/// A block.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Its kind.
    pub kind: BlockKind,
    /// The keyword.
    pub keyword: Span,
    /// The name.
    pub name: Name,
    /// The text of the `///` lines above it.
    pub documentation: Option<String>,
    /// Its lines, in source order.
    pub members: Vec<Member>,
    /// The `@@attributes` of Purlin's own that stand in `///` comments, above the block or in it.
    pub commented: Vec<Attribute>,
    /// True if a line of it could not be read: then nothing may be concluded from what it lacks.
    pub damaged: bool,
    /// The content of those lines.
    pub lost: Lost,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// A name, or a dotted path of names, as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// Its text.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// A line of a block.
#[derive(Debug, Clone, PartialEq)]
pub enum Member {
    /// `key = value`, of a datasource or generator.
    Property(Property),
    /// `name Type @attribute`, of a model, view or composite type.
    Field(Field),
    /// `NAME @map("name")`, of an enum.
    Value(Value),
    /// `@@attribute`
    Attribute(Attribute),
    /// A comment.
    Comment(Comment),
    /// Text that could not be read; a diagnostic tells why.
    Unreadable(Span),
}

/// `key = value`
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// The key.
    pub name: Name,
    /// The value.
    pub value: Expression,
    /// The whole.
    pub span: Span,
}

/// A field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name.
    pub name: Name,
    /// The type.
    pub ty: TypeReference,
    /// The attributes, in source order.
    pub attributes: Vec<Attribute>,
    /// The attributes of Purlin's own that stand in its `///` comments.
    pub commented: Vec<Attribute>,
    /// The text of its `///` comments, above it and on its line.
    pub documentation: Option<String>,
    /// From the name to the last attribute.
    pub span: Span,
}

/// A type as written.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeReference {
    /// The name of the type.
    pub name: Name,
    /// `("..")` of `Unsupported("..")`.
    pub arguments: Option<Arguments>,
    /// `[]`
    pub list: bool,
    /// `?`
    pub optional: bool,
    /// With modifiers.
    pub span: Span,
}

/// A value of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The name.
    pub name: Name,
    /// The attributes, in source order.
    pub attributes: Vec<Attribute>,
    /// The attributes of Purlin's own that stand in its `///` comments.
    pub commented: Vec<Attribute>,
    /// The text of its `///` comments, above it and on its line.
    pub documentation: Option<String>,
    /// From the name to the last attribute.
    pub span: Span,
}

/// An attribute of a field (`@id`) or of a block (`@@id`).
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// The name without its `@`; dotted for native types (`db.VarChar`).
    pub name: Name,
    /// `(..)`
    pub arguments: Option<Arguments>,
    /// From the `@` on.
    pub span: Span,
}

/// `(..)`
#[derive(Debug, Clone, PartialEq)]
pub struct Arguments {
    /// The arguments, in source order.
    pub items: Vec<Argument>,
    /// With the parentheses.
    pub span: Span,
}

/// An argument.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// `name:`
    pub name: Option<Name>,
    /// The value.
    pub value: Expression,
    /// The whole.
    pub span: Span,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// Its kind.
    pub kind: ExpressionKind,
    /// Its place.
    pub span: Span,
}

/// The kinds of values.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpressionKind {
    /// `"text"`, unescaped
    String(String),
    /// The source text of a number
    Number(String),
    /// `true`, `Asc`, `authorId`, `address.street`
    Word(String),
    /// `name(..)`
    Call(Name, Arguments),
    /// `[..]`
    List(Vec<Expression>),
    /// `{ key: value }`, which only the `where:` of an index uses
    Object(Vec<(Name, Expression)>),
}

impl Tree {
    /// The blocks.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.items.iter().filter_map(|item| match item {
            Item::Block(block) => Some(block),
            Item::Comment(_) | Item::Unreadable(_) => None,
        })
    }
}

impl Block {
    /// The place of its keyword and its name.
    pub fn header(&self) -> Span {
        Span { end: self.name.span.end, ..self.keyword }
    }

    /// The fields.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.members.iter().filter_map(|member| if let Member::Field(field) = member { Some(field) } else { None })
    }

    /// The values of an enum.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.members.iter().filter_map(|member| if let Member::Value(value) = member { Some(value) } else { None })
    }

    /// The properties of a configuration block.
    pub fn properties(&self) -> impl Iterator<Item = &Property> {
        self.members.iter().filter_map(|member| if let Member::Property(it) = member { Some(it) } else { None })
    }

    /// The `@@attributes`, those in comments last.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        let written =
            self.members.iter().filter_map(|member| if let Member::Attribute(it) = member { Some(it) } else { None });
        written.chain(&self.commented)
    }
}

impl Member {
    /// Its place.
    pub fn span(&self) -> Span {
        match self {
            Self::Property(property) => property.span,
            Self::Field(field) => field.span,
            Self::Value(value) => value.span,
            Self::Attribute(attribute) => attribute.span,
            Self::Comment(comment) => comment.span,
            Self::Unreadable(span) => *span,
        }
    }
}

impl Field {
    /// The attributes, those in comments last.
    pub fn all_attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().chain(&self.commented)
    }
}

impl Value {
    /// The attributes, those in comments last.
    pub fn all_attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().chain(&self.commented)
    }
}

impl ExpressionKind {
    /// Describes it for messages.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::String(_) => "a string".to_owned(),
            Self::Number(text) if text.len() <= 40 => format!("`{text}`"),
            Self::Number(_) => "a number".to_owned(),
            Self::Word(word) => format!("`{word}`"),
            Self::Call(name, _) => format!("`{}()`", name.text),
            Self::List(_) => "a list".to_owned(),
            Self::Object(_) => "an object".to_owned(),
        }
    }
}
