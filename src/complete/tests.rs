use super::*;
use crate::cluster::Catalogue;

/// Nothing is known.
#[derive(Default)]
struct Nothing(Catalogue);

impl Names for Nothing {
    fn catalogue(&self) -> &Catalogue {
        &self.0
    }

    fn roles(&self) -> Option<Vec<String>> {
        None
    }

    fn entries(&self, _: &str) -> Vec<Entry> {
        Vec::new()
    }
}

fn ask(before: &str) -> Completion {
    complete(before, None, &Nothing::default())
}

fn candidates(before: &str) -> Vec<String> {
    ask(before).candidates
}

#[test]
fn a_keyword_is_completed_in_the_grammars_case_and_goes_on() {
    assert_eq!(candidates("conS"), ["CONSISTENCY "]);
    assert_eq!(candidates("seri"), ["SERIAL CONSISTENCY "]);
    assert_eq!(candidates("CONSISTENCY loc"), ["LOCAL_ONE", "LOCAL_QUORUM", "LOCAL_SERIAL"]);
    assert_eq!(ask("CONSISTENCY loc").inserted(), Some("LOCAL_"));
}
