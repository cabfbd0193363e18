// The four reads, and the parameter of each run: the same for every peer (and for the Rust side: rust/src/queries.rs).

/** How many users a read takes. */
export const width = { q2: 100, q3: 50, q4: 20 }

/** The id that the nth run of a read starts from: q1 reads that user, the others those after it. */
export const parameter = {
  q1: run => 1 + ((run * 37) % 1000),
  q2: run => (run * 53) % 900,
  q3: run => (run * 53) % 950,
  q4: run => (run * 53) % 980,
}

export const queries = Object.keys(parameter)
