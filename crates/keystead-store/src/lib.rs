//! All the SQL: both drivers, tables, migrations.
