//! What is the same for every operation: information, security schemes, refusals.

use serde_json::{Value, json};

/// What the description says about itself.
pub(super) fn info() -> Value {
    json!({
        "title": "Keystead, V3",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "HTTP always says 200; `statusCode` in the body says what happened, and 200 \
            there is the only success. Messages come in the language of `x-authing-lang`: zh-CN \
            (the default), zh-TW, en-US or ja-JP. Lists have pages from 1, of 10 items \
            or up to 50.",
        "license": { "name": "MIT OR Apache-2.0" },
    })
}

/// How callers prove who they are.
pub(super) fn security_schemes() -> Value {
    json!({
        "accessKey": {
            "type": "apiKey",
            "in": "header",
            "name": "authorization",
            "description": "An administrator's signature: `authing <access key id>:<base64 of \
                HMAC-SHA1 under the key's secret>`. Signed are, each followed by a line feed: the \
                method; `name:value` of each header whose name begins with `x-authing-` or is \
                `date`, sorted; and then the path with `?k=v&k=v`, sorted and not encoded, of the \
                query (GET) or of the top-level fields of the JSON body (other methods; objects \
                and lists as compact JSON). Headers: `date`, at most five minutes off; \
                `x-authing-signature-method: HMAC-SHA1`; `x-authing-signature-version: 1.0`; \
                `x-authing-signature-nonce`, new for each request.",
        },
        "accessToken": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "A user's access token. The word `Bearer` may be left out.",
        },
        "clientSecret": {
            "type": "http",
            "scheme": "basic",
            "description": "Client id and secret of an application. They may stand in the body as \
                `client_id` and `client_secret` instead.",
        },
        "clientId": {
            "type": "apiKey",
            "in": "header",
            "name": "x-authing-app-id",
            "description": "The client id of an application without a secret.",
        },
    })
}

/// The body of a refusal.
pub(super) fn refusal() -> Value {
    json!({
        "type": "object",
        "description": "What was refused, and why.",
        "required": ["statusCode", "message"],
        "properties": {
            "statusCode": {
                "type": "integer",
                "description": "The class of the refusal, numbered like HTTP: 400 a field is \
                    missing or wrong, 401 who asks is not proved, 403 not allowed, 404 not there, \
                    409 taken, 429 too often, 501 not offered.",
                "not": { "const": 200 },
            },
            "apiCode": { "type": "integer", "description": "The refusal's own number." },
            "message": {
                "type": "string",
                "description": "What happened and what to do, in the caller's language.",
            },
            "requestId": { "type": "string", "description": "The request's id, for the logs." },
        },
    })
}

/// The name of the schema that a reference points to.
pub(super) fn name_of(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}
