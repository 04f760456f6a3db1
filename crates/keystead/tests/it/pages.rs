//! The hosted pages over sockets: signing up, codes, forgotten and locked; and who abuses them.

use crate::browser::{Browser, code, link, message, messages};
use crate::database::Engine;
use crate::on_both;
use crate::server::TestServer;
use keystead_authing::v3::users::CreateUser;

on_both!(
    a_person_signs_up_and_comes_back_by_code_and_by_password,
    a_phone_signs_up_and_signs_in,
    an_address_with_an_account_gets_a_letter_and_the_same_pages,
    a_forgotten_password_is_set_anew_by_the_link,
    a_locked_account_is_unlocked_by_its_owner,
    attack_26_pages_tell_nothing_about_accounts,
    attack_30_codes_are_bound_counted_and_replaced,
    attack_24_forms_of_other_sites_change_nothing,
    attack_19_a_sign_out_without_hint_returns_to_registered_addresses_alone,
);

const PASSWORD: &str = "a password of four words";

async fn user(server: &TestServer, email: &str) {
    let new = CreateUser {
        email: Some(email.into()),
        password: Some(PASSWORD.into()),
        ..CreateUser::default()
    };
    server.admin().create_user(&new).await.unwrap();
}

async fn a_person_signs_up_and_comes_back_by_code_and_by_password(engine: Engine) {
    let server = TestServer::shared(engine);
    let new = "new@pages.example";
    let (mut browser, page) = Browser::at_sign_in(server, "").await;
    let first = browser.get(&page).await;
    assert!(first.text().contains(&format!("href=\"{page}/signup\"")), "{}", first.text());
    let form = format!("{page}/signup");
    assert_eq!(browser.get(&form).await.status, 200);
    assert_eq!(browser.get(&format!("{page}/signup/details")).await.header("location"), form);
    for (typed, error) in [("", "identifier-error"), ("new", "not an email address")] {
        let wrong = browser.post(&form, &[("identifier", typed)]).await;
        assert!(wrong.status == 400 && wrong.text().contains(error), "{typed}: {}", wrong.text());
    }
    let sent = browser.post(&form, &[("identifier", " New@pages.example ")]).await;
    assert_eq!(sent.header("location"), format!("{page}/code"));
    let enter = format!("{page}/code");
    assert!(browser.get(&enter).await.text().contains(new));
    let right = code(server, new, 0).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for typed in ["", wrong, "x"] {
        let again = browser.post(&enter, &[("code", typed)]).await;
        assert!(again.status == 400 && again.text().contains("code-error"), "{}", again.text());
    }
    let spaced = format!(" {} {} ", &right[..3], &right[3..]);
    let details = format!("{page}/signup/details");
    assert_eq!(browser.post(&enter, &[("code", &spaced)]).await.header("location"), details);
    assert!(browser.get(&details).await.text().contains("autocomplete=\"new-password\""));
    let done = browser.post(&details, &[("name", "Ada <b>"), ("password", PASSWORD)]).await;
    assert!(done.header("location").starts_with(server.dev("redirect_uri")), "{}", done.text());
    assert!(browser.is_signed_in());
    let home = browser.get("/").await.text();
    assert!(home.contains("Ada &lt;b&gt;") && home.contains(new), "{home}");

    // Again, by a code, and by the password that was chosen.
    let (mut browser, page) = Browser::at_sign_in(server, "&login_hint=new%40pages.example").await;
    let form = format!("{page}/email-code");
    assert!(browser.get(&form).await.text().contains(&format!("value=\"{new}\"")));
    let sent = browser.post(&form, &[("identifier", new)]).await;
    assert_eq!(sent.header("location"), format!("{page}/code"));
    let right = code(server, new, 1).await;
    let done = browser.post(&format!("{page}/code"), &[("code", &right)]).await;
    assert!(done.header("location").contains("code="), "{}", done.text());
    let (mut browser, page) = Browser::at_sign_in(server, "").await;
    let by_password = [("identifier", new), ("password", PASSWORD)];
    assert_eq!(browser.post(&page, &by_password).await.status, 303);
    assert!(browser.is_signed_in());
}

