//! The catalog that the unit tests of this crate use.

use crate::catalog::*;

const AUTOINCREMENT: Default = Default::Autoincrement;

const USER: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(AUTOINCREMENT)),
    Field::column("email", Column::new("email", Type::String)),
    Field::column("name", Column::new("full_name", Type::String).nullable()),
    Field::column("managerId", Column::new("managerId", Type::Int).nullable()),
    Field::relation("posts", Relation::referenced(1, 6, Arity::Many, &[0], &[5])),
    Field::relation("manager", Relation::foreign(0, 6, Arity::Optional, &[3], &[0])),
    Field::relation("reports", Relation::referenced(0, 5, Arity::Many, &[0], &[3])),
    Field::relation("profile", Relation::referenced(3, 2, Arity::Optional, &[0], &[1])),
];
const USER_KEYS: &[Key] = &[Key::new("id", &[0]), Key::new("email", &[1])];

const POST: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(AUTOINCREMENT)),
    Field::column("title", Column::new("title", Type::String)),
    Field::column("views", Column::new("views", Type::Int).default(Default::Database)),
    Field::column("createdAt", Column::new("created_at", Type::DateTime).default(Default::Now)),
    Field::column("updatedAt", Column::new("updated_at", Type::DateTime).updated_at()),
    Field::column("authorId", Column::new("authorId", Type::Int)),
    Field::relation("author", Relation::foreign(0, 4, Arity::One, &[5], &[0])),
    Field::relation("tags", Relation::through(2, 2, &[0], &[0], Through::new("_PostToTag", "A", "B"))),
];
const POST_KEYS: &[Key] = &[Key::new("id", &[0])];

const TAG: &[Field] = &[
    Field::column("id", Column::new("id", Type::String).default(Default::Uuid(7))),
    Field::column("price", Column::new("price", Type::Decimal).nullable()),
    Field::relation("posts", Relation::through(1, 7, &[0], &[0], Through::new("_PostToTag", "B", "A"))),
];
const TAG_KEYS: &[Key] = &[Key::new("id", &[0])];

const PROFILE: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(AUTOINCREMENT)),
    Field::column("userId", Column::new("userId", Type::Int)),
    Field::relation("user", Relation::foreign(0, 7, Arity::One, &[1], &[0])),
];
const PROFILE_KEYS: &[Key] = &[Key::new("id", &[0]), Key::new("userId", &[1])];

/// User 1-n Post m-n Tag, User 1-1 Profile, User 1-n User (manager and reports).
pub(crate) fn blog() -> Catalog {
    const MODELS: &[Model] = &[
        Model::new("User", "User", USER, USER_KEYS),
        Model::new("Post", "posts", POST, POST_KEYS),
        Model::new("Tag", "Tag", TAG, TAG_KEYS),
        Model::new("Profile", "Profile", PROFILE, PROFILE_KEYS),
    ];
    Catalog::new(MODELS, &[])
}

const ACCOUNT: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(AUTOINCREMENT)),
    Field::column("email", Column::new("email", Type::String)),
    Field::column("secret", Column::new("secret", Type::String).server_only()),
    Field::column("domain", Column::new("domain", Type::String).generated()),
    Field::column("tags", Column::new("tags", Type::String).list()),
    Field::relation("report", Relation::foreign(1, 1, Arity::Optional, &[0], &[0])),
    Field::relation("shape", Relation::foreign(2, 1, Arity::Optional, &[0], &[0])),
];
const REPORT: &[Field] = &[
    Field::column("accountId", Column::new("accountId", Type::Int)),
    Field::relation("account", Relation::referenced(0, 5, Arity::Optional, &[0], &[0])),
];
const SHAPE: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int)),
    Field::relation("account", Relation::referenced(0, 6, Arity::Optional, &[0], &[0])),
];

/// Account, with a column that stays on the server, a computed one and a list; the view Report, which has no key; Shape,
/// of which no row can be created.
pub(crate) fn restricted() -> Catalog {
    const MODELS: &[Model] = &[
        Model::new("Account", "Account", ACCOUNT, const { &[Key::new("id", &[0]), Key::new("secret", &[2])] })
            .schema("auth"),
        Model::new("Report", "Report", REPORT, &[]).writes(Writes::None),
        Model::new("Shape", "Shape", SHAPE, const { &[Key::new("id", &[0])] }).writes(Writes::NoCreate),
    ];
    Catalog::new(MODELS, &[])
}
