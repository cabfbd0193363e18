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
    let line = args.join(", ");
    let width = indent.len() + head.chars().count() + line.chars().count() + tail.chars().count() + 2;
    if line.chars().count() <= CALL_WIDTH && width <= WIDTH {
        let _ = writeln!(out, "{indent}{head}({line}){tail}");
        return;
    }
    let _ = writeln!(out, "{indent}{head}(");
    for arg in args {
        let _ = writeln!(out, "{indent}    {arg},");
    }
    let _ = writeln!(out, "{indent}){tail}");
}

/// `{indent}{name}<{parameter}: {bound}>({args}) -> {result} {{`, the first line of a generic function.
pub(super) fn function(out: &mut String, indent: &str, name: &str, generic: [&str; 2], args: &[String], result: &str) {
    let [parameter, bound] = generic;
    let mut head = format!("{name}<{parameter}: {bound}>");
    let fits = |line: &str, around: usize| indent.len() + line.chars().count() + around <= WIDTH;
    if fits(&format!("{head}({}) -> {result} {{", args.join(", ")), 0) {
        let _ = writeln!(out, "{indent}{head}({}) -> {result} {{", args.join(", "));
        return;
    }
    // rustfmt keeps room for what follows on the line: `) {` after the parameter, and more after the result.
    if !fits(&head, 4) {
        let inner = format!("{indent}    ");
        // rustfmt does not count the parameter.
        let bound = match fits(bound, 5) {
            true => bound.to_owned(),
            false => broken(&format!("{inner}        "), bound, &format!("{inner}    ")),
        };
        head = format!("{name}<\n{inner}{parameter}: {bound},\n{indent}>");
    }
    let _ = writeln!(out, "{indent}{head}(");
    for arg in args {
        let _ = writeln!(out, "{indent}    {arg},");
    }
    let _ = if fits(result, 11) {
        writeln!(out, "{indent}) -> {result} {{")
    } else if fits(result, 5) {
        writeln!(out, "{indent}) -> {result}\n{indent}{{")
    } else {
        writeln!(out, "{indent}) -> {} {{", broken(&format!("{indent}    "), result, indent))
    };
}

/// A type with a line for each of its arguments, and for theirs where one is too wide.
fn broken(indent: &str, ty: &str, close: &str) -> String {
    let Some((name, rest)) = ty.split_once('<') else { return ty.to_owned() };
    let mut text = format!("{name}<\n");
    let mut depth = 0;
    let rest = rest.strip_suffix('>').unwrap_or(rest);
    let args = rest.split(|character| {
        match character {
            '<' => depth += 1,
            '>' => depth -= 1,
            _ => {}
        }
        character == ',' && depth == 0
    });
    for arg in args.map(str::trim) {
        let arg = match indent.len() + arg.chars().count() < WIDTH {
            true => arg.to_owned(),
            false => broken(&format!("{indent}    "), arg, indent),
        };
        let _ = writeln!(text, "{indent}{arg},");
    }
    text + close + ">"
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
    let inner = format!("{indent}    ");
    let _ = if width <= WIDTH {
        writeln!(out, "{indent}{name}: {value},")
    } else if inner.len() + value.chars().count() < WIDTH || !value.contains('<') {
        writeln!(out, "{indent}{name}:\n{inner}{value},")
    } else {
        writeln!(out, "{indent}{name}: {},", broken(&inner, value, indent))
    };
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