async fn a_phone_signs_up_and_signs_in(engine: Engine) {
    let server = TestServer::shared(engine);
    let phone = "13900000071";
    let (mut browser, page) = Browser::at_sign_in(server, "").await;
    let form = format!("{page}/signup?by=phone");
    let shown = browser.get(&form).await.text();
    assert!(shown.contains("type=\"tel\"") && shown.contains("autocomplete=\"tel\""), "{shown}");
    let wrong = browser.post(&form, &[("identifier", "12")]).await;
    assert!(wrong.status == 400 && wrong.text().contains("not a phone number"));
    assert!(wrong.text().contains("by=phone"), "the language links lead back here");
    assert_eq!(browser.post(&form, &[("identifier", phone)]).await.status, 303);
    let right = code(server, phone, 0).await;
    assert_eq!(browser.post(&format!("{page}/code"), &[("code", &right)]).await.status, 303);
    // A password is no must where codes sign in.
    let done = browser.post(&format!("{page}/signup/details"), &[("name", "")]).await;
    assert!(done.header("location").contains("code="), "{}", done.text());
    let (mut browser, page) = Browser::at_sign_in(server, "").await;
    let form = format!("{page}/sms-code");
    assert_eq!(browser.post(&form, &[("identifier", phone)]).await.status, 303);
    let right = code(server, phone, 1).await;
    assert_eq!(browser.post(&format!("{page}/code"), &[("code", &right)]).await.status, 303);
    assert!(browser.is_signed_in());
}

async fn an_address_with_an_account_gets_a_letter_and_the_same_pages(engine: Engine) {
    let server = TestServer::shared(engine);
    let (known, unknown) = ("known@pages.example", "other@pages.example");
    user(server, known).await;
    let mut pages = Vec::new();
    for address in [known, unknown] {
        let (mut browser, page) = Browser::at_sign_in(server, "").await;
        let form = format!("{page}/signup");
        let sent = browser.post(&form, &[("identifier", address)]).await;
        let shown = browser.get(&format!("{page}/code")).await;
        let wrong = browser.post(&format!("{page}/code"), &[("code", "1")]).await;
        pages.push([sent, shown, wrong].map(|answer| {
            let text = answer.text().replace(address, "").replace(&page, "");
            (answer.status, answer.header("location").replace(&page, ""), text)
        }));
    }
    assert_eq!(pages[0], pages[1]);
    assert!(message(server, unknown, 0).await["code"].is_string());
    let letter = message(server, known, 0).await;
    assert!(letter["code"].is_null(), "{letter}");
    assert_eq!(messages(server, known).await.len(), 1);
}

async fn a_forgotten_password_is_set_anew_by_the_link(engine: Engine) {
    let server = TestServer::shared(engine);
    let address = "forgot@pages.example";
    user(server, address).await;
    let (mut browser, page) = Browser::at_sign_in(server, "").await;
    assert!(browser.get(&page).await.text().contains(&format!("href=\"{page}/forgot\"")));
    let sent = browser.post(&format!("{page}/forgot"), &[("identifier", address)]).await;
    assert!(sent.status == 200 && sent.text().contains(address));
    let link = link(server, address, 0).await;
    let token = link.split_once("token=").unwrap().1.to_owned();
    let mut mail = Browser::new(server);
    for _ in 0..3 {
        assert!(mail.get(&link).await.text().contains("autocomplete=\"new-password\""));
    }
    let form = [("token", token.as_str()), ("password", "another four words here")];
    mail.origin = "https://evil.example".into();
    assert_eq!(mail.post("/reset-password", &form).await.status, 403);
    mail.origin = server.url().to_owned();
    let (first, second) =
        tokio::join!(async { mail.clone().post("/reset-password", &form).await.status }, async {
            mail.clone().post("/reset-password", &form).await.status
        });
    assert_eq!([first.min(second), first.max(second)], [200, 410], "one of two at once");
    assert_eq!(mail.get(&link).await.status, 410);
    let old = [("identifier", address), ("password", PASSWORD)];
    assert_eq!(browser.post(&page, &old).await.status, 403);
    let new = [("identifier", address), ("password", "another four words here")];
    assert_eq!(browser.post(&page, &new).await.status, 303);
    let changed = message(server, address, 1).await;
    assert!(changed["code"].is_null(), "the owner is told: {changed}");
}

