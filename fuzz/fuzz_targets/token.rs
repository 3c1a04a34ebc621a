//! Every page token and every identifier arrives unchanged.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| amazon_chime::fuzzing::token(data));
