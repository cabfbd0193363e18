//! The database of the tests: a file of its own for each.

#![allow(dead_code, unreachable_pub, unused_imports, reason = "each test uses a part")]

pub mod db;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

pub use futures_executor::block_on;

const TABLES: &str = r#"
CREATE TABLE "User" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "email" TEXT NOT NULL, "full_name" TEXT,
  "role" TEXT NOT NULL DEFAULT 'MEMBER', "visits" INTEGER NOT NULL DEFAULT 0,
  "managerId" INTEGER REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "User_email_key" ON "User" ("email");
CREATE TABLE "Post" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "title" TEXT NOT NULL, "published" BOOLEAN NOT NULL DEFAULT false,
  "views" INTEGER NOT NULL DEFAULT 0, "type" TEXT, "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" DATETIME NOT NULL,
  "authorId" INTEGER NOT NULL REFERENCES "User" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE TABLE "Tag" ("id" TEXT NOT NULL PRIMARY KEY, "name" TEXT NOT NULL);
CREATE UNIQUE INDEX "Tag_name_key" ON "Tag" ("name");
CREATE TABLE "_PostToTag" (
  "A" INTEGER NOT NULL REFERENCES "Post" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "B" TEXT NOT NULL REFERENCES "Tag" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "_PostToTag_AB_unique" ON "_PostToTag" ("A", "B");
CREATE INDEX "_PostToTag_B_index" ON "_PostToTag" ("B");
CREATE TABLE "Comment" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "text" TEXT NOT NULL,
  "postId" INTEGER NOT NULL REFERENCES "Post" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "authorId" INTEGER REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE TABLE "Sample" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "string" TEXT NOT NULL, "boolean" BOOLEAN NOT NULL, "int" INTEGER NOT NULL, "bigInt" BIGINT NOT NULL,
  "float" REAL NOT NULL, "decimal" TEXT NOT NULL, "dateTime" DATETIME NOT NULL, "json" JSONB NOT NULL,
  "bytes" BLOB NOT NULL, "role" TEXT NOT NULL,
  "optionalString" TEXT, "optionalBoolean" BOOLEAN, "optionalInt" INTEGER, "optionalBigInt" BIGINT,
  "optionalFloat" REAL, "optionalDecimal" TEXT, "optionalDateTime" DATETIME, "optionalJson" JSONB,
  "optionalBytes" BLOB, "optionalRole" TEXT,
  "parentId" INTEGER REFERENCES "Sample" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE TABLE "Seat" (
  "row" INTEGER NOT NULL, "number" INTEGER NOT NULL, "holder" TEXT, PRIMARY KEY ("row", "number")
);
"#;

/// A database file that is removed when the test ends.
pub struct Scratch(PathBuf, db::Client);

impl Scratch {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("purlin-client-{}-{}.db", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        let client = db::Client::builder()
            .sqlite(|sqlite| sqlite.create_file())
            .open(&format!("file:{}", path.display()))
            .expect("opens");
        let db: &purlin::Db = client.as_ref();
        // On a thread of its own: a test may be inside of an executor.
        let created = std::thread::scope(|scope| scope.spawn(|| block_on(db.execute_script(TABLES))).join());
        created.expect("the thread ends").expect("the tables can be created");
        Self(path, client)
    }
}

impl Scratch {
    /// Returns whether the write-ahead log of the file is there, as it is while somebody has written and not closed.
    pub fn has_log(&self) -> bool {
        self.0.with_extension("db-wal").exists()
    }
}

impl std::ops::Deref for Scratch {
    type Target = db::Client;

    fn deref(&self) -> &db::Client {
        &self.1
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        for ending in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(ending);
            // It is in the folder for temporary files: the system removes what is left.
            let _ = std::fs::remove_file(path);
        }
    }
}
