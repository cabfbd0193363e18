//! Serves the blog, fills its database, or writes the types of its page in TypeScript: `axum-blog [seed | types]`.

#![forbid(unsafe_code)]

use std::env;
use std::error::Error;
use std::net::Ipv4Addr;
use std::process::ExitCode;

use axum_blog::{TYPES, app, database, export_types, seed};
use tokio::net::TcpListener;

const URL: &str = "file:./dev.db";
const PORT: u16 = 3001;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => serve().await,
        ["seed"] => reseed().await,
        ["types"] => export_types(TYPES).map_err(Into::into),
        _ => {
            eprintln!("usage: axum-blog [seed | types]");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Where the database is. A relative path starts from the current directory, as it does for the command `purlin`.
fn url() -> String {
    env::var("DATABASE_URL").unwrap_or_else(|_| URL.to_owned())
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let db = database::open(&url())?;
    if db.user().count().await? == 0 {
        eprintln!("seeded {}", seed(&db).await?);
    }
    let port = match env::var("PORT") {
        Ok(port) => port.parse().map_err(|_| format!("PORT is {port}, which is not a port"))?,
        Err(_) => PORT,
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| format!("cannot listen on port {port}: {error}; set PORT to another one"))?;
    eprintln!("http://localhost:{}, until Ctrl-C", listener.local_addr()?.port());
    // Requests that are under way are answered before the process ends.
    axum::serve(listener, app(db.clone())).with_graceful_shutdown(interrupted()).await?;
    db.close().await?;
    eprintln!("closed");
    Ok(())
}

/// Replaces what is in the database.
async fn reseed() -> Result<(), Box<dyn Error>> {
    let db = database::open(&url())?;
    eprintln!("seeded {}", seed(&db).await?);
    db.close().await?;
    Ok(())
}

async fn interrupted() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        eprintln!("cannot wait for Ctrl-C: {error}");
    }
}
