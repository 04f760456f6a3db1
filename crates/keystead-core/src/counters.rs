//! Tries are counted before they are checked, on keys that every door shares (`signin.md` 6).

use crate::cx::Cx;
use crate::in_flight::Running;
use crate::seal::Label;
use keystead_model::settings::LoginFailStrategy;
use keystead_model::{Code, Error, Result, UserId};
use keystead_store::counters::{self as rows, Take};
use std::net::IpAddr;

const LOCKS_MS: [i64; 3] = [60_000, 300_000, 900_000];
const NO_LOCKS: [i64; 3] = [0; 3];
const IP_WINDOW_MS: i64 = 5 * 60_000;
const MINUTE_MS: i64 = 60_000;
/// A server that signs many users in may do so much more than one of them.
const SERVER_FACTOR: u32 = 20;

/// The keys one attempt was counted on.
#[derive(Debug)]
pub struct Attempt {
    address: Address,
    identifier: String,
    account: String,
    /// Held until the proof is settled: others wait for that.
    running: Running,
}

/// What an attempt was counted on before the account: the networks it came from.
#[derive(Debug)]
struct Address {
    keys: Vec<(&'static str, String)>,
    /// Held as the account's; none where a captcha admits the try.
    running: Vec<Running>,
}

/// What an attempt says about a captcha.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Captcha {
    /// The door has none: in its place the address waits.
    None,
    /// None was given.
    Open,
    /// The right characters: they admit this one try.
    Right,
    /// Wrong characters.
    Wrong,
}

/// How an attempt is admitted.
#[derive(Debug)]
pub enum Admission {
    /// It may be checked.
    Admitted(Attempt),
    /// The address has tried too often: seconds to wait.
    AddressWaits(u32),
    /// The next try takes a captcha; this one is not counted on the account.
    CaptchaOwed,
    /// The account or the identifier is locked: seconds to wait. Whether that may be *said*
    /// depends on the identifier itself having run out.
    Locked {
        /// Seconds to wait.
        wait_s: u32,
        /// The typed identifier itself ran out, so saying so tells nothing about accounts.
        may_be_said: bool,
        /// This very try began the lock.
        is_new: bool,
    },
}

/// Counts an attempt to sign in as `identifier` (normalised), found or not, and settles it. When
/// the tries are used up by others that are still being checked, it waits for them and counts
/// again.
///
/// # Errors
/// Faults of the store.
pub async fn take(
    cx: &mut Cx,
    identifier: &str,
    account: Option<UserId>,
    captcha: Captcha,
) -> Result<Admission> {
    let identifier_key = key(cx, "identifier", identifier);
    // An unknown account is counted on a key of its own: the same statements either way.
    let account = match account {
        Some(id) => key(cx, "account", &id.to_string()),
        None => key(cx, "account", &format!("?{identifier}")),
    };
    let address = match take_address(cx, captcha).await? {
        Ok(address) => address,
        Err(refused) => return Ok(refused),
    };
    let in_flight = cx.core.in_flight.clone();
    let asks = cx.settings().login_fail_strategy == LoginFailStrategy::Captcha;
    loop {
        let running = in_flight.enter(&account);
        let wait_ms = take_name(cx, "account", &account).await?;
        let said_ms = take_name(cx, "identifier", &identifier_key).await?;
        cx.settle().await?;
        if wait_ms == 0 && said_ms == 0 || asks && captcha == Captcha::Right {
            let identifier = identifier_key;
            return Ok(Admission::Admitted(Attempt { address, identifier, account, running }));
        }
        cx.settled().await?;
        if !running.wait_for_others().await {
            let may_be_said = said_ms > 0;
            if asks && may_be_said && captcha == Captcha::Open {
                return Ok(Admission::CaptchaOwed);
            }
            let wait_s = seconds(wait_ms.max(said_ms));
            let is_new = !asks && LOCKS_MS.contains(&wait_ms);
            return Ok(Admission::Locked { wait_s, may_be_said, is_new });
        }
    }
}

