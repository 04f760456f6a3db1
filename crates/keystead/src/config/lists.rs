//! Settings that are lists, separated by commas, and what is said about proxies.

use super::row::Row;
use super::value::Scalar;
use keystead_model::network::Network;
use keystead_web::forwarded::Header;

/// Tries at most.
const MOST: usize = 20;

/// Networks.
#[derive(Clone, Debug)]
pub struct Networks(pub Vec<Network>);

impl Scalar for Networks {
    fn scan(text: &str, _: &Row) -> Result<Self, String> {
        let networks = text.split(',').map(|part| part.trim().parse());
        let networks: Result<_, ()> = networks.collect();
        let wrong = "must be addresses or networks, such as 127.0.0.1, 10.1.0.0/16";
        networks.map(Self).map_err(|()| wrong.to_owned())
    }
}

/// The header in which proxies write addresses.
#[derive(Clone, Copy, Debug)]
pub struct ForwardedHeader(pub Header);

impl Scalar for ForwardedHeader {
    fn scan(text: &str, _: &Row) -> Result<Self, String> {
        let known = Header::from_name(&text.trim().to_ascii_lowercase());
        known.map(Self).ok_or_else(|| "must be x-forwarded-for or forwarded".to_owned())
    }
}

/// Seconds to wait before each further try.
#[derive(Clone, Debug)]
pub struct RetrySeconds(pub Vec<u32>);

impl Scalar for RetrySeconds {
    fn scan(text: &str, _: &Row) -> Result<Self, String> {
        let seconds = text.split(',').map(|part| part.trim().parse::<u32>().ok());
        let seconds: Option<Vec<u32>> = seconds.collect();
        let sound = |s: &Vec<u32>| s.len() <= MOST && s.iter().all(|s| (1..=86_400).contains(s));
        seconds.filter(sound).map(Self).ok_or_else(|| {
            format!("must be at most {MOST} numbers from 1 to 86400, such as 5, 30, 120")
        })
    }
}
