//! rustfmt's layout, of the few constructs that generated code is made of, at its default widths.

use std::fmt::Write as _;

/// Lines are no longer than this.
const WIDTH: usize = 100;
/// Arguments of a call stay on its line up to this width.
const CALL_WIDTH: usize = 60;
/// The fields of a struct literal stay on one line up to this width.
const LITERAL_WIDTH: usize = 18;

/// Doc comments of `text`. A code block without a language would be a doctest of the user's crate: it becomes text.
pub(super) fn docs(out: &mut String, indent: &str, text: &str) {
    let mut in_block = false;
    for line in text.lines() {
        let line = line.trim_end();
        let fence = line.trim_start().starts_with("```");
        let bare = fence && line.trim_start().trim_start_matches('`').is_empty();
        let space = if line.is_empty() || line.starts_with(' ') { "" } else { " " };
        let language = if bare && !in_block { "text" } else { "" };
        let _ = writeln!(out, "{indent}///{space}{line}{language}");
        in_block ^= fence;
    }
}

/// A call, `{indent}{head}({args}){tail}`, with the arguments on lines of their own where they are too wide.
pub(super) fn call(out: &mut String, indent: &str, head: &str, args: &[String], tail: &str) {
    list(out, indent, head, args, tail, CALL_WIDTH);
}

/// The same of the beginning of a function that has a generic parameter, and returns a type with parameters.
pub(super) fn function(
    out: &mut String,
    indent: &str,
    head: (&str, &str),
    args: &[String],
    (returned, parameters): (&str, &[String]),
) {
    let (name, generic) = head;
    let first_line = format!("{indent}{name}<{generic}>(");
    let last_line = format!("{indent}) -> {returned}<{}>", parameters.join(", "));
    let is_wide = |line: &str| line.chars().count() > WIDTH;
    let head = if is_wide(&first_line) {
        format!("{name}<\n{indent}    {generic},\n{indent}>")
    } else {
        format!("{name}<{generic}>")
    };
    let parameters = if is_wide(&last_line) {
        parameters.iter().fold("\n".to_owned(), |lines, parameter| lines + &format!("{indent}    {parameter},\n"))
            + indent
    } else {
        parameters.join(", ")
    };
    // Where the type fits and the bracket does not, that has a line of its own. rustfmt counts four more.
    let lacks_room = !is_wide(&last_line) && last_line.chars().count() + " {".len() + 4 > WIDTH;
    let most = if is_wide(&first_line) || is_wide(&last_line) || lacks_room { 0 } else { WIDTH };
    let bracket = if lacks_room { format!("\n{indent}{{") } else { " {".to_owned() };
    list(out, indent, &head, args, &format!(" -> {returned}<{parameters}>{bracket}"), most);
}

fn list(out: &mut String, indent: &str, head: &str, args: &[String], tail: &str, most: usize) {
    let line = args.join(", ");
    let width = indent.len() + head.chars().count() + line.chars().count() + tail.chars().count() + 2;
    if line.chars().count() <= most && width <= WIDTH {
        let _ = writeln!(out, "{indent}{head}({line}){tail}");
        return;
    }
    let _ = writeln!(out, "{indent}{head}(");
    for arg in args {
        let _ = writeln!(out, "{indent}    {arg},");
    }
    let _ = writeln!(out, "{indent}){tail}");
}

/// `{indent}{head} {{ fields }}{tail}`.
pub(super) fn literal(out: &mut String, indent: &str, head: &str, fields: &[(String, String)], tail: &str) {
    let line: Vec<String> = fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let line = line.join(", ");
    if fields.is_empty() {
        let _ = writeln!(out, "{indent}{head} {{}}{tail}");
    } else if line.chars().count() <= LITERAL_WIDTH {
        let _ = writeln!(out, "{indent}{head} {{ {line} }}{tail}");
    } else {
        let _ = writeln!(out, "{indent}{head} {{");
        for (name, value) in fields {
            field(out, &format!("{indent}    "), name, value);
        }
        let _ = writeln!(out, "{indent}}}{tail}");
    }
}

/// `{indent}{name}: {value},`: of a struct or of a struct literal.
pub(super) fn field(out: &mut String, indent: &str, name: &str, value: &str) {
    let width = indent.len() + name.chars().count() + value.chars().count() + 3;
    let space = if width > WIDTH { format!("\n{indent}    ") } else { " ".to_owned() };
    let _ = writeln!(out, "{indent}{name}:{space}{value},");
}

/// `open`, the items as many as fit on each line, `close`: the layout of imports, and of the lists given to macros.
pub(super) fn fill(out: &mut String, indent: &str, open: &str, items: &[String], close: &str) {
    let one_line = format!("{indent}{open}{}{close}", items.join(", "));
    if one_line.chars().count() <= WIDTH {
        out.push_str(&one_line);
        out.push('\n');
        return;
    }
    let _ = writeln!(out, "{indent}{}", open.trim_end());
    let mut line = String::new();
    for item in items {
        let grown = indent.len() + 4 + line.chars().count() + item.chars().count() + 2;
        if !line.is_empty() && grown > WIDTH {
            let _ = writeln!(out, "{indent}    {}", line.trim_end());
            line.clear();
        }
        let _ = write!(line, "{item}, ");
    }
    let _ = writeln!(out, "{indent}    {}", line.trim_end());
    let _ = writeln!(out, "{indent}{}", close.trim_start());
}

/// `#[{name}({items})]`: on one line, with the items on one of their own, whose comma rustfmt does not count, or with a line for
/// each.
pub(super) fn attribute(out: &mut String, name: &str, items: &[String]) {
    let one_line = items.join(", ");
    let fits = |line: &str, around: usize| line.chars().count() + around <= WIDTH;
    let _ = if fits(&one_line, name.len() + 5) {
        writeln!(out, "#[{name}({one_line})]")
    } else if fits(&one_line, 4) {
        writeln!(out, "#[{name}(\n    {one_line},\n)]")
    } else {
        writeln!(out, "#[{name}(\n    {},\n)]", items.join(",\n    "))
    };
}

/// A string literal.
pub(super) fn quoted(text: &str) -> String {
    format!("{text:?}")
}
