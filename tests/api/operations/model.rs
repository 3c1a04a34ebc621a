//! AWS's model of the API, from `tests/data`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The whole model, with what the crate requires.
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
    // Without its identifier, nothing can be done with what an answer gives.
    ("Bot", "BotId"),
    ("Member", "MemberId"),
    ("PhoneNumber", "PhoneNumberId"),
    ("PhoneNumberOrder", "PhoneNumberOrderId"),
    ("Room", "RoomId"),
    // A membership has no identifier but its member.
    ("RoomMembership", "Member"),
    // A membership is of somebody.
    ("MembershipItem", "MemberId"),
    // One of the two, which is what `EventsTarget` is for. Each has an entry in the table.
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
    /// The path, with `{names}` in it, and the part of the query that is always the same.
    pub(crate) uri: String,
    /// The status of a success.
    pub(crate) status: u16,
    input: Option<String>,
    output: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Shape {
    pub(crate) r#type: Type,
    /// The members of a structure.
    #[serde(default)]
    pub(crate) members: Members,
    /// The shape of a list's items.
    member: Option<String>,
    /// The least value of a number, or the least length of a text or a list.
    pub(crate) min: Option<usize>,
    pub(crate) max: Option<usize>,
    pub(crate) pattern: Option<String>,
    /// The values of an enum.
    #[serde(default, rename = "enum")]
    pub(crate) values: Vec<String>,
    #[serde(default)]
    pub(crate) sensitive: bool,
    /// The status of an error.
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
    /// How it is called in the path or the query.
    pub(crate) name: Option<String>,
    /// Whether the client fills it in if the caller does not.
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
    /// The shape of this name; the names of enums in the crate are those of their shapes.
    pub(crate) fn shape(&'static self, name: &str) -> &'static Shape {
        self.shapes.get(name).unwrap_or_else(|| panic!("the model has no shape {name}"))
    }

    /// The names of all enums.
    pub(crate) fn enums(&'static self) -> impl Iterator<Item = &'static str> {
        let enums = self.shapes.iter().filter(|(_, shape)| !shape.values.is_empty());
        enums.map(|(name, _)| name.as_str())
    }

    /// The errors, each with its status.
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

    /// How many values the largest enum in the input or the output has; at least 2, for booleans.
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
    /// The shape of a list's items.
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

/// The members of a structure; none if there is no such structure.
fn members(shape: Option<&str>) -> &'static Members {
    static NONE: Members = Members::new();
    shape.map_or(&NONE, |name| &MODEL.shape(name).members)
}
