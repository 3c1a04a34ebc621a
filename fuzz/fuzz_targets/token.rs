//! A page token or an identifier arrives as it was, whatever is in it.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| amazon_chime::fuzzing::token(data));
