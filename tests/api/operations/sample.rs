//! Sample values for the members of requests and responses, from AWS's model.

use serde_json::{Map, Value, json};

use super::model::{Member, Members, Shape, Type};
use super::pattern::Pattern;

/// The marks: texts that only sensitive values contain. Phone numbers contain the second mark. The phone number that
/// errors show as an example does not contain this mark.
pub(crate) const MARKS: &[&str] = &["mark", "425555"];

/// Characters that are special in paths, queries, forms or percent-encoding.
const SPECIAL: &str = "a b/c+d%e%2Fü~*'()!";

/// Returns a value for each member of an input. Texts contain special characters, and sensitive texts contain a mark.
///
/// Values of one type differ from each other. Each variant uses other enum values.
pub(crate) fn input(members: &Members, variant: usize) -> Map<String, Value> {
    Sampler { variant, number: 0, is_request: true, only_required: false }.structure(members)
}

/// Returns a value for each required member of an input, at any depth.
pub(crate) fn minimal_input(members: &Members) -> Map<String, Value> {
    Sampler { variant: 0, number: 0, is_request: true, only_required: true }.structure(members)
}

/// Returns a value for each member of an output, as for an input.
pub(crate) fn output(members: &Members, variant: usize) -> Map<String, Value> {
    Sampler { variant, number: 0, is_request: false, only_required: false }.structure(members)
}

/// Returns a value for each member of an output. The values have only their required members.
pub(crate) fn minimal_output(members: &Members) -> Map<String, Value> {
    let mut sampler = Sampler { variant: 0, number: 0, is_request: false, only_required: true };
    let value =
        |(name, member): (&String, &Member)| (name.clone(), sampler.value(name, member.shape()));
    members.iter().map(value).collect()
}

/// Returns `true` if a text contains the mark of a sensitive value.
pub(crate) fn is_marked(text: &str) -> bool {
    MARKS.iter().any(|mark| text.contains(mark))
}

/// Returns `true` if a member is the id of a phone number, which is as sensitive as the number.
pub(crate) fn is_phone_number_id(name: &str) -> bool {
    name.starts_with("PhoneNumberId")
}

struct Sampler {
    variant: usize,
    number: usize,
    is_request: bool,
    only_required: bool,
}

impl Sampler {
    fn structure(&mut self, members: &Members) -> Map<String, Value> {
        let wanted = members.iter().filter(|(_, member)| member.required || !self.only_required);
        let wanted: Vec<_> = wanted.collect();
        let value =
            |(name, member): (&String, &Member)| (name.clone(), self.value(name, member.shape()));
        wanted.into_iter().map(value).collect()
    }

    fn value(&mut self, name: &str, shape: &Shape) -> Value {
        self.number += 1;
        let number = self.number;
        match shape.r#type {
            Type::Structure => Value::Object(self.structure(&shape.members)),
            Type::List => (0..2).map(|_| self.value(name, shape.item())).collect(),
            Type::String => json!(self.text(name, shape)),
            Type::Integer => json!(shape.min.unwrap_or_default() + number),
            Type::Boolean => json!((self.variant + number).is_multiple_of(2)),
            Type::Timestamp => {
                json!(format!("2019-01-08T{:02}:{:02}:18.006Z", number / 60, number % 60))
            }
        }
    }

    fn text(&self, name: &str, shape: &Shape) -> String {
        let number = self.number;
        let is_sensitive = shape.sensitive
            // The model does not mark these values as sensitive, although they are.
            || name == "PersonalPIN"
            || is_phone_number_id(name)
            || name == "NextToken" && self.is_request;
        let sample = shape.pattern.as_deref().and_then(|regex| Pattern::of(regex).sample);
        let text = match sample {
            // The identifier of a phone number has two forms.
            _ if is_phone_number_id(name) && self.variant % 2 == 1 => {
                format!("%2B1425555{number:04}")
            }
            _ if !shape.values.is_empty() => {
                shape.values[(self.variant + number) % shape.values.len()].clone()
            }
            Some(sample) => sample(number),
            None if is_sensitive => format!("mark:of {name} {number}"),
            None => format!("{name} {SPECIAL}{number}"),
        };
        assert_eq!(
            is_marked(&text),
            is_sensitive,
            "a sample must have a mark if it is sensitive, and only then: {name} = {text:?}"
        );
        text
    }
}

/// The parameters of a call, by their names in the API.
#[derive(Clone)]
pub(crate) struct Given(pub(crate) Map<String, Value>);

impl Given {
    pub(crate) fn text(&self, member: &str) -> &str {
        self.member(member, Value::as_str)
    }

    pub(crate) fn texts(&self, member: &str) -> Vec<&str> {
        let items = self.member(member, Value::as_array).iter();
        items.map(|item| item.as_str().expect("a list of texts")).collect()
    }

    pub(crate) fn number(&self, member: &str) -> u32 {
        self.member(member, |value| value.as_u64()?.try_into().ok())
    }

    pub(crate) fn flag(&self, member: &str) -> bool {
        self.member(member, Value::as_bool)
    }

    /// Returns the members of a structure.
    pub(crate) fn part(&self, member: &str) -> Self {
        Self(self.member(member, Value::as_object).clone())
    }

    /// Returns the members of each structure in a list.
    pub(crate) fn parts(&self, member: &str) -> Vec<Self> {
        let items = self.member(member, Value::as_array).iter();
        let part = |item: &Value| Self(item.as_object().expect("a list of structures").clone());
        items.map(part).collect()
    }

    fn member<'a, T>(&'a self, name: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> T {
        let value = self.0.get(name).and_then(read);
        value.unwrap_or_else(|| panic!("there is no {name} of this type, but {:?}", self.0))
    }
}
