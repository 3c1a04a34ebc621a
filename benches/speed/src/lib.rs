//! What the programs share that measure the clients: one program a client, so
//! that none carries the code of another.

pub mod outcome;
pub mod run;
pub mod subject;
pub mod work;
