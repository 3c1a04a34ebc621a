//! The operations of an embedded Chime without HTTP and signatures, for benchmarks.

use chrono::Utc;
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use serde_json::Value;

use super::directory::Directory;
use super::routes;

/// The data of an embedded Chime and the operations on it.
#[derive(Default)]
pub struct Operations(Directory);

impl Operations {
    /// Calls the operation with this method and URI, and returns the body of the response.
    pub fn call(&mut self, method: &str, uri: &str, body: &str) -> Value {
        let request = Request::builder().method(method).uri(uri);
        let request = request.header(CONTENT_TYPE, "application/json");
        let request = request.body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
        let routed = routes::find(&request, Utc::now()).unwrap();
        let answer = (routed.operation)(&routed.call, &mut self.0).unwrap();
        serde_json::from_str(&answer.body.unwrap_or_default()).unwrap_or_default()
    }
}
