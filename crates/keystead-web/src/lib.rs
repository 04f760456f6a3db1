//! The harness: routes from rows, principals, limits, cookies.
