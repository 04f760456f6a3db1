//! Hears what other nodes changed: notifications at once, and a poll that misses none.

use super::fault::plain;
use super::notes::CHANNEL;
use crate::Result;
use crate::db::{Feed, Heard, OnCommit, tell};
use keystead_model::{Change, ChangeKind};
use std::collections::HashSet;
use std::future::poll_fn;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};
use tokio_postgres::{AsyncMessage, Client, Config, NoTls};

/// How often the rows are read.
const POLL: Duration = Duration::from_millis(400);
/// How long to wait before connecting again.
const AGAIN: Duration = Duration::from_millis(200);
/// A poll that takes longer has failed.
const ANSWER: Duration = Duration::from_secs(2);
/// Notifications that may wait; what comes beyond is found by the poll.
const WAITING: usize = 1_024;

/// Rows younger than 30 s: longer than any transaction takes from writing its row to COMMIT.
const YOUNG: &str = "SELECT id, kind, key FROM changes \
    WHERE at > CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) - 30000";

/// Starts the listening.
pub(crate) fn start(config: Config, on_change: OnCommit) -> Feed {
    let heard = Heard::default();
    let task = tokio::spawn(keep(config, on_change, heard.clone()));
    Feed::new(heard, task)
}

/// Connects again and again.
async fn keep(config: Config, on_change: OnCommit, heard: Heard) {
    let mut known = HashSet::new();
    loop {
        if let Err(error) = follow(&config, &on_change, &heard, &mut known).await {
            tracing::warn!(%error, "the feed of changes was lost; connecting again");
        }
        sleep(AGAIN).await;
    }
}

/// Follows one connection until it is lost.
async fn follow(
    config: &Config,
    on_change: &OnCommit,
    heard: &Heard,
    known: &mut HashSet<String>,
) -> Result<()> {
    let (client, mut connection) = config.connect(NoTls).await.map_err(plain)?;
    let (pass, mut told) = mpsc::channel(WAITING);
    let driver = async move {
        while let Some(message) = poll_fn(|cx| connection.poll_message(cx)).await {
            match message {
                Ok(AsyncMessage::Notification(notification)) => {
                    let _ = pass.try_send(notification.payload().to_owned());
                }
                Ok(_) => {}
                Err(error) => return plain(error),
            }
        }
        crate::Error::Unreachable("the connection was closed".into())
    };
    let work = async {
        client.batch_execute(&format!("LISTEN {CHANNEL}")).await.map_err(plain)?;
        // What changed while nobody listened may be older than the rows that the poll reads: a new
        // connection begins with everything forgotten. A pool's note does that.
        tell(on_change, &[Change::new(ChangeKind::Pool, "*")]);
        let mut tick = interval(POLL);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = tick.tick() => poll(&client, on_change, heard, known).await?,
                Some(text) = told.recv() => {
                    if let Some((kind, key)) = text.split_once(' ') {
                        tell(on_change, &read([(kind, key)]));
                    }
                }
            }
        }
    };
    tokio::select! {
        lost = driver => Err(lost),
        done = work => done,
    }
}

/// Reads the young rows and tells those that are new here.
async fn poll(
    client: &Client,
    on_change: &OnCommit,
    heard: &Heard,
    known: &mut HashSet<String>,
) -> Result<()> {
    let began = Instant::now();
    let rows = timeout(ANSWER, client.query(YOUNG, &[])).await;
    let rows = rows.map_err(|_| crate::Error::Timeout)?.map_err(plain)?;
    let mut young = HashSet::with_capacity(rows.len());
    let mut new: Vec<(String, String)> = Vec::new();
    for row in rows {
        let id: String = row.try_get(0).map_err(plain)?;
        if !known.contains(&id) {
            new.push((row.try_get(1).map_err(plain)?, row.try_get(2).map_err(plain)?));
        }
        young.insert(id);
    }
    *known = young;
    tell(on_change, &read(new.iter().map(|(kind, key)| (kind.as_str(), key.as_str()))));
    heard.set(began);
    Ok(())
}

/// The changes of kinds this program knows; others come from a newer one.
fn read<'t>(texts: impl IntoIterator<Item = (&'t str, &'t str)>) -> Vec<Change> {
    let known = |(kind, key)| Some(Change::new(ChangeKind::from_text(kind)?, key));
    texts.into_iter().filter_map(known).collect()
}
