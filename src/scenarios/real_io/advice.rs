//! What to do about an error of the system.

use std::io;

/// The error with a word on what to do about it.
pub(super) fn advised(error: io::Error) -> io::Error {
    let advice = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program listens there: end it, or choose another port (0 finds a free one)"
        }
        io::ErrorKind::ConnectionRefused => "nothing listens there: start the server, or check the port",
        io::ErrorKind::NotFound => "check the name and the folder",
        io::ErrorKind::PermissionDenied => "ask for the right to read it",
        io::ErrorKind::ResourceBusy | io::ErrorKind::WouldBlock => {
            "wait until the other program is done with it, or end that program"
        }
        _ => return error,
    };
    io::Error::new(error.kind(), format!("{error}; {advice}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_its_words_and_gets_advice() {
        let error = advised(io::Error::new(io::ErrorKind::NotFound, "notes.txt: not there"));
        assert_eq!(error.to_string(), "notes.txt: not there; check the name and the folder");
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        let other = advised(io::Error::other("anything else"));
        assert_eq!(other.to_string(), "anything else");
    }
}
