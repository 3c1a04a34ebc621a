//! AWS's model of the API, from `tests/data`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The whole model. Members that the crate requires are marked as required.
pub(crate) static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let json = include_str!("../../data/chime-2018-05-01.json");
    let mut model: Model = serde_json::from_str(json).expect("tests/data has the model");
    for (shape, name) in REQUIRED_BY_THE_CRATE {
        let member = model.shapes.get_mut(*shape).and_then(|shape| shape.members.get_mut(*name));
        let member = member.unwrap_or_else(|| panic!("the model has no {shape} with {name}"));
        assert!(!member.required, "the model itself requires the {name} of {shape}");
        member.required = true;
    }
    model
});

/// Members that the crate requires although AWS's model does not, as structure and member.
const REQUIRED_BY_THE_CRATE: &[(&str, &str)] = &[
    // Nearly every use of a resource in a response needs its identifier.
    ("Bot", "BotId"),
    ("Member", "MemberId"),
    ("PhoneNumber", "PhoneNumberId"),
    ("PhoneNumberOrder", "PhoneNumberOrderId"),
    ("Room", "RoomId"),
    // The member is the only identifier of a membership.
    ("RoomMembership", "Member"),
    // An item without a member has no meaning.
    ("MembershipItem", "MemberId"),
    // `EventsTarget` requires one of these two. Each of them has an entry in the table.
    ("PutEventsConfigurationRequest", "LambdaFunctionArn"),
    ("PutEventsConfigurationRequest", "OutboundEventsHTTPSEndpoint"),
];

#[derive(Deserialize)]
pub(crate) struct Model {
    pub(crate) operations: BTreeMap<String, Operation>,
    shapes: BTreeMap<String, Shape>,
}

#[derive(Deserialize)]
pub(crate) struct Operation {
    pub(crate) method: String,
    /// The path, with `{names}` in it, and the constant part of the query.
    pub(crate) uri: String,
    /// The status of a success.
    pub(crate) status: u16,
    input: Option<String>,
    output: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Shape {
    pub(crate) r#type: Type,
    #[serde(default)]
    pub(crate) members: Members,
    /// The shape of a list's items.
    member: Option<String>,
    /// The smallest number, or the smallest length of a text or a list.
    pub(crate) min: Option<usize>,
    pub(crate) max: Option<usize>,
    pub(crate) pattern: Option<String>,
    #[serde(default, rename = "enum")]
    pub(crate) values: Vec<String>,
    #[serde(default)]
    pub(crate) sensitive: bool,
    status: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Type {
    Structure,
    List,
    String,
    Integer,
    Boolean,
    Timestamp,
}

pub(crate) type Members = BTreeMap<String, Member>;

#[derive(Deserialize)]
pub(crate) struct Member {
    shape: String,
    #[serde(default)]
    pub(crate) required: bool,
    #[serde(default)]
    pub(crate) location: Location,
    /// The name in the path or the query.
    pub(crate) name: Option<String>,
    /// Whether the client generates a value if the caller sets none.
    #[serde(default, rename = "idempotencyToken")]
    pub(crate) is_filled_in: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Location {
    #[default]
    Body,
    Uri,
    Querystring,
}

impl Model {
    /// Returns the shape with this name. Enums of the crate have the names of their shapes.
    pub(crate) fn shape(&'static self, name: &str) -> &'static Shape {
        self.shapes.get(name).unwrap_or_else(|| panic!("the model has no shape {name}"))
    }

    pub(crate) fn enums(&'static self) -> impl Iterator<Item = &'static str> {
        let enums = self.shapes.iter().filter(|(_, shape)| !shape.values.is_empty());
        enums.map(|(name, _)| name.as_str())
    }

    pub(crate) fn errors(&'static self) -> impl Iterator<Item = (&'static str, u16)> {
        self.shapes.iter().filter_map(|(name, shape)| Some((name.as_str(), shape.status?)))
    }

    pub(crate) fn operation(&'static self, name: &str) -> &'static Operation {
        self.operations.get(name).unwrap_or_else(|| panic!("the model has no operation {name}"))
    }
}

impl Operation {
    pub(crate) fn input(&self) -> &'static Members {
        members(self.input.as_deref())
    }

    pub(crate) fn output(&self) -> &'static Members {
        members(self.output.as_deref())
    }

    /// Returns the number of values of the largest enum in the input or the output, and at least 2, for booleans.
    pub(crate) fn most_values(&self) -> usize {
        let members = self.input().values().chain(self.output().values());
        members.map(|member| member.shape().most_values()).fold(2, usize::max)
    }
}

impl Member {
    pub(crate) fn shape(&self) -> &'static Shape {
        MODEL.shape(&self.shape)
    }
}

impl Shape {
    pub(crate) fn item(&self) -> &'static Shape {
        MODEL.shape(self.member.as_deref().expect("a list has items"))
    }

    fn most_values(&self) -> usize {
        let inner = match self.r#type {
            Type::List => self.item().most_values(),
            _ => {
                self.members.values().map(|member| member.shape().most_values()).fold(0, usize::max)
            }
        };
        inner.max(self.values.len())
    }
}

/// Returns the members of a structure, or no members if there is no such structure.
fn members(shape: Option<&str>) -> &'static Members {
    static NONE: Members = Members::new();
    shape.map_or(&NONE, |name| &MODEL.shape(name).members)
}
