//! The syntax tree keeps what a formatter and an editor need.

use purlin_schema::parser::parse_file;
use purlin_schema::syntax::{Block, CommentKind, ExpressionKind, Item, Member, Tree};
use purlin_schema::{SourceFile, Span};

const TEXT: &str = r#"// top
/// About A
model A { // after the brace
  /* inside */
  id   Int  @id /// the id

  /// About b
  b    B[]  @relation("ab")

  @@map("a") // last
}
"#;

fn tree(text: &str) -> Tree {
    let mut diagnostics = Vec::new();
    let tree = parse_file(0, &SourceFile { path: "schema.prisma".into(), text: text.into() }, &mut diagnostics);
    assert_eq!(diagnostics, []);
    tree
}

fn at(span: Span) -> &'static str {
    &TEXT[span.start..span.end]
}

fn first_block(tree: &Tree) -> &Block {
    tree.blocks().next().expect("there is a block")
}

#[test]
fn comments_are_nodes_where_they_stand() {
    let tree = tree(TEXT);
    let top: Vec<&str> = tree
        .items
        .iter()
        .filter_map(|item| if let Item::Comment(comment) = item { Some(at(comment.span)) } else { None })
        .collect();
    assert_eq!(top, ["// top", "/// About A"]);
    let inside: Vec<(CommentKind, &str)> =
        first_block(&tree)
            .members
            .iter()
            .filter_map(|member| {
                if let Member::Comment(comment) = member { Some((comment.kind, at(comment.span))) } else { None }
            })
            .collect();
    assert_eq!(
        inside,
        [
            (CommentKind::Line, "// after the brace"),
            (CommentKind::Block, "/* inside */"),
            (CommentKind::Doc, "/// the id"),
            (CommentKind::Doc, "/// About b"),
            (CommentKind::Line, "// last"),
        ]
    );
}

#[test]
fn spans_are_exact() {
    let tree = tree(TEXT);
    let block = first_block(&tree);
    assert_eq!(at(block.keyword), "model");
    assert!(at(block.span).starts_with("model A {") && at(block.span).ends_with('}'));
    assert_eq!(block.documentation.as_deref(), Some("About A"));
    let fields: Vec<_> = block.fields().map(|field| (at(field.span), field.documentation.as_deref())).collect();
    assert_eq!(fields, [("id   Int  @id", Some("the id")), ("b    B[]  @relation(\"ab\")", Some("About b"))]);
    let field = block.fields().nth(1).expect("there are two fields");
    assert_eq!((at(field.ty.span), at(field.ty.name.span), field.ty.list), ("B[]", "B", true));
    let attribute = field.attributes.first().expect("it has an attribute");
    assert_eq!((at(attribute.span), at(attribute.name.span)), ("@relation(\"ab\")", "relation"));
    let argument = attribute.arguments.as_ref().and_then(|arguments| arguments.items.first()).expect("it has one");
    assert_eq!((at(argument.span), &argument.value.kind), ("\"ab\"", &ExpressionKind::String("ab".into())));
}

#[test]
fn tokens_hold_every_byte() {
    let tree = tree(TEXT);
    let joined: String = tree.tokens.iter().map(|token| &TEXT[token.start..token.end]).collect();
    assert_eq!(joined, TEXT);
}

#[test]
fn values_may_span_lines() {
    let tree = tree("generator g {\n  a = [\n    \"x\", // why\n    \"y\"\n  ]\n  b = f(1,\n    { k: [true] })\n}\n");
    let block = first_block(&tree);
    let values: Vec<_> = block.properties().map(|property| &property.value.kind).collect();
    assert!(matches!(values.as_slice(), [ExpressionKind::List(items), ExpressionKind::Call(..)] if items.len() == 2));
}
