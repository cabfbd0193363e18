//! The routes on a database of their own, as a browser without scripts uses them.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum_blog::{app, database, seed};
use tempfile::TempDir;
use tower::ServiceExt as _;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The blog on a new file with the content of the example.
struct Blog {
    router: Router,
    folder: TempDir,
}

/// What a request got.
struct Answer {
    status: StatusCode,
    location: Option<String>,
    body: String,
}

impl Blog {
    async fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let db = database::open(&format!("file:{}", folder.path().join("blog.db").display()))?;
        seed(&db).await?;
        Ok(Self { router: app(db), folder })
    }

    async fn get(&self, path: &str) -> Result<Answer> {
        self.answer(Request::get(path).body(Body::empty())?).await
    }

    async fn post(&self, path: &str, form: &'static str) -> Result<Answer> {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.answer(request.body(Body::from(form))?).await
    }

    async fn answer(&self, request: Request<Body>) -> Result<Answer> {
        let response = self.router.clone().oneshot(request).await?;
        let status = response.status();
        let location = response.headers().get(header::LOCATION).map(|value| value.to_str().map(str::to_owned));
        let body = String::from_utf8(to_bytes(response.into_body(), 1 << 20).await?.into())?;
        Ok(Answer { status, location: location.transpose()?, body })
    }

    /// The file as another program sees it.
    fn file(&self) -> Result<rusqlite::Connection> {
        Ok(rusqlite::Connection::open(self.folder.path().join("blog.db"))?)
    }

    /// The number that a query of one number gives.
    fn number(&self, sql: &str) -> Result<i64> {
        Ok(self.file()?.query_row(sql, [], |row| row.get(0))?)
    }
}