/// Counts on the networks of the caller, or says why it is refused. Networks first, always: one
/// order of row locks, so no two attempts wait for each other.
async fn take_address(
    cx: &mut Cx,
    captcha: Captcha,
) -> Result<std::result::Result<Address, Admission>> {
    let (hard_limit, after) = (cx.settings().ip_tries, cx.settings().captcha_after);
    let networks = networks(cx);
    let mut address = Address { keys: Vec::new(), running: Vec::new() };
    for (network, factor) in &networks {
        let hard = key(cx, "ip_hard", network);
        let limit = hard_limit.saturating_mul(*factor);
        if let Some(wait_s) = over(cx, "ip_hard", &hard, limit).await? {
            cx.settle().await?;
            return Ok(Err(Admission::AddressWaits(wait_s)));
        }
        address.keys.push(("ip_hard", hard));
    }
    let limit = match captcha {
        Captcha::Right => return Ok(Ok(address)),
        Captcha::None => after.saturating_mul(2),
        Captcha::Open | Captcha::Wrong => after,
    };
    for (network, factor) in &networks {
        let soft = key(cx, "ip", network);
        match take_free(cx, &soft, limit.saturating_mul(*factor)).await? {
            Ok(running) => address.running.push(running),
            Err(wait_s) if captcha == Captcha::None => {
                return Ok(Err(Admission::AddressWaits(wait_s)));
            }
            Err(_) => return Ok(Err(Admission::CaptchaOwed)),
        }
        address.keys.push(("ip", soft));
    }
    Ok(Ok(address))
}

/// Counts one of the tries that an address has without a captcha, or answers the seconds to wait.
/// Where others use them up that are still being checked, it waits for them and counts again.
async fn take_free(
    cx: &mut Cx,
    key: &str,
    limit: u32,
) -> Result<std::result::Result<Running, u32>> {
    let (now, in_flight) = (cx.now, cx.core.in_flight.clone());
    let (kind, limit) = ("ip", i64::from(limit));
    let take = Take { kind, key, limit, window_ms: IP_WINDOW_MS, locks_ms: NO_LOCKS };
    loop {
        let running = in_flight.enter(key);
        if rows::take_within(&mut cx.store(), &take, now).await? {
            return Ok(Ok(running));
        }
        let stands = rows::peek(&mut cx.store(), kind, key).await?;
        cx.settle().await?;
        cx.settled().await?;
        if !running.wait_for_others().await {
            return Ok(Err(stands.map_or(1, |(_, ends)| seconds(ends.since(now)))));
        }
    }
}

/// Counts on an address; answers the seconds to wait when it has tried too often.
async fn over(cx: &mut Cx, kind: &'static str, key: &str, limit: u32) -> Result<Option<u32>> {
    let (now, limit) = (cx.now, i64::from(limit));
    let take = Take { kind, key, limit, window_ms: IP_WINDOW_MS, locks_ms: NO_LOCKS };
    let (n, ends, _) = rows::take(&mut cx.store(), &take, now).await?;
    Ok((n > limit).then(|| seconds(ends.since(now))))
}

