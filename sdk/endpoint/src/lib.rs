//! Endpoint rows shared by server and client, and the client's transport.
