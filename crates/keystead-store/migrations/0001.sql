-- Written by `cargo xtask tables` from the notation of the design pages. Both engines load it.

CREATE TABLE pools (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    code TEXT COLLATE "binary" NOT NULL,
    description TEXT,
    logo TEXT,
    kinds TEXT NOT NULL DEFAULT '[]',
    owner_id TEXT,
    secret_enc TEXT NOT NULL,
    old_secret_enc TEXT,
    status TEXT NOT NULL DEFAULT 'active',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX pools_code_key ON pools (code);

CREATE TABLE settings (
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    scope TEXT NOT NULL,
    scope_id TEXT NOT NULL DEFAULT '',
    document TEXT NOT NULL DEFAULT '{}',
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, scope, scope_id)
);

CREATE TABLE aliases (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    kind TEXT NOT NULL,
    system TEXT NOT NULL,
    value TEXT COLLATE "binary" NOT NULL,
    target_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX aliases_pool_id_kind_system_value_key ON aliases (pool_id, kind, system, value);
CREATE INDEX aliases_pool_id_kind_target_id_idx ON aliases (pool_id, kind, target_id);

CREATE TABLE tombstones (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    label TEXT,
    actor_id TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX tombstones_pool_id_kind_target_id_key ON tombstones (pool_id, kind, target_id);
CREATE INDEX tombstones_pool_id_kind_created_at_idx ON tombstones (pool_id, kind, created_at);

CREATE TABLE sequences (
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    name TEXT NOT NULL,
    next BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (pool_id, name)
);

CREATE TABLE row_counts (
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    kind TEXT NOT NULL,
    shard BIGINT NOT NULL,
    n BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (pool_id, kind, shard)
);

CREATE TABLE applications (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    client_id TEXT COLLATE "binary" NOT NULL,
    identifier TEXT COLLATE "binary" NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'web',
    audience TEXT NOT NULL DEFAULT 'individual',
    description TEXT,
    logo TEXT,
    template TEXT,
    is_integrated BOOLEAN NOT NULL DEFAULT false,
    is_first_party BOOLEAN NOT NULL DEFAULT true,
    protocol TEXT NOT NULL DEFAULT 'oidc',
    status TEXT NOT NULL DEFAULT 'enabled',
    sso_at BIGINT,
    default_access TEXT NOT NULL DEFAULT 'allow',
    secret_enc TEXT,
    old_secret_enc TEXT,
    secret_at BIGINT,
    token_auth TEXT NOT NULL DEFAULT 'client_secret_post',
    redirect_uris TEXT NOT NULL DEFAULT '[]',
    logout_uris TEXT NOT NULL DEFAULT '[]',
    login_uri TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX applications_client_id_key ON applications (client_id);
CREATE UNIQUE INDEX applications_identifier_key ON applications (identifier);
CREATE INDEX applications_pool_id_name_id_idx ON applications (pool_id, name, id);
CREATE INDEX applications_pool_id_is_integrated_id_idx ON applications (pool_id, is_integrated, id);

CREATE TABLE namespaces (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    serial BIGINT NOT NULL,
    code TEXT COLLATE "binary" NOT NULL,
    name TEXT,
    description TEXT,
    kind TEXT NOT NULL DEFAULT 'custom',
    application_id TEXT REFERENCES applications ON DELETE CASCADE,
    status TEXT NOT NULL DEFAULT 'enabled',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX namespaces_pool_id_code_key ON namespaces (pool_id, code);
CREATE UNIQUE INDEX namespaces_pool_id_serial_key ON namespaces (pool_id, serial);
CREATE INDEX namespaces_application_id_idx ON namespaces (application_id);

CREATE TABLE roles (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    namespace_id TEXT NOT NULL REFERENCES namespaces ON DELETE CASCADE,
    code TEXT COLLATE "binary" NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    parent_id TEXT REFERENCES roles ON DELETE SET NULL,
    kind TEXT NOT NULL DEFAULT 'business',
    status TEXT NOT NULL DEFAULT 'enabled',
    disable_at BIGINT,
    is_applicable BOOLEAN NOT NULL DEFAULT false,
    custom_data TEXT NOT NULL DEFAULT '{}',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX roles_namespace_id_code_key ON roles (namespace_id, code);
CREATE INDEX roles_namespace_id_name_idx ON roles (namespace_id, name);
CREATE INDEX roles_disable_at_idx ON roles (disable_at) WHERE disable_at is not null;
CREATE INDEX roles_pool_id_idx ON roles (pool_id);
CREATE INDEX roles_parent_id_idx ON roles (parent_id);

CREATE TABLE role_assignments (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    role_id TEXT NOT NULL REFERENCES roles ON DELETE CASCADE,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    tenant_id TEXT,
    starts_at BIGINT,
    ends_at BIGINT,
    inherit BOOLEAN NOT NULL DEFAULT true,
    source TEXT NOT NULL DEFAULT 'admin',
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX role_assignments_role_id_subject_kind_subject_id_key ON role_assignments (role_id, subject_kind, subject_id) WHERE tenant_id is null;
CREATE UNIQUE INDEX role_assignments_role_id_subject_kind_subject_id_tenant__key ON role_assignments (role_id, subject_kind, subject_id, tenant_id) WHERE tenant_id is not null;
CREATE INDEX role_assignments_pool_id_subject_kind_subject_id_idx ON role_assignments (pool_id, subject_kind, subject_id);
CREATE INDEX role_assignments_role_id_id_idx ON role_assignments (role_id, id);
CREATE INDEX role_assignments_ends_at_idx ON role_assignments (ends_at) WHERE ends_at is not null;

CREATE TABLE custom_fields (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    target TEXT NOT NULL,
    owner_id TEXT NOT NULL DEFAULT '',
    key TEXT COLLATE "binary" NOT NULL,
    data_type TEXT NOT NULL DEFAULT 'string',
    label TEXT NOT NULL,
    description TEXT,
    is_builtin BOOLEAN NOT NULL DEFAULT false,
    is_required BOOLEAN NOT NULL DEFAULT false,
    is_unique BOOLEAN NOT NULL DEFAULT false,
    is_indexed BOOLEAN NOT NULL DEFAULT true,
    is_encrypted BOOLEAN NOT NULL DEFAULT false,
    is_masked BOOLEAN NOT NULL DEFAULT false,
    user_editable BOOLEAN NOT NULL DEFAULT false,
    in_console BOOLEAN NOT NULL DEFAULT true,
    in_account BOOLEAN NOT NULL DEFAULT false,
    options TEXT,
    rules TEXT,
    i18n TEXT,
    application_ids TEXT,
    position BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX custom_fields_pool_id_target_owner_id_key_key ON custom_fields (pool_id, target, owner_id, key);

CREATE TABLE search_values (
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    key TEXT COLLATE "binary" NOT NULL,
    n BIGINT NOT NULL DEFAULT 0,
    value TEXT COLLATE "binary" NOT NULL,
    is_unique BOOLEAN NOT NULL DEFAULT false,
    PRIMARY KEY (pool_id, kind, target_id, key, n)
);
CREATE UNIQUE INDEX search_values_pool_id_kind_key_value_key ON search_values (pool_id, kind, key, value) WHERE is_unique;
CREATE INDEX search_values_pool_id_kind_key_value_target_id_idx ON search_values (pool_id, kind, key, value, target_id);

CREATE TABLE search_terms (
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    kind TEXT NOT NULL,
    term TEXT COLLATE "binary" NOT NULL,
    field TEXT NOT NULL,
    target_id TEXT NOT NULL,
    PRIMARY KEY (pool_id, kind, term, target_id, field)
);
CREATE INDEX search_terms_target_id_idx ON search_terms (target_id);

CREATE TABLE audit_events (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    category TEXT NOT NULL,
    kind TEXT NOT NULL,
    code TEXT,
    success BOOLEAN NOT NULL DEFAULT true,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    actor_name TEXT,
    target_kind TEXT,
    target_id TEXT,
    target_name TEXT,
    application_id TEXT,
    connection_id TEXT,
    tenant_id TEXT,
    session_id TEXT,
    ip TEXT,
    place TEXT,
    user_agent TEXT,
    request_id TEXT NOT NULL,
    detail TEXT,
    before TEXT,
    after TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX audit_events_pool_id_category_id_idx ON audit_events (pool_id, category, id);
CREATE INDEX audit_events_pool_id_kind_id_idx ON audit_events (pool_id, kind, id);
CREATE INDEX audit_events_actor_id_id_idx ON audit_events (actor_id, id);
CREATE INDEX audit_events_target_id_id_idx ON audit_events (target_id, id);
CREATE INDEX audit_events_application_id_id_idx ON audit_events (application_id, id);
CREATE INDEX audit_events_request_id_idx ON audit_events (request_id);

CREATE TABLE outbox (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    event TEXT NOT NULL,
    consumer TEXT NOT NULL,
    subject TEXT,
    payload TEXT NOT NULL DEFAULT '{}',
    sealed_enc TEXT,
    attempts BIGINT NOT NULL DEFAULT 0,
    run_at BIGINT NOT NULL,
    lease_until BIGINT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX outbox_consumer_run_at_idx ON outbox (consumer, run_at);
CREATE INDEX outbox_pool_id_idx ON outbox (pool_id);

CREATE TABLE dead_letters (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    event TEXT NOT NULL,
    consumer TEXT NOT NULL,
    subject TEXT,
    payload TEXT NOT NULL DEFAULT '{}',
    sealed_enc TEXT,
    attempts BIGINT NOT NULL,
    last_error TEXT,
    died_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX dead_letters_pool_id_consumer_id_idx ON dead_letters (pool_id, consumer, id);

CREATE TABLE jobs (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    serial BIGINT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending',
    payload TEXT NOT NULL DEFAULT '{}',
    result TEXT,
    total BIGINT NOT NULL DEFAULT 0,
    done BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    file_id TEXT,
    result_file_id TEXT,
    sync_task_id TEXT,
    actor_id TEXT,
    run_at BIGINT NOT NULL,
    lease_until BIGINT,
    attempts BIGINT NOT NULL DEFAULT 0,
    started_at BIGINT,
    ended_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX jobs_pool_id_kind_serial_key ON jobs (pool_id, kind, serial);
CREATE INDEX jobs_pool_id_kind_id_idx ON jobs (pool_id, kind, id);
CREATE INDEX jobs_sync_task_id_id_idx ON jobs (sync_task_id, id);
CREATE INDEX jobs_status_run_at_idx ON jobs (status, run_at);

CREATE TABLE job_items (
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    job_id TEXT NOT NULL REFERENCES jobs ON DELETE CASCADE,
    n BIGINT NOT NULL,
    action TEXT,
    object_kind TEXT,
    object_id TEXT,
    object_name TEXT,
    success BOOLEAN NOT NULL,
    code TEXT,
    message TEXT,
    data TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (job_id, n)
);
CREATE INDEX job_items_job_id_success_n_idx ON job_items (job_id, success, n);
CREATE INDEX job_items_pool_id_idx ON job_items (pool_id);

CREATE TABLE denied_tokens (
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    jti TEXT COLLATE "binary" NOT NULL,
    parent_id TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, jti)
);
CREATE INDEX denied_tokens_parent_id_idx ON denied_tokens (parent_id);
CREATE INDEX denied_tokens_expires_at_idx ON denied_tokens (expires_at);

CREATE TABLE signing_keys (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    use TEXT NOT NULL DEFAULT 'sig',
    alg TEXT NOT NULL,
    public_jwk TEXT,
    private_enc TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'next',
    active_from BIGINT NOT NULL,
    retired_at BIGINT,
    gone_at BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX signing_keys_pool_id_use_alg_key ON signing_keys (pool_id, use, alg) WHERE state = 'active';
CREATE INDEX signing_keys_pool_id_idx ON signing_keys (pool_id);

CREATE TABLE connections (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    name TEXT COLLATE "binary" NOT NULL,
    kind TEXT NOT NULL,
    provider TEXT,
    provider_id TEXT,
    display_name TEXT,
    logo TEXT,
    config TEXT NOT NULL DEFAULT '{}',
    secrets_enc TEXT,
    enabled BOOLEAN NOT NULL DEFAULT true,
    signup BOOLEAN NOT NULL DEFAULT true,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX connections_pool_id_name_key ON connections (pool_id, name);

CREATE TABLE connection_applications (
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    connection_id TEXT NOT NULL REFERENCES connections ON DELETE CASCADE,
    application_id TEXT NOT NULL REFERENCES applications ON DELETE CASCADE,
    position BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (connection_id, application_id)
);
CREATE INDEX connection_applications_application_id_idx ON connection_applications (application_id);
CREATE INDEX connection_applications_pool_id_idx ON connection_applications (pool_id);

CREATE TABLE counters (
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    kind TEXT NOT NULL,
    key TEXT COLLATE "binary" NOT NULL,
    n BIGINT NOT NULL DEFAULT 1,
    strikes BIGINT NOT NULL DEFAULT 0,
    window_ends BIGINT NOT NULL,
    locked_until BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (pool_id, kind, key)
);
CREATE INDEX counters_window_ends_idx ON counters (window_ends);

CREATE TABLE seen (
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    kind TEXT NOT NULL,
    key_hash TEXT COLLATE "binary" NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, kind, key_hash)
);
CREATE INDEX seen_expires_at_idx ON seen (expires_at);

CREATE TABLE data_keys (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    version BIGINT NOT NULL,
    wrapped TEXT NOT NULL,
    master_id TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'active',
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX data_keys_pool_id_version_key ON data_keys (pool_id, version);

CREATE TABLE changes (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX changes_at_idx ON changes (at);
CREATE INDEX changes_pool_id_idx ON changes (pool_id);

CREATE TABLE domains (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    name TEXT COLLATE "binary" NOT NULL,
    purpose TEXT NOT NULL,
    tenant_id TEXT,
    application_id TEXT REFERENCES applications ON DELETE CASCADE,
    connection_id TEXT REFERENCES connections ON DELETE CASCADE,
    is_default BOOLEAN NOT NULL DEFAULT false,
    verified_at BIGINT,
    verification TEXT,
    attributes TEXT NOT NULL DEFAULT '{}',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX domains_name_key ON domains (name) WHERE purpose = 'login';
CREATE UNIQUE INDEX domains_pool_id_purpose_name_key ON domains (pool_id, purpose, name);
CREATE INDEX domains_application_id_idx ON domains (application_id);
CREATE INDEX domains_connection_id_idx ON domains (connection_id);

CREATE TABLE users (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    directory_id TEXT NOT NULL REFERENCES connections,
    qualified_id TEXT COLLATE "binary" NOT NULL,
    kind TEXT NOT NULL DEFAULT 'person',
    status TEXT NOT NULL DEFAULT 'activated',
    status_at BIGINT NOT NULL,
    source TEXT NOT NULL DEFAULT 'admin',
    source_id TEXT,
    register_source TEXT NOT NULL DEFAULT '[]',
    username TEXT,
    username_key TEXT COLLATE "binary",
    email TEXT,
    email_key TEXT COLLATE "binary",
    email_verified BOOLEAN NOT NULL DEFAULT false,
    phone TEXT,
    phone_country TEXT,
    phone_key TEXT COLLATE "binary",
    phone_verified BOOLEAN NOT NULL DEFAULT false,
    external_id TEXT COLLATE "binary",
    name TEXT,
    nickname TEXT,
    given_name TEXT,
    family_name TEXT,
    photo TEXT,
    gender TEXT NOT NULL DEFAULT 'U',
    locale TEXT,
    profile TEXT NOT NULL DEFAULT '{}',
    identity_number_enc TEXT,
    user_data TEXT NOT NULL DEFAULT '{}',
    admin_data TEXT NOT NULL DEFAULT '{}',
    manager_id TEXT REFERENCES users ON DELETE SET NULL,
    expires_at BIGINT,
    token_expired_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX users_directory_id_email_key_key ON users (directory_id, email_key);
CREATE UNIQUE INDEX users_directory_id_username_key_key ON users (directory_id, username_key);
CREATE UNIQUE INDEX users_directory_id_phone_key_key ON users (directory_id, phone_key);
CREATE UNIQUE INDEX users_pool_id_qualified_id_key ON users (pool_id, qualified_id);
CREATE UNIQUE INDEX users_pool_id_external_id_key ON users (pool_id, external_id);
CREATE INDEX users_pool_id_email_key_idx ON users (pool_id, email_key);
CREATE INDEX users_pool_id_username_key_idx ON users (pool_id, username_key);
CREATE INDEX users_pool_id_phone_key_idx ON users (pool_id, phone_key);
CREATE INDEX users_pool_id_kind_id_idx ON users (pool_id, kind, id);
CREATE INDEX users_pool_id_status_status_at_id_idx ON users (pool_id, status, status_at, id);
CREATE INDEX users_pool_id_updated_at_id_idx ON users (pool_id, updated_at, id);
CREATE INDEX users_manager_id_idx ON users (manager_id);
CREATE INDEX users_expires_at_idx ON users (expires_at) WHERE expires_at is not null;

CREATE TABLE user_activity (
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    logins BIGINT NOT NULL DEFAULT 0,
    last_login_at BIGINT,
    last_ip TEXT,
    last_application_id TEXT,
    last_connection_id TEXT,
    last_mfa_at BIGINT,
    user_agent TEXT,
    device TEXT,
    PRIMARY KEY (user_id)
);
CREATE INDEX user_activity_pool_id_last_login_at_user_id_idx ON user_activity (pool_id, last_login_at, user_id);
CREATE INDEX user_activity_pool_id_logins_user_id_idx ON user_activity (pool_id, logins, user_id);

CREATE TABLE groups (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    code TEXT COLLATE "binary" NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    kind TEXT NOT NULL DEFAULT 'static',
    rule TEXT,
    status TEXT NOT NULL DEFAULT 'enabled',
    source TEXT NOT NULL DEFAULT 'manual',
    connection_id TEXT REFERENCES connections ON DELETE SET NULL,
    external_id TEXT COLLATE "binary",
    custom_data TEXT NOT NULL DEFAULT '{}',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX groups_pool_id_code_key ON groups (pool_id, code);
CREATE UNIQUE INDEX groups_connection_id_external_id_key ON groups (connection_id, external_id);
CREATE INDEX groups_pool_id_name_id_idx ON groups (pool_id, name, id);

CREATE TABLE group_members (
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES groups ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    source TEXT NOT NULL DEFAULT 'manual',
    created_at BIGINT NOT NULL,
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_user_id_idx ON group_members (user_id);
CREATE INDEX group_members_group_id_created_at_user_id_idx ON group_members (group_id, created_at, user_id);
CREATE INDEX group_members_pool_id_idx ON group_members (pool_id);

CREATE TABLE administrators (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    kind TEXT NOT NULL DEFAULT 'cooperator',
    is_external BOOLEAN NOT NULL DEFAULT false,
    api_access BOOLEAN NOT NULL DEFAULT false,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX administrators_user_id_kind_key ON administrators (user_id, kind);
CREATE INDEX administrators_pool_id_idx ON administrators (pool_id);

CREATE TABLE access_keys (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    key_id TEXT COLLATE "binary" NOT NULL,
    secret_enc TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'pool',
    user_id TEXT REFERENCES users ON DELETE CASCADE,
    tenant_id TEXT,
    application_id TEXT REFERENCES applications ON DELETE CASCADE,
    connection_id TEXT REFERENCES connections ON DELETE CASCADE,
    enabled BOOLEAN NOT NULL DEFAULT true,
    token_lifetime_s BIGINT,
    remarks TEXT,
    last_used_at BIGINT,
    expires_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX access_keys_key_id_key ON access_keys (key_id);
CREATE INDEX access_keys_user_id_idx ON access_keys (user_id);
CREATE INDEX access_keys_application_id_idx ON access_keys (application_id);
CREATE INDEX access_keys_tenant_id_idx ON access_keys (tenant_id);
CREATE INDEX access_keys_pool_id_idx ON access_keys (pool_id);
CREATE INDEX access_keys_connection_id_idx ON access_keys (connection_id);

CREATE TABLE user_security (
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    generation BIGINT NOT NULL DEFAULT 1,
    reset TEXT,
    mfa_mode TEXT,
    password_at BIGINT,
    password_level BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (user_id)
);
CREATE INDEX user_security_pool_id_idx ON user_security (pool_id);

CREATE TABLE identities (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    connection_id TEXT REFERENCES connections ON DELETE SET NULL,
    issuer TEXT COLLATE "binary" NOT NULL,
    subject TEXT COLLATE "binary" NOT NULL,
    provider TEXT NOT NULL,
    profile TEXT NOT NULL DEFAULT '{}',
    tokens_enc TEXT,
    linked_by TEXT NOT NULL,
    last_used_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX identities_pool_id_issuer_subject_key ON identities (pool_id, issuer, subject);
CREATE INDEX identities_user_id_idx ON identities (user_id);
CREATE INDEX identities_connection_id_idx ON identities (connection_id);

CREATE TABLE credentials (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'active',
    label TEXT,
    lookup TEXT COLLATE "binary",
    hash TEXT,
    secret_enc TEXT,
    data TEXT NOT NULL DEFAULT '{}',
    version BIGINT NOT NULL DEFAULT 1,
    used_at BIGINT,
    expires_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX credentials_user_id_key ON credentials (user_id) WHERE kind = 'password';
CREATE UNIQUE INDEX credentials_pool_id_kind_lookup_key ON credentials (pool_id, kind, lookup) WHERE lookup is not null;
CREATE INDEX credentials_user_id_kind_idx ON credentials (user_id, kind);
CREATE INDEX credentials_expires_at_idx ON credentials (expires_at) WHERE expires_at is not null;
CREATE INDEX credentials_pool_id_idx ON credentials (pool_id);

CREATE TABLE password_history (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX password_history_user_id_created_at_idx ON password_history (user_id, created_at);
CREATE INDEX password_history_pool_id_idx ON password_history (pool_id);

CREATE TABLE trusted_browsers (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    secret_hash TEXT COLLATE "binary" NOT NULL,
    label TEXT,
    place TEXT,
    mfa_until BIGINT NOT NULL DEFAULT 0,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX trusted_browsers_pool_id_secret_hash_key ON trusted_browsers (pool_id, secret_hash);
CREATE INDEX trusted_browsers_expires_at_idx ON trusted_browsers (expires_at);
CREATE INDEX trusted_browsers_user_id_idx ON trusted_browsers (user_id);

CREATE TABLE sessions (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    kind TEXT NOT NULL,
    secret_hash TEXT COLLATE "binary",
    generation BIGINT NOT NULL,
    proofs TEXT NOT NULL DEFAULT '[]',
    acr TEXT NOT NULL DEFAULT '1',
    auth_at BIGINT NOT NULL,
    mfa_at BIGINT,
    device_id TEXT,
    browser_id TEXT REFERENCES trusted_browsers ON DELETE SET NULL,
    ip TEXT,
    user_agent TEXT,
    place TEXT,
    actor TEXT,
    seen_at BIGINT NOT NULL,
    idle_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX sessions_pool_id_secret_hash_key ON sessions (pool_id, secret_hash) WHERE secret_hash is not null;
CREATE INDEX sessions_user_id_ended_at_idx ON sessions (user_id, ended_at);
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);
CREATE INDEX sessions_pool_id_idx ON sessions (pool_id);
CREATE INDEX sessions_browser_id_idx ON sessions (browser_id);

CREATE TABLE grants (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    session_id TEXT REFERENCES sessions ON DELETE SET NULL,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    application_id TEXT NOT NULL REFERENCES applications ON DELETE CASCADE,
    generation BIGINT NOT NULL,
    issuer_kind TEXT NOT NULL,
    scope TEXT NOT NULL DEFAULT '',
    audience TEXT NOT NULL DEFAULT '[]',
    claims TEXT NOT NULL DEFAULT '{}',
    context TEXT NOT NULL DEFAULT '{}',
    nonce TEXT,
    sender TEXT,
    tenant_id TEXT,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX grants_session_id_idx ON grants (session_id);
CREATE INDEX grants_user_id_application_id_idx ON grants (user_id, application_id);
CREATE INDEX grants_expires_at_idx ON grants (expires_at);
CREATE INDEX grants_pool_id_idx ON grants (pool_id);
CREATE INDEX grants_application_id_idx ON grants (application_id);

CREATE TABLE refresh_families (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    grant_id TEXT NOT NULL REFERENCES grants ON DELETE CASCADE,
    application_id TEXT NOT NULL REFERENCES applications ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    n BIGINT NOT NULL DEFAULT 1,
    mac_version BIGINT NOT NULL,
    rotating BOOLEAN NOT NULL DEFAULT true,
    rotated_at BIGINT NOT NULL DEFAULT 0,
    prev_rotated_at BIGINT NOT NULL DEFAULT 0,
    grace_left BIGINT NOT NULL DEFAULT 0,
    idle_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_by TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX refresh_families_grant_id_key ON refresh_families (grant_id);
CREATE INDEX refresh_families_user_id_idx ON refresh_families (user_id);
CREATE INDEX refresh_families_expires_at_idx ON refresh_families (expires_at);
CREATE INDEX refresh_families_pool_id_idx ON refresh_families (pool_id);
CREATE INDEX refresh_families_application_id_idx ON refresh_families (application_id);

CREATE TABLE access_handles (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    secret_hash TEXT COLLATE "binary" NOT NULL,
    grant_id TEXT NOT NULL REFERENCES grants ON DELETE CASCADE,
    scope TEXT NOT NULL DEFAULT '',
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX access_handles_pool_id_secret_hash_key ON access_handles (pool_id, secret_hash);
CREATE INDEX access_handles_grant_id_idx ON access_handles (grant_id);
CREATE INDEX access_handles_expires_at_idx ON access_handles (expires_at);

CREATE TABLE consents (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    application_id TEXT NOT NULL REFERENCES applications ON DELETE CASCADE,
    kind TEXT NOT NULL,
    key TEXT COLLATE "binary" NOT NULL,
    granted TEXT NOT NULL DEFAULT '{}',
    granted_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX consents_user_id_application_id_kind_key_key ON consents (user_id, application_id, kind, key);
CREATE INDEX consents_pool_id_idx ON consents (pool_id);
CREATE INDEX consents_application_id_idx ON consents (application_id);

CREATE TABLE application_users (
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    application_id TEXT NOT NULL REFERENCES applications ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    logins BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (application_id, user_id)
);
CREATE INDEX application_users_application_id_last_at_user_id_idx ON application_users (application_id, last_at, user_id);
CREATE INDEX application_users_user_id_last_at_idx ON application_users (user_id, last_at);
CREATE INDEX application_users_pool_id_idx ON application_users (pool_id);

CREATE TABLE signins (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    application_id TEXT NOT NULL REFERENCES applications ON DELETE CASCADE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',
    version BIGINT NOT NULL DEFAULT 1,
    secret_hash TEXT COLLATE "binary" NOT NULL,
    browser_hash TEXT COLLATE "binary",
    request TEXT NOT NULL DEFAULT '{}',
    user_id TEXT REFERENCES users ON DELETE CASCADE,
    identifier TEXT COLLATE "binary",
    proofs TEXT NOT NULL DEFAULT '[]',
    answers TEXT NOT NULL DEFAULT '{}',
    upstream_enc TEXT,
    risk BIGINT NOT NULL DEFAULT 0,
    ip TEXT,
    user_agent TEXT,
    session_id TEXT REFERENCES sessions ON DELETE SET NULL,
    denied TEXT,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX signins_pool_id_secret_hash_key ON signins (pool_id, secret_hash);
CREATE INDEX signins_user_id_state_idx ON signins (user_id, state);
CREATE INDEX signins_expires_at_idx ON signins (expires_at);
CREATE INDEX signins_application_id_idx ON signins (application_id);
CREATE INDEX signins_session_id_idx ON signins (session_id);

CREATE TABLE one_time_secrets (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'live',
    secret_hash TEXT COLLATE "binary" NOT NULL,
    recipient TEXT COLLATE "binary",
    user_id TEXT REFERENCES users ON DELETE CASCADE,
    application_id TEXT REFERENCES applications ON DELETE CASCADE,
    signin_id TEXT REFERENCES signins ON DELETE CASCADE,
    grant_id TEXT REFERENCES grants ON DELETE CASCADE,
    binding TEXT COLLATE "binary",
    data_enc TEXT,
    tries BIGINT NOT NULL DEFAULT 0,
    max_tries BIGINT,
    sent_at BIGINT,
    consumed_at BIGINT,
    superseded_at BIGINT,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX one_time_secrets_pool_id_purpose_secret_hash_key ON one_time_secrets (pool_id, purpose, secret_hash);
CREATE INDEX one_time_secrets_pool_id_recipient_purpose_created_at_idx ON one_time_secrets (pool_id, recipient, purpose, created_at);
CREATE INDEX one_time_secrets_expires_at_idx ON one_time_secrets (expires_at);
CREATE INDEX one_time_secrets_user_id_idx ON one_time_secrets (user_id);
CREATE INDEX one_time_secrets_application_id_idx ON one_time_secrets (application_id);
CREATE INDEX one_time_secrets_signin_id_idx ON one_time_secrets (signin_id);
CREATE INDEX one_time_secrets_grant_id_idx ON one_time_secrets (grant_id);
