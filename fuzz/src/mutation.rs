//! Changes of a text by its tokens and lines: those of libFuzzer, which are by bytes, seldom leave a schema readable.

use purlin_schema::lexer::lex;

/// Changes the text in the first `size` bytes; half of the time as libFuzzer would, else by tokens or lines.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = Random::new(seed);
    let text = data.get(..size).and_then(|bytes| std::str::from_utf8(bytes).ok()).filter(|text| !text.is_empty());
    let Some(text) = text.filter(|_| random.below(2) == 0) else {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    };
    let mut parts = if random.below(3) == 0 { lines(text) } else { tokens(text) };
    for _ in 0..1 + random.below(3) {
        change(&mut parts, &mut random);
    }
    let changed = parts.concat();
    write(&changed, data.get_mut(..max_size).unwrap_or_default())
}

/// A run of parts of one text, put into another one.
pub fn cross(one: &[u8], other: &[u8], out: &mut [u8], seed: u32) -> usize {
    let mut random = Random::new(seed);
    let (Ok(one), Ok(other)) = (std::str::from_utf8(one), std::str::from_utf8(other)) else {
        return write(&String::from_utf8_lossy(one), out);
    };
    let cut = if random.below(2) == 0 { lines } else { tokens };
    let (mut parts, others) = (cut(one), cut(other));
    let (at, from) = (random.below(parts.len() + 1), random.below(others.len()));
    let run = others.into_iter().skip(from).take(1 + random.below(10));
    let replaced = random.below(2) * random.below(10).min(parts.len() - at);
    parts.splice(at..at + replaced, run);
    write(&parts.concat(), out)
}

fn change<'a>(parts: &mut Vec<&'a str>, random: &mut Random) {
    let length = parts.len();
    if length == 0 {
        return;
    }
    let (at, other) = (random.below(length), random.below(length));
    match random.below(7) {
        0 => drop(parts.remove(at)),
        1 => parts.swap(at, other),
        2 => parts.insert(at, parts.get(other).copied().unwrap_or_default()),
        // The same again and again: what takes quadratic time shows on long texts.
        3 if random.below(8) == 0 => {
            let run = parts.get(at..(at + 1 + random.below(12)).min(length)).unwrap_or_default().to_vec();
            let times = 1 << random.below(9);
            let repeated = run.iter().copied().cycle().take(run.len() * times);
            parts.splice(at..at, repeated.collect::<Vec<_>>());
        }
        4 => {
            // A run of them moves.
            let run: Vec<&str> = parts.drain(at..(at + 1 + random.below(8)).min(length)).collect();
            let to = random.below(parts.len() + 1);
            parts.splice(to..to, run);
        }
        5 => drop(parts.drain(at..(at + 1 + random.below(8)).min(length))),
        _ => parts.insert(at, PIECES.get(random.below(PIECES.len())).copied().unwrap_or_default()),
    }
}

/// What is put in: what changes how the rest is read, above all.
const PIECES: [&str; 64] = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "@",
    "@@",
    "\n",
    "\n\n",
    " ",
    "\r\n",
    "\r",
    "\t",
    "\u{feff}",
    "\u{2028}",
    "é",
    "// c\n",
    "/// d\n",
    "/* e */",
    "/* f\n g */",
    "/*",
    "*/",
    ",",
    ":",
    "?",
    "!",
    "=",
    ".",
    "-",
    "\\",
    "[]",
    "\0",
    "//----\n",
    "model B {\n",
    "enum C {\n",
    "view D {\n",
    "type E {\n",
    "mixin F {\n",
    "datasource db {\n",
    "generator g {\n",
    "@id",
    "@unique",
    "@map(\"x\")",
    "@@map(\"x\")",
    "@default(",
    "@relation(",
    "fields: [id]",
    "references: [id]",
    "@@index([id])",
    "@@unique([id])",
    "@@id([id])",
    "@ignore",
    "@@ignore",
    "@db.Text",
    "@updatedAt",
    "@@include(F)",
    "/// @was(\"x\")\n",
    "/// @@check(\"x\")\n",
    "raw(\"x\")",
    "where: { id: null }",
    "Int",
    "String",
];

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn tokens(text: &str) -> Vec<&str> {
    lex(text).into_iter().filter_map(|token| text.get(token.start..token.end)).collect()
}

/// As much of the text as there is room for, in whole characters.
fn write(text: &str, out: &mut [u8]) -> usize {
    let end = text.floor_char_boundary(out.len());
    for (to, from) in out.iter_mut().zip(text.bytes().take(end)) {
        *to = from;
    }
    end
}

struct Random(u64);

impl Random {
    fn new(seed: u32) -> Self {
        Self(0x9e37_79b9_7f4a_7c15 ^ (u64::from(seed) << 16))
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (limit.max(1) as u64)).unwrap_or_default()
    }
}
