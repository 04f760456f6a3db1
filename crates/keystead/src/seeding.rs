//! What a start puts into the database: the default pool, the development seed, a seed file.

use crate::seed_file::{SeedError, SeedFile, Step};
use crate::sentence::{sentence, start_up};
use anyhow::anyhow;
use keystead_core::seed::Seeding;
use keystead_core::{Core, Cx, seed};
use keystead_model::{PoolId, UserId};
use std::path::Path;
use std::sync::Arc;

/// The code of the default pool.
const DEFAULT_POOL: &str = keystead_store::doors::FIRST_POOL;

/// What was done.
#[derive(Debug)]
pub struct Seeded {
    /// The default pool.
    pub pool: PoolId,
    /// One sentence per change of the seed file, for whoever gave it.
    pub notices: Vec<String>,
    /// The users of the development seed, in its order.
    pub users: Vec<UserId>,
}

/// Makes the default pool where there is none, then applies the development seed, then the file:
/// all of it in one transaction, or nothing.
///
/// The default pool is always the pool `main`; a file may name it by that code. A setting of the
/// file goes before the development seed's.
///
/// # Errors
/// The first thing that does not fit, with its place.
pub async fn seed(
    core: &Arc<Core>,
    file: Option<&Path>,
    dev: Option<SeedFile>,
) -> anyhow::Result<Seeded> {
    let mut file = file.map(SeedFile::read).transpose()?;
    let mut seeding = Seeding::begin(core);
    let mut notices = Vec::new();
    // Where the file names the default pool it is made with the file's id and secret.
    if let Some(file) = &mut file
        && file.pool_first(DEFAULT_POOL)
        && let Some(step) = file.steps.first()
    {
        notices = apply(&mut seeding, &file.path, step).await?.done;
    }
    let pool = seeding.default_pool().await.map_err(|e| start_up(&e))?;
    let mut users = Vec::new();
    if let Some(mut dev) = dev {
        if let Some(file) = &file {
            give_way(&mut dev, file);
        }
        for step in &dev.steps {
            users.extend(apply(&mut seeding, &dev.path, step).await?.users);
        }
    }
    if let Some(file) = &file {
        for step in &file.steps {
            notices.extend(apply(&mut seeding, &file.path, step).await?.done);
        }
        if notices.is_empty() {
            notices.push("nothing to change".to_owned());
        }
        let shown = file.path.display();
        notices.iter_mut().for_each(|notice| *notice = format!("{shown}: {notice}"));
    }
    seeding.commit().await.map_err(|e| start_up(&e))?;
    // Also proves that the master key opens the pool.
    Cx::system(core, pool).await.map_err(|e| start_up(&e))?;
    Ok(Seeded { pool, notices, users })
}

/// Takes the settings that the file gives, too, out of the development seed: otherwise the two
/// would change them back and forth at every start.
fn give_way(dev: &mut SeedFile, file: &SeedFile) {
    for step in &mut dev.steps {
        step.seed.settings.retain(|name, _| {
            file.settings_of(DEFAULT_POOL).all(|document| !document.contains_key(name))
        });
    }
}

async fn apply(seeding: &mut Seeding, path: &Path, step: &Step) -> anyhow::Result<seed::Report> {
    seeding.apply(&step.seed).await.map_err(|error| {
        let line = step.line_of(error.field_name().unwrap_or_default());
        anyhow!("{}:{line}: {}", path.display(), sentence(&error))
    })
}

/// The development seed with these values in the places of its `${name}`s.
///
/// # Errors
/// The committed file is wrong (a test proves that it is not).
pub fn development(values: &[(&str, &str)]) -> Result<SeedFile, SeedError> {
    let mut text = include_str!("../seed/dev.toml").to_owned();
    for (name, value) in values {
        text = text.replace(&format!("${{{name}}}"), value);
    }
    SeedFile::parse(Path::new("seed/dev.toml"), &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: [(&str, &str); 7] = [
        ("app_id", "1"),
        ("app_secret", "2"),
        ("access_key_id", "3"),
        ("access_key_secret", "4"),
        ("user_password", "5"),
        ("admin_password", "6"),
        ("http_url", "http://localhost:7"),
    ];

    #[test]
    fn the_committed_seed_is_sound_and_has_no_fixed_secret() {
        let seed = development(&VALUES).unwrap();
        let shown = format!("{:?}", seed.steps);
        assert!(!shown.contains("${"), "{shown}");
        let of = |pick: fn(&seed::Seed) -> usize| -> usize {
            seed.steps.iter().map(|step| pick(&step.seed)).sum()
        };
        assert_eq!(of(|s| s.pools.len()), 0, "the default pool is there already");
        assert_eq!((of(|s| s.applications.len()), of(|s| s.access_keys.len())), (1, 1));
        let users: Vec<_> = seed.steps.iter().flat_map(|step| &step.seed.users).collect();
        let administrators: Vec<_> = users.iter().map(|user| user.administrator).collect();
        assert_eq!(administrators, [false, true]);
        for (user, password) in users.iter().zip(["5", "6"]) {
            assert!(user.password.as_ref().unwrap().same_as(password));
            // Examples of the documents register this one.
            assert_ne!(user.email.as_deref(), Some("test@example.com"));
        }
    }

    #[test]
    fn a_setting_of_the_file_goes_before_that_of_the_development_seed() {
        let mut dev = development(&VALUES).unwrap();
        let path = Path::new("s.toml");
        let text = "[settings]\nip_tries = 5\n[[pools]]\ncode = \"main\"\n\
                    [pools.settings]\nreveal_accounts = false";
        give_way(&mut dev, &SeedFile::parse(path, text).unwrap());
        let left: Vec<_> = dev.steps.iter().flat_map(|step| step.seed.settings.keys()).collect();
        let all = [
            "captcha_after",
            "captcha_per_minute",
            "client_tries",
            "password_policy",
            "send_ip_per_hour",
            "signup_per_hour",
        ];
        assert_eq!(left, all);
    }
}
