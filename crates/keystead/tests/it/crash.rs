//! `kill -9` in the middle of a mixed load of every flow: what was answered is there, what was
//! not is there whole or not at all, and nothing that works once works twice.

mod checks;
mod client;
mod flows;

use crate::database::{Database, Engine};
use crate::gateway::{Mail, Mode, Smtp};
use crate::on_both;
use crate::process::{Process, keystead};
use client::{Client, Pulse};
use keystead::config::Vars;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tokio::task::JoinSet;

on_both!(attack_55_a_kill_in_the_middle_of_every_flow);

/// How often the server is killed, unless `KEYSTEAD_TEST_KILLS` says otherwise.
const KILLS: usize = 25;
const CLIENTS: usize = 6;
/// The kill comes after so many answers at most: from the first of a start to the middle of many.
const ANSWERS: u64 = 80;

async fn attack_55_a_kill_in_the_middle_of_every_flow(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let data = folder.path().join("data");
    let smtp = Smtp::start(Mode::Take);
    let mut process = start(&data, &database, &smtp);
    let words = ["pool", "set", "main"];
    let run = keystead(&[&words[..], client::LIMITS].concat(), &data, &database, "");
    assert_eq!(run.code, 0, "{}", run.err);
    let vars = Vars::of_process();
    let number = |name: &str| vars.get(name).map(|text| text.parse::<usize>().unwrap());
    let kills = number("KEYSTEAD_TEST_KILLS").unwrap_or(KILLS);
    let mut random = Random(number("KEYSTEAD_TEST_SEED").unwrap_or(55) as u64);
    let (mut done, mut cut, mut sent) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for round in 0..kills {
        let pulse = Arc::new(Pulse::after(1 + random.below(ANSWERS)));
        let mut clients = JoinSet::new();
        for n in 0..CLIENTS {
            let client = Client::new(&process, &pulse, format!("k{round}-{n}"));
            clients.spawn(client.go_on(random.below(flows::FLOWS.len() as u64) as usize));
        }
        tokio::select! {
            () = pulse.is_over() => (),
            Some(early) = clients.join_next() => panic!("a client ended: {:?}", early.err()),
        }
        process.kill();
        smtp.next_life();
        let clients = clients.join_all().await;
        process = start(&data, &database, &smtp);
        checks::are_empty(checks::HALVES, &database, &data).await;
        let verified = clients.into_iter().map(|client| async {
            let client = client.at(&process);
            client.verify(&format!("round {round}")).await;
            client
        });
        for client in futures_util::future::join_all(verified).await {
            client.count(&mut done, &mut cut, &mut sent);
        }
    }
    for (name, _) in flows::FLOWS {
        assert!(done.contains_key(name), "{name} never ended: {done:?}, cut: {cut:?}");
    }
    // What a dead node of PostgreSQL had claimed is due when its lease is over.
    client::move_clock(&process, 60).await;
    checks::become_empty(checks::OUTBOX, &database, &data).await;
    every_mail_was_sent(&smtp, &sent);
}

fn start(data: &Path, database: &Database, smtp: &Smtp) -> Process {
    let url = format!("smtp://127.0.0.1:{}", smtp.port);
    let variables = [
        ("KEYSTEAD_SMTP_URL", url.as_str()),
        ("KEYSTEAD_SMTP_FROM", "no-reply@larkfield.example"),
        ("KEYSTEAD_HASH_QUEUE_S", "60"),
        // Tokens name their issuer, which outlives the port of one start.
        ("KEYSTEAD_PUBLIC_URL", "http://localhost:8080"),
    ];
    Process::start_with(data, database, &variables)
}

/// Each acknowledged mail came; none came twice from one life of the server, and what came again
/// came with the same bytes.
fn every_mail_was_sent(smtp: &Smtp, sent: &BTreeMap<String, usize>) {
    let mut by_id: BTreeMap<String, Vec<Mail>> = BTreeMap::new();
    for mail in smtp.taken() {
        by_id.entry(mail.id.clone()).or_default().push(mail);
    }
    let mut came: BTreeMap<&str, usize> = BTreeMap::new();
    for copies in by_id.values() {
        *came.entry(copies[0].to.trim_matches(['<', '>'])).or_default() += 1;
        for pair in copies.windows(2) {
            assert_eq!(pair[0].data, pair[1].data, "the same mail");
            assert!(pair[0].life < pair[1].life, "twice in one life: {:?}", pair[0].id);
        }
    }
    for (to, count) in sent {
        let came = came.get(to.as_str()).copied().unwrap_or_default();
        assert!(came >= *count, "{to}: {count} were acknowledged, {came} came");
    }
    assert!(!sent.is_empty());
}

/// A generator of its own, so that a run can be repeated (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}
