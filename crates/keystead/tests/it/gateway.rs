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
}

/// A mail server.
pub struct Smtp {
    pub port: u16,
    mode: Arc<Mutex<Mode>>,
    ended: Arc<AtomicUsize>,
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
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (mode, count, sender) = (shared.clone(), count.clone(), sender.clone());
                let life = lives.load(Ordering::SeqCst);
                let take = move |mail| drop(sender.send(Mail { life, ..mail }));
                std::thread::spawn(move || talk(stream, &mode, &count, take));
            }
        });
        Self { port, mode, ended, life, mails }
    }

    pub fn turn(&self, mode: Mode) {
        *self.mode.lock().unwrap() = mode;
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

fn talk(mut stream: TcpStream, mode: &Mutex<Mode>, ended: &AtomicUsize, take: impl Fn(Mail)) {
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
                "250 fine\r\n"
            }
        };
        if !say(reply) {
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
    }
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

/// An HTTP server that answers with these statuses, one call each.
pub struct Http {
    pub port: u16,
    calls: Receiver<Call>,
}

impl Http {
    pub fn start(statuses: &'static [u16]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, calls) = channel();
        std::thread::spawn(move || {
            for (stream, status) in listener.incoming().map_while(Result::ok).zip(statuses) {
                let _ = sender.send(answer(stream, *status));
            }
        });
        Self { port, calls }
    }

    /// The next call that comes.
    pub fn next(&self) -> Call {
        self.calls.recv_timeout(LIMIT).expect("a call comes")
    }
}

fn answer(mut stream: TcpStream, status: u16) -> Call {
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
        "HTTP/1.1 {status} X\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\
         connection: close\r\n\r\n"
    );
    stream.write_all(reply.as_bytes()).unwrap();
    Call { head, body }
}
