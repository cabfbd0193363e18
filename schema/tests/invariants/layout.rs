//! The formatter writes once, loses nothing, and changes nothing of what the schema says.

use purlin_schema::format::format;
use purlin_schema::lexer::lex;
use purlin_schema::model::{Field, FieldKind, Model, Schema};
use purlin_schema::parser::parse_file;
use purlin_schema::syntax::{Item, Member};
use purlin_schema::{SourceFile, Span, parse_all_stages};

use super::meaning::meaning;

/// Formats the files, and compares what they say before and after.
pub(crate) fn check(files: &[SourceFile]) {
    let once = formatted(files);
    let twice = formatted(&once);
    assert_eq!(once, twice, "formatting again changes it:\n{files:?}");
    let mut same = true;
    for (before, after) in files.iter().zip(&once) {
        same &= check_file(&before.text, &after.text);
    }
    check_schema(files, &once, same);
}

fn formatted(files: &[SourceFile]) -> Vec<SourceFile> {
    let texts = format(files);
    assert_eq!(texts.len(), files.len());
    files.iter().zip(texts).map(|(file, text)| SourceFile { path: file.path.clone(), text }).collect()
}

/// What must hold of each file; whether it says the same, but for its layout.
fn check_file(text: &str, once: &str) -> bool {
    assert!(once.is_empty() || once.ends_with('\n') && !once.ends_with("\n\n"), "{once:?}");
    let mut diagnostics = Vec::new();
    parse_file(0, &SourceFile { path: "schema.prisma".into(), text: once.into() }, &mut diagnostics);
    let ((before, comments), (after, comments_after)) = (meaning(text), meaning(once));
    assert_eq!(comments, comments_after, "the comments differ:\n{text}\n{once}");
    let same = before == after;
    if diagnostics.is_empty() {
        let mut after = after.iter();
        for line in &before {
            // A field may have got the arguments of its relation.
            let head = line.split(" [").next();
            let same =
                |other: &String| other == line || (other.contains("relation") && other.split(" [").next() == head);
            assert!(after.any(same), "{line} is missing:\n{text}\n{once}");
        }
    } else {
        assert!(same, "the meaning differs:\n{text}\n{once}\n{before:#?}\n{after:#?}");
        unreadable(text, once);
    }
    let (before, after) = (letters(text), letters(once));
    for (char, count) in before.iter().enumerate() {
        assert!(after[char] >= *count, "{:?} is lost:\n{text}\n{once}", char::from_u32(char as u32));
    }
    same
}

/// What cannot be read stands in the formatted text as it was, in the same order.
fn unreadable(text: &str, once: &str) {
    let text = text.replace("\r\n", "\n");
    let file = SourceFile { path: "schema.prisma".into(), text };
    let tree = parse_file(0, &file, &mut Vec::new());
    let mut rest = once;
    let mut find = |span: &Span| {
        let written = file.text[span.start..span.end].trim_end();
        let at = rest.find(written);
        assert!(at.is_some(), "{written:?} is not as it was:\n{}\n{once}", file.text);
        rest = &rest[at.unwrap_or_default() + written.len()..];
    };
    for item in &tree.items {
        match item {
            Item::Unreadable(span) => find(span),
            Item::Block(block) => {
                let lines = block.members.iter();
                lines
                    .filter_map(|it| if let Member::Unreadable(span) = it { Some(span) } else { None })
                    .for_each(&mut find);
            }
            Item::Comment(_) => {}
        }
    }
}

/// How often each ASCII character occurs that the formatter never drops.
fn letters(text: &str) -> [usize; 128] {
    let mut counts = [0; 128];
    for token in lex(text) {
        let text = &text[token.start..token.end];
        let dropped: &[char] = if token.kind.is_comment() { &['*'] } else { &[',', ':', '!'] };
        for char in text.chars().filter(|char| char.is_ascii_graphic() && !dropped.contains(char)) {
            counts[char as usize] += 1;
        }
    }
    counts
}

/// The files resolve to the same schema; where fields were added, to the same one but for these and their relations.
fn check_schema(files: &[SourceFile], once: &[SourceFile], same: bool) {
    let (before, after) = (bare(files), bare(once));
    assert_eq!(before.datasource, after.datasource, "{files:?}");
    assert_eq!(before.generators, after.generators, "{files:?}");
    assert_eq!(before.enums, after.enums, "{files:?}");
    assert_eq!(before.mixins, after.mixins, "{files:?}");
    if same {
        assert_eq!(before.relations, after.relations, "{files:?}");
        assert_eq!(before.models, after.models, "{files:?}");
        return;
    }
    assert_eq!(before.models.len(), after.models.len(), "{files:?}");
    for (before, after) in before.models.iter().zip(&after.models) {
        let mut fields = after.fields.iter();
        for field in &before.fields {
            let same = |other: &Field| match (&field.kind, &other.kind) {
                // The relations are counted anew.
                (FieldKind::Relation(..), FieldKind::Relation(..)) => field.name == other.name,
                _ => field == other,
            };
            assert!(fields.any(same), "{}.{field:?} is missing or has changed:\n{files:?}\n{once:?}", before.name);
        }
        let heads = [before, after].map(|model| Model {
            fields: Vec::new(),
            primary_key: None,
            uniques: Vec::new(),
            indexes: Vec::new(),
            shard_key: Vec::new(),
            ..model.clone()
        });
        assert_eq!(heads[0], heads[1], "{files:?}");
    }
}

/// The schema without spans, and with its keys and indexes in the order of what they say: the formatter sorts
/// attributes.
fn bare(files: &[SourceFile]) -> Schema {
    let (mut schema, _) = parse_all_stages(files);
    let none = Span::default();
    if let Some(datasource) = &mut schema.datasource {
        datasource.span = none;
    }
    schema.generators.iter_mut().for_each(|generator| generator.span = none);
    schema.enums.iter_mut().for_each(|it| it.span = none);
    for model in &mut schema.models {
        model.span = none;
        model.fields.iter_mut().for_each(|field| field.span = none);
        model.uniques.sort_by_cached_key(|key| format!("{key:?}"));
        model.indexes.sort_by_cached_key(|index| format!("{index:?}"));
        model.checks.sort_by_cached_key(|check| format!("{check:?}"));
    }
    schema
}
