//! Stand-ins of gateways: a mail server and an HTTP server that do as they are told.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What must come comes within this time: a lease of a dead node and two starts.
const LIMIT: Duration = Duration::from_secs(60);

/// What the mail server does with a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Takes it.
    Take,
    /// Holds the connection open until the mode changes.
    Hold,
    /// Refuses it for good.
    Refuse,
    /// Says nothing, not even a greeting.
    Mute,
    /// Greets at a byte in 200 milliseconds, for ever.
    Drip,
    /// Refuses whoever it is for, with this answer.
    Recipient(&'static str),
    /// Closes the connection in the middle of the mail.
    HangUp,
    /// Takes it and closes the connection, without waiting for a farewell.
    TakeAndClose,
}

/// A mail, as it came.
#[derive(Debug)]
pub struct Mail {
    pub id: String,
    pub to: String,
    pub subject: String,
    pub data: String,
    /// In which life of the server it came.
    pub life: usize,
    /// Whether it came whole, to somebody who is known here.
    pub whole: bool,
}

/// A mail server.
pub struct Smtp {
    pub port: u16,
    mode: Arc<Mutex<Mode>>,
    ended: Arc<AtomicUsize>,
    met: Arc<AtomicUsize>,
    life: Arc<AtomicUsize>,
    mails: Receiver<Mail>,
}

impl Smtp {
    pub fn start(mode: Mode) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (mode, ended) = (Arc::new(Mutex::new(mode)), Arc::new(AtomicUsize::new(0)));
        let (sender, mails) = channel();
        let life = Arc::new(AtomicUsize::new(0));
        let (shared, count, lives) = (mode.clone(), ended.clone(), life.clone());
        let met = Arc::new(AtomicUsize::new(0));
        let connections = met.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (mode, count, sender) = (shared.clone(), count.clone(), sender.clone());
                let life = lives.load(Ordering::SeqCst);
                let take = move |mail| drop(sender.send(Mail { life, ..mail }));
                let at_first = *mode.lock().unwrap();
                connections.fetch_add(1, Ordering::SeqCst);
                std::thread::spawn(move || match at_first {
                    Mode::Mute => drop(BufReader::new(stream).read_line(&mut String::new())),
                    Mode::Drip => drip(stream),
                    _ => talk(stream, (at_first, &mode), &count, take),
                });
            }
        });
        Self { port, mode, ended, met, life, mails }
    }

    pub fn turn(&self, mode: Mode) {
        *self.mode.lock().unwrap() = mode;
    }

    /// How many connections came.
    pub fn met(&self) -> usize {
        self.met.load(Ordering::SeqCst)
    }

    /// How many mails had their answer.
    pub fn ended(&self) -> usize {
        self.ended.load(Ordering::SeqCst)
    }

    /// The server was killed. Whatever it had sent is taken as of its life.
    pub fn next_life(&self) {
        // Connections are taken in their order, so those of the dead one were.
        let own = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        assert!(BufReader::new(own).read_line(&mut String::new()).unwrap() > 0);
        self.life.fetch_add(1, Ordering::SeqCst);
    }

    /// All mails that came and were not asked for yet.
    pub fn taken(&self) -> Vec<Mail> {
        self.mails.try_iter().collect()
    }

    /// The next mail that comes.
    pub fn next(&self) -> Mail {
        self.mails.recv_timeout(LIMIT).expect("a mail comes")
    }

    /// The next mail, if one comes in time.
    pub fn try_next(&self, within: Duration) -> Option<Mail> {
        match self.mails.recv_timeout(within) {
            Ok(mail) => Some(mail),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => panic!("the mail server is gone"),
        }
    }
}

