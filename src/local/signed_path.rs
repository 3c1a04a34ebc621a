//! The path of a request as signers sign it.

use std::borrow::Cow;

use aws_sigv4::http_request::UriPathNormalizationMode::{self, Disabled, Enabled};

/// A path of a request as its signer wrote it, and whether empty segments and dot segments of it were removed.
pub(super) struct SignedPath<'a> {
    pub(super) path: Cow<'a, str>,
    pub(super) mode: UriPathNormalizationMode,
}

/// The forms in which signers sign a path. They are the same unless the path has dot segments (`.` or `..`), which name
/// no operation in any form.
pub(super) fn signed_paths(path: &str) -> Vec<SignedPath<'_>> {
    // The AWS SDK for Rust: the path ends with a slash if its last segment is a dot segment.
    let mut forms = vec![SignedPath { path: path.into(), mode: Enabled }];
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        // botocore and the AWS SDK for JavaScript: it does not.
        forms.push(SignedPath { path: without_dot_segments(path).into(), mode: Enabled });
        // The AWS SDK for Go: dot segments stay.
        forms.push(SignedPath { path: path.into(), mode: Disabled });
    }
    forms
}

fn without_dot_segments(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    let end = if path.ends_with('/') && !segments.is_empty() { "/" } else { "" };
    format!("/{}{end}", segments.join("/"))
}
