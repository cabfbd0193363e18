#![no_main]

purlin_fuzz::target!(purlin_fuzz::parser);