fn drip(mut stream: TcpStream) {
    while stream.write_all(b"2").is_ok() {
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Speaks SMTP: as the mode was when the connection came, but for what a mode holds.
fn talk(
    mut stream: TcpStream,
    (at_first, mode): (Mode, &Mutex<Mode>),
    ended: &AtomicUsize,
    take: impl Fn(Mail),
) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let mut say = move |text: &str| stream.write_all(text.as_bytes()).is_ok();
    let mut to = String::new();
    if !say("220 stand-in\r\n") {
        return;
    }
    while let Some(Ok(line)) = lines.next() {
        let reply = match line.as_str() {
            "DATA" => {
                say("354 go on\r\n");
                if at_first == Mode::HangUp {
                    let head = lines.by_ref().map_while(Result::ok).take_while(|l| !l.is_empty());
                    return take(Mail { whole: false, ..mail(&to, &head.collect::<Vec<_>>()) });
                }
                let data: Vec<String> =
                    lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                take(mail(&to, &data));
                while *mode.lock().unwrap() == Mode::Hold {
                    std::thread::sleep(Duration::from_millis(20));
                }
                ended.fetch_add(1, Ordering::SeqCst);
                match *mode.lock().unwrap() {
                    Mode::Refuse => "550 <one@a.example>: no such mailbox\r\n",
                    _ => "250 taken\r\n",
                }
            }
            "QUIT" => "221 bye\r\n",
            line => {
                if let Some(address) = line.strip_prefix("RCPT TO:") {
                    address.clone_into(&mut to);
                }
                match at_first {
                    Mode::Recipient(answer) if line.starts_with("RCPT TO:") => {
                        take(Mail { whole: false, ..mail(&to, &[]) });
                        answer
                    }
                    _ => "250 fine\r\n",
                }
            }
        };
        if !say(reply) || (line == "DATA" && at_first == Mode::TakeAndClose) {
            return;
        }
    }
}

fn mail(to: &str, data: &[String]) -> Mail {
    let header = |name: &str| {
        let found = data.iter().find_map(|line| line.strip_prefix(name));
        found.unwrap_or_default().to_owned()
    };
    Mail {
        id: header("Message-ID: "),
        to: to.to_owned(),
        subject: header("Subject: "),
        data: data.join("\n"),
        life: 0,
        whole: true,
    }
}

/// A mail server by TLS whose certificate nobody has reason to believe. It passes on the first line
/// that each connection says to it: nothing, where the certificate was not believed.
pub fn distrusted() -> (u16, Receiver<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::Pkcs8(own.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    let (config, (sender, lines)) = (Arc::new(config), channel());
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let tls = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut tls = rustls::StreamOwned::new(tls, stream);
            let _ = tls.write_all(b"220 stand-in\r\n");
            let mut line = String::new();
            let _ = BufReader::new(tls).read_line(&mut line);
            let _ = sender.send(line);
        }
    });
    (port, lines)
}

/// A call, as it came.
#[derive(Debug)]
pub struct Call {
    pub head: String,
    pub body: Vec<u8>,
}

impl Call {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// An HTTP server that answers with these statuses and bodies, one call each.
pub struct Http {
    pub port: u16,
    calls: Receiver<Call>,
}

impl Http {
    pub fn start(answers: &'static [(u16, &'static str)]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, calls) = channel();
        std::thread::spawn(move || {
            for (stream, said) in listener.incoming().map_while(Result::ok).zip(answers) {
                let _ = sender.send(answer(stream, *said));
            }
        });
        Self { port, calls }
    }

    /// The next call that comes.
    pub fn next(&self) -> Call {
        self.calls.recv_timeout(LIMIT).expect("a call comes")
    }
}

fn answer(mut stream: TcpStream, (status, said): (u16, &str)) -> Call {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).unwrap() > 0, "the call ended early");
    }
    let lower = head.to_lowercase();
    let length = lower.split("content-length: ").nth(1).unwrap();
    let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let reply = format!(
        "HTTP/1.1 {status} X\r\nlocation: http://169.254.169.254/\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{said}",
        said.len()
    );
    stream.write_all(reply.as_bytes()).unwrap();
    Call { head, body }
}
