//! The example's production server: started on a port, awaited, and stopped with its handle.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream, ToSocketAddrs};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::Result;
use crate::process::{Group, POLL, stopped};

const READY: Duration = Duration::from_secs(60);

pub(crate) struct Server {
    group: Group,
    port: u16,
}

impl Server {
    /// Starts `next start` and waits until the page answers.
    pub(crate) fn start(command: &mut Command, port: u16, log: &Path) -> Result<Self> {
        // Only this machine may write to the demo's database.
        command.args(["--hostname", "localhost", "--port"]).arg(port.to_string());
        let mut server = Self { group: Group::start(command, log)?, port };
        let start = Instant::now();
        loop {
            if let Some(status) = server.group.ended()? {
                return Err(format!("the server ended with {status}"));
            }
            match server.status() {
                Some(200) => return Ok(server),
                Some(other) => return Err(format!("the page answers with status {other}")),
                None if stopped() => return Err("interrupted".to_owned()),
                None if start.elapsed() > READY => return Err("the server did not answer in time".to_owned()),
                None => std::thread::sleep(POLL),
            }
        }
    }

    /// The address for a browser. `localhost`, because Next.js takes the bare IP address for a foreign origin.
    pub(crate) fn address(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Waits until the server ends or somebody stops it.
    pub(crate) fn serve(mut self) -> Result {
        while !stopped() {
            if let Some(status) = self.group.ended()? {
                return Err(format!("the server ended with {status}"));
            }
            std::thread::sleep(POLL);
        }
        Ok(())
    }

    /// The status of the page, once somebody listens.
    fn status(&self) -> Option<u16> {
        let mut stream = TcpStream::connect(("localhost", self.port)).ok()?;
        stream.set_read_timeout(Some(READY)).ok()?;
        write!(stream, "GET / HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", self.port).ok()?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).ok()?;
        line.split(' ').nth(1)?.parse().ok()
    }
}

/// Returns whether nobody listens on the port: `localhost` may be an address of either family, and another server's page on
/// one of them would pass for the demo's.
pub(crate) fn is_free(port: u16) -> bool {
    let addresses = ("localhost", port).to_socket_addrs().into_iter().flatten();
    let taken = |error: std::io::Error| error.kind() == std::io::ErrorKind::AddrInUse;
    !addresses.map(TcpListener::bind).filter_map(std::result::Result::err).any(taken)
}

/// The wished port if it is free, else any free one.
pub(crate) fn free_port(wish: u16) -> Result<u16> {
    if wish != 0 && is_free(wish) {
        return Ok(wish);
    }
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no free port: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{Ipv4Addr, TcpListener, free_port, is_free};

    #[test]
    fn a_taken_port_is_not_free() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("some port is free");
        let port = listener.local_addr().expect("it has an address").port();
        assert!(!is_free(port));
        assert_ne!(free_port(port), Ok(port));
        drop(listener);
        assert!(is_free(port));
    }
}
