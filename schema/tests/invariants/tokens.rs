//! The lexer loses nothing.

use purlin_schema::lexer::lex;

/// Tokens lie end to end, on the boundaries of characters, from the start of the text to its end.
pub(crate) fn check(text: &str) {
    let mut end = 0;
    for token in lex(text) {
        assert_eq!(token.start, end, "{token:?} does not follow the one before it in {text:?}");
        assert!(token.end > token.start, "{token:?} is empty in {text:?}");
        assert!(text.get(token.start..token.end).is_some(), "{token:?} cuts a character of {text:?}");
        end = token.end;
    }
    assert_eq!(end, text.len(), "the end of {text:?} has no token");
}
