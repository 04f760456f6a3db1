//! The first administrator: one link, one administrator.

use crate::on_both;

on_both! {
    one_of_twenty_uses_the_link;
    two_links_make_one_administrator;
    a_bad_password_keeps_the_link;
}

mod story {
    use crate::server::Server;
    use futures_util::future::join_all;
    use keystead_core::setup;
    use keystead_model::{Code, Secret};

    async fn create(server: &Server, link: &str, n: usize, password: &str) -> Result<(), Code> {
        let mut cx = server.cx().await;
        let email = format!("admin{n}@example.com");
        let made = setup::create_administrator(&mut cx, link, &email, Secret::new(password)).await;
        if made.is_err() {
            cx.rollback().await.unwrap();
        }
        cx.settled().await.unwrap();
        made.map(|_| ()).map_err(|e| e.code())
    }

    async fn link(server: &Server) -> Secret {
        setup::link(&mut server.cx().await).await.unwrap().unwrap()
    }

    pub async fn one_of_twenty_uses_the_link(server: Server) {
        let link = link(&server).await;
        let all =
            join_all((0..20).map(|n| create(&server, link.expose(), n, "correct horse 19"))).await;
        assert_eq!(all.iter().filter(|r| r.is_ok()).count(), 1);
        assert!(all.iter().flatten().count() == 1);
        let refused = all.into_iter().filter_map(Result::err);
        assert!(refused.into_iter().all(|code| code == Code::SetupLinkInvalid));
        assert!(setup::link(&mut server.cx().await).await.unwrap().is_none());
    }

    pub async fn two_links_make_one_administrator(server: Server) {
        let links = [link(&server).await, link(&server).await];
        let calls = links.iter().enumerate();
        let calls = calls.map(|(n, link)| create(&server, link.expose(), n, "correct horse 19"));
        let made = join_all(calls).await.iter().filter(|r| r.is_ok()).count();
        assert_eq!(made, 1);
    }

    pub async fn a_bad_password_keeps_the_link(server: Server) {
        let link = link(&server).await;
        let weak = create(&server, link.expose(), 0, "password").await;
        assert_eq!(weak.unwrap_err(), Code::PasswordWeak);
        assert_eq!(create(&server, link.expose(), 0, "correct horse 19").await, Ok(()));
        server.core.clock.set_offset_s(3_601);
        let late = create(&server, link.expose(), 1, "correct horse 19").await;
        assert_eq!(late.unwrap_err(), Code::SetupLinkInvalid);
    }
}
