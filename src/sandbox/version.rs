//! The Cassandra releases that can be started, and the Java each needs.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use super::SandboxError;

/// A Cassandra release that can be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Version {
    /// 3.11.
    V3_11,
    /// 4.0.
    V4_0,
    /// 4.1.
    V4_1,
    /// 5.0, the default.
    #[default]
    V5_0,
}

impl Version {
    /// Every release, oldest first.
    pub const ALL: [Self; 4] = [Self::V3_11, Self::V4_0, Self::V4_1, Self::V5_0];

    /// What a user types: `5.0`.
    pub fn series(self) -> &'static str {
        match self {
            Self::V3_11 => "3.11",
            Self::V4_0 => "4.0",
            Self::V4_1 => "4.1",
            Self::V5_0 => "5.0",
        }
    }

    /// What is downloaded: `5.0.6`.
    pub fn release(self) -> &'static str {
        match self {
            Self::V3_11 => "3.11.19",
            Self::V4_0 => "4.0.18",
            Self::V4_1 => "4.1.10",
            Self::V5_0 => "5.0.6",
        }
    }

    /// The series that a full release number such as `5.0.2` or `4.1.10-SNAPSHOT` belongs to.
    pub(super) fn of_release(release: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| {
            release.strip_prefix(version.series()).is_some_and(|rest| rest.starts_with(['.', '-', '~']))
        })
    }

    /// Whether it runs on this major version of Java. 17 is the last one with a security manager that is not
    /// on its way out, and all of these install theirs as they start.
    pub(super) fn runs_on(self, java: u32) -> bool {
        self.later_java().contains(&java) || (self.runs_on_java_8() && java == 8)
    }

    /// The Java versions it runs on, in words.
    pub(super) fn java_in_words(self) -> &'static str {
        if self.runs_on_java_8() { "Java 8 or 11 to 17" } else { "Java 11 to 17" }
    }

    fn runs_on_java_8(self) -> bool {
        self < Self::V5_0
    }

    fn later_java(self) -> RangeInclusive<u32> {
        11..=17
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.release())
    }
}

impl FromStr for Version {
    type Err = SandboxError;

    /// Takes a series (`4.1`) or exactly the release that would be started (`4.1.10`).
    fn from_str(text: &str) -> Result<Self, SandboxError> {
        Self::ALL
            .into_iter()
            .find(|version| text == version.series() || text == version.release())
            .ok_or_else(|| SandboxError::UnknownVersion(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_and_its_release_name_the_same_version() {
        for version in Version::ALL {
            assert_eq!(version.series().parse::<Version>().unwrap(), version);
            assert_eq!(version.release().parse::<Version>().unwrap(), version);
            assert_eq!(Version::of_release(version.release()), Some(version));
        }
    }

    #[test]
    fn another_version_is_refused_with_the_list_of_those_there_are() {
        let refused = "4.2".parse::<Version>().unwrap_err();
        assert_eq!(refused.to_string(), "Cassandra 4.2 cannot be started here: choose 3.11, 4.0, 4.1 or 5.0.");
    }

    #[test]
    fn a_release_belongs_to_its_series_only() {
        assert_eq!(Version::of_release("4.1.3-SNAPSHOT"), Some(Version::V4_1));
        assert_eq!(Version::of_release("5.0-rc1"), Some(Version::V5_0));
        assert_eq!(Version::of_release("4.10.1"), None);
        assert_eq!(Version::of_release("3.0.30"), None);
    }

    #[test]
    fn java_8_runs_everything_but_5_0_and_java_21_nothing() {
        assert!(Version::V3_11.runs_on(8) && Version::V4_1.runs_on(8) && !Version::V5_0.runs_on(8));
        assert!(Version::ALL.iter().all(|version| version.runs_on(17) && version.runs_on(11)));
        assert!(Version::ALL.iter().all(|version| !version.runs_on(21) && !version.runs_on(10)));
    }
}
