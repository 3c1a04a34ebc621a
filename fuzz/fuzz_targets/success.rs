//! A success is accepted only if it is a response of the operation.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| amazon_chime::fuzzing::success(data));
