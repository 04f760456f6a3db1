//! Hashing and comparing, with memory that is reused.

use super::imported::Imported;
use super::{BCRYPT_MOST, MAX_BYTES, Params, PasswordError};
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Version};
use subtle::ConstantTimeEq;

type Result<T> = std::result::Result<T, PasswordError>;

/// Length of the hashes we make, in bytes.
const OUTPUT: usize = 32;
/// Lengths of imported hashes that we read, in bytes; shorter ones prove too little.
const OUTPUT_READ: std::ops::RangeInclusive<usize> = 16..=64;

/// What an unknown account's password is compared with (attack row 26): costs as much as a hash we
/// make, and fits nothing. Written down, because making it would take as long as comparing.
pub const NOBODY: &str = concat!(
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA",
    "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
);

/// Blocks that Argon2 works in, kept from one hash to the next.
#[derive(Default)]
pub struct Memory {
    blocks: Vec<Block>,
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Memory({} KiB)", self.blocks.len())
    }
}

impl Memory {
    /// Memory for [`Params::STANDARD`], about 19 MiB, taken now rather than at the first hash.
    #[must_use]
    pub fn new() -> Self {
        let mut memory = Self::default();
        memory.blocks.resize(Params::STANDARD.m_kib as usize, Block::new());
        memory
    }

    fn with_blocks(&mut self, count: usize) -> &mut [Block] {
        if self.blocks.len() < count {
            self.blocks.resize(count, Block::new());
        }
        &mut self.blocks
    }

    /// Gives back what one large imported hash needed beyond the standard.
    fn shrink(&mut self) {
        let standard = Params::STANDARD.m_kib as usize;
        if self.blocks.len() > standard {
            self.blocks.truncate(standard);
            self.blocks.shrink_to_fit();
        }
    }
}

/// Hashes a password with Argon2id; the answer is a PHC string.
///
/// # Errors
/// The password is longer than [`MAX_BYTES`], or the parameters are out of [`Params::MOST`].
pub fn hash(
    password: &[u8],
    params: Params,
    salt: [u8; 16],
    memory: &mut Memory,
) -> Result<String> {
    let params = library_params(params, OUTPUT)?;
    let output = argon2(Algorithm::Argon2id, Version::V0x13, &params, (password, &salt), memory)?;
    let phc = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(|_| PasswordError::Failed)?,
        salt: Some(Salt::new(&salt).map_err(|_| PasswordError::Failed)?),
        hash: Some(Output::new(&output).map_err(|_| PasswordError::Failed)?),
    };
    Ok(phc.to_string())
}

/// Compares a password with a stored hash, in constant time once both hashes are there.
///
/// bcrypt reads the first 72 bytes only, as everywhere.
///
/// # Errors
/// The password is too long, or the stored text is unknown or out of bounds.
pub fn verify(phc: &str, password: &[u8], memory: &mut Memory) -> Result<bool> {
    if password.len() > MAX_BYTES {
        return Err(PasswordError::TooLong);
    }
    match Stored::parse(phc)? {
        Stored::Bcrypt => bcrypt::verify(password, phc).map_err(|_| PasswordError::UnknownHash),
        Stored::Argon2 { algorithm, version, params, salt, output } => {
            let made = argon2(algorithm, version, &params, (password, &salt), memory)?;
            Ok(made.ct_eq(&output).into())
        }
        Stored::Imported(own) => {
            if matches!(own, Imported::Digest { .. }) {
                // So quick that its time would tell that there is such an account.
                verify(NOBODY, password, memory)?;
            }
            own.fits(phc, password)
        }
    }
}

/// Thirty-two bytes of key from a passphrase, by Argon2id.
///
/// # Errors
/// The passphrase is longer than [`MAX_BYTES`], or the parameters are out of [`Params::MOST`].
pub fn derive(passphrase: &[u8], params: Params, salt: &[u8; 16]) -> Result<[u8; 32]> {
    let params = library_params(params, OUTPUT)?;
    let mut memory = Memory::default();
    let input = (passphrase, salt.as_slice());
    let output = argon2(Algorithm::Argon2id, Version::V0x13, &params, input, &mut memory)?;
    output.try_into().map_err(|_| PasswordError::Failed)
}

/// Whether a right password should be stored anew: another kind, or other parameters.
#[must_use]
pub fn needs_rehash(phc: &str, params: Params) -> bool {
    match Stored::parse(phc) {
        Ok(Stored::Argon2 { algorithm, version, params: own, output, .. }) => {
            algorithm != Algorithm::Argon2id
                || version != Version::V0x13
                || (own.m_cost(), own.t_cost(), own.p_cost()) != (params.m_kib, params.t, params.p)
                || output.len() != OUTPUT
        }
        Ok(Stored::Bcrypt | Stored::Imported(_)) | Err(_) => true,
    }
}

