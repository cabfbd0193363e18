//! Each misuse of the API is refused by rustc, with words that help. The name of a case is the rule that it breaks.

#[test]
fn misuse_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
