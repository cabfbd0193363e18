//! A database on a file system that does not keep its locks: on the network, or in a folder that is synchronized.

use std::path::{Path, PathBuf};

use super::{Finding, database_file};
use crate::{
    failure::Failure,
    project::{Loaded, Project},
};

pub(super) const NAME: &str = "file-system";

/// File systems whose locks and shared memory do not reach the other machines.
const NETWORK: [&str; 10] = ["nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "lustre"];
/// Those that may be local, and may be a window to another machine.
const WINDOW: [&str; 6] = ["9p", "virtiofs", "vboxsf", "prl_fs", "drvfs", "fuse"];
/// Folders that a program copies to other machines while the database is written.
const SYNCHRONIZED: [&str; 8] = [
    "Dropbox",
    "OneDrive",
    "Google Drive",
    "GoogleDrive",
    "iCloud Drive",
    "Mobile Documents",
    "Nextcloud",
    "pCloudDrive",
];

#[expect(clippy::unnecessary_wraps, reason = "it is one of the checks")]
pub(super) fn check(project: &Project, loaded: &Loaded) -> Result<Vec<Finding>, Failure> {
    let Some(file) = database_file(project, loaded) else { return Ok(Vec::new()) };
    let path = PathBuf::from(&file);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Where there is no folder, there is no database either, and another check says so.
    let Ok(folder) = folder.canonicalize() else { return Ok(Vec::new()) };
    let mut findings = Vec::new();
    // Other systems have no such file, and nothing is said there.
    if let Ok(mounts) = std::fs::read_to_string("/proc/mounts") {
        findings.extend(on_network(&mounts, &folder).map(|finding| finding.at(file.clone())));
    }
    findings.extend(synchronized(&folder).map(|finding| finding.at(file)));
    Ok(findings)
}

fn on_network(mounts: &str, folder: &Path) -> Option<Finding> {
    let kind = kind(mounts, folder)?;
    let name = kind.split('.').next().unwrap_or_default();
    if NETWORK.contains(&name) {
        return Some(Finding::error(
            NAME,
            format!("the database is on a network file system ({kind}), which does not keep the locks of SQLite"),
            "move the file to a local disk of the machine whose processes use it",
        ));
    }
    WINDOW.contains(&name).then(|| {
        Finding::warning(
            NAME,
            format!("the database is on a file system ({kind}) that may not keep the locks of SQLite"),
            "if several machines or systems reach this file, move it to a local disk",
        )
    })
}

/// The kind of the file system that a folder is on, from the text of `/proc/mounts`.
fn kind(mounts: &str, folder: &Path) -> Option<String> {
    let mounted = mounts.lines().filter_map(|line| {
        let mut parts = line.split(' ').skip(1);
        // Blanks in it are written as octal numbers.
        let point = parts.next()?.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
        Some((PathBuf::from(point), parts.next()?.to_owned()))
    });
    // Of several at one place the last one is seen.
    mounted
        .filter(|(point, _)| folder.starts_with(point))
        .max_by_key(|(point, _)| point.components().count())
        .map(|(_, kind)| kind)
}

fn synchronized(folder: &Path) -> Option<Finding> {
    let service = SYNCHRONIZED
        .iter()
        .find(|service| folder.components().any(|part| part.as_os_str().to_string_lossy().starts_with(*service)))?;
    Some(Finding::warning(
        NAME,
        format!("the database is in a folder of {service}, which copies and replaces files while they are written"),
        "move the file to a folder that is not synchronized, and copy backups there instead",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
/dev/vda / ext4 rw 0 0
server:/data /srv/data nfs4 rw 0 0
//nas/share /mnt/my\\040share cifs rw 0 0
drv /mnt/c 9p rw 0 0
ssh /home/me/remote fuse.sshfs rw 0 0
/dev/sdb1 /media/usb fuseblk rw 0 0
tmpfs /srv/data/local tmpfs rw 0 0
";

    #[test]
    fn the_nearest_mount_decides() {
        for (folder, expected) in [
            ("/home/me", None),
            ("/srv/data/app", Some(true)),
            ("/srv/database", None),
            ("/mnt/my share", Some(true)),
            ("/mnt/c/Users", Some(false)),
            ("/home/me/remote/x", Some(false)),
            ("/media/usb", None),
            ("/srv/data/local", None),
        ] {
            let finding = on_network(MOUNTS, Path::new(folder));
            assert_eq!(finding.map(|finding| finding.level == super::super::Level::Error), expected, "{folder}");
        }
        assert_eq!(on_network("", Path::new("/")), None);
    }

    #[test]
    fn synchronized_folders_are_known_by_their_names() {
        assert!(synchronized(Path::new("/home/me/Dropbox/app")).is_some());
        assert!(synchronized(Path::new("/Users/me/OneDrive - Company/app")).is_some());
        assert!(synchronized(Path::new("/home/me/dropbox-clone")).is_none());
    }
}
