//! Runs a configuration as Prisma does, and asks for what came of it.
//!
//! Node runs it by the loader of the project's own Prisma (`@prisma/config`), or where that is not installed by `jiti`, with which
//! Prisma loads it, or by itself. The settings and the variables that differ are the answer.

use std::{
    collections::BTreeMap,
    io::Read,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc::{RecvTimeoutError, channel},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use serde::Deserialize;

use super::Place;

/// What came of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Loaded {
    /// The settings that are there, by their keys.
    pub(super) settings: BTreeMap<String, String>,
    /// The variables that it has set or removed.
    pub(super) variables: BTreeMap<String, Option<String>>,
}

/// What Node answers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Loaded(Loaded),
    Failed { error: String },
}

/// A configuration that takes longer is waiting for something that will not come.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How long what Node has written may take to arrive once it has ended. Programs that the configuration has started may
/// hold its output open.
const ARRIVAL: Duration = Duration::from_millis(500);

/// What came of the files of this process: a command asks for the settings of a folder more than once.
static LOADED: Mutex<BTreeMap<PathBuf, Result<Loaded, String>>> = Mutex::new(BTreeMap::new());

/// The program that Node runs. Its arguments are the file, what stands before the answer, and those of the command.
const PROGRAM: &str = r#"
const [file, mark] = process.argv.splice(1, 2, 'prisma')
const { createRequire } = require('node:module')
const { pathToFileURL } = require('node:url')
const before = { ...process.env }
// Resolves names one from where the one before was found.
function find(...names) {
  let from = file
  try {
    for (const name of names) from = createRequire(from).resolve(name)
    return from
  } catch {}
}
async function load() {
  const prisma = find('@prisma/config') ?? find('prisma/package.json', '@prisma/config')
  if (prisma) {
    const { config, error } = await require(prisma).loadConfigFromFile({ configFile: file })
    if (error) throw error.error ?? new Error(error._tag)
    return config
  }
  const jiti = find('jiti')
  const module = jiti
    ? await require(jiti).createJiti(file).import(file)
    : await import(pathToFileURL(file).href).catch(error => {
        if (error?.code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error
        throw new Error('neither `prisma` nor `jiti`, which load it, is installed in the project')
      })
  let config = module.default ?? module
  if (typeof config === 'function') config = await config()
  const keys = Object.keys(config ?? {})
  const known = ['schema', 'datasource', 'migrations', 'tables', 'enums', 'views', 'typedSql', 'extensions', 'experimental', 'engine']
  if (typeof config !== 'object' || keys.some(key => !known.includes(key))) throw new Error('its export is no configuration')
  return config
}
function answer(value) {
  process.stdout.write('\n' + mark + JSON.stringify(value) + '\n', () => process.exit(0))
}
// The text of an error, without the values of variables.
function textOf(error) {
  let text = String(error?.message ?? error)
  // The longest first: another value may be a part of one.
  const values = Object.entries({ ...before, ...process.env }).sort(([, one], [, other]) => other.length - one.length)
  for (const [name, value] of values) if (value.length > 3) text = text.replaceAll(value, () => '$' + name)
  // What could not be parsed is quoted.
  return error instanceof SyntaxError ? text.replaceAll(/"[^"]*"/g, '"..."') : text
}
load().then(config => {
  const settings = {}
  const add = (key, value) => {
    if (value === undefined) return
    if (typeof value !== 'string') throw new Error(`${key} is not a string`)
    settings[key] = value
  }
  add('schema', config?.schema)
  add('datasource.url', config?.datasource?.url)
  add('migrations.path', config?.migrations?.path)
  add('migrations.seed', config?.migrations?.seed)
  const variables = {}
  for (const name of new Set([...Object.keys(before), ...Object.keys(process.env)])) {
    if (before[name] !== process.env[name]) variables[name] = process.env[name] ?? null
  }
  answer({ settings, variables })
}).catch(error => answer({ error: textOf(error) }))
"#;

/// Loads a configuration; an error says why that was not possible.
pub(super) fn load(place: Place<'_>) -> Result<Loaded, String> {
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = loaded.get(place.file) {
        return known.clone();
    }
    // One that hangs is enough: there may be others in the folders above.
    let late = format!("it did not end within {} s", TIMEOUT.as_secs());
    let hangs = loaded.values().any(|result| result.as_ref().is_err_and(|error| *error == late));
    let result = if hangs { Err("another configuration did not end".to_owned()) } else { run(place) };
    loaded.insert(place.file.to_owned(), result.clone());
    result
}

fn run(place: Place<'_>) -> Result<Loaded, String> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    // Nothing that the file prints is taken for the answer.
    let mark = format!("purlin-{}-{}:", std::process::id(), now.as_nanos());
    let mut node = Command::new("node");
    node.args(["-e", PROGRAM]).arg(place.file).arg(&mark).args(std::env::args_os().skip(1)).current_dir(place.root);
    let mut node = node
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| "Node.js, which runs it, is not installed".to_owned())?;
    let (sender, output) = channel();
    let stdout = node.stdout.take();
    std::thread::spawn(move || {
        let mut part = [0; 4096];
        let mut stdout = stdout;
        while let Some(read) = stdout.as_mut().and_then(|stdout| stdout.read(&mut part).ok()).filter(|read| *read > 0) {
            if sender.send(part.get(..read).unwrap_or_default().to_vec()).is_err() {
                break;
            }
        }
    });
    let until = Instant::now() + TIMEOUT;
    let mut written = Written { mark: format!("\n{mark}"), text: Vec::new(), found: None };
    let mut arrived = Instant::now();
    let answer = loop {
        match output.recv_timeout(Duration::from_millis(20)) {
            Ok(part) => {
                written.add(&part);
                arrived = Instant::now();
            }
            Err(RecvTimeoutError::Disconnected) => break written.answer(),
            Err(RecvTimeoutError::Timeout) => {
                let has_ended = node.try_wait().is_ok_and(|status| status.is_some());
                if has_ended && arrived.elapsed() > ARRIVAL {
                    break None;
                }
            }
        }
        if let Some(answer) = written.answer() {
            break Some(answer);
        }
        if Instant::now() > until {
            let _ = node.kill();
            let _ = node.wait();
            return Err(format!("it did not end within {} s", TIMEOUT.as_secs()));
        }
    };
    let _ = node.kill();
    let _ = node.wait();
    match answer {
        Some(Answer::Loaded(loaded)) => Ok(loaded),
        Some(Answer::Failed { error }) => Err(shown(&error, place.root)),
        None => Err("it ended Node.js before it was loaded".to_owned()),
    }
}

