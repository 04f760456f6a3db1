//! The commit thread: it queues for the writer like everybody, so whoever came before it is in
//! the group.

use super::checkpoint::Log;
use super::writer::{Outcome, Writer};
use crate::db::{OnCommit, tell};
use crate::{Error, Result};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, JoinHandle};
use tokio::sync::Mutex;

/// Starts the thread. It ends when the sender is gone, after the last group.
pub(crate) fn start(
    writer: Arc<Mutex<Writer>>,
    log: Arc<Log>,
    checkpoints: Sender<()>,
    on_commit: OnCommit,
) -> Result<(Sender<()>, JoinHandle<()>)> {
    let (wake, woken) = channel();
    let work = move || serve(&woken, &writer, &log, &checkpoints, &on_commit);
    let thread = Builder::new().name("commit".into()).spawn(work).map_err(Error::other)?;
    Ok((wake, thread))
}

fn serve(
    woken: &Receiver<()>,
    writer: &Mutex<Writer>,
    log: &Log,
    checkpoints: &Sender<()>,
    on_commit: &OnCommit,
) {
    while woken.recv().is_ok() {
        let mut writer = writer.blocking_lock();
        // The group may have been lost with an error of a statement.
        if !writer.is_open() {
            continue;
        }
        let Outcome { result, batch, notes } = writer.commit();
        log.after_commit(writer.conn(), checkpoints);
        drop(writer);
        if result.is_ok() {
            tell(on_commit, &notes);
        }
        for member in batch {
            // Nobody may be waiting any more.
            let _ = member.send(result.clone());
        }
    }
}