/// Whether a text is a hash that [`verify`] reads.
#[must_use]
pub fn is_known_hash(text: &str) -> bool {
    check_hash(text).is_ok()
}

/// Checks a hash that is about to be imported (attack row 36).
///
/// # Errors
/// It is of no known kind, or costs more than the bounds allow.
pub fn check_hash(text: &str) -> Result<()> {
    Stored::parse(text).map(|_| ())
}

/// The text to store of a hash that another system made, checked as by [`check_hash`]. `salt`
/// stands beside a bare digest in hexadecimal; every other spelling carries its own.
///
/// # Errors
/// It is of no known kind, costs more than the bounds allow, or comes with a salt too many.
pub fn import(text: &str, salt: Option<&str>) -> Result<String> {
    if let Some(bare) = Imported::bare(text, salt) {
        return Ok(bare.text(text));
    }
    if salt.is_some() {
        return Err(PasswordError::UnknownHash);
    }
    let text = text.strip_prefix("{CRYPT}").unwrap_or(text);
    Ok(match Stored::parse(text)? {
        Stored::Imported(own) => own.text(text),
        _ => text.to_owned(),
    })
}

/// Whether a stored hash is a mere digest: quickly guessed, so it rests sealed.
#[must_use]
pub fn is_weak(text: &str) -> bool {
    matches!(Stored::parse(text), Ok(Stored::Imported(Imported::Digest { .. })))
}

/// A stored hash, read and found within the bounds.
enum Stored {
    Argon2 {
        algorithm: Algorithm,
        version: Version,
        params: argon2::Params,
        salt: Vec<u8>,
        output: Vec<u8>,
    },
    Bcrypt,
    Imported(Imported),
}

impl Stored {
    fn parse(text: &str) -> Result<Self> {
        if ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| text.starts_with(prefix)) {
            Self::bcrypt(text)
        } else if text.starts_with("$argon2") && text.len() <= 256 {
            Self::argon2(text)
        } else {
            Imported::parse(text).map(Self::Imported)
        }
    }

    fn bcrypt(text: &str) -> Result<Self> {
        let parts: bcrypt::HashParts = text.parse().map_err(|_| PasswordError::UnknownHash)?;
        match parts.get_cost() {
            0..=3 => Err(PasswordError::UnknownHash),
            4..=BCRYPT_MOST => Ok(Self::Bcrypt),
            _ => Err(PasswordError::OutOfBounds),
        }
    }

    fn argon2(text: &str) -> Result<Self> {
        let unknown = |_| PasswordError::UnknownHash;
        let phc = PasswordHash::new(text).map_err(|_| PasswordError::UnknownHash)?;
        let algorithm = Algorithm::new(phc.algorithm.as_str()).map_err(unknown)?;
        // Strings without a version are older than 1.3.
        let version = Version::try_from(phc.version.unwrap_or(0x10)).map_err(unknown)?;
        let own = argon2::Params::try_from(&phc).map_err(|_| PasswordError::UnknownHash)?;
        let (Some(salt), Some(output)) = (phc.salt, phc.hash) else {
            return Err(PasswordError::UnknownHash);
        };
        // A key id or associated data would mean inputs that we do not have.
        if !own.keyid().is_empty() || !own.data().is_empty() {
            return Err(PasswordError::UnknownHash);
        }
        if !OUTPUT_READ.contains(&output.len()) {
            return Err(PasswordError::OutOfBounds);
        }
        let params = Params { m_kib: own.m_cost(), t: own.t_cost(), p: own.p_cost() };
        Ok(Self::Argon2 {
            algorithm,
            version,
            params: library_params(params, output.len())?,
            salt: salt.to_vec(),
            output: output.as_bytes().to_vec(),
        })
    }
}

fn library_params(params: Params, output: usize) -> Result<argon2::Params> {
    let Params { m_kib, t, p } = params;
    if m_kib > Params::MOST.m_kib || t > Params::MOST.t || p > Params::MOST.p {
        return Err(PasswordError::OutOfBounds);
    }
    argon2::Params::new(m_kib, t, p, Some(output)).map_err(|_| PasswordError::Failed)
}

