//! The content of a page and its link.

use url::form_urlencoded::{self, Serializer};

/// The content of a page: rows of one kind, or one row.
///
/// Rows are found by their positions in their tables, so no link contains a phone number or a name.
#[derive(Clone, Default)]
pub(super) struct View {
    pub(super) kind: Kind,
    /// The position of the account whose rows are shown, or `None` for all accounts.
    pub(super) account: Option<u64>,
    /// The position of the room whose members are shown.
    pub(super) room: Option<u64>,
    /// The position of the row whose details are shown.
    pub(super) row: Option<u64>,
    /// The position before the first row.
    pub(super) after: Position,
    /// The text that rows must contain, in lower case.
    pub(super) search: String,
    /// Whether sensitive values are shown.
    pub(super) shows_sensitive: bool,
}

/// The place of a row among the rows of all accounts.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) struct Position {
    pub(super) account: u64,
    pub(super) row: u64,
}

#[derive(Clone, Copy, Default, PartialEq)]
pub(super) enum Kind {
    #[default]
    Account,
    User,
    Room,
    RoomMembership,
    Bot,
    PhoneNumber,
}

impl Kind {
    pub(super) const ALL: [Self; 6] =
        [Self::Account, Self::User, Self::Room, Self::RoomMembership, Self::Bot, Self::PhoneNumber];

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Account => "Accounts",
            Self::User => "Users",
            Self::Room => "Rooms",
            Self::RoomMembership => "Members",
            Self::Bot => "Bots",
            Self::PhoneNumber => "Phone numbers",
        }
    }

    pub(super) fn singular(self) -> &'static str {
        match self {
            Self::Account => "Account",
            Self::User => "User",
            Self::Room => "Room",
            Self::RoomMembership => "Member",
            Self::Bot => "Bot",
            Self::PhoneNumber => "Phone number",
        }
    }

    /// Returns the name in links.
    fn name(self) -> &'static str {
        match self {
            Self::Account => "accounts",
            Self::User => "users",
            Self::Room => "rooms",
            Self::RoomMembership => "members",
            Self::Bot => "bots",
            Self::PhoneNumber => "phone-numbers",
        }
    }
}

impl View {
    /// Returns the view that the query of a link describes. An absent or invalid parameter has its default value.
    pub(super) fn of(query: &str) -> Self {
        let mut view = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "list" => {
                    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == value);
                    view.kind = kind.unwrap_or_default();
                }
                "account" => view.account = value.parse().ok(),
                "room" => view.room = value.parse().ok(),
                "row" => view.row = value.parse().ok(),
                "after" => view.after = Position::of(&value).unwrap_or_default(),
                "search" => view.search = value.trim().to_lowercase(),
                "show" => view.shows_sensitive = value == "1",
                _ => {}
            }
        }
        view
    }

    pub(super) fn all(&self, kind: Kind) -> Self {
        Self { kind, shows_sensitive: self.shows_sensitive, ..Self::default() }
    }

    pub(super) fn link(&self) -> String {
        format!("/?{}", self.query(true))
    }

    /// Returns the hidden fields of the search form.
    pub(super) fn form_fields(&self) -> Vec<(String, String)> {
        let view = Self { row: None, after: Position::default(), ..self.clone() };
        let query = view.query(false);
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    fn query(&self, with_search: bool) -> String {
        let mut query = Serializer::new(String::new());
        query.append_pair("list", self.kind.name());
        for (name, position) in [("account", self.account), ("room", self.room), ("row", self.row)]
        {
            if let Some(position) = position {
                query.append_pair(name, &position.to_string());
            }
        }
        if self.after != Position::default() {
            query.append_pair("after", &format!("{}.{}", self.after.account, self.after.row));
        }
        if with_search && !self.search.is_empty() {
            query.append_pair("search", &self.search);
        }
        if self.shows_sensitive {
            query.append_pair("show", "1");
        }
        query.finish()
    }
}

impl Position {
    fn of(text: &str) -> Option<Self> {
        let (account, row) = text.split_once('.')?;
        Some(Self { account: account.parse().ok()?, row: row.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_its_view() {
        let query = "list=members&account=1&room=2&row=3&after=4.5&search=a+%22%26%3Db&show=1";
        let view = View::of(query);
        assert_eq!(view.search, "a \"&=b");
        assert_eq!(view.link(), format!("/?{query}"));
        assert_eq!(
            View::of("list=x&account=-1&row=&after=1&show=yes&x=y").link(),
            "/?list=accounts"
        );
    }

    #[test]
    fn a_search_stays_in_its_list_and_begins_on_the_first_page() {
        let view = View::of("list=members&account=1&room=2&row=3&after=4.5&search=ana&show=1");
        let fields = view.form_fields();
        let fields: Vec<_> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(fields, [("list", "members"), ("account", "1"), ("room", "2"), ("show", "1")]);
    }
}
