//! Questions to the database whose answer is nothing: no half user, no half sign-in.

use crate::database::Database;
use crate::process;
use std::path::Path;
use std::time::Duration;

/// What must not be there, and how it is counted.
type Question = (&'static str, &'static str);

/// After every start.
pub const HALVES: &[Question] = &[
    (
        "users without their row of security",
        "SELECT COUNT(*) FROM users u LEFT JOIN user_security s ON s.user_id = u.id
          WHERE s.user_id IS NULL",
    ),
    (
        "users whose creation nobody wrote down",
        "SELECT COUNT(*) FROM users u WHERE NOT EXISTS (SELECT 1 FROM audit_events e
          WHERE e.target_id = u.id AND e.kind = 'user.created')",
    ),
    (
        "users with an address or a number that no search finds",
        "SELECT COUNT(*) FROM users u WHERE COALESCE(email, phone) IS NOT NULL
          AND NOT EXISTS (
            SELECT 1 FROM search_terms t WHERE t.target_id = u.id AND t.kind = 'user')",
    ),
    (
        "terms of users who are gone",
        "SELECT COUNT(*) FROM search_terms t LEFT JOIN users u ON u.id = t.target_id
          WHERE t.kind = 'user' AND u.id IS NULL",
    ),
    (
        "a count of users that is not theirs",
        "SELECT ABS((SELECT COUNT(*) FROM users) -
          (SELECT SUM(n) FROM row_counts WHERE kind = 'users'))",
    ),
    (
        "passwords without their date, and dates without a password",
        "SELECT COUNT(*) FROM user_security s WHERE (s.password_at IS NULL) = EXISTS (
          SELECT 1 FROM credentials c WHERE c.user_id = s.user_id AND c.kind = 'password')",
    ),
    (
        "sessions without a grant",
        "SELECT COUNT(*) FROM sessions s LEFT JOIN grants g ON g.session_id = s.id
          WHERE g.id IS NULL",
    ),
    (
        "sign-ins that were not counted",
        "SELECT COUNT(*) FROM sessions s LEFT JOIN user_activity a ON a.user_id = s.user_id
          WHERE a.user_id IS NULL",
    ),
    (
        "roles of nobody",
        "SELECT COUNT(*) FROM role_assignments r LEFT JOIN users u ON u.id = r.subject_id
          WHERE r.subject_kind = 'user' AND u.id IS NULL",
    ),
    (
        "values that were used and are alive",
        "SELECT COUNT(*) FROM one_time_secrets WHERE consumed_at IS NOT NULL AND state = 'live'",
    ),
];

/// When everything was sent.
pub const OUTBOX: &[Question] = &[
    ("work that waits", "SELECT COUNT(*) FROM outbox"),
    ("dead letters", "SELECT COUNT(*) FROM dead_letters"),
];

/// The database is sound, and each question answers nothing.
pub async fn are_empty(questions: &[Question], database: &Database, data: &Path) {
    if database.is_file() {
        is_sound(data);
    }
    for (what, count) in answers(questions, database, data).await {
        assert_eq!(count, 0, "{what}");
    }
}

/// The same, soon.
pub async fn become_empty(questions: &[Question], database: &Database, data: &Path) {
    for _ in 0..600 {
        if answers(questions, database, data).await.iter().all(|(_, count)| *count == 0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{:?}", answers(questions, database, data).await);
}

async fn answers(
    questions: &[Question],
    database: &Database,
    data: &Path,
) -> Vec<(&'static str, i64)> {
    let mut answers = Vec::new();
    for (what, text) in questions {
        answers.push((*what, database.count(&process::file(data), text).await));
    }
    answers
}

fn is_sound(data: &Path) {
    let db = rusqlite::Connection::open(process::file(data)).unwrap();
    let said: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(said, "ok");
    let broken = db.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap();
    assert!(!broken, "a row points at nothing");
}
