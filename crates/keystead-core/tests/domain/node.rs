//! A node that runs its jobs and keeps what it would send.

use keystead_core::Core;
use keystead_core::jobs::{self, Retries};
use keystead_core::messages::{Composed, Composer, Composing, Written};
use keystead_model::{Millis, Result, Secret};
use keystead_outbound::{Capture, Gateways, Mailer, Message};
use keystead_store::outbox::DeadLetter;
use keystead_store::work::outbox as work;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// Writes the facts down as they are.
struct Facts;

impl Composer for Facts {
    fn compose(&self, facts: &Written<'_>) -> Result<Composed> {
        let code = facts.code.unwrap_or("-");
        let link = facts.link.unwrap_or("-");
        let subject = format!("{code} {} {}", facts.name, facts.locale.tag());
        let text = format!("{subject} {link}");
        Ok(Composed { subject: Some(subject), text, html: None })
    }
}

/// Runs the jobs of a node until it is aborted.
pub struct Node {
    pub core: Arc<Core>,
    pub capture: Capture,
    pub task: JoinHandle<()>,
}

impl Drop for Node {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub fn node(core: &Arc<Core>, mail: Option<u16>) -> Node {
    let capture = Capture::default();
    let mail = mail.map(|port| {
        let url = Secret::new(format!("smtp://127.0.0.1:{port}?tls=never"));
        Mailer::new(&url, "no-reply@id.example", Duration::from_secs(50)).unwrap()
    });
    core.attached.set(Gateways { mail, sms: None, capture: Some(capture.clone()) });
    core.attached.set(Composing(Arc::new(Facts)));
    let task = tokio::spawn(jobs::run(core.clone(), Retries::default()));
    Node { core: core.clone(), capture, task }
}

/// Waits for something that must come.
pub async fn until<T>(mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..600 {
        if let Some(found) = ask().await {
            return found;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not come within 30 seconds");
}

impl Node {
    pub async fn messages(&self, count: usize) -> Vec<Arc<Message>> {
        until(async || {
            let list = self.capture.list();
            (list.len() >= count).then_some(list)
        })
        .await
    }

    pub async fn dead(&self) -> Vec<DeadLetter> {
        work::dead_letters(&mut self.core.db.begin(), "", 100).await.unwrap()
    }

    /// Waits until nothing is queued.
    pub async fn idle(&self) {
        until(async || {
            let mut tx = self.core.db.begin();
            let far = Millis(i64::MAX);
            let mail = work::is_due(&mut tx, "mail", far).await.unwrap();
            let sms = work::is_due(&mut tx, "sms", far).await.unwrap();
            let codes = work::is_due(&mut tx, "codes", far).await.unwrap();
            (!mail && !sms && !codes).then_some(())
        })
        .await;
    }
}
