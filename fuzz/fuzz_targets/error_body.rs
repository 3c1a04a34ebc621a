//! Reading an error response never panics, and the error shows no address and no unprintable character.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| amazon_chime::fuzzing::error_body(data));