/// Whether the next try from this address takes a captcha; looking counts nothing.
///
/// # Errors
/// Faults of the store.
pub async fn owes_captcha(cx: &mut Cx) -> Result<bool> {
    let (now, after) = (cx.now, cx.settings().captcha_after);
    for (network, factor) in networks(cx) {
        let key = key(cx, "ip", &network);
        let limit = i64::from(after.saturating_mul(factor));
        let stands = rows::peek(&mut cx.store(), "ip", &key).await?;
        if stands.is_some_and(|(n, ends)| n >= limit && now < ends) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Counts on an account or identifier; answers the milliseconds it is locked, 0 when it is not.
async fn take_name(cx: &mut Cx, kind: &'static str, key: &str) -> Result<i64> {
    let (now, settings) = (cx.now, cx.settings());
    let limit = i64::from(settings.account_tries);
    let window_ms = i64::from(settings.account_window_s) * 1_000;
    let asks = settings.login_fail_strategy == LoginFailStrategy::Captcha;
    let locks_ms = if asks { NO_LOCKS } else { LOCKS_MS };
    let take = Take { kind, key, limit, window_ms, locks_ms };
    let (n, ends, until) = rows::take(&mut cx.store(), &take, now).await?;
    if asks {
        return Ok(if n > limit { ends.since(now).max(1) } else { 0 });
    }
    Ok(locked_ms(n, limit, until.since(now)))
}

/// A right proof clears the account and the identifier and gives the address its try back. It
/// joins the transaction that settles the proof.
///
/// # Errors
/// Faults of the store.
pub async fn forgive(cx: &mut Cx, attempt: &Attempt) -> Result<()> {
    let mut s = cx.store();
    attempt.running.succeed();
    attempt.address.running.iter().for_each(Running::succeed);
    for (kind, key) in &attempt.address.keys {
        rows::give_back(&mut s, kind, key).await?;
    }
    rows::reset(&mut s, "account", &attempt.account).await?;
    rows::reset(&mut s, "identifier", &attempt.identifier).await?;
    Ok(())
}

/// Clears the locks of an account and of a name of it, because the owner proved an address.
/// Joins the open transaction.
///
/// # Errors
/// Faults of the store.
pub async fn unlock(cx: &mut Cx, account: UserId, identifier: &str) -> Result<()> {
    let account = key(cx, "account", &account.to_string());
    let identifier = key(cx, "identifier", identifier);
    let mut s = cx.store();
    rows::reset(&mut s, "account", &account).await?;
    rows::reset(&mut s, "identifier", &identifier).await?;
    Ok(())
}

/// A limit that only waits: so many per window, for ever.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Kind of counter.
    pub kind: &'static str,
    /// What is counted.
    pub value: String,
    /// How many per window.
    pub limit: u32,
    /// Milliseconds of the window.
    pub window_ms: i64,
}

/// Counts one act on each of these limits, in their order; answers the seconds to wait at the
/// first that is used up. Joins the open transaction.
///
/// # Errors
/// Faults of the store.
pub async fn act(cx: &mut Cx, limits: &[Limit]) -> Result<Option<u32>> {
    let now = cx.now;
    for Limit { kind, value, limit, window_ms } in limits {
        let key = key(cx, kind, value);
        let limit = i64::from(*limit);
        let take = Take { kind, key: &key, limit, window_ms: *window_ms, locks_ms: NO_LOCKS };
        let (n, ends, _) = rows::take(&mut cx.store(), &take, now).await?;
        if n > limit {
            return Ok(Some(seconds(ends.since(now))));
        }
    }
    Ok(None)
}

/// A limit on whoever asks, for each network that the request counts for.
#[must_use]
pub fn per_network(cx: &Cx, kind: &'static str, limit: u32, window_ms: i64) -> Vec<Limit> {
    let one = |(value, factor): (String, u32)| Limit {
        kind,
        value,
        limit: limit.saturating_mul(factor),
        window_ms,
    };
    networks(cx).into_iter().map(one).collect()
}

/// The networks that this request counts for, in one order for all, and how much more each may do
/// than one person: a server that may name its users' addresses counts as many of them.
fn networks(cx: &Cx) -> Vec<(String, u32)> {
    let own = network(cx.request.ip);
    let mut all = match cx.request.believed().map(network) {
        Some(claimed) if claimed != own => vec![(claimed, 1), (own, SERVER_FACTOR)],
        _ => vec![(own, 1)],
    };
    all.sort();
    all
}

/// Whether this address may still try a secret of this client; looking counts nothing.
///
/// # Errors
/// `rate.limited` after too many wrong ones.
pub async fn may_try_secret(cx: &mut Cx, client_id: &str) -> Result<()> {
    let key = key(cx, "client", &format!("{client_id}\0{}", network(cx.request.ip)));
    let (now, limit) = (cx.now, i64::from(cx.settings().client_tries));
    match rows::peek(&mut cx.store(), "client", &key).await? {
        Some((n, ends)) if n >= limit && now < ends => {
            Err(Error::new(Code::RateLimited).retry_after(seconds(ends.since(now))))
        }
        _ => Ok(()),
    }
}

/// Counts a wrong client secret of this application from this address.
///
/// # Errors
/// `rate.limited` when it was one too many.
pub async fn wrong_secret(cx: &mut Cx, client_id: &str) -> Result<()> {
    let text = format!("{client_id}\0{}", network(cx.request.ip));
    let (key, now) = (key(cx, "client", &text), cx.now);
    let limit = i64::from(cx.settings().client_tries);
    let take = Take { kind: "client", key: &key, limit, window_ms: MINUTE_MS, locks_ms: NO_LOCKS };
    let (n, ends, _) = rows::take(&mut cx.store(), &take, now).await?;
    cx.settle().await?;
    if n > limit {
        return Err(Error::new(Code::RateLimited).retry_after(seconds(ends.since(now))));
    }
    Ok(())
}

fn key(cx: &Cx, kind: &str, value: &str) -> String {
    cx.pool.keys.keyed_hash(Label::Counter, &format!("{kind}\0{value}"))
}

/// The network an address counts for: itself, or its /64 for IPv6.
fn network(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

fn locked_ms(n: i64, limit: i64, until_ms: i64) -> i64 {
    if until_ms > 0 { until_ms } else { i64::from(n > limit) * 1_000 }
}

fn seconds(ms: i64) -> u32 {
    u32::try_from(ms.max(0).div_euclid(1_000) + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_count_by_network() {
        let network = |text: &str| network(text.parse().unwrap());
        assert_eq!(network("192.0.2.1"), "192.0.2.1");
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2:ffff::1"));
    }
}
