//! Purlin's code generators: from a resolved schema to the catalog and the text of the clients.

#![forbid(unsafe_code)]

pub mod lower;
