use super::*;

/// Nothing is known.
struct Nothing;

impl Names for Nothing {
    fn keyspaces(&self) -> Vec<String> {
        Vec::new()
    }

    fn named(&self, _: Kind, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn table(&self, _: &str, _: &str) -> Option<TableShape> {
        None
    }

    fn fields(&self, _: &str, _: &str) -> Option<Vec<(String, String)>> {
        None
    }

    fn roles(&self) -> Vec<String> {
        Vec::new()
    }

    fn data_centers(&self) -> Vec<String> {
        Vec::new()
    }

    fn entries(&self, _: &str) -> Vec<Entry> {
        Vec::new()
    }
}

fn candidates(before: &str) -> Vec<String> {
    complete(before, None, &Nothing).candidates
}

#[test]
fn a_keyword_is_completed_in_the_grammars_case_and_goes_on() {
    assert_eq!(candidates("conS"), ["CONSISTENCY "]);
    assert_eq!(candidates("seri"), ["SERIAL CONSISTENCY "]);
    assert_eq!(candidates("CONSISTENCY loc"), ["LOCAL_ONE", "LOCAL_QUORUM", "LOCAL_SERIAL"]);
    assert_eq!(complete("CONSISTENCY loc", None, &Nothing).inserted(), Some("LOCAL_"));
}
