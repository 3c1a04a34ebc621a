//! An error shows no sensitive value of the request in any form, and its length is limited.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| amazon_chime::fuzzing::redaction(data));
