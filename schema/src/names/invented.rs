//! The names of fields that nobody has named: from the name of the model that they lead to.

/// `BlogPost`, `blog_post` or `BLOG_POST` as the name of a field: `blogPost`.
pub(crate) fn field(model: &str) -> String {
    let mut name = String::with_capacity(model.len());
    for word in model.split(['_', '-']).filter(|word| !word.is_empty()) {
        let shouted = !word.contains(char::is_lowercase);
        let word = if shouted { capital(&word.to_lowercase()) } else { word.to_owned() };
        if name.is_empty() {
            name.push_str(&small(&word));
        } else {
            name.push_str(&capital(&word));
        }
    }
    if name.is_empty() { model.to_owned() } else { name }
}

/// The same for a list: `blogPosts`.
pub(crate) fn list(model: &str) -> String {
    plural(&field(model))
}

/// The name for a field that leads back to `end`: the one `wanted`, or, where that is taken, one that begins with the
/// name of `end`, such as `editorPosts` for the posts of an editor.
pub(crate) fn free(wanted: String, end: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(&wanted) {
        return wanted;
    }
    let longer = format!("{}{}", small(end), capital(&wanted));
    let numbered = (2_usize..).map(|number| format!("{longer}{number}"));
    std::iter::once(longer.clone()).chain(numbered).find(|name| !is_taken(name)).unwrap_or(wanted)
}

/// The name with its first letter small.
pub(crate) fn small(name: &str) -> String {
    first(name, |char| char.to_lowercase().collect())
}

/// The name with its first letter a capital.
pub(crate) fn capital(name: &str) -> String {
    first(name, |char| char.to_uppercase().collect())
}

fn first(name: &str, change: impl Fn(char) -> String) -> String {
    let mut chars = name.chars();
    chars.next().map(|first| change(first) + chars.as_str()).unwrap_or_default()
}

/// Words whose plural no rule gives, by their ends.
const IRREGULAR: [(&str, &str); 15] = [
    ("person", "people"),
    ("child", "children"),
    ("man", "men"),
    ("woman", "women"),
    ("mouse", "mice"),
    ("foot", "feet"),
    ("tooth", "teeth"),
    ("goose", "geese"),
    ("life", "lives"),
    ("knife", "knives"),
    ("wife", "wives"),
    ("shelf", "shelves"),
    ("half", "halves"),
    ("leaf", "leaves"),
    ("quiz", "quizzes"),
];

/// Words that are their own plural.
const SAME: [&str; 8] = ["news", "series", "species", "equipment", "information", "metadata", "media", "data"];

fn plural(name: &str) -> String {
    // A name that ends with such a word: `salesPerson`, `Person`.
    let ends = |word: &str| name == word || name.ends_with(&capital(word));
    if SAME.into_iter().any(ends) {
        return name.to_owned();
    }
    for (one, many) in IRREGULAR {
        let capitals = (capital(one), capital(many));
        if name == one {
            return many.to_owned();
        }
        if let Some(start) = name.strip_suffix(&capitals.0) {
            return format!("{start}{}", capitals.1);
        }
    }
    let before_last = name.chars().rev().nth(1).unwrap_or_default();
    match name.chars().next_back().unwrap_or_default() {
        'y' if !"aeiou".contains(before_last) => format!("{}ies", name.strip_suffix('y').unwrap_or(name)),
        's' if before_last == 'i' => format!("{}es", name.strip_suffix("is").unwrap_or(name)),
        // A model with a name in the plural: `Users`.
        's' if !matches!(before_last, 's' | 'u') => name.to_owned(),
        's' | 'x' | 'z' => format!("{name}es"),
        'h' if matches!(before_last, 'c' | 's') => format!("{name}es"),
        _ => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{field, free, list};

    #[test]
    fn names_of_fields() {
        for (model, expected) in [
            ("User", "user"),
            ("PostableEntity", "postableEntity"),
            ("blog_post", "blogPost"),
            ("BLOG_POST", "blogPost"),
            ("Post2", "post2"),
            ("a", "a"),
            ("_", "_"),
        ] {
            assert_eq!(field(model), expected);
        }
    }

    #[test]
    fn names_that_are_taken_begin_with_the_name_of_the_other_field() {
        let name = |taken: &[&str]| free("posts".to_owned(), "editor", |name| taken.contains(&name));
        assert_eq!(name(&[]), "posts");
        assert_eq!(name(&["posts"]), "editorPosts");
        assert_eq!(name(&["posts", "editorPosts"]), "editorPosts2");
        assert_eq!(name(&["posts", "editorPosts", "editorPosts2"]), "editorPosts3");
    }

    #[test]
    fn names_of_lists() {
        for (model, expected) in [
            ("User", "users"),
            ("Users", "users"),
            ("Category", "categories"),
            ("Day", "days"),
            ("Address", "addresses"),
            ("Status", "statuses"),
            ("Analysis", "analyses"),
            ("Box", "boxes"),
            ("Branch", "branches"),
            ("Path", "paths"),
            ("SalesPerson", "salesPeople"),
            ("Woman", "women"),
            ("Person", "people"),
            ("UserMetadata", "userMetadata"),
            ("Post2", "post2s"),
        ] {
            assert_eq!(list(model), expected);
        }
    }
}