async fn a_locked_account_is_unlocked_by_its_owner(engine: Engine) {
    let server = TestServer::shared(engine);
    let address = "locked@pages.example";
    user(server, address).await;
    let (mut browser, page) = Browser::at_sign_in(server, "").await;
    let sign_in = async |browser: &mut Browser<'_>, password| {
        browser.post(&page, &[("identifier", address), ("password", password)]).await
    };
    let mut last = sign_in(&mut browser, "wrong").await;
    for _ in 0..20 {
        if last.text().contains("/unlock\"") {
            break;
        }
        last = sign_in(&mut browser, "wrong").await;
    }
    assert!(last.text().contains(&format!("href=\"{page}/unlock\"")), "{}", last.text());
    assert_eq!(sign_in(&mut browser, PASSWORD).await.status, 403, "it is locked for everybody");
    let known = messages(server, address).await.len();
    let form = format!("{page}/unlock");
    assert_eq!(browser.get(&form).await.status, 200);
    assert_eq!(browser.post(&form, &[("identifier", address)]).await.status, 303);
    let mut right = None;
    for known in known..known + 3 {
        // The notice about the lock may come before or after the code.
        if let Some(code) = message(server, address, known).await["code"].as_str() {
            right = Some(code.to_owned());
            break;
        }
    }
    let right = right.unwrap();
    let enter = format!("{page}/code");
    assert_eq!(browser.post(&enter, &[("code", "1")]).await.status, 400);
    let unlocked = browser.post(&enter, &[("code", &right)]).await;
    assert_eq!(unlocked.header("location"), format!("{page}?unlocked=1"));
    let shown = browser.get(unlocked.header("location")).await;
    assert!(shown.text().contains("The account is unlocked"), "{}", shown.text());
    assert_eq!(browser.post(&enter, &[("code", &right)]).await.status, 400, "once");
    assert_eq!(sign_in(&mut browser, PASSWORD).await.status, 303);
}

async fn attack_26_pages_tell_nothing_about_accounts(engine: Engine) {
    let server = TestServer::shared(engine);
    let (known, unknown) = ("here@pages.example", "away@pages.example");
    user(server, known).await;
    for step in ["email-code", "forgot", "unlock"] {
        let mut seen = Vec::new();
        for address in [known, unknown] {
            let (mut browser, page) = Browser::at_sign_in(server, "").await;
            let form = format!("{page}/{step}");
            let first = browser.post(&form, &[("identifier", address)]).await;
            let next = browser.get(&format!("{page}/code")).await;
            let wrong = browser.post(&format!("{page}/code"), &[("code", "000")]).await;
            let again = browser.post(&format!("{page}/code/again"), &[]).await;
            seen.push([first, next, wrong, again].map(|answer| {
                let text = answer.text().replace(address, "").replace(&page, "");
                let text = without_waits(&text);
                (answer.status, answer.header("location").replace(&page, ""), text)
            }));
        }
        assert_eq!(seen[0], seen[1], "{step}");
    }
}

/// The text without the seconds of a wait, which go by.
fn without_waits(text: &str) -> String {
    let words = text.split("new one in ").map(|part| {
        let digits = part.chars().take_while(char::is_ascii_digit).count();
        part.get(digits..).unwrap_or_default()
    });
    words.collect::<Vec<_>>().join("new one in ")
}

async fn attack_30_codes_are_bound_counted_and_replaced(engine: Engine) {
    let server = TestServer::shared(engine);
    let address = "guess@pages.example";
    user(server, address).await;
    let ask = async |browser: &mut Browser<'_>, page: &str| {
        let form = format!("{page}/email-code");
        browser.post(&form, &[("identifier", address)]).await.status
    };
    let (mut one, first) = Browser::at_sign_in(server, "").await;
    let (mut two, second) = Browser::at_sign_in(server, "").await;
    assert_eq!(ask(&mut one, &first).await, 303);
    let old = code(server, address, 0).await;
    // Another flow asks too soon for the same address; the first one's code is not for it.
    assert_eq!(ask(&mut two, &second).await, 429);
    let no_code = two.post(&format!("{second}/code"), &[("code", &old)]).await;
    assert_eq!(no_code.header("location"), second, "this flow has no code");
    // 500 guesses, most of them at once: the code and the account are counted.
    let enter = format!("{first}/code");
    let guess = async |browser: Browser<'_>, n: usize| {
        let typed = format!("{:06}", (n * 7) % 1_000_000);
        let typed = if typed == old { "999998".to_owned() } else { typed };
        browser.clone().post(&enter, &[("code", &typed)]).await.status
    };
    let mut statuses = Vec::new();
    for first in (0..450).step_by(50) {
        let burst = (first..first + 50).map(|n| guess(one.clone(), n));
        statuses.extend(futures_util::future::join_all(burst).await);
    }
    for n in 450..500 {
        statuses.push(guess(one.clone(), n).await);
    }
    assert!(statuses.iter().all(|status| matches!(status, 400 | 403 | 429)), "{statuses:?}");
    let looked_at = statuses[..50].iter().filter(|status| **status == 400).count();
    assert_eq!(looked_at, 10, "the account's tries: {statuses:?}");
    let late = one.post(&enter, &[("code", &old)]).await;
    assert_ne!(late.status, 303, "the code is dead");
    assert!(!one.is_signed_in());
}

