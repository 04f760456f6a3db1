//! Queued messages: sent once by whichever node, tried again, buried, brought back.

use crate::on_both;

on_both! {
    a_message_is_sent_once_and_its_code_begins_to_live;
    two_nodes_send_each_message_once;
    attack_61_a_gateway_that_hangs_holds_up_its_own_kind_only;
    what_a_node_leaves_behind_is_taken_over;
    a_refusal_is_tried_again_later_and_buried_in_the_end;
    a_final_refusal_is_buried_at_once_and_can_be_replayed;
    a_code_that_is_over_is_not_sent;
    a_change_that_is_undone_sends_nothing;
}

mod story {
    use crate::node::{node, until};
    use crate::server::Server;
    use keystead_core::jobs::Retries;
    use keystead_core::messages::{self, Channel, HAND_OVER_S, Letter, NewMessage};
    use keystead_core::{Core, Cx};
    use keystead_model::{Locale, OneTimeSecretId, Secret};
    use keystead_store::one_time_secrets::{self as secrets, NewSecret, hand_over};
    use keystead_store::outbox::Queued;
    use keystead_store::work::outbox as work;
    use std::sync::Arc;
    use std::time::Duration;
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;
    use tokio::task::JoinHandle;
    use tokio::time::sleep;

    async fn secret(cx: &mut Cx) -> OneTimeSecretId {
        let id: OneTimeSecretId = cx.id().unwrap();
        let now = cx.now;
        let hash = id.to_string();
        let new = NewSecret {
            id,
            purpose: "code.login",
            secret_hash: &hash,
            user: None,
            application: None,
            grant: None,
            binding: None,
            data_enc: None,
            now,
            expires_at: now.plus_seconds(HAND_OVER_S),
        };
        secrets::insert(&mut cx.store(), &new).await.unwrap();
        id
    }

    async fn queue(cx: &mut Cx, channel: Channel, secret: Option<OneTimeSecretId>) {
        let to = if channel == Channel::Email { "mina@a.example" } else { "+8613800000000" };
        let code = Secret::new("402915");
        let message = NewMessage {
            channel,
            to,
            letter: Letter::SigninCode,
            application: Some("Shop\r\nBcc: x"),
            code: Some(&code),
            link: None,
            lives_s: 300,
            secret,
        };
        messages::queue(cx, &message).await.unwrap();
    }

    async fn queued(server: &Server, channel: Channel) -> OneTimeSecretId {
        let mut cx = server.cx().await;
        let id = secret(&mut cx).await;
        queue(&mut cx, channel, Some(id)).await;
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        id
    }

    async fn pending(server: &Server, id: OneTimeSecretId) -> hand_over::Pending {
        let mut cx = server.cx().await;
        hand_over::pending(&mut cx.store(), id).await.unwrap().unwrap()
    }

    /// Claims by hand, as a node that then dies would.
    async fn claim(core: &Arc<Core>) -> Vec<Queued> {
        let mut tx = core.db.begin();
        let now = core.clock.now();
        let claimed = work::claim(&mut tx, "mail", now, now.plus_seconds(20), 100).await.unwrap();
        tx.commit().await.unwrap();
        claimed
    }

    /// A mail server: says how each mail ends, and passes on the Message-IDs it took or refused.
    struct Smtp {
        port: u16,
        ids: tokio::sync::mpsc::UnboundedReceiver<String>,
        task: JoinHandle<()>,
    }

    impl Drop for Smtp {
        fn drop(&mut self) {
            self.task.abort();
        }
    }

