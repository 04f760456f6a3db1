//! The words by which keywords find a user.

use crate::{Result, Scoped, Value, sql, values};
use keystead_model::UserId;

/// Words of a user at most; the text below has a place for each.
pub const TERMS_MAX: usize = 12;

/// Puts these words (and the fields they came from) in the place of a user's old ones.
///
/// # Errors
/// A fault of the store.
pub async fn set_terms(
    s: &mut Scoped<'_>,
    user: UserId,
    terms: &[(String, &'static str)],
    fresh: bool,
) -> Result<()> {
    if !fresh {
        s.execute(
            sql!(
                "DELETE FROM search_terms WHERE pool_id = $1 AND kind = 'user'
                AND target_id = $2"
            ),
            values![user],
        )
        .await?;
    }
    if terms.is_empty() {
        return Ok(());
    }
    let mut values: Vec<Value<'_>> = vec![user.into()];
    for n in 0..TERMS_MAX {
        let (term, field) = terms.get(n).map_or((Value::Null, Value::Null), |(term, field)| {
            (Value::from(term.as_str()), Value::from(*field))
        });
        values.extend([term, field]);
    }
    s.execute(
        sql!(
            "INSERT INTO search_terms (pool_id, kind, term, field, target_id)
            SELECT $1, 'user', v.column1, v.column2, $2 FROM (VALUES
            ($3, $4), ($5, $6), ($7, $8), ($9, $10), ($11, $12), ($13, $14), ($15, $16), ($17,
            $18), ($19, $20), ($21, $22), ($23, $24), ($25, $26)) v
            WHERE v.column1 IS NOT NULL ON CONFLICT DO NOTHING"
        ),
        &values,
    )
    .await
    .map(|_| ())
}
