//! Runs a configuration as Prisma does, and asks for what came of it.
//!
//! Node runs it by the loader of the project's own Prisma (`@prisma/config`), or where that is not installed by `jiti`, with which
//! Prisma loads it, or by itself. The settings and the variables that differ are the answer.

use std::{
    collections::BTreeMap,
    io::Read,
    path::Path,
    process::{Command, Stdio},
    sync::mpsc::channel,
    time::Duration,
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

/// What stands before the answer, behind everything that the configuration itself has printed.
const MARK: &str = "\u{1e}purlin:";

/// The program that Node runs, with the file and the mark as its arguments.
const PROGRAM: &str = r#"
const [file, mark] = process.argv.slice(1)
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
  if (jiti) return await require(jiti).createJiti(file).import(file, { default: true })
  const module = await import(pathToFileURL(file).href).catch(error => {
    if (error?.code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error
    throw new Error('neither `prisma` nor `jiti`, which load it, is installed in the project')
  })
  return module.default ?? module
}
function answer(value) {
  process.stdout.write('\n' + mark + JSON.stringify(value), () => process.exit(0))
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
}).catch(error => answer({ error: String(error?.message ?? error) }))
"#;

/// Loads a configuration; an error says why that was not possible.
pub(super) fn load(place: Place<'_>) -> Result<Loaded, String> {
    let mut node = Command::new("node");
    node.args(["-e", PROGRAM]).arg(place.file).arg(MARK).current_dir(place.root);
    let mut node = node
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| "Node.js, which runs it, is not installed".to_owned())?;
    let (sender, output) = channel();
    let stdout = node.stdout.take();
    std::thread::spawn(move || {
        let mut text = Vec::new();
        let read = stdout.map(|mut stdout| stdout.read_to_end(&mut text));
        let _ = sender.send(read.map(|_| text));
    });
    let text = output.recv_timeout(TIMEOUT);
    let _ = node.kill();
    let _ = node.wait();
    let text = text.map_err(|_| format!("it did not end within {} s", TIMEOUT.as_secs()))?.unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let answer = text.rsplit_once(MARK).and_then(|(_, answer)| serde_json::from_str(answer).ok());
    match answer {
        Some(Answer::Loaded(loaded)) => Ok(loaded),
        Some(Answer::Failed { error }) => Err(shown(&error, place.root)),
        None => Err("it ended Node.js before it was loaded".to_owned()),
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