    /// `answer` is what follows a mail's data; an empty one hangs.
    async fn smtp(answer: &'static str) -> Smtp {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (said, ids) = tokio::sync::mpsc::unbounded_channel();
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(talk(stream, answer, said.clone()));
            }
        });
        Smtp { port, ids, task }
    }

    async fn talk(
        mut stream: tokio::net::TcpStream,
        answer: &str,
        said: tokio::sync::mpsc::UnboundedSender<String>,
    ) {
        let (read, mut write) = stream.split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 here\r\n").await.unwrap();
        let mut data = false;
        while let Ok(Some(line)) = lines.next_line().await {
            let reply = match line.as_str() {
                "." if data => {
                    data = false;
                    if answer.is_empty() {
                        sleep(Duration::from_secs(60)).await;
                    }
                    answer
                }
                _ if data => {
                    if let Some(id) = line.strip_prefix("Message-ID: ") {
                        said.send(id.to_owned()).unwrap();
                    }
                    continue;
                }
                "DATA" => {
                    data = true;
                    "354 go on\r\n"
                }
                "QUIT" => "221 bye\r\n",
                _ => "250 fine\r\n",
            };
            if write.write_all(reply.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    pub async fn a_message_is_sent_once_and_its_code_begins_to_live(server: Server) {
        let node = node(&server.core, None);
        let mut cx = server.cx().await;
        cx.request.locale = Locale::JaJp;
        let (id, asked) = (secret(&mut cx).await, cx.now);
        queue(&mut cx, Channel::Email, Some(id)).await;
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        let message = node.messages(1).await.remove(0);
        assert_eq!(message.text, "402915 Shop Bcc: x ja-JP -");
        assert_eq!((message.to.as_str(), message.created_at), ("mina@a.example", asked));
        node.idle().await;
        let row = pending(&server, id).await;
        let life = row.expires_at.since(asked);
        assert!((300_000..330_000).contains(&life), "{life}");
        assert!(node.dead().await.is_empty());
    }

    pub async fn two_nodes_send_each_message_once(server: Server) {
        let second = server.second_node().await;
        let nodes = [node(&server.core, None), node(&second, None)];
        // A second node on SQLite is against its rules: it must not end the first one's leases.
        sleep(Duration::from_millis(500)).await;
        for n in 0..40 {
            queued(&server, if n % 2 == 0 { Channel::Email } else { Channel::Sms }).await;
        }
        nodes[0].idle().await;
        let mut ids: Vec<String> = nodes
            .iter()
            .flat_map(|node| node.capture.list())
            .map(|message| message.id.clone())
            .collect();
        assert_eq!(ids.len(), 40);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 40);
    }

    pub async fn attack_61_a_gateway_that_hangs_holds_up_its_own_kind_only(server: Server) {
        let mut hanging = smtp("").await;
        let node = node(&server.core, Some(hanging.port));
        // Each queueing returns although no mail has gone anywhere.
        for _ in 0..20 {
            queued(&server, Channel::Email).await;
        }
        hanging.ids.recv().await.unwrap();
        queued(&server, Channel::Sms).await;
        let message = node.messages(1).await.remove(0);
        assert_eq!(message.channel, Channel::Sms);
        assert!(node.dead().await.is_empty());
    }

    pub async fn what_a_node_leaves_behind_is_taken_over(server: Server) {
        queued(&server, Channel::Email).await;
        let left = claim(&server.core).await.remove(0);
        let node = node(&server.core, None);
        // On PostgreSQL another node may still be at it, until its lease is over.
        server.core.clock.set_offset_s(21);
        let message = node.messages(1).await.remove(0);
        assert_eq!(message.id, left.id.to_string());
        node.idle().await;
    }

    pub async fn a_refusal_is_tried_again_later_and_buried_in_the_end(server: Server) {
        let mut refusing = smtp("451 mina@a.example not now: 402915\r\n").await;
        let node = node(&server.core, Some(refusing.port));
        let mut cx = server.cx().await;
        // Without a row of a code nothing is over in between.
        queue(&mut cx, Channel::Email, None).await;
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        let first = refusing.ids.recv().await.unwrap();
        let mut offset = 0;
        for wait in Retries::default().0 {
            sleep(Duration::from_millis(1_200)).await;
            assert!(refusing.ids.try_recv().is_err(), "tried again before {wait} seconds");
            offset += i64::from(wait) + 1;
            server.core.clock.set_offset_s(offset);
            assert_eq!(refusing.ids.recv().await.unwrap(), first, "another Message-ID");
        }
        node.idle().await;
        let dead = node.dead().await.remove(0);
        assert_eq!((dead.attempts, dead.event.as_str()), (6, "message.signin_code"));
        assert!(first.contains(&dead.id.to_string()), "{first}");
        let why = dead.last_error.unwrap();
        assert!(why.contains("451") || why.contains("not now"), "{why}");
        assert!(!why.contains("mina") && !why.contains("402915"), "{why}");
    }

    pub async fn a_final_refusal_is_buried_at_once_and_can_be_replayed(server: Server) {
        let refusing = smtp("550 no such mailbox\r\n").await;
        let refused = node(&server.core, Some(refusing.port));
        queued(&server, Channel::Email).await;
        let dead = until(async || refused.dead().await.pop()).await;
        assert_eq!(dead.attempts, 1);
        drop(refused);
        let node = node(&server.core, None);
        let mut tx = server.core.db.begin();
        let now = server.core.clock.now();
        assert_eq!(work::replay(&mut tx, dead.id, dead.id, now).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(node.messages(1).await.remove(0).id, dead.id.to_string());
        assert!(node.dead().await.is_empty());
    }

    pub async fn a_code_that_is_over_is_not_sent(server: Server) {
        let used = queued(&server, Channel::Email).await;
        let late = queued(&server, Channel::Sms).await;
        let mut cx = server.cx().await;
        let now = cx.now;
        let (hash, purpose) = (used.to_string(), "code.login");
        secrets::consume(&mut cx.store(), purpose, &hash, now).await.unwrap().unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        server.core.clock.set_offset_s(HAND_OVER_S + 1);
        let node = node(&server.core, None);
        node.idle().await;
        assert!(node.capture.list().is_empty());
        // Used: nobody misses it. Never sent: operators see that.
        let dead = node.dead().await;
        let consumers: Vec<_> = dead.iter().map(|dead| dead.consumer.as_str()).collect();
        assert_eq!(consumers, ["sms"]);
        assert!(pending(&server, late).await.consumed_at.is_none());
    }

    pub async fn a_change_that_is_undone_sends_nothing(server: Server) {
        let node = node(&server.core, None);
        let mut cx = server.cx().await;
        queue(&mut cx, Channel::Email, None).await;
        cx.rollback().await.unwrap();
        queued(&server, Channel::Sms).await;
        node.messages(1).await;
        node.idle().await;
        assert_eq!(node.capture.list().len(), 1);
    }
}
