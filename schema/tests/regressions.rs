//! What the fuzz targets found once, and small texts that are like it.

mod invariants;
mod samples;

use samples::samples;

#[test]
fn what_broke_once_holds() {
    for (name, file) in samples("regressions") {
        println!("{name}");
        invariants::check(&file.text);
    }
}
