//! A page of accounts or users never panics, and reads back what it writes.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| amazon_chime::fuzzing::page(data));
