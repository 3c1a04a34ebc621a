//! Reading dates and delays of responses never panics, and corrects the clock only within limits.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| amazon_chime::fuzzing::timestamp(data));
