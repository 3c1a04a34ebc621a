//! An error answer never panics, and shows no address and nothing unprintable.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| amazon_chime::fuzzing::error_body(data));