async fn attack_24_forms_of_other_sites_change_nothing(engine: Engine) {
    let server = TestServer::shared(engine);
    let address = "csrf@pages.example";
    let (mut browser, page) = Browser::at_sign_in(server, "").await;
    browser.origin = "https://evil.example".into();
    for step in [
        "email-code",
        "sms-code",
        "signup",
        "forgot",
        "unlock",
        "code",
        "code/again",
        "signup/details",
        "new-password",
        "consent",
    ] {
        let form = [("identifier", address), ("code", "1"), ("password", PASSWORD)];
        let answer = browser.post(&format!("{page}/{step}"), &form).await;
        assert_eq!(answer.status, 403, "{step}");
    }
    assert!(messages(server, address).await.is_empty());
    // A browser that does not hold the flow's secret gets nowhere either.
    let mut stranger = Browser::new(server);
    for step in ["email-code", "signup", "forgot", "unlock", "code", "new-password", "consent"] {
        let path = format!("{page}/{step}");
        assert_eq!(stranger.get(&path).await.status, 410, "{step}");
        let form = [("identifier", address), ("code", "1"), ("password", PASSWORD)];
        assert_eq!(stranger.post(&path, &form).await.status, 410, "{step}");
    }
    assert!(messages(server, address).await.is_empty());
}

async fn attack_19_a_sign_out_without_hint_returns_to_registered_addresses_alone(engine: Engine) {
    let server = TestServer::shared(engine);
    let email = "leaving@pages.example";
    user(server, email).await;
    let home = server.dev("redirect_uri").to_owned();
    let to = |uri: &str| format!("/login/profile/logout?redirect_uri={uri}");
    let signed_in = async || {
        let (mut browser, page) = Browser::at_sign_in(server, "").await;
        let form = [("identifier", email), ("password", PASSWORD)];
        assert_eq!(browser.post(&page, &form).await.status, 303);
        browser
    };
    let mut browser = signed_in().await;
    // Any site may lead here: a page asks, and knows where to go afterwards.
    for answer in [
        browser.get(&to(&home)).await,
        browser.get_from(&to(&home), "https://evil.example/").await,
        browser.get_from(&to("https://evil.example/"), &home).await,
        browser.get_from("/login/profile/logout", &home).await,
    ] {
        assert_eq!(answer.status, 200);
        assert!(answer.text().contains("value=\"sign_out\"") && browser.is_signed_in());
        assert!(!answer.text().contains("evil.example"), "{}", answer.text());
    }
    assert!(browser.get(&to(&home)).await.text().contains(&home));
    let form = [
        ("answer", "sign_out"),
        ("client_id", server.dev("app_id")),
        ("post_logout_redirect_uri", &home),
    ];
    let done = browser.post("/oidc/session/end", &form).await;
    assert_eq!((done.status, done.header("location")), (303, home.as_str()));
    assert!(!browser.is_signed_in());
    assert_eq!(browser.get(&to(&home)).await.status, 200, "nobody is signed in, nobody is sent");
    // The application of this session leads here itself: nothing is asked.
    let mut browser = signed_in().await;
    let done = browser.get_from(&to(&home), &home).await;
    assert_eq!((done.status, done.header("location")), (303, home.as_str()), "{}", done.text());
    assert!(!browser.is_signed_in());
}
