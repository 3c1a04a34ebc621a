//! What operations changed in the directory, as whoever stores it is told.

/// Where a row is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    pub(super) kind: Kind,
    /// The position of the account that the row belongs to. It is 0 for what belongs to the AWS account.
    pub(super) account: u64,
    /// The position of the room that the row belongs to. It is 0 for what does not belong to a room.
    pub(super) room: u64,
    /// The position of the row in its table.
    pub(super) position: u64,
}

/// What a row is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Kind {
    #[default]
    Account,
    User,
    Bot,
    Room,
    RoomMembership,
    PhoneNumber,
    PhoneNumberOrder,
    PhoneNumberSettings,
    GlobalSettings,
}

#[cfg(feature = "durable")]
impl Kind {
    const ALL: [Self; 9] = [
        Self::Account,
        Self::User,
        Self::Bot,
        Self::Room,
        Self::RoomMembership,
        Self::PhoneNumber,
        Self::PhoneNumberOrder,
        Self::PhoneNumberSettings,
        Self::GlobalSettings,
    ];

    /// Its name where it is stored, which is that of seeds.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Account => "Account",
            Self::User => "User",
            Self::Bot => "Bot",
            Self::Room => "Room",
            Self::RoomMembership => "RoomMembership",
            Self::PhoneNumber => "PhoneNumber",
            Self::PhoneNumberOrder => "PhoneNumberOrder",
            Self::PhoneNumberSettings => "PhoneNumberSettings",
            Self::GlobalSettings => "GlobalSettings",
        }
    }

    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What became of a row.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "durable"), expect(dead_code, reason = "nobody stores it"))]
pub(super) enum Change<'a> {
    /// It was added or changed. The function returns it as JSON.
    Put(&'a dyn Fn() -> serde_json::Result<String>),
    /// It was removed, with everything in it, from a table to which so many rows were ever added.
    Remove { added: u64 },
}
