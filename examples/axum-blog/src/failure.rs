//! What a request can end in instead of a page.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::components::notice;

pub(crate) enum Failure {
    NotFound,
    Database(purlin::Error),
}

/// A row that a query needs and that is not there is a page that is not there.
impl From<purlin::Error> for Failure {
    fn from(error: purlin::Error) -> Self {
        if error.is_not_found() { Self::NotFound } else { Self::Database(error) }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, notice::not_found()).into_response(),
            Self::Database(error) => {
                // The cause is for the log; what it names is none of the reader's business.
                eprintln!("error: {error:?}");
                (StatusCode::INTERNAL_SERVER_ERROR, notice::broken()).into_response()
            }
        }
    }
}
