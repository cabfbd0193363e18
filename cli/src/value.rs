//! A setting as it is written: a string, or how it follows from the environment.

/// A string, or where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Literal(String),
    /// A variable, after everything that `prisma.config.ts` does to the environment.
    Environment(String),
    /// `env('NAME')`: a variable that must be set, and not to nothing.
    Required(Box<Value>),
    /// The second, if the first is not set or empty: `a || b`.
    Or(Box<Value>, Box<Value>),
    /// The second, if the first is not set: `a ?? b`.
    Nullish(Box<Value>, Box<Value>),
    Concatenation(Vec<Value>),
    /// The first if the condition holds, else the second.
    Choice(Box<Condition>, Box<Value>, Box<Value>),
}

/// A condition on the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    Constant(bool),
    /// Whether the value is set, and not to nothing.
    Filled(Value),
    Equal(Value, Value),
    Not(Box<Condition>),
}

/// The environment that values come from.
pub(crate) trait Source {
    /// A variable, which may be empty.
    fn variable(&self, name: &str) -> Option<String>;
}

/// The value cannot be told, because this variable is missing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Missing(pub(crate) String);

impl Value {
    /// Joins values to one text.
    pub(crate) fn concatenation(values: Vec<Self>) -> Self {
        let mut parts: Vec<Self> = Vec::new();
        for value in values {
            match (parts.last_mut(), value) {
                (_, Self::Literal(text)) if text.is_empty() => {}
                (Some(Self::Literal(last)), Self::Literal(text)) => last.push_str(&text),
                (_, value) => parts.push(value),
            }
        }
        match parts.len() {
            0 => Self::Literal(String::new()),
            1 if matches!(parts.first(), Some(Self::Literal(_) | Self::Environment(_))) => parts.remove(0),
            _ => Self::Concatenation(parts),
        }
    }

    /// The text, which is not empty, or the name of the variable that is missing for it.
    pub(crate) fn resolve(&self, source: &impl Source) -> Result<String, Option<String>> {
        let text = self.evaluate(source).map_err(|Missing(name)| Some(name))?;
        text.filter(|text| !text.is_empty()).ok_or_else(|| self.variable().map(str::to_owned))
    }

    /// The text as JavaScript has it, where `None` is `undefined`.
    pub(crate) fn evaluate(&self, source: &impl Source) -> Result<Option<String>, Missing> {
        Ok(match self {
            Self::Literal(text) => Some(text.clone()),
            Self::Environment(name) => source.variable(name),
            Self::Required(value) => match value.evaluate(source)?.filter(|text| !text.is_empty()) {
                None => return Err(value.missing()),
                some => some,
            },
            Self::Or(first, second) => match first.evaluate(source)?.filter(|text| !text.is_empty()) {
                None => second.evaluate(source)?,
                some => some,
            },
            Self::Nullish(first, second) => match first.evaluate(source)? {
                None => second.evaluate(source)?,
                some => some,
            },
            Self::Concatenation(parts) => {
                let mut whole = String::new();
                for part in parts {
                    // JavaScript would write `undefined`, which nobody means.
                    whole.push_str(&part.evaluate(source)?.ok_or_else(|| part.missing())?);
                }
                Some(whole)
            }
            Self::Choice(condition, then, otherwise) => {
                if condition.holds(source)? {
                    then.evaluate(source)?
                } else {
                    otherwise.evaluate(source)?
                }
            }
        })
    }

    fn missing(&self) -> Missing {
        Missing(self.variable().unwrap_or_default().to_owned())
    }

    /// The first variable that it comes from.
    pub(crate) fn variable(&self) -> Option<&str> {
        match self {
            Self::Literal(_) => None,
            Self::Environment(name) => Some(name),
            Self::Required(value) => value.variable(),
            Self::Or(first, second) | Self::Nullish(first, second) => first.variable().or_else(|| second.variable()),
            Self::Concatenation(parts) => parts.iter().find_map(Self::variable),
            Self::Choice(condition, then, otherwise) => {
                then.variable().or_else(|| otherwise.variable()).or_else(|| condition.variables().first().copied())
            }
        }
    }

    /// About how much memory it takes.
    pub(crate) fn size(&self) -> usize {
        1 + match self {
            Self::Literal(text) | Self::Environment(text) => text.len(),
            Self::Required(value) => value.size(),
            Self::Or(first, second) | Self::Nullish(first, second) => first.size() + second.size(),
            Self::Concatenation(parts) => parts.iter().map(Self::size).sum(),
            Self::Choice(condition, then, otherwise) => condition.size() + then.size() + otherwise.size(),
        }
    }