/// The part of a page that is about one user.
fn section<'a>(page: &'a str, user: &str) -> &'a str {
    let start = page.find(&format!(r#"aria-label="{user}""#)).expect("the page has the user");
    let section = &page[start..];
    &section[..section.find("</section>").expect("the section ends")]
}

fn in_order(text: &str, parts: &[&str]) -> bool {
    let mut rest = text;
    parts.iter().all(|part| rest.split_once(part).map(|(_, after)| rest = after).is_some())
}

#[tokio::test]
async fn the_first_page_shows_users_with_their_posts_and_a_form_each() -> Result {
    let home = Blog::new().await?.get("/").await?;
    assert_eq!(home.status, StatusCode::OK);
    let users = ["Marta Lindqvist", "Tomás Figueira", "Inès Moreau", "Kofi Asante"];
    assert!(in_order(&home.body, &users));
    let marta = section(&home.body, "Marta Lindqvist");
    assert!(in_order(
        marta,
        &[
            "Carpenter in Dalarna.",
            "Sharpening, in one evening",
            r#"<span class="draft">Draft</span>"#,
            "Why we still cut mortises by hand",
            "967 views",
            "What a purlin does all day",
            "1,284 views",
            "2 September 2026",
        ]
    ));
    assert_eq!(users.map(|user| section(&home.body, user).matches("<form").count()), [1; 4]);
    Ok(())
}

#[tokio::test]
async fn a_post_opens_with_its_author_tags_and_comments_with_their_authors() -> Result {
    let blog = Blog::new().await?;
    let id = blog.number(r#"SELECT "id" FROM "Post" WHERE "title" = 'What a purlin does all day'"#)?;
    let post = blog.get(&format!("/posts/{id}")).await?;
    assert_eq!(post.status, StatusCode::OK);
    assert!(post.body.contains("<title>What a purlin does all day · Ridge &amp; Rafter</title>"));
    assert!(in_order(
        &post.body,
        &[
            "<li>frames</li><li>roofs</li>",
            r#"<p class="name">Marta Lindqvist</p>"#,
            "<p>A purlin runs the length of the building",
            "3 comments",
            r#"<p class="name">Tomás Figueira</p>"#,
            "Twice as deep is generous.",
            r#"<p class="name">Marta Lindqvist</p>"#,
            r#"<p class="name">Kofi Asante</p>"#,
        ]
    ));
    Ok(())
}

#[tokio::test]
async fn the_form_adds_a_post_that_is_on_the_page_and_in_the_file() -> Result {
    let blog = Blog::new().await?;
    let id = blog.number(r#"SELECT "id" FROM "User" WHERE "email" LIKE 'kofi@%'"#)?;
    assert_eq!(id, 4, "the form below is Kofi's");
    let answer = blog.post("/posts", "authorId=4&title=+Raising+%3Cday%3E+&content=Lifted.%0D%0A%0D%0ADone.").await?;
    assert_eq!((answer.status, answer.location.as_deref()), (StatusCode::SEE_OTHER, Some("/#user-4")));

    let home = blog.get("/").await?;
    // Newest first, and text is text.
    assert!(in_order(section(&home.body, "Kofi Asante"), &["Raising &lt;day&gt;", "Twelve things I got wrong"]));

    let row: (String, bool, i64) = blog.file()?.query_row(
        r#"SELECT "content", "published", "authorId" FROM "Post" WHERE "title" = 'Raising <day>'"#,
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    assert_eq!(row, ("Lifted.\n\nDone.".to_owned(), false, 4));
    Ok(())
}

#[tokio::test]
async fn a_short_title_is_refused_in_the_form_that_sent_it() -> Result {
    let blog = Blog::new().await?;
    let before = blog.number(r#"SELECT count(*) FROM "Post""#)?;
    let answer = blog.post("/posts", "authorId=2&title=%22a&content=kept").await?;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let tomas = section(&answer.body, "Tomás Figueira");
    assert!(in_order(tomas, &[r#"value="&quot;a""#, ">kept</textarea>", "A title needs at least 3 characters."]));
    assert_eq!(answer.body.matches(r#"role="alert""#).count(), 1);
    assert_eq!(blog.number(r#"SELECT count(*) FROM "Post""#)?, before);
    Ok(())
}

#[tokio::test]
async fn an_author_who_is_gone_or_missing_is_told_in_words() -> Result {
    let blog = Blog::new().await?;
    let before = blog.number(r#"SELECT count(*) FROM "Post""#)?;
    for (form, problem) in [
        ("authorId=999999&title=By+nobody", "This author no longer exists."),
        ("authorId=first&title=By+nobody", "A post needs an author."),
        ("title=By+nobody", "A post needs an author."),
        ("", "A title needs at least 3 characters."),
    ] {
        let answer = blog.post("/posts", form).await?;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(answer.body.contains(&format!(r#"role="alert">{problem}</p>"#)), "{form}");
    }
    assert_eq!(blog.number(r#"SELECT count(*) FROM "Post""#)?, before);
    Ok(())
}

#[tokio::test]
async fn a_draft_is_published_by_its_button() -> Result {
    let blog = Blog::new().await?;
    let id = blog.number(r#"SELECT "id" FROM "Post" WHERE NOT "published""#)?;
    let button = format!(r#"action="/posts/{id}/publish""#);
    assert!(blog.get(&format!("/posts/{id}")).await?.body.contains(&button));
    let answer = blog.post(&format!("/posts/{id}/publish"), "").await?;
    assert_eq!((answer.status, answer.location), (StatusCode::SEE_OTHER, Some(format!("/posts/{id}"))));
    let post = blog.get(&format!("/posts/{id}")).await?;
    assert!(post.body.contains("0 views") && !post.body.contains(&button));
    Ok(())
}

#[tokio::test]
async fn what_is_not_there_is_a_page_that_was_not_found() -> Result {
    let blog = Blog::new().await?;
    for path in ["/posts/999999", "/posts/first", "/posts/-1", "/posts/99999999999999999999", "/nowhere"] {
        let answer = blog.get(path).await?;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.body.contains("<h1>Nothing is built here</h1>"), "{path}");
    }
    assert_eq!(blog.post("/posts/999999/publish", "").await?.status, StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn a_database_that_cannot_be_read_is_a_page_without_the_cause() -> Result {
    let blog = Blog::new().await?;
    blog.file()?.execute_batch(r#"ALTER TABLE "Post" RENAME COLUMN "title" TO "heading""#)?;
    let answer = blog.get("/").await?;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.body.contains("<h1>The page could not be read</h1>"));
    assert!(!answer.body.contains("column"), "what SQLite says is for the log");
    Ok(())
}

#[tokio::test]
async fn a_database_with_tables_is_left_as_it_is() -> Result {
    let blog = Blog::new().await?;
    blog.file()?.execute_batch(r#"DROP TABLE "Comment""#)?;
    database::open(&format!("file:{}", blog.folder.path().join("blog.db").display()))?;
    assert_eq!(blog.number("SELECT count(*) FROM sqlite_master WHERE name = 'Comment'")?, 0);
    Ok(())
}

#[test]
fn both_blogs_have_the_same_models() {
    let models = |schema: &'static str| schema.split_once("\n/// Somebody").map(|(_, models)| models);
    let ours = models(include_str!("../prisma/schema.prisma"));
    assert!(ours.is_some());
    assert_eq!(ours, models(include_str!("../../next-blog/prisma/schema.prisma")));
}

#[tokio::test]
async fn both_blogs_have_the_same_content() -> Result {
    const OTHER: &str = include_str!("../../next-blog/prisma/seed-data.ts");
    let blog = Blog::new().await?;
    let file = blog.file()?;
    let mut texts = file.prepare(
        r#"SELECT "bio" FROM "User" UNION ALL SELECT "content" FROM "Post" UNION ALL SELECT "body" FROM "Comment""#,
    )?;
    let texts = texts.query_map([], |row| row.get::<_, String>(0))?.collect::<std::result::Result<Vec<_>, _>>()?;
    assert_eq!(texts.len(), OTHER.matches("createdAt:").count());
    for text in texts {
        assert!(OTHER.contains(&text), "{text}");
    }
    Ok(())
}

#[tokio::test]
async fn the_authors_are_json_of_the_same_fragments() -> Result {
    let blog = Blog::new().await?;
    let answer = blog.get("/api/users").await?;
    assert_eq!(answer.status, StatusCode::OK);
    let users = blog.number("SELECT count(*) FROM User")?;
    assert_eq!(i64::try_from(answer.body.matches("\"posts\":[").count())?, users);
    let name: String = blog.file()?.query_row("SELECT name FROM User WHERE id = 1", [], |row| row.get(0))?;
    assert!(answer.body.starts_with(&format!("[{{\"id\":1,\"name\":\"{name}\",\"bio\":")), "{}", answer.body);
    assert!(answer.body.contains("\"createdAt\":\"20"), "{}", answer.body);
    assert!(blog.get("/authors").await?.body.contains("src=\"/authors.js\""));
    Ok(())
}