/// What Node has written so far.
struct Written {
    mark: String,
    /// The end of it: what may be the mark, and what follows the mark.
    text: Vec<u8>,
    /// Where the answer begins.
    found: Option<usize>,
}

impl Written {
    fn add(&mut self, part: &[u8]) {
        self.text.extend_from_slice(part);
        if self.found.is_none() {
            let mark = self.mark.as_bytes();
            let found = self.text.windows(mark.len()).position(|window| window == mark);
            self.found = found.map(|place| place + mark.len());
            let kept = if found.is_some() { self.text.len() } else { mark.len() };
            let dropped = self.text.len().saturating_sub(kept);
            self.text.drain(..dropped);
        }
    }

    /// The first answer.
    fn answer(&self) -> Option<Answer> {
        let text = String::from_utf8_lossy(self.text.get(self.found?..)?);
        serde_json::from_str(text.split_once('\n')?.0).ok()
    }
}

/// The first line of an error of JavaScript, which may be long.
fn shown(error: &str, root: &Path) -> String {
    const MOST: usize = 160;
    let line = error.lines().next().unwrap_or_default().replace(&format!("{}/", root.display()), "");
    let line: String = line.chars().filter(|character| !character.is_control()).collect();
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", line.get(..end).unwrap_or_default()),
        None => line,
    }
}
