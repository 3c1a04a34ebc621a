//! The dates and delays of answers never panic, and mend the clock within reason.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| amazon_chime::fuzzing::timestamp(data));
