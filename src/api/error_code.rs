//! The error codes of the API's model, as batch operations give them entry by entry.

use crate::open_enum::open_enum;

open_enum! {
    /// Why one entry of a batch was refused.
    ErrorCode {
        /// The entry is outside of the service's limits.
        BadRequest,
        /// The entry conflicts with what exists.
        Conflict,
        /// The caller may not do this.
        Forbidden,
        /// The entry's resource does not exist.
        NotFound,
        /// What the operation needs to be so is not so.
        PreconditionFailed,
        /// A limit on the number of resources is reached.
        ResourceLimitExceeded,
        /// The service failed.
        ServiceFailure,
        /// The caller lacks a permission.
        AccessDenied,
        /// The service is not available.
        ServiceUnavailable,
        /// There were too many requests.
        Throttled,
        /// There were too many requests.
        Throttling,
        /// The caller is not known.
        Unauthorized,
        /// The entry is in order but the state of things forbids it.
        Unprocessable,
        /// Voice connector groups are still associated.
        VoiceConnectorGroupAssociationsExist,
        /// Phone numbers are still associated.
        PhoneNumberAssociationsExist,
    }
}
