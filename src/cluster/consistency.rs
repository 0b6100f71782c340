//! Consistency levels by name.

use super::{Consistency, SerialConsistency};

/// Every level with the name that CQL and the shell give it.
const NAMES: [(Consistency, &str); 11] = [
    (Consistency::Any, "ANY"),
    (Consistency::One, "ONE"),
    (Consistency::Two, "TWO"),
    (Consistency::Three, "THREE"),
    (Consistency::Quorum, "QUORUM"),
    (Consistency::All, "ALL"),
    (Consistency::LocalQuorum, "LOCAL_QUORUM"),
    (Consistency::EachQuorum, "EACH_QUORUM"),
    (Consistency::Serial, "SERIAL"),
    (Consistency::LocalSerial, "LOCAL_SERIAL"),
    (Consistency::LocalOne, "LOCAL_ONE"),
];

impl Consistency {
    /// The level's name, in upper case.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(level, _)| *level == self).map_or("ONE", |(_, name)| name)
    }

    /// The level of that name, in upper case.
    pub fn from_name(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(level, _)| *level)
    }
}

impl SerialConsistency {
    /// The level's name, in upper case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Serial => "SERIAL",
            Self::LocalSerial => "LOCAL_SERIAL",
        }
    }
}
