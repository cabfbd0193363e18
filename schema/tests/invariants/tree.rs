//! The syntax tree covers the text, and each node lies in its parent.

use purlin_schema::lexer::TokenKind;
use purlin_schema::parser::parse_file;
use purlin_schema::syntax::{
    Argument, Arguments, Attribute, Block, Comment, Expression, ExpressionKind, Field, Item, Member, Name, Tree,
};
use purlin_schema::{SourceFile, Span};

/// Parses it as the second file of a schema, so that a span that forgot its file shows.
pub(crate) fn check(text: &str) {
    const FILE: usize = 1;
    let mut diagnostics = Vec::new();
    let file = SourceFile { path: "schema.prisma".into(), text: text.into() };
    let tree = parse_file(FILE, &file, &mut diagnostics);
    for diagnostic in &diagnostics {
        for span in diagnostic.related.iter().map(|(span, _)| span).chain([&diagnostic.span]) {
            assert!(span.file == FILE && text.get(span.start..span.end).is_some(), "{diagnostic:?} in {text:?}");
        }
    }
    Walk { text, whole: Span { file: FILE, start: 0, end: text.len() } }.tree(&tree);
}

struct Walk<'a> {
    text: &'a str,
    whole: Span,
}

impl Walk<'_> {
    /// That a span lies in another one, at or after an offset; returns its end.
    fn inside(&self, span: Span, parent: Span, from: usize) -> usize {
        let fits = span.file == parent.file && span.start >= from.max(parent.start) && span.end <= parent.end;
        let cut = self.text.get(span.start..span.end).is_none();
        assert!(fits && !cut, "{span:?} is not in {parent:?} after {from}: {:?}", self.text);
        span.end
    }

    fn tree(&self, tree: &Tree) {
        let mut end = 0;
        // Each token but spaces and line breaks belongs to an item.
        let mut solid =
            tree.tokens.iter().filter(|it| !matches!(it.kind, TokenKind::Space | TokenKind::Newline)).peekable();
        for item in &tree.items {
            let span = match item {
                Item::Block(block) => block.span,
                Item::Comment(comment) => comment.span,
                Item::Unreadable(span) => *span,
            };
            end = self.inside(span, self.whole, end);
            assert!(solid.peek().is_some_and(|token| token.start == span.start), "{item:?} in {:?}", self.text);
            while solid.next_if(|token| token.start < span.end).is_some() {}
            match item {
                Item::Block(block) => self.block(block),
                Item::Comment(comment) => self.comment(comment),
                Item::Unreadable(_) => {}
            }
        }
        assert_eq!(solid.next(), None, "nothing holds this token of {:?}", self.text);
    }

    fn block(&self, block: &Block) {
        assert_eq!(block.keyword.start, block.span.start);
        let mut end = self.inside(block.keyword, block.span, 0);
        end = self.name(&block.name, block.span, end);
        for member in &block.members {
            let span = member.span();
            end = self.inside(span, block.span, end);
            match member {
                Member::Property(property) => {
                    let end = self.name(&property.name, span, 0);
                    self.expression(&property.value, span, end);
                }
                Member::Field(field) => self.field(field),
                Member::Value(value) => {
                    let end = self.name(&value.name, span, 0);
                    self.attributes(&value.attributes, span, end);
                    self.commented(&value.commented);
                }
                Member::Attribute(attribute) => drop(self.attribute(attribute, span, 0)),
                Member::Comment(comment) => self.comment(comment),
                Member::Unreadable(_) => {}
            }
        }
        self.commented(&block.commented);
    }

    fn field(&self, field: &Field) {
        let end = self.name(&field.name, field.span, 0);
        let ty = &field.ty;
        let end = {
            self.inside(ty.span, field.span, end);
            let end = self.name(&ty.name, ty.span, 0);
            if let Some(arguments) = &ty.arguments {
                self.arguments(arguments, ty.span, end);
            }
            ty.span.end
        };
        self.attributes(&field.attributes, field.span, end);
        self.commented(&field.commented);
    }

    fn attributes(&self, attributes: &[Attribute], parent: Span, from: usize) {
        attributes.iter().fold(from, |end, attribute| self.attribute(attribute, parent, end));
    }

    /// Attributes in comments, which are anywhere in the text.
    fn commented(&self, attributes: &[Attribute]) {
        for attribute in attributes {
            self.attribute(attribute, self.whole, 0);
        }
    }

    fn attribute(&self, attribute: &Attribute, parent: Span, from: usize) -> usize {
        self.inside(attribute.span, parent, from);
        let end = self.name(&attribute.name, attribute.span, 0);
        if let Some(arguments) = &attribute.arguments {
            self.arguments(arguments, attribute.span, end);
        }
        attribute.span.end
    }

    fn arguments(&self, arguments: &Arguments, parent: Span, from: usize) {
        self.inside(arguments.span, parent, from);
        let mut end = 0;
        for Argument { name, value, span } in &arguments.items {
            end = self.inside(*span, arguments.span, end);
            let from = name.as_ref().map_or(0, |name| self.name(name, *span, 0));
            self.expression(value, *span, from);
        }
    }

    fn expression(&self, expression: &Expression, parent: Span, from: usize) -> usize {
        let span = expression.span;
        self.inside(span, parent, from);
        match &expression.kind {
            ExpressionKind::String(_) | ExpressionKind::Number(_) | ExpressionKind::Word(_) => {}
            ExpressionKind::Call(name, arguments) => {
                let end = self.name(name, span, 0);
                self.arguments(arguments, span, end);
            }
            ExpressionKind::List(items) => drop(items.iter().fold(0, |end, item| self.expression(item, span, end))),
            ExpressionKind::Object(entries) => {
                let mut end = 0;
                for (name, value) in entries {
                    end = self.name(name, span, end);
                    end = self.expression(value, span, end);
                }
            }
        }
        span.end
    }

    /// That a name is the text of its span.
    fn name(&self, name: &Name, parent: Span, from: usize) -> usize {
        let end = self.inside(name.span, parent, from);
        assert_eq!(name.text, self.text[name.span.start..name.span.end]);
        end
    }

    fn comment(&self, comment: &Comment) {
        assert!(self.text[comment.span.start..comment.span.end].starts_with('/'), "{comment:?} in {:?}", self.text);
    }
}
