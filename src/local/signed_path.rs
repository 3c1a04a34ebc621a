//! The path of a request in the forms in which signers sign it.

use std::borrow::Cow;

use aws_sigv4::http_request::UriPathNormalizationMode::{self, Disabled, Enabled};

/// A path in the form of a signer, and whether the signer removes empty segments and dot segments.
pub(super) struct SignedPath<'a> {
    pub(super) path: Cow<'a, str>,
    pub(super) mode: UriPathNormalizationMode,
}

/// Returns the forms in which signers sign a path. There are several forms only if the path has dot segments (`.` or
/// `..`), and no operation has such a path.
pub(super) fn signed_paths(path: &str) -> Vec<SignedPath<'_>> {
    // The AWS SDK for Rust: the path ends with a slash if its last segment is a dot segment.
    let mut forms = vec![SignedPath { path: path.into(), mode: Enabled }];
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        // botocore and the AWS SDK for JavaScript: the path does not end with a slash.
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
