//! Every operation of the domain, once.
