//! The Authing dialects over the domain.
