//! The common code of the programs that measure the clients. Each client has a program of its own, so that no program
//! contains the code of another client.

pub mod outcome;
pub mod run;
pub mod subject;
pub mod work;
