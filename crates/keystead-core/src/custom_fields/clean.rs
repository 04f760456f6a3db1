//! The job behind a deleted field: its values are removed from every document.

use super::{Target, values};
use crate::cx::Cx;
use crate::outbox::{Job, Outcome};
use keystead_model::{CustomFieldId, Id, Result};
use keystead_store::{custom_data, custom_fields as rows, search_values};
use serde::Deserialize;
use serde_json::Value;

/// How many documents are looked at between two transactions.
const STEP: i64 = 500;

#[derive(Deserialize)]
struct Facts {
    field: CustomFieldId,
    target: String,
    key: String,
}

/// Removes the values of a deleted field, some documents at a time; then the key is free again.
pub(crate) async fn clean(cx: &mut Cx, job: &Job) -> Result<Outcome> {
    let Ok(facts) = serde_json::from_slice::<Facts>(&job.facts) else {
        return Ok(Outcome::Never("the work does not say which field".to_owned()));
    };
    let Some(target) = Target::from_text(&facts.target) else {
        return Ok(Outcome::Never("no target has this name".to_owned()));
    };
    let mut after = String::new();
    loop {
        let page = page(cx, target, &after).await?;
        let Some((last, ..)) = page.last() else { break };
        after = last.to_string();
        for (id, has) in page.iter().map(|(id, docs)| (*id, has_key(docs, &facts.key))) {
            if has {
                remove(cx, target, id, &facts.key).await?;
            }
        }
        cx.settle().await?;
        cx.settled().await?;
    }
    // What was written by somebody who still saw the declaration.
    search_values::delete_key(&mut cx.store(), target.text(), &facts.key).await?;
    rows::delete(&mut cx.store(), facts.field).await?;
    Ok(Outcome::Done)
}

async fn page(cx: &mut Cx, target: Target, after: &str) -> Result<Vec<(Id, Vec<Value>)>> {
    let mut s = cx.store();
    Ok(match target {
        Target::User => {
            let found = custom_data::users_after(&mut s, after, STEP).await?;
            found.into_iter().map(|(id, mine, theirs)| (id, vec![mine, theirs])).collect()
        }
        Target::Role => {
            let found = custom_data::roles_after(&mut s, after, STEP).await?;
            found.into_iter().map(|(id, data)| (id, vec![data])).collect()
        }
        // They have no values yet.
        Target::Group | Target::Department => Vec::new(),
    })
}

fn has_key(documents: &[Value], key: &str) -> bool {
    documents.iter().any(|document| document.get(key).is_some())
}

async fn remove(cx: &mut Cx, target: Target, id: Id, key: &str) -> Result<()> {
    values::lock(cx, target, id).await?;
    let (mut mine, mut theirs) = values::documents(cx, target, id).await?;
    for document in [&mut mine, &mut theirs] {
        if let Some(map) = document.as_object_mut() {
            map.remove(key);
        }
    }
    values::store(cx, target, id, mine, theirs).await
}
