//! One integration binary, so that one node serves all tests.
