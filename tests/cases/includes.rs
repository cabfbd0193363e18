//! Related rows.

use purlin::Select;
use purlin_tests::db::{Badge, Booking, Client, Comment, Post, Profile, Seat, Tag, User};
use purlin_tests::result::show;
use purlin_tests::{Outcome, cases};
use serde::Serialize;

#[derive(Serialize, Select)]
#[select(User)]
struct UserName {
    name: Option<String>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Cards {
    id: i32,
    profile: Option<Profile>,
    badge: Option<Badge>,
}

#[derive(Serialize, Select)]
#[serde(rename_all = "camelCase")]
#[select(Profile)]
struct WholeProfile {
    id: i32,
    bio: String,
    user_id: i32,
    user: UserName,
}

#[derive(Serialize, Select)]
#[select(Profile)]
struct Owned {
    bio: String,
    user: UserName,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Author {
    id: i32,
    #[select(order_by(|post| post.id.asc()))]
    posts: Vec<PostTitle>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct PostTitle {
    title: String,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Published {
    id: i32,
    #[select(filter(|post| post.published.eq(true)).order_by(|post| [post.views.desc(), post.id.asc()]))]
    posts: Vec<PostTitle>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct SmallManager {
    id: i32,
    #[select(filter(|manager| manager.visits.lt(5)))]
    manager: Option<UserName>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct Signed {
    id: i32,
    author: UserName,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Hierarchy {
    name: Option<String>,
    manager: Option<UserName>,
    #[select(order_by(|report| report.id.asc()))]
    reports: Vec<Report>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Report {
    id: i32,
    #[select(order_by(|report| report.id.asc()))]
    reports: Vec<UserName>,
}

#[derive(Serialize, Select)]
#[select(Tag)]
struct Topic {
    name: String,
    #[select(order_by(|post| post.id.asc()))]
    posts: Vec<Tagged>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct Tagged {
    id: i32,
    #[select(order_by(|tag| tag.name.asc()))]
    tags: Vec<TagName>,
}

#[derive(Serialize, Select)]
#[select(Tag)]
struct TagName {
    name: String,
}

#[derive(Serialize, Select)]
#[select(Booking)]
struct Booked {
    id: i32,
    seat: Option<Seat>,
}

#[derive(Serialize, Select)]
#[select(Seat)]
struct Row {
    row: i32,
    number: i32,
    #[select(order_by(|booking| booking.id.asc()))]
    bookings: Vec<Guest>,
}

#[derive(Serialize, Select)]
#[select(Booking)]
struct Guest {
    guest: String,
    day: i32,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Deep {
    email: String,
    #[select(filter(|post| post.published.eq(true)).order_by(|post| post.id.asc()))]
    posts: Vec<DeepPost>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct DeepPost {
    id: i32,
    #[select(order_by(|comment| comment.id.desc()).take(2))]
    comments: Vec<DeepComment>,
}

#[derive(Serialize, Select)]
#[select(Comment)]
struct DeepComment {
    text: String,
    author: Option<DeepAuthor>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct DeepAuthor {
    name: Option<String>,
    profile: Option<Profile>,
}

cases!(
    beside_all_columns,
    one_to_one_from_both_sides,
    to_many_may_be_empty,
    to_many_filtered_and_sorted,
    to_one_filtered,
    one_row_shared_by_many,
    a_relation_to_its_own_model_in_both_directions,
    many_to_many_in_both_directions,
    a_foreign_key_of_two_columns_in_both_directions,
    five_levels_deep,
    of_one_row,
    of_no_rows,
);

async fn beside_all_columns(db: &Client) -> Outcome {
    show(db.profile().find_unique(|profile| profile.id.eq(2)).select::<WholeProfile>().await?)
}

async fn one_to_one_from_both_sides(db: &Client) -> Outcome {
    let users = db.user().find_many().order_by(|user| user.id.asc()).take(3).select::<Cards>().await?;
    let profiles = db.profile().find_many().order_by(|profile| profile.id.asc()).select::<Owned>().await?;
    show((users, profiles))
}

async fn to_many_may_be_empty(db: &Client) -> Outcome {
    show(db.user().find_many().order_by(|user| user.id.asc()).select::<Author>().await?)
}

async fn to_many_filtered_and_sorted(db: &Client) -> Outcome {
    show(db.user().find_many().order_by(|user| user.id.desc()).select::<Published>().await?)
}

async fn to_one_filtered(db: &Client) -> Outcome {
    show(db.user().find_many().order_by(|user| user.id.asc()).select::<SmallManager>().await?)
}

async fn one_row_shared_by_many(db: &Client) -> Outcome {
    show(db.post().find_many().order_by(|post| post.id.asc()).select::<Signed>().await?)
}

async fn a_relation_to_its_own_model_in_both_directions(db: &Client) -> Outcome {
    show(
        db.user()
            .find_many()
            .filter(|user| user.id.lte(2))
            .order_by(|user| user.id.asc())
            .select::<Hierarchy>()
            .await?,
    )
}

async fn many_to_many_in_both_directions(db: &Client) -> Outcome {
    show(db.tag().find_many().order_by(|tag| tag.name.asc()).select::<Topic>().await?)
}

async fn a_foreign_key_of_two_columns_in_both_directions(db: &Client) -> Outcome {
    let bookings = db.booking().find_many().order_by(|booking| booking.id.asc()).select::<Booked>().await?;
    let seats = db.seat().find_many().order_by(|seat| [seat.row.asc(), seat.number.asc()]).select::<Row>().await?;
    show((bookings, seats))
}

async fn five_levels_deep(db: &Client) -> Outcome {
    show(db.user().find_many().order_by(|user| user.id.asc()).take(3).select::<Deep>().await?)
}

async fn of_one_row(db: &Client) -> Outcome {
    show(db.user().find_unique(|user| user.id.eq(2)).select::<Author>().await?)
}

async fn of_no_rows(db: &Client) -> Outcome {
    show(db.user().find_many().filter(|user| user.id.gt(99)).select::<Deep>().await?)
}
