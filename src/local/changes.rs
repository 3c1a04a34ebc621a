//! The changes that operations made in the directory, in the form for the store.

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    pub(super) kind: Kind,
    /// The position of the row's account, or 0 for rows of the AWS account.
    pub(super) account: u64,
    /// The position of the row's room, or 0 for rows without a room.
    pub(super) room: u64,
    /// The position of the row in its table.
    pub(super) position: u64,
}

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

    /// Returns the name of the kind in the store and in seeds.
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

#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "durable"), expect(dead_code, reason = "nobody stores it"))]
pub(super) enum Change<'a> {
    /// The row was added or changed. The function returns the row as JSON.
    Put(&'a dyn Fn() -> serde_json::Result<String>),
    /// The row and its child rows were removed. `added` is the number of rows that were ever added to the table.
    Remove { added: u64 },
}
