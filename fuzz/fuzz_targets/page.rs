//! Reading a page of accounts or users never panics, and a written page is read back unchanged.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| amazon_chime::fuzzing::page(data));
