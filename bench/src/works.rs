//! The works that are measured, and their budgets.

use crate::callers::{codes, fixed, management, refresh::Refresh, signin, signin::SignIn};
use crate::load::{Caller, Callers};
use crate::server::Running;
use crate::site::Algorithm;
use anyhow::Result;

/// One kind of request.
#[derive(Debug)]
pub struct Work {
    /// Its name in the table.
    pub name: &'static str,
    kind: Kind,
    /// Whether the peer does it as well.
    pub peer: bool,
    /// Whether one request takes milliseconds of CPU, so that a run must last longer.
    pub slow: bool,
    one: Limit,
    many: Limit,
}

/// What a work may cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// CPU seconds per 1000 requests, as set on a machine where the floor cost `floor`.
    Cpu {
        /// The floor on that machine.
        floor: f64,
        /// The budget.
        budget: f64,
    },
    /// So many times the floor of the same run.
    TimesFloor(f64),
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Discovery,
    Jwks,
    GetUser,
    ClientCredentials(Algorithm),
    Introspection,
    UserInfo,
    Refresh(Algorithm),
    ListUsers,
    CreateRole,
    CreateUser,
    SendCode,
    SignIn,
}

const fn row(name: &'static str, kind: Kind, floor: f64, budget: f64) -> Work {
    let limit = Limit::Cpu { floor, budget };
    Work { name, kind, peer: false, slow: false, one: limit, many: limit }
}

/// A work that the peer does as well.
const fn shared(name: &'static str, kind: Kind, floor: f64, budget: f64) -> Work {
    Work { peer: true, ..row(name, kind, floor, budget) }
}

/// All of them. Those that write much come late: they make the database grow.
pub const WORKS: &[Work] = &[
    shared("discovery", Kind::Discovery, 0.006, 0.012),
    shared("JWKS", Kind::Jwks, 0.006, 0.012),
    row("signed get-user", Kind::GetUser, 0.01, 0.05),
    row("signed list-users, 50 of many", Kind::ListUsers, 0.02, 0.25),
    shared("introspection", Kind::Introspection, 0.03, 0.06),
    shared("userinfo", Kind::UserInfo, 0.03, 0.07),
    shared("client_credentials, RS256", Kind::ClientCredentials(Algorithm::Rs256), 0.32, 0.40),
    shared("client_credentials, ES256", Kind::ClientCredentials(Algorithm::Es256), 0.034, 0.08),
    shared("client_credentials, EdDSA", Kind::ClientCredentials(Algorithm::EdDsa), 0.024, 0.07),
    shared("refresh, rotating, durable, RS256", Kind::Refresh(Algorithm::Rs256), 0.61, 0.85),
    shared("refresh, rotating, durable, EdDSA", Kind::Refresh(Algorithm::EdDsa), 0.06, 0.25),
    Work {
        one: Limit::Cpu { floor: 0.27, budget: 0.35 },
        ..row("signed create-role, durable", Kind::CreateRole, 0.09, 0.12)
    },
    // These have no budget of their own: that of `create-role`, which writes two rows as well.
    Work {
        one: Limit::Cpu { floor: 0.27, budget: 0.35 },
        ..row("signed create-user, durable", Kind::CreateUser, 0.09, 0.12)
    },
    Work {
        one: Limit::Cpu { floor: 0.27, budget: 0.35 },
        ..row("send-email, a code queued, durable", Kind::SendCode, 0.09, 0.12)
    },
    Work {
        name: "password sign-in, Argon2id",
        kind: Kind::SignIn,
        peer: false,
        slow: true,
        one: Limit::TimesFloor(1.05),
        many: Limit::TimesFloor(1.05),
    },
];

impl Work {
    /// What it may cost with so many connections.
    pub const fn limit(&self, connections: usize) -> Limit {
        if connections == 1 { self.one } else { self.many }
    }

    /// Makes one caller per connection.
    ///
    /// # Errors
    /// Something that they need, such as a token, was refused.
    pub async fn callers(&self, running: &Running, connections: usize) -> Result<Callers> {
        let (site, at) = (&running.site, running.target.at);
        Ok(match self.kind {
            Kind::Discovery => repeated(&fixed::discovery(site), connections),
            Kind::Jwks => repeated(&fixed::jwks(site), connections),
            Kind::GetUser => repeated(&management::get_user(site), connections),
            Kind::ClientCredentials(algorithm) => {
                repeated(&fixed::client_credentials(&site.signing(algorithm)), connections)
            }
            Kind::Introspection => {
                let token = signin::token(at, site, "openid", "access_token").await?;
                repeated(&fixed::introspection(site, &token), connections)
            }
            Kind::UserInfo => {
                let token = signin::token(at, site, "openid profile", "access_token").await?;
                repeated(&fixed::userinfo(site, &token), connections)
            }
            Kind::Refresh(algorithm) => {
                let site = site.signing(algorithm);
                let mut callers = Callers::new();
                for _ in 0..connections {
                    callers.push(Box::new(Refresh::begin(at, &site).await?));
                }
                callers
            }
            Kind::ListUsers => repeated(&management::list_users(site), connections),
            Kind::CreateRole => repeated(&management::create_role(site), connections),
            Kind::CreateUser => repeated(&management::create_user(site), connections),
            Kind::SendCode => repeated(&codes::SendCode::new(site), connections),
            Kind::SignIn => SignIn::of_many(at, site, connections).await?,
        })
    }
}

/// The same caller for each connection.
pub fn repeated<C: Caller + Clone + 'static>(caller: &C, connections: usize) -> Callers {
    (0..connections).map(|_| Box::new(caller.clone()) as Box<dyn Caller>).collect()
}

impl Limit {
    /// The budget in CPU seconds per 1000 requests, where the floor costs this.
    pub fn cpu_s(self, floor_now: f64) -> f64 {
        match self {
            Self::Cpu { budget, .. } => budget,
            Self::TimesFloor(times) => times * floor_now,
        }
    }

    /// One word about a cost, given that of the floor in the same run.
    pub fn verdict(self, cost: f64, floor_now: f64) -> &'static str {
        let scaled = match self {
            Self::Cpu { floor, budget } => budget / floor * floor_now,
            Self::TimesFloor(times) => times * floor_now,
        };
        if cost <= self.cpu_s(floor_now) {
            "met"
        } else if cost <= scaled {
            "scaled"
        } else {
            "missed"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slower_machine_scales_the_budget() {
        let limit = Limit::Cpu { floor: 0.1, budget: 0.2 };
        assert_eq!(limit.verdict(0.2, 0.1), "met");
        assert_eq!(limit.verdict(0.3, 0.1), "missed");
        assert_eq!(limit.verdict(0.3, 0.16), "scaled");
        assert_eq!(Limit::TimesFloor(1.05).verdict(10.4, 10.0), "met");
        assert_eq!(Limit::TimesFloor(1.05).verdict(10.6, 10.0), "missed");
    }
}
