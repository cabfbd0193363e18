//! The four reads, and the parameter of each run: the same for every peer (and for the Node side: node/queries.mjs).

/// A read of the benchmark.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Query {
    /// One user by its id.
    Q1,
    /// 100 users.
    Q2,
    /// 50 users, each with its 10 posts.
    Q3,
    /// 20 users with their posts, those with their tags and comments, those with their authors.
    Q4,
}

impl Query {
    pub(crate) const ALL: [Self; 4] = [Self::Q1, Self::Q2, Self::Q3, Self::Q4];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Q1 => "q1",
            Self::Q2 => "q2",
            Self::Q3 => "q3",
            Self::Q4 => "q4",
        }
    }

    /// How many users the read takes.
    pub(crate) const fn width(self) -> i32 {
        match self {
            Self::Q1 => 1,
            Self::Q2 => 100,
            Self::Q3 => 50,
            Self::Q4 => 20,
        }
    }

    /// The id that the `run`th read starts from: Q1 reads that user, the others those after it.
    pub(crate) fn parameter(self, run: u32) -> i32 {
        let spread = |step: u32, below: u32| i32::try_from(run.wrapping_mul(step) % below).unwrap_or_default();
        match self {
            Self::Q1 => 1 + spread(37, 1000),
            Self::Q2 => spread(53, 900),
            Self::Q3 => spread(53, 950),
            Self::Q4 => spread(53, 980),
        }
    }
}