fn argon2(
    algorithm: Algorithm,
    version: Version,
    params: &argon2::Params,
    (password, salt): (&[u8], &[u8]),
    memory: &mut Memory,
) -> Result<Vec<u8>> {
    if password.len() > MAX_BYTES {
        return Err(PasswordError::TooLong);
    }
    let mut output = vec![0; params.output_len().unwrap_or(OUTPUT)];
    let blocks = memory.with_blocks(params.block_count());
    let done = Argon2::new(algorithm, version, params.clone()).hash_password_into_with_memory(
        password,
        salt,
        &mut output,
        blocks,
    );
    memory.shrink();
    done.map_err(|_| PasswordError::Failed)?;
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Params = Params { m_kib: 64, t: 1, p: 1 };

    #[test]
    fn hash_and_verify_with_used_memory() {
        let mut memory = Memory::default();
        let first = hash(b"correct horse", CHEAP, [7; 16], &mut memory).unwrap();
        assert!(first.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{first}");
        let wide = Params { m_kib: 256, t: 3, p: 2 };
        let other = hash(b"correct horse", wide, [8; 16], &mut memory).unwrap();
        // Blocks left over from another password and other costs change nothing.
        assert_eq!(hash(b"correct horse", CHEAP, [7; 16], &mut memory).unwrap(), first);
        for phc in [&first, &other] {
            assert_eq!(verify(phc, b"correct horse", &mut memory), Ok(true));
            assert_eq!(verify(phc, b"correct horsf", &mut memory), Ok(false));
            assert_eq!(verify(phc, b"", &mut memory), Ok(false));
        }
        assert_eq!(verify(&first, b"correct horse", &mut Memory::default()), Ok(true));
    }

    #[test]
    fn the_standard_is_the_designs() {
        let mut memory = Memory::new();
        let phc = hash("pässword".as_bytes(), Params::STANDARD, [1; 16], &mut memory).unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(!needs_rehash(&phc, Params::STANDARD));
        assert!(needs_rehash(&phc, CHEAP));
        assert_eq!(verify(&phc, "pässword".as_bytes(), &mut memory), Ok(true));
        assert_eq!(format!("{memory:?}"), "Memory(19456 KiB)");
    }

    #[test]
    fn attack_26_nobody_costs_as_much_as_somebody() {
        assert!(!needs_rehash(NOBODY, Params::STANDARD), "other parameters than a new hash");
        let mut memory = Memory::new();
        let real = hash(b"", Params::STANDARD, [0; 16], &mut memory).unwrap();
        assert_eq!(NOBODY.len(), real.len());
        for password in ["", "\0", "x"] {
            assert_eq!(verify(NOBODY, password.as_bytes(), &mut memory), Ok(false));
        }
    }

    /// Test values of the Argon2 reference implementation and of crypt_blowfish.
    #[test]
    fn vectors_of_others() {
        let mut memory = Memory::default();
        for (phc, password) in [
            (
                concat!(
                    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ",
                    "$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
                ),
                "password",
            ),
            (
                concat!(
                    "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ",
                    "$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"
                ),
                "password",
            ),
            ("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"),
        ] {
            assert_eq!(verify(phc, password.as_bytes(), &mut memory), Ok(true), "{phc}");
            assert_eq!(verify(phc, b"another", &mut memory), Ok(false), "{phc}");
            assert!(needs_rehash(phc, Params::STANDARD), "{phc}");
        }
    }

    /// Attack row 36: refused before any memory is taken or any round is run.
    #[test]
    fn attack_36_costs() {
        let tail = "c29tZXNhbHQxMjM0$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        let bcrypt = "CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
        let bounds = Err(PasswordError::OutOfBounds);
        let unknown = Err(PasswordError::UnknownHash);
        for (text, want) in [
            (format!("$argon2id$v=19$m=65536,t=10,p=4${tail}"), Ok(())),
            (format!("$argon2i$v=16$m=4096,t=3,p=1${tail}"), Ok(())),
            (format!("$argon2id$v=19$m=65537,t=1,p=1${tail}"), bounds),
            (format!("$argon2id$v=19$m=67108864,t=1,p=1${tail}"), bounds),
            (format!("$argon2id$v=19$m=4294967295,t=1,p=1${tail}"), bounds),
            (format!("$argon2id$v=19$m=64,t=11,p=1${tail}"), bounds),
            (format!("$argon2id$v=19$m=64,t=1,p=5${tail}"), bounds),
            (format!("$argon2id$v=20$m=64,t=1,p=1${tail}"), unknown),
            (format!("$argon2x$v=19$m=64,t=1,p=1${tail}"), unknown),
            (format!("$argon2id$v=19$m=64,t=1,p=1,keyid=AAAA${tail}"), unknown),
            ("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQxMjM0".into(), unknown),
            ("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQxMjM0$AAAAAAAAAAAAAA".into(), bounds),
            (format!("$2b$13${bcrypt}"), Ok(())),
            (format!("$2b$14${bcrypt}"), bounds),
            (format!("$2y$31${bcrypt}"), bounds),
            (format!("$2b$03${bcrypt}"), unknown),
            (format!("$2x$05${bcrypt}"), unknown),
            (format!("$2b$05${bcrypt}x"), unknown),
            (format!("$scrypt$ln=17,r=16,p=4${tail}"), Ok(())),
            (format!("$scrypt$ln=18,r=8,p=1${tail}"), bounds),
            (format!("$scrypt$ln=30,r=8,p=1${tail}"), bounds),
            (format!("$scrypt$ln=14,r=17,p=1${tail}"), bounds),
            (format!("$scrypt$ln=14,r=8,p=5${tail}"), bounds),
            (format!("$scrypt$ln=99999999999999999999,r=8,p=1${tail}"), unknown),
            (format!("$scrypt$ln=14,r=0,p=1${tail}"), unknown),
            ("$scrypt$ln=14,r=8,p=1$c2FsdA$aGFzaA".into(), bounds),
            (format!("$pbkdf2-sha256$i=2000000${tail}"), Ok(())),
            (format!("$pbkdf2-sha256$i=2000001${tail}"), bounds),
            (format!("$pbkdf2-sha256$i=1000000000000${tail}"), bounds),
            (format!("pbkdf2_sha256$1000000000000${tail}"), bounds),
            (format!("$pbkdf2-sha256$i=0${tail}"), unknown),
            (format!("$pbkdf2-md5$i=1000${tail}"), unknown),
            (format!("$6$rounds=1000001$salt${}", "a".repeat(86)), bounds),
            (format!("$6$rounds=999$salt${}", "a".repeat(86)), unknown),
            ("$6$salt$short".into(), unknown),
            ("{SSHA}AAAA".into(), unknown),
            ("{SHOE}AAAA".into(), unknown),
            ("sha1$salt$00".into(), bounds),
            ("hunter2".into(), unknown),
            (String::new(), unknown),
        ] {
            assert_eq!(check_hash(&text), want, "{text}");
            assert_eq!(is_known_hash(&text), want.is_ok(), "{text}");
            if let Err(want) = want {
                assert_eq!(verify(&text, b"x", &mut Memory::default()), Err(want), "{text}");
                assert!(needs_rehash(&text, Params::STANDARD));
            }
        }
        let too_much = Params { m_kib: 1 << 26, t: 1, p: 1 };
        assert_eq!(
            hash(b"x", too_much, [0; 16], &mut Memory::default()),
            Err(PasswordError::OutOfBounds)
        );
    }

    /// Hashes of `pleaseletmein` by hashlib and OpenSSL, with the salt beside bare ones.
    #[test]
    fn hashes_of_other_systems() {
        let mut memory = Memory::default();
        let salted = Some("salt");
        let password = "pleaseletmein";
        for line in include_str!("hash/vectors.txt").lines() {
            let (given, salt) = line.split_once('\t').map_or((line, None), |(a, b)| (a, Some(b)));
            let stored = import(given, salt).unwrap_or_else(|e| panic!("{given}: {e}"));
            assert_eq!(check_hash(&stored), Ok(()), "{stored}");
            assert_eq!(import(&stored, None).as_ref(), Ok(&stored));
            assert_eq!(verify(&stored, password.as_bytes(), &mut memory), Ok(true), "{given}");
            assert_eq!(verify(&stored, b"another", &mut memory), Ok(false), "{given}");
            assert!(needs_rehash(&stored, Params::STANDARD));
            let bare = given.len() % 2 == 0 && given.bytes().all(|b| b.is_ascii_hexdigit());
            assert_eq!(import(given, salted).is_ok(), bare, "{given}");
            let digest = bare || given.starts_with('{') || given.starts_with("sha1");
            assert_eq!(is_weak(&stored), digest, "{given}");
        }
    }

    #[test]
    fn length_is_capped_before_any_work() {
        let mut memory = Memory::default();
        let phc = hash(&[b'a'; MAX_BYTES], CHEAP, [0; 16], &mut memory).unwrap();
        let long = [b'a'; MAX_BYTES + 1];
        assert_eq!(verify(&phc, &long, &mut memory), Err(PasswordError::TooLong));
        assert_eq!(hash(&long, CHEAP, [0; 16], &mut memory), Err(PasswordError::TooLong));
    }

    #[test]
    fn memory_of_a_large_hash_is_given_back() {
        let mut memory = Memory::default();
        let large = Params { m_kib: Params::STANDARD.m_kib + 1_024, t: 1, p: 1 };
        hash(b"x", large, [0; 16], &mut memory).unwrap();
        assert_eq!(memory.blocks.len(), Params::STANDARD.m_kib as usize);
    }
}
