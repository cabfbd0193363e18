//! The words after a command: flags and options are taken out by name, what is left over is an error.

use crate::Result;

pub(crate) struct Arguments {
    words: Vec<String>,
}

impl Arguments {
    pub(crate) fn new(words: impl Iterator<Item = String>) -> Self {
        Self { words: words.collect() }
    }

    /// Returns whether `--help` or `-h` is among them.
    pub(crate) fn asks_for_help(&self) -> bool {
        self.words.iter().any(|word| word == "--help" || word == "-h")
    }

    /// Takes `--name` out and says whether it was there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() != before
    }

    /// Takes `--name VALUE` out.
    pub(crate) fn option(&mut self, name: &str) -> Result<Option<String>> {
        let Some(at) = self.words.iter().position(|word| word == name) else { return Ok(None) };
        if at + 1 == self.words.len() {
            return Err(format!("{name} needs a value"));
        }
        self.words.remove(at);
        Ok(Some(self.words.remove(at)))
    }

    /// The words that no flag or option has taken; an unknown option is an error.
    pub(crate) fn rest(self) -> Result<Vec<String>> {
        match self.words.iter().find(|word| word.starts_with('-')) {
            Some(unknown) => Err(format!("unknown option {unknown}")),
            None => Ok(self.words),
        }
    }

    /// All words as they were given, for a program that reads them itself.
    pub(crate) fn into_words(self) -> Vec<String> {
        self.words
    }

    /// Ends the reading of a command that takes no further words.
    pub(crate) fn finish(self) -> Result {
        match self.rest()?.first() {
            Some(word) => Err(format!("unexpected argument {word}")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;

    fn arguments(words: &str) -> Arguments {
        Arguments::new(words.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn takes_flags_and_options_in_any_order() {
        let mut arguments = arguments("reads --json out.json --quick");
        assert!(arguments.flag("--quick"));
        assert_eq!(arguments.option("--json"), Ok(Some("out.json".to_owned())));
        assert!(!arguments.asks_for_help());
        assert_eq!(arguments.rest(), Ok(vec!["reads".to_owned()]));
        assert!(self::arguments("--check --help").asks_for_help());
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert!(arguments("--chekc").finish().is_err());
        assert!(arguments("reads").finish().is_err());
        assert!(arguments("--port").option("--port").is_err());
    }
}