    /// All variables that it comes from.
    pub(crate) fn variables(&self) -> Vec<&str> {
        match self {
            Self::Literal(_) => Vec::new(),
            Self::Environment(name) => vec![name],
            Self::Required(value) => value.variables(),
            Self::Or(first, second) | Self::Nullish(first, second) => [first.variables(), second.variables()].concat(),
            Self::Concatenation(parts) => parts.iter().flat_map(Self::variables).collect(),
            Self::Choice(condition, then, otherwise) => {
                [condition.variables(), then.variables(), otherwise.variables()].concat()
            }
        }
    }
}

impl Condition {
    pub(crate) fn holds(&self, source: &impl Source) -> Result<bool, Missing> {
        Ok(match self {
            Self::Constant(holds) => *holds,
            Self::Filled(value) => value.evaluate(source)?.is_some_and(|text| !text.is_empty()),
            Self::Equal(first, second) => first.evaluate(source)? == second.evaluate(source)?,
            Self::Not(condition) => !condition.holds(source)?,
        })
    }

    pub(crate) fn size(&self) -> usize {
        1 + match self {
            Self::Constant(_) => 0,
            Self::Filled(value) => value.size(),
            Self::Equal(first, second) => first.size() + second.size(),
            Self::Not(condition) => condition.size(),
        }
    }

    pub(crate) fn negated(self) -> Self {
        match self {
            Self::Constant(holds) => Self::Constant(!holds),
            Self::Not(condition) => *condition,
            other => Self::Not(Box::new(other)),
        }
    }

    fn variables(&self) -> Vec<&str> {
        match self {
            Self::Constant(_) => Vec::new(),
            Self::Filled(value) => value.variables(),
            Self::Equal(first, second) => [first.variables(), second.variables()].concat(),
            Self::Not(condition) => condition.variables(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Set;

    impl Source for Set {
        fn variable(&self, name: &str) -> Option<String> {
            match name {
                "SET" => Some("set".to_owned()),
                "EMPTY" => Some(String::new()),
                _ => None,
            }
        }
    }

    fn variable(name: &str) -> Value {
        Value::Environment(name.to_owned())
    }

    fn literal(text: &str) -> Value {
        Value::Literal(text.to_owned())
    }

    fn or(first: Value, second: Value) -> Value {
        Value::Or(Box::new(first), Box::new(second))
    }

    fn nullish(first: Value, second: Value) -> Value {
        Value::Nullish(Box::new(first), Box::new(second))
    }

    #[test]
    fn values_are_resolved_as_by_javascript() {
        let required = |name| Value::Required(Box::new(variable(name)));
        let choice =
            |condition, then, otherwise| Value::Choice(Box::new(condition), Box::new(then), Box::new(otherwise));
        let missing = |name: &str| Err(Some(name.to_owned()));
        for (value, expected) in [
            (or(variable("NOT"), literal("x")), Ok("x".to_owned())),
            (or(variable("EMPTY"), literal("x")), Ok("x".to_owned())),
            (nullish(variable("EMPTY"), literal("x")), missing("EMPTY")),
            (or(variable("SET"), literal("x")), Ok("set".to_owned())),
            (nullish(variable("SET"), literal("x")), Ok("set".to_owned())),
            (or(variable("NOT"), variable("NEITHER")), missing("NOT")),
            (or(variable("NOT"), literal("")), missing("NOT")),
            (nullish(variable("NOT"), literal("")), missing("NOT")),
            (or(required("NOT"), literal("x")), missing("NOT")),
            (required("EMPTY"), missing("EMPTY")),
            (literal(""), Err(None)),
            (Value::concatenation(vec![literal("a"), variable("NOT")]), missing("NOT")),
            (Value::concatenation(vec![literal("a"), literal("b"), variable("SET")]), Ok("abset".to_owned())),
            (choice(Condition::Filled(variable("EMPTY")), literal("a"), literal("b")), Ok("b".to_owned())),
            (choice(Condition::Equal(variable("SET"), literal("set")), literal("a"), literal("b")), Ok("a".to_owned())),
            (choice(Condition::Filled(variable("NOT")), literal("a"), variable("NEITHER")), missing("NEITHER")),
        ] {
            assert_eq!(value.resolve(&Set), expected, "{value:?}");
        }
    }
}
