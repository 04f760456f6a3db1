//! The methods of the SDKs, from the lists in `conformance/data`.

use super::rows::Row;
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A method of an SDK.
#[derive(Debug, PartialEq, Eq)]
pub struct Known {
    /// v3, v2, auth0.
    pub dialect: &'static str,
    /// The area it belongs to.
    pub area: String,
    /// Its client class.
    pub client: String,
    /// Its name.
    pub method: String,
    /// Endpoints it may call, `VERB /path`; empty for local methods.
    pub endpoints: Vec<String>,
}

impl Known {
    /// Its name in lists: `dialect Client.method`.
    pub fn id(&self) -> String {
        format!("{} {}.{}", self.dialect, self.client, self.method)
    }

    /// Whether a row of its dialect serves it.
    pub fn is_implemented(&self, rows: &[Row]) -> bool {
        let serves = |row: &Row| {
            row.dialects.contains(&self.dialect) && self.endpoints.contains(&row.endpoint)
        };
        rows.iter().any(serves)
    }
}

/// Reads all lists; a method that several versions of a package have counts once.
pub fn read(folder: &Path) -> Result<Vec<Known>> {
    let text = |name: &str| {
        std::fs::read_to_string(folder.join(name))
            .with_context(|| format!("cannot read conformance/data/{name}"))
    };
    let mut known = v3(&text("v3_methods.tsv")?, &v3_areas(&text("v3_areas.tsv")?));
    known.extend(v2(&text("v2_methods.tsv")?));
    known.extend(auth0(&text("auth0_auth_methods.tsv")?));
    known.extend(auth0_management(&text("auth0_mgmt_methods.tsv")?));
    let mut seen = BTreeSet::new();
    known.retain(|method| seen.insert(method.id()));
    Ok(known)
}

/// The lines of a list without its head, cut into fields.
fn lines(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().skip(1).map(|line| line.split('\t').collect())
}

fn field<'a>(line: &[&'a str], index: usize) -> &'a str {
    line.get(index).copied().unwrap_or_default()
}

/// `(client, method)` to area.
fn v3_areas(text: &str) -> BTreeMap<(String, String), String> {
    let mut areas = BTreeMap::new();
    for line in lines(text) {
        for method in field(&line, 3).split(',') {
            let key = (field(&line, 0).to_owned(), method.trim().to_owned());
            areas.insert(key, field(&line, 1).to_owned());
        }
    }
    areas
}

fn v3(text: &str, areas: &BTreeMap<(String, String), String>) -> Vec<Known> {
    let method = |line: Vec<&str>| {
        let (client, method) = (field(&line, 0).to_owned(), field(&line, 1).to_owned());
        let area = areas.get(&(client.clone(), method.clone()));
        let area = area.map_or("other", String::as_str).to_owned();
        let paths = field(&line, 3).split(" | ");
        let endpoints = paths.filter_map(|path| endpoint(field(&line, 2), path)).collect();
        Known { dialect: "v3", area, client, method, endpoints }
    };
    lines(text).map(method).collect()
}

fn v2(text: &str) -> Vec<Known> {
    let method = |line: Vec<&str>| {
        let client = field(&line, 0).to_owned();
        let calls = field(&line, 3).split(" ; ");
        let graphql = field(&line, 2) == "graphql";
        let endpoints = calls.filter_map(|call| match call.split_once(' ') {
            _ if graphql => Some(format!("GRAPHQL {call}")),
            Some((verb, rest)) => endpoint(verb, rest.split(' ').next().unwrap_or_default()),
            None => None,
        });
        Known {
            dialect: "v2",
            area: client.clone(),
            method: field(&line, 1).to_owned(),
            endpoints: endpoints.collect(),
            client,
        }
    };
    lines(text).map(method).collect()
}

fn auth0(text: &str) -> Vec<Known> {
    let method = |line: Vec<&str>| {
        let client = field(&line, 1).to_owned();
        let endpoints = field(&line, 5).split(" ; ").filter_map(|p| endpoint(field(&line, 4), p));
        Known {
            dialect: "auth0",
            area: client.clone(),
            method: field(&line, 2).to_owned(),
            endpoints: endpoints.collect(),
            client,
        }
    };
    lines(text).map(method).collect()
}

fn auth0_management(text: &str) -> Vec<Known> {
    let method = |line: Vec<&str>| Known {
        dialect: "auth0",
        area: format!("management {}", field(&line, 0)),
        client: format!("ManagementClient.{}", field(&line, 1)),
        method: field(&line, 2).to_owned(),
        endpoints: endpoint(field(&line, 5), &format!("/api/v2{}", field(&line, 6)))
            .into_iter()
            .collect(),
    };
    lines(text).map(method).collect()
}

/// `VERB /path` with `{}` for each parameter; none where no request of ours is meant.
pub fn endpoint(verb: &str, path: &str) -> Option<String> {
    let verbs = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    let path = path.split(['?', ' ']).next().unwrap_or_default();
    if !verbs.contains(&verb) || !path.starts_with('/') {
        return None;
    }
    let segment = |s: &str| if s.starts_with(['{', ':']) { "{}".to_owned() } else { s.to_owned() };
    Some(format!("{verb} {}", path.split('/').map(segment).collect::<Vec<_>>().join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_list_is_read_in_its_own_shape() {
        let areas = v3_areas("client\tarea\tcount\tmethods\nM\tusers\t2\tgetUser,listUsers\n");
        let read =
            v3("head\nM\tgetUser\tGET\t/api/v3/get-user\nA\tx\tPOST\t/oidc/a | /oauth/a\n", &areas);
        assert_eq!(read[0].area, "users");
        assert_eq!(read[1].endpoints, ["POST /oidc/a", "POST /oauth/a"]);
        let read =
            v2("h\nA\tcurrent\tgraphql\tquery user\nA\tlogout\trest\tGET /api/v2/logout?app_id\n");
        assert_eq!(read[0].endpoints, ["GRAPHQL query user"]);
        assert_eq!(read[1].endpoints, ["GET /api/v2/logout"]);
        let read = auth0_management("h\nusers\tusers\tget\tm\t\tGET\t/users/{id}\n");
        assert_eq!(read[0].id(), "auth0 ManagementClient.users.get");
        assert_eq!(read[0].endpoints, ["GET /api/v2/users/{}"]);
        let read = auth0("h\n2\tAuthenticationClient\tsignUp\tm\tPOST\t/a ; /b\n");
        assert_eq!(read[0].endpoints, ["POST /a", "POST /b"]);
    }

    #[test]
    fn a_method_is_implemented_by_a_row_of_its_own_dialect() {
        let read = v3("h\nM\tgetUser\tGET\t/api/v3/get-user\n", &BTreeMap::new());
        let row = |dialects| Row { dialects, endpoint: "GET /api/v3/get-user".into() };
        assert!(read[0].is_implemented(&[row(&["v3"])]));
        assert!(!read[0].is_implemented(&[row(&["auth0"])]));
    }
}
