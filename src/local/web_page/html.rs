//! The HTML of a page. All text from the data and from the request is escaped.

use std::fmt::{self, Display, Formatter, Write};

use serde_json::Value;

use super::rows::{Row, Rows};
use super::view::{Kind, Position, View};

const STYLE: &str = include_str!("style.css");

/// Returns the whole page. The style sheet has the nonce, so that the browser accepts the style sheet.
pub(super) fn page(view: &View, rows: &Rows, nonce: &str) -> String {
    let mut html = String::new();
    // Writing to a `String` never fails.
    _ = write_page(&mut html, view, rows, nonce);
    html
}

fn write_page(html: &mut String, view: &View, rows: &Rows, nonce: &str) -> fmt::Result {
    let title = view.kind.title();
    write!(
        html,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title} – Chime</title><style nonce=\"{nonce}\">\n{STYLE}</style></head>\n<body>"
    )?;
    write_header(html, view, rows)?;
    html.push_str("<main>\n");
    write_heading(html, view, rows)?;
    match (view.row, rows.shown.first()) {
        (Some(_), Some(row)) => write_row(html, view, row)?,
        (_, None) => html.push_str("<p class=\"none\">There is nothing here.</p>"),
        (None, Some(_)) => write_table(html, view, rows)?,
    }
    html.push_str("</main>\n<footer>This page changes nothing. It is shown on this machine only.</footer></body></html>\n");
    Ok(())
}

fn write_header(html: &mut String, view: &View, rows: &Rows) -> fmt::Result {
    html.push_str("<header><nav>");
    for (kind, count) in &rows.totals {
        let link = view.all(*kind).link();
        let is_current = *kind == view.kind && view.account.is_none();
        let current = if is_current { " aria-current=\"page\"" } else { "" };
        let title = kind.title();
        write!(
            html,
            "<a href=\"{}\"{current}><b>{}</b> {title}</a>",
            Escaped(&link),
            Escaped(count)
        )?;
    }
    let (text, other) = if view.shows_sensitive {
        ("Hide sensitive values", false)
    } else {
        ("Show sensitive values", true)
    };
    let other = View { shows_sensitive: other, ..view.clone() }.link();
    writeln!(html, "</nav><a class=\"button\" href=\"{}\">{text}</a></header>", Escaped(&other))
}

fn write_heading(html: &mut String, view: &View, rows: &Rows) -> fmt::Result {
    let title = if view.row.is_some() { view.kind.singular() } else { view.kind.title() };
    write!(html, "<div class=\"heading\"><h1>{title}")?;
    if view.kind == Kind::RoomMembership {
        html.push_str(" of a room");
    }
    if let (Some(account), Some(name)) = (view.account, &rows.account_name) {
        let link = View { row: Some(account), ..view.all(Kind::Account) }.link();
        write!(html, " of <a href=\"{}\">{}</a>", Escaped(&link), Escaped(name))?;
    }
    html.push_str("</h1>");
    if view.row.is_none() {
        html.push_str("<form>");
        for (name, value) in view.form_fields() {
            let (name, value) = (Escaped(&name), Escaped(&value));
            write!(html, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")?;
        }
        let search = Escaped(&view.search);
        write!(
            html,
            "<input type=\"search\" name=\"search\" value=\"{search}\" aria-label=\"Search\" \
             placeholder=\"Part of any value\"><button>Search</button></form>"
        )?;
    }
    html.push_str("</div>\n");
    Ok(())
}

/// Returns the columns of the table of a kind: the title, and the path to the member of a row.
fn columns(kind: Kind) -> &'static [(&'static str, &'static [&'static str])] {
    match kind {
        Kind::Account => &[
            ("Name", &["Name"]),
            ("Type", &["AccountType"]),
            ("Status", &["AccountStatus"]),
            ("Default license", &["DefaultLicense"]),
        ],
        Kind::User => &[
            ("Name", &["DisplayName"]),
            ("E-mail", &["PrimaryEmail"]),
            ("Phone number", &["PrimaryProvisionedNumber"]),
            ("License", &["LicenseType"]),
            ("Registration", &["UserRegistrationStatus"]),
        ],
        Kind::Room => &[("Name", &["Name"]), ("Created", &["CreatedTimestamp"])],
        Kind::RoomMembership => &[
            ("Name", &["Member", "FullName"]),
            ("E-mail", &["Member", "Email"]),
            ("Type", &["Member", "MemberType"]),
            ("Role", &["Role"]),
        ],
        Kind::Bot => &[
            ("Name", &["DisplayName"]),
            ("E-mail", &["BotEmail"]),
            ("Type", &["BotType"]),
            ("Disabled", &["Disabled"]),
        ],
        Kind::PhoneNumber => &[
            ("Number", &["E164PhoneNumber"]),
            ("Product", &["ProductType"]),
            ("Type", &["Type"]),
            ("Country", &["Country"]),
            ("Status", &["Status"]),
            ("Calling name", &["CallingName"]),
        ],
    }
}

fn id(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Account => &["AccountId"],
        Kind::User => &["UserId"],
        Kind::Room => &["RoomId"],
        Kind::RoomMembership => &["Member", "MemberId"],
        Kind::Bot => &["BotId"],
        Kind::PhoneNumber => &["PhoneNumberId"],
    }
}

