//! Children that never outlive their parent.
//!
//! Each child leads a process group of its own, so that stopping it also stops what it has started (npm, Next.js and
//! browsers all start others). A terminal's Ctrl-C does not reach such a group, hence [`watch_signals`].

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::Result;

static STOPPED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// From now on Ctrl-C and its kin end the running child, and with it the command. A second one ends at once.
pub(crate) fn watch_signals() {
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        // Registered first, so it sees the flag of an earlier signal only.
        let _ = signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&STOPPED));
        let _ = signal_hook::flag::register(signal, Arc::clone(&STOPPED));
    }
}

/// Returns whether somebody asked the command to stop.
pub(crate) fn stopped() -> bool {
    STOPPED.load(Ordering::SeqCst)
}

/// A running child and all that it has started; stopped when dropped.
pub(crate) struct Group {
    child: Child,
}

impl Group {
    /// Starts the command with its output in `log`.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let out = File::options().append(true).create(true).open(log).map_err(|error| cannot_log(log, &error))?;
        let err = out.try_clone().map_err(|error| cannot_log(log, &error))?;
        let child = command.stdin(Stdio::null()).stdout(out).stderr(err).process_group(0).spawn();
        child.map(|child| Self { child }).map_err(|error| format!("cannot start {name}: {error}"))
    }

    /// The status, if the child has ended.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child.try_wait().map_err(|error| format!("cannot wait for a child: {error}"))
    }

    /// Waits for the end; past the limit, or when the command itself is stopped, the group is.
    pub(crate) fn wait(mut self, limit: Duration) -> Result {
        let start = Instant::now();
        loop {
            if let Some(status) = self.ended()? {
                return if status.success() { Ok(()) } else { Err(status.to_string()) };
            }
            if stopped() {
                return Err("interrupted".to_owned());
            }
            if start.elapsed() > limit {
                return Err(format!("did not end within {} s", limit.as_secs()));
            }
            std::thread::sleep(POLL);
        }
    }

    fn signal(&self, signal: &str) {
        // The standard library cannot signal a group; `kill` is part of every shell.
        let script = format!("kill -{signal} -{}", self.child.id());
        let _ = Command::new("sh").args(["-c", &script]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.signal("TERM");
            let start = Instant::now();
            while matches!(self.child.try_wait(), Ok(None)) && start.elapsed() < Duration::from_secs(5) {
                std::thread::sleep(POLL);
            }
            self.signal("KILL");
            let _ = self.child.wait();
        }
    }
}

pub(crate) const POLL: Duration = Duration::from_millis(30);

fn cannot_log(log: &Path, error: &std::io::Error) -> String {
    format!("cannot write {}: {error}", log.display())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use super::Group;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn log(name: &str) -> std::path::PathBuf {
        let log = std::env::temp_dir().join(format!("xtask-{name}-{}.log", std::process::id()));
        let _ = fs::remove_file(&log);
        log
    }

    /// A dead orphan stays in the table where the container's first process adopts nobody; that is not alive.
    fn is_alive(process: &str) -> bool {
        let state = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        !state.contains(") Z ")
            && shell(&format!("kill -0 {process}")).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }

    #[test]
    fn dropping_a_group_stops_what_its_leader_started() {
        let log = log("group");
        let group = Group::start(&mut shell("sleep 600 & echo $!; wait"), &log).expect("sh starts");
        let start = Instant::now();
        let grandchild = loop {
            let text = fs::read_to_string(&log).unwrap_or_default();
            if text.ends_with('\n') {
                break text.trim().to_owned();
            }
            assert!(start.elapsed() < Duration::from_secs(30), "sh says nothing");
            std::thread::yield_now();
        };
        assert!(is_alive(&grandchild));
        drop(group);
        while is_alive(&grandchild) {
            assert!(start.elapsed() < Duration::from_secs(30), "process {grandchild} is still there");
            std::thread::yield_now();
        }
        let _ = fs::remove_file(log);
    }

    #[test]
    fn a_group_past_its_limit_is_an_error() {
        let log = log("limit");
        let group = Group::start(&mut shell("sleep 600"), &log).expect("sh starts");
        assert_eq!(group.wait(Duration::ZERO), Err("did not end within 0 s".to_owned()));
        let _ = fs::remove_file(log);
    }
}
