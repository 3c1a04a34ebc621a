//! An error shows nothing sensitive of the request in any form, and is of bounded length.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| amazon_chime::fuzzing::redaction(data));
