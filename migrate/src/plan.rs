//! What a command is about to do, in words and in SQL.

/// The way from one state of a database to another.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// What changes, a line each, in the order in which it is done.
    pub changes: Vec<Change>,
    /// The SQL that does it.
    pub script: String,
    /// What is dangerous about it, counted in the database at hand.
    pub hazards: Vec<Hazard>,
    /// What the database has, the schema does not know, and the plan leaves alone.
    pub unmodeled: Vec<String>,
    /// Worth knowing, nothing to decide: storage that loses precision and the like.
    pub notes: Vec<String>,
}

/// A line of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whether something comes, goes or becomes different.
    pub kind: ChangeKind,
    /// For example `table "User"`, `column "User"."name"`.
    pub what: String,
}

/// The kind of a [`Change`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It comes.
    Add,
    /// It goes.
    Remove,
    /// It becomes different.
    Alter,
}

impl ChangeKind {
    /// `+`, `-` or `~`.
    pub fn sign(self) -> char {
        match self {
            Self::Add => '+',
            Self::Remove => '-',
            Self::Alter => '~',
        }
    }
}

/// Something dangerous in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hazard {
    /// How dangerous.
    pub level: Level,
    /// The table or column, for example `User.name`.
    pub item: String,
    /// What would happen, with the numbers.
    pub message: String,
}

/// How dangerous a [`Hazard`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Values would be lost; it is done only when the user accepts that.
    Loss,
    /// The rows that are there forbid it; it cannot be done.
    Blocked,
}

impl Plan {
    /// Returns whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The hazards of one level.
    pub fn at(&self, level: Level) -> impl Iterator<Item = &Hazard> {
        self.hazards.iter().filter(move |hazard| hazard.level == level)
    }
}