fn write_table(html: &mut String, view: &View, rows: &Rows) -> fmt::Result {
    let columns = columns(view.kind);
    let has_accounts = view.account.is_none() && rows.shown.iter().any(|row| row.account.is_some());
    html.push_str("<div class=\"wide\"><table class=\"list\"><thead><tr><th>ID</th>");
    for (title, _) in columns {
        write!(html, "<th>{title}</th>")?;
    }
    for (kind, _) in rows.shown.first().into_iter().flat_map(|row| &row.contents) {
        write!(html, "<th>{}</th>", kind.title())?;
    }
    html.push_str(if has_accounts { "<th>Account</th>" } else { "" });
    html.push_str("</tr></thead><tbody>\n");
    for row in &rows.shown {
        write!(html, "<tr><td class=\"id\"><a href=\"{}\">", Escaped(&link(view, row)))?;
        write_member(html, view, row, id(view.kind))?;
        html.push_str("</a></td>");
        for (_, way) in columns {
            html.push_str("<td>");
            write_member(html, view, row, way)?;
            html.push_str("</td>");
        }
        for (kind, count) in &row.contents {
            let link = link_to_contents(view, row, *kind);
            write!(html, "<td><a href=\"{}\">{count}</a></td>", Escaped(&link))?;
        }
        if let Some((account, name)) = row.account.as_ref().filter(|_| has_accounts) {
            let link = View { account: Some(*account), ..view.all(view.kind) }.link();
            write!(html, "<td><a href=\"{}\">{}</a></td>", Escaped(&link), Escaped(name))?;
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table></div>\n<nav class=\"pages\">");
    if view.after != Position::default() {
        let first = View { after: Position::default(), ..view.clone() }.link();
        write!(html, "<a href=\"{}\">First page</a>", Escaped(&first))?;
    }
    if let Some(after) = rows.next {
        let next = View { after, ..view.clone() }.link();
        write!(html, "<a href=\"{}\" rel=\"next\">Next page</a>", Escaped(&next))?;
    }
    html.push_str("</nav>");
    Ok(())
}

/// Writes the member of a row at a path.
fn write_member(html: &mut String, view: &View, row: &Row, way: &[&str]) -> fmt::Result {
    let [first, rest @ ..] = way else { return Ok(()) };
    let first_value = row.members.get(*first).unwrap_or(&Value::Null);
    let value = rest.iter().fold(first_value, |value, name| &value[name]);
    write_value(html, view, rest.last().unwrap_or(first), value)
}

/// Returns the link to the details of a row.
fn link(view: &View, row: &Row) -> String {
    let account = row.account.as_ref().map(|(account, _)| *account);
    let room = view.room;
    View { account, room, row: Some(row.position), ..view.all(view.kind) }.link()
}

/// Returns the link to the child rows of a kind.
fn link_to_contents(view: &View, row: &Row, kind: Kind) -> String {
    let (account, room) = match &row.account {
        Some((account, _)) => (*account, Some(row.position)),
        None => (row.position, None),
    };
    View { account: Some(account), room, ..view.all(kind) }.link()
}

fn write_row(html: &mut String, view: &View, row: &Row) -> fmt::Result {
    html.push_str("<div class=\"wide\"><table class=\"row\"><tbody>\n");
    for (name, value) in &row.members {
        write!(html, "<tr><th>{}</th><td>", Escaped(name))?;
        write_value(html, view, name, value)?;
        html.push_str("</td></tr>\n");
    }
    for (kind, count) in &row.contents {
        let (title, link) = (kind.title(), link_to_contents(view, row, *kind));
        writeln!(
            html,
            "<tr><th>{title}</th><td><a href=\"{}\">{count}</a></td></tr>",
            Escaped(&link)
        )?;
    }
    html.push_str("</tbody></table></div>");
    Ok(())
}

/// Writes a value, or a text which says that the value is hidden.
fn write_value(html: &mut String, view: &View, name: &str, value: &Value) -> fmt::Result {
    let is_shown = view.shows_sensitive
        || SHOWN.contains(&name)
        || view.kind == Kind::Account && name == "Name";
    match value {
        Value::Null => html.push_str("<span class=\"none\">–</span>"),
        Value::Bool(flag) => write!(html, "{}", if *flag { "yes" } else { "no" })?,
        Value::Object(members) if !members.is_empty() => {
            html.push_str("<dl>");
            for (name, value) in members {
                write!(html, "<dt>{}</dt><dd>", Escaped(name))?;
                write_value(html, view, name, value)?;
                html.push_str("</dd>");
            }
            html.push_str("</dl>");
        }
        Value::Array(items) if !items.is_empty() => {
            html.push_str("<ul>");
            for item in items {
                html.push_str("<li>");
                write_value(html, view, name, item)?;
                html.push_str("</li>");
            }
            html.push_str("</ul>");
        }
        Value::Array(_) | Value::Object(_) => html.push_str("<span class=\"none\">none</span>"),
        _ if !is_shown => html.push_str("<span class=\"hidden\">hidden</span>"),
        Value::String(text) => write!(html, "{}", Escaped(text))?,
        Value::Number(number) => write!(html, "{number}")?,
    }
    Ok(())
}

/// The members whose values are always shown, because they reveal no person and no secret.
const SHOWN: &[&str] = &[
    "AccountId",
    "AccountStatus",
    "AccountType",
    "AssociatedTimestamp",
    "AwsAccountId",
    "BillingType",
    "BotId",
    "BotType",
    "CallingNameStatus",
    "Country",
    "CreatedTimestamp",
    "DefaultLicense",
    "DelegationStatus",
    "DeletionTimestamp",
    "InvitedOn",
    "LicenseType",
    "MemberId",
    "MemberType",
    "ProductType",
    "RegisteredOn",
    "Role",
    "RoomId",
    "Status",
    "SupportedLicenses",
    "Type",
    "UpdatedTimestamp",
    "UserId",
    "UserInvitationStatus",
    "UserRegistrationStatus",
    "UserType",
];

/// A text whose HTML characters are escaped.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}
