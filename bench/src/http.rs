//! A small HTTP/1.1 client over one kept connection, so that the client costs little.

use anyhow::{Context as _, Result, bail};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Bytes an answer may have.
const MOST: usize = 1 << 20;

/// One kept connection.
pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// An answer, as it lies in the connection's buffer.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer<'a> {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: &'a [u8],
}

/// What the head of an answer says.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    len: usize,
    body_len: usize,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// Nobody listens.
    pub async fn open(at: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(at).await.with_context(|| format!("no server at {at}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(8 * 1024) })
    }

    /// Sends a request and waits for its answer.
    ///
    /// # Errors
    /// The connection broke, or the answer is none that this client reads.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.received.clear();
        let head = loop {
            self.more().await?;
            if let Some(head) = head(&self.received)? {
                break head;
            }
        };
        let end = head.len + head.body_len;
        while self.received.len() < end {
            self.more().await?;
        }
        let body = self.received.get(head.len..end).context("the answer is cut off")?;
        Ok(Answer { status: head.status, body })
    }

    async fn more(&mut self) -> Result<()> {
        anyhow::ensure!(self.received.len() < MOST, "the answer is too long");
        let n = self.stream.read_buf(&mut self.received).await?;
        anyhow::ensure!(n > 0, "the server closed the connection");
        Ok(())
    }
}

/// Reads a head that has arrived whole; `None` while it has not.
fn head(received: &[u8]) -> Result<Option<Head>> {
    let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let text = std::str::from_utf8(received.get(..end).unwrap_or_default())?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let status = status.and_then(|s| s.parse().ok()).context("the answer has no status")?;
    let mut body_len = None;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            body_len = value.trim().parse().ok();
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            bail!("the answer comes in pieces, which this client does not read");
        }
    }
    let body_len = body_len.context("the answer says no length")?;
    Ok(Some(Head { status, len: end + 4, body_len }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_once_they_are_whole() {
        let whole = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx: y\r\n\r\nhello";
        let want = Head { status: 200, len: whole.len() - 5, body_len: 5 };
        assert_eq!(head(whole).unwrap(), Some(want));
        assert_eq!(head(&whole[..20]).unwrap(), None);
    }

    #[test]
    fn answers_of_unknown_length_are_refused() {
        assert!(head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
    }
}
