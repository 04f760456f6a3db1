//! The states of a user and the ways between them (`model.md` 4).

use keystead_model::{Code, Error, Result};

/// Whether a user in state `from` may be brought to state `to`; the same state is no change.
///
/// # Errors
/// `field.invalid` for an unknown state, `user.status_transition` for a way that is not there.
pub fn check(from: &str, to: &str) -> Result<()> {
    let allowed = match to {
        "activated" | "archived" => true,
        "suspended" => matches!(from, "activated" | "deactivated" | "suspended"),
        "deactivated" => matches!(from, "activated" | "deactivated"),
        "resigned" => from != "archived",
        _ => {
            return Err(Error::new(Code::FieldInvalid)
                .field("status")
                .arg("expected", "Activated, Suspended, Deactivated, Resigned, Archived"));
        }
    };
    if allowed {
        return Ok(());
    }
    Err(Error::new(Code::UserStatusTransition).field("status").arg("from", from).arg("to", to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_between_states() {
        let states = ["activated", "suspended", "deactivated", "resigned", "archived"];
        let no: Vec<(&str, &str)> = states
            .into_iter()
            .flat_map(|from| states.map(|to| (from, to)))
            .filter(|(from, to)| check(from, to).is_err())
            .collect();
        assert_eq!(
            no,
            [
                ("suspended", "deactivated"),
                ("resigned", "suspended"),
                ("resigned", "deactivated"),
                ("archived", "suspended"),
                ("archived", "deactivated"),
                ("archived", "resigned"),
            ]
        );
        assert_eq!(check("activated", "Locked").unwrap_err().code(), Code::FieldInvalid);
    }
}
