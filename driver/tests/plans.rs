//! The cache of plans is bounded, whatever shapes callers think of.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

mod support;

use purlin_driver::{Engine, Limits, Options};
use purlin_query::catalog::Catalog;
use purlin_query::shape::Code;
use support::*;

/// A condition of so many members.
fn any_of(members: u16, last: u16) -> Vec<u16> {
    let mut words = vec![Code::FindMany as u16, 1, Code::Where as u16, Code::Or as u16, members];
    for _ in 1..members {
        words.extend([Code::Equals as u16, 1]);
    }
    words.extend([Code::Equals as u16, last, Code::End as u16, Code::Field as u16, 0, Code::End as u16]);
    words
}

#[test]
fn small_plans_make_place_for_each_other() {
    let fixture = fixture();
    let hot = fixture.engine.prepare(&any_of(2, 1)).expect("a valid shape").id;
    for members in 3..1_500 {
        for last in [0, 1] {
            fixture.engine.prepare(&any_of(members % 40 + 1, last)).expect("a valid shape");
        }
        // Shapes that differ in a number of the path of a sort key are as many as one likes.
        let mut words = vec![Code::FindMany as u16, 1];
        for bit in 0..11 {
            let direction = if members >> bit & 1 == 1 { Code::Ascending } else { Code::Descending };
            words.extend([Code::OrderBy as u16, direction as u16, 0, Code::Field as u16, bit % 3]);
        }
        words.extend([Code::End as u16, Code::Field as u16, 0, Code::End as u16]);
        fixture.engine.prepare(&words).expect("a valid shape");
        assert!(fixture.engine.prepared(hot).is_some(), "what is used stays");
    }
}

#[test]
fn few_large_plans_are_kept_and_each_until_it_has_run() {
    let fixture = fixture();
    let mut ids = Vec::new();
    for members in 0..100 {
        let prepared = fixture.engine.prepare(&any_of(1_800 + members, 1)).expect("a valid shape");
        assert!(fixture.engine.prepared(prepared.id).is_some(), "the newest is there");
        ids.push(prepared.id);
    }
    let kept = ids.iter().filter(|id| fixture.engine.prepared(**id).is_some()).count();
    assert!((1..=32).contains(&kept), "{kept} large plans are kept");
}

#[test]
fn engines_with_other_limits_share_the_pool_and_keep_their_limits() {
    let fixture = fixture();
    seed(&fixture.engine);
    let limits = Limits { rows: 2, ..Limits::default() };
    let strict = fixture.open(Options { limits, ..Options::default() });
    let free = fixture.open(Options::default());
    assert_eq!(strict.pool(), free.pool(), "one pool has one writer");
    let users = words![Code::FindMany, 0, Code::End, Code::Field, 1, Code::End];
    assert_eq!(rows(run(&free, users, vec![])).len(), 3);
    assert!(run(&strict, users, vec![]).expect_err("there are three").is_limit());
    assert_eq!(rows(run(&free, users, vec![])).len(), 3, "their plans are apart");
}

#[test]
fn engines_of_one_file_have_one_number_however_their_urls_spell_it() {
    let fixture = fixture();
    let (path, folder) = (fixture.path(), fixture.folder.path());
    let number = fixture.engine.database();
    assert!(number < 1 << 53, "JavaScript holds it exactly");
    let open = |url: String, options| Engine::open(Catalog::new(MODELS, &[]), &url, options).expect("a URL of a file");
    let dots = folder.join(".").join("test.db");
    for path in [&path, &dots] {
        for url in ["file:", "sqlite:", "sqlite://"] {
            assert_eq!(open(format!("{url}{}", path.display()), Options::default()).database(), number);
        }
    }
    let slow = Options { queue_timeout: std::time::Duration::from_secs(77), ..Options::default() };
    assert_eq!(fixture.open(slow).database(), number, "other options, and so another pool");
    assert_eq!(fixture.open_with("?connection_limit=3", Options::default()).expect("opens").database(), number);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&path, folder.join("link.db")).expect("a link");
        assert_eq!(open(format!("file:{}", folder.join("link.db").display()), Options::default()).database(), number);
        // A link that leads nowhere yet.
        std::os::unix::fs::symlink(folder.join("later.db"), folder.join("early.db")).expect("a link");
        let early = open(format!("file:{}", folder.join("early.db").display()), Options::default());
        let later = open(format!("file:{}", folder.join("later.db").display()), Options::default());
        assert_ne!(early.database(), number);
        std::fs::File::create(folder.join("later.db")).expect("a file");
        assert_eq!(early.database(), later.database());
    }
    let memory = || open("file::memory:".to_owned(), Options::default());
    let (one, two) = (memory(), memory());
    assert_ne!(one.database(), two.database(), "each database in memory is one of its own");
    assert_eq!(one.database(), one.clone().database());
}
