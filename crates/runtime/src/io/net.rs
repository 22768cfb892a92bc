//! Connections, as await points: smol's TCP. They take the machine's time, so they belong on the real clock.
//!
//! A stream reads and writes by itself, with its own await points, and also where a library expects smol's
//! `AsyncRead` and `AsyncWrite`; then the library's await is where the task waits, without a name.

use crate::task::labels::{Named, On};
use ::smol::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Waits for connections.
#[derive(Debug)]
pub struct TcpListener {
    inner: ::smol::net::TcpListener,
    address: SocketAddr,
}

/// A connection.
#[derive(Debug, Clone)]
pub struct TcpStream {
    inner: ::smol::net::TcpStream,
    peer: SocketAddr,
}

/// An error that says which address it is about.
fn about(address: SocketAddr, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{address}: {error}"))
}

impl TcpListener {
    /// Listens at an address; at port 0 the system chooses the port.
    ///
    /// # Errors
    /// What the system says, with the address: it may be taken.
    #[track_caller]
    pub fn bind(address: impl Into<SocketAddr>) -> Named<impl Future<Output = io::Result<Self>>> {
        let address = address.into();
        Named::new(On::Address(address, "bind"), async move {
            let inner = ::smol::net::TcpListener::bind(address).await.map_err(|error| about(address, &error))?;
            let address = inner.local_addr()?;
            Ok(Self { inner, address })
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits for the next connection.
    ///
    /// # Errors
    /// What the system says, with the address.
    #[track_caller]
    pub fn accept(&self) -> Named<impl Future<Output = io::Result<TcpStream>>> {
        Named::new(On::Address(self.address, "a connection"), async {
            let (inner, peer) = self.inner.accept().await.map_err(|error| about(self.address, &error))?;
            Ok(TcpStream { inner, peer })
        })
    }
}

impl TcpStream {
    /// Connects to an address.
    ///
    /// # Errors
    /// What the system says, with the address.
    #[track_caller]
    pub fn connect(address: impl Into<SocketAddr>) -> Named<impl Future<Output = io::Result<Self>>> {
        let address = address.into();
        Named::new(On::Address(address, "connect"), async move {
            let inner = ::smol::net::TcpStream::connect(address).await.map_err(|error| about(address, &error))?;
            Ok(Self { inner, peer: address })
        })
    }

    /// Reads what is there into `buffer`; how many bytes, none at the end.
    ///
    /// # Errors
    /// What the system says.
    #[track_caller]
    pub fn read<'a>(&'a mut self, buffer: &'a mut [u8]) -> Named<impl Future<Output = io::Result<usize>> + 'a> {
        Named::new(On::Address(self.peer, "bytes to read"), self.inner.read(buffer))
    }

    /// Reads to the end.
    ///
    /// # Errors
    /// What the system says.
    #[track_caller]
    pub fn read_to_end<'a>(
        &'a mut self,
        bytes: &'a mut Vec<u8>,
    ) -> Named<impl Future<Output = io::Result<usize>> + 'a> {
        Named::new(On::Address(self.peer, "the end"), self.inner.read_to_end(bytes))
    }

    /// Writes all of `bytes`.
    ///
    /// # Errors
    /// What the system says.
    #[track_caller]
    pub fn write_all<'a>(&'a mut self, bytes: &'a [u8]) -> Named<impl Future<Output = io::Result<()>> + 'a> {
        Named::new(On::Address(self.peer, "room to write"), self.inner.write_all(bytes))
    }

    /// Ends the writing side: the peer reads to its end.
    ///
    /// # Errors
    /// What the system says.
    #[track_caller]
    pub fn close(&mut self) -> Named<impl Future<Output = io::Result<()>> + '_> {
        Named::new(On::Address(self.peer, "close"), self.inner.close())
    }
}

impl AsyncRead for TcpStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_read(cx, buffer)
    }
}

impl AsyncWrite for TcpStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_close(cx)
    }
}
