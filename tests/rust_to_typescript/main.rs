//! Rust types as TypeScript: what a server writes as JSON is what the exported types say.

mod example;
mod export;
mod keys;
mod random;
mod rows;

use std::fs;
use std::path::PathBuf;

use purlin::typescript::{TypeScript, to_string};
use purlin_tests::tsc;

/// A folder with a TypeScript project, which is removed when the test ends.
struct Project(PathBuf);

impl Project {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("purlin-typescript-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("the folder for temporary files takes a project");
        let project = Self(folder);
        project.write("tsconfig.json", TSCONFIG);
        project
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.0.join(file), text).expect("the project takes files");
    }

    /// What the compiler says of a value in JSON, of a type `expression` of those that `T` exports.
    fn errors<T: TypeScript>(&self, expression: &str, json: &str) -> String {
        self.write("types.ts", &to_string::<T>().expect("the types have names of their own"));
        let page = format!("import type * as rust from './types.js'\nexport const value: {expression} = {json}\n");
        self.write("page.ts", &page);
        tsc::errors(&self.0)
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        // It is in the folder for temporary files: the system removes what is left.
        let _ = fs::remove_dir_all(&self.0);
    }
}

const TSCONFIG: &str = r#"{
  "compilerOptions": {
    "target": "ES2022",
    "lib": ["ES2023"],
    "module": "nodenext",
    "strict": true,
    "exactOptionalPropertyTypes": true,
    "types": []
  },
  "include": ["*.ts"]
}
"#;
