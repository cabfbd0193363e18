//! Each misuse of the API is refused by rustc, with words that help. The name of a case is the rule that it breaks.

#[test]
fn misuse_does_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/compile_fail/*.rs");
    // A workspace has the feature on, where its other crates export types; then rustc also says that there is no type.
    if cfg!(feature = "typescript") {
        cases.compile_fail("tests/compile_fail_typescript/*.rs");
    }
}
