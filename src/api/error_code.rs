//! The error codes of single entries of batch operations.

use crate::open_enum::open_enum;

open_enum! {
    /// The reason why the service refused one entry of a batch.
    ErrorCode {
        /// The entry violates a limit of the service.
        BadRequest,
        /// The entry conflicts with an existing resource.
        Conflict,
        /// The caller is not allowed to use the operation.
        Forbidden,
        /// The resource of the entry does not exist.
        NotFound,
        /// A condition of the operation is not met.
        PreconditionFailed,
        /// A limit on the number of resources is reached.
        ResourceLimitExceeded,
        /// The service failed.
        ServiceFailure,
        /// The caller does not have a required permission.
        AccessDenied,
        /// The service is not available.
        ServiceUnavailable,
        /// There were too many requests.
        Throttled,
        /// There were too many requests.
        Throttling,
        /// The service does not know the caller.
        Unauthorized,
        /// The entry is valid, but the current state of the resource forbids the operation.
        Unprocessable,
        /// Voice Connector groups are still associated with the resource.
        VoiceConnectorGroupAssociationsExist,
        /// Phone numbers are still associated with the resource.
        PhoneNumberAssociationsExist,
    }
}
