//! Consistency levels by name, and as the driver has them.

use scylla::statement::{Consistency as DriverConsistency, SerialConsistency as DriverSerial};

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

impl From<Consistency> for DriverConsistency {
    fn from(level: Consistency) -> Self {
        match level {
            Consistency::Any => Self::Any,
            Consistency::One => Self::One,
            Consistency::Two => Self::Two,
            Consistency::Three => Self::Three,
            Consistency::Quorum => Self::Quorum,
            Consistency::All => Self::All,
            Consistency::LocalQuorum => Self::LocalQuorum,
            Consistency::EachQuorum => Self::EachQuorum,
            Consistency::Serial => Self::Serial,
            Consistency::LocalSerial => Self::LocalSerial,
            Consistency::LocalOne => Self::LocalOne,
        }
    }
}

impl From<SerialConsistency> for DriverSerial {
    fn from(level: SerialConsistency) -> Self {
        match level {
            SerialConsistency::Serial => Self::Serial,
            SerialConsistency::LocalSerial => Self::LocalSerial,
        }
    }
}

impl From<DriverConsistency> for Consistency {
    fn from(level: DriverConsistency) -> Self {
        match level {
            DriverConsistency::Any => Self::Any,
            DriverConsistency::One => Self::One,
            DriverConsistency::Two => Self::Two,
            DriverConsistency::Three => Self::Three,
            DriverConsistency::Quorum => Self::Quorum,
            DriverConsistency::All => Self::All,
            DriverConsistency::LocalQuorum => Self::LocalQuorum,
            DriverConsistency::EachQuorum => Self::EachQuorum,
            DriverConsistency::Serial => Self::Serial,
            DriverConsistency::LocalSerial => Self::LocalSerial,
            DriverConsistency::LocalOne => Self::LocalOne,
        }
    }
}
