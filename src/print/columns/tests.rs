use super::*;
use crate::cql::help;

/// What `cmd.Cmd.columnize` of Python 3.11 writes for these names and widths.
#[rustfmt::skip]
const RECORDED: &[(&[&str], usize, &str)] = &[
    (&[], 80, "<empty>\n"),
    (&["one"], 80, "one\n"),
    (&["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"], 80, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"),
    (&["a", "b"], 80, "a  b\n"),
    (&["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"], 80, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx  yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\n"),
    (&["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"], 80, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\nyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\n"),
    (&["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "y"], 80, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\ny\n"),
    (&["a", "", "b", ""], 80, "a    b\n"),
    (&["", ""], 80, "\n"),
    (&["a", "bb", "ccc", "dddd", "eeeee"], 10, "a    dddd \nbb   eeeee\nccc\n"),
    (&["日本", "é", "abc"], 5, "日本\né\nabc\n"),
    (&["system_auth", "system_distributed", "system_traces", "system_virtual_schema", "system", "system_schema", "system_views"], 80, "system_auth         system_traces          system         system_views\nsystem_distributed  system_virtual_schema  system_schema\n"),
    (&["t0t0t0", "t1t1", "t2t2t2t2", "t3t3t3t3t3t3", "t4", "t5", "t6t6t6t6t6", "t7", "t8t8t8", "t9t9t9t9t9", "t10", "t11t11t11t11t11", "t12t12", "t13", "t14", "t15t15t15t15", "t16t16t16t16", "t17", "t18t18", "t19", "t20t20t20t20t20", "t21t21t21t21", "t22", "t23t23t23t23t23", "t24", "t25t25", "t26t26t26t26t26t26", "t27t27t27t27t27t27", "t28t28t28t28t28", "t29", "t30t30t30t30t30", "t31t31t31t31t31", "t32t32t32t32", "t33", "t34t34", "t35", "t36t36t36t36t36"], 80, "t0t0t0        t10              t20t20t20t20t20     t30t30t30t30t30\nt1t1          t11t11t11t11t11  t21t21t21t21        t31t31t31t31t31\nt2t2t2t2      t12t12           t22                 t32t32t32t32   \nt3t3t3t3t3t3  t13              t23t23t23t23t23     t33            \nt4            t14              t24                 t34t34         \nt5            t15t15t15t15     t25t25              t35            \nt6t6t6t6t6    t16t16t16t16     t26t26t26t26t26t26  t36t36t36t36t36\nt7            t17              t27t27t27t27t27t27\nt8t8t8        t18t18           t28t28t28t28t28   \nt9t9t9t9t9    t19              t29               \n"),
    (&["name_0", "name_1", "name_2", "name_3", "name_4", "name_5", "name_6", "name_7", "name_8", "name_9", "name_10", "name_11", "name_12", "name_13", "name_14", "name_15", "name_16", "name_17", "name_18", "name_19", "name_20", "name_21", "name_22", "name_23", "name_24", "name_25", "name_26", "name_27", "name_28", "name_29", "name_30", "name_31", "name_32", "name_33", "name_34", "name_35", "name_36", "name_37", "name_38", "name_39", "name_40", "name_41", "name_42", "name_43", "name_44", "name_45", "name_46", "name_47", "name_48", "name_49", "name_50", "name_51", "name_52", "name_53", "name_54", "name_55", "name_56", "name_57", "name_58", "name_59", "name_60", "name_61", "name_62", "name_63", "name_64", "name_65", "name_66", "name_67", "name_68", "name_69", "name_70", "name_71", "name_72", "name_73", "name_74", "name_75", "name_76", "name_77", "name_78", "name_79", "name_80", "name_81", "name_82", "name_83", "name_84", "name_85", "name_86", "name_87", "name_88", "name_89", "name_90", "name_91", "name_92", "name_93", "name_94", "name_95", "name_96", "name_97", "name_98", "name_99"], 40, "name_0   name_25  name_50  name_75\nname_1   name_26  name_51  name_76\nname_2   name_27  name_52  name_77\nname_3   name_28  name_53  name_78\nname_4   name_29  name_54  name_79\nname_5   name_30  name_55  name_80\nname_6   name_31  name_56  name_81\nname_7   name_32  name_57  name_82\nname_8   name_33  name_58  name_83\nname_9   name_34  name_59  name_84\nname_10  name_35  name_60  name_85\nname_11  name_36  name_61  name_86\nname_12  name_37  name_62  name_87\nname_13  name_38  name_63  name_88\nname_14  name_39  name_64  name_89\nname_15  name_40  name_65  name_90\nname_16  name_41  name_66  name_91\nname_17  name_42  name_67  name_92\nname_18  name_43  name_68  name_93\nname_19  name_44  name_69  name_94\nname_20  name_45  name_70  name_95\nname_21  name_46  name_71  name_96\nname_22  name_47  name_72  name_97\nname_23  name_48  name_73  name_98\nname_24  name_49  name_74  name_99\n"),
    (&["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "cccccccccccccccccccccccccccccc", "d"], 80, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  cccccccccccccccccccccccccccccc\nbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb  d                             \n"),
];

#[test]
fn names_are_laid_out_as_python_lays_them_out() {
    for (names, width, expected) in RECORDED {
        let mut out = String::new();
        columns(names, *width, &mut out);
        assert_eq!(&out, expected);
    }
}

/// What `HELP` alone printed in cqlsh 6.2.2.
const HELP: &str = "\
\n\
Documented shell commands:\n\
===========================\n\
CAPTURE  CLS          COPY  DESCRIBE  EXPAND  HISTORY  PAGING  SHOW    TRACING\n\
CLEAR    CONSISTENCY  DESC  EXIT      HELP    LOGIN    SERIAL  SOURCE  UNICODE\n\
\n\
CQL help topics:\n\
================\n\
AGGREGATES               CREATE_KEYSPACE           DROP_TRIGGER      TEXT     \n\
ALTER_KEYSPACE           CREATE_MATERIALIZED_VIEW  DROP_TYPE         TIME     \n\
ALTER_MATERIALIZED_VIEW  CREATE_ROLE               DROP_USER         TIMESTAMP\n\
ALTER_TABLE              CREATE_TABLE              FUNCTIONS         TRUNCATE \n\
ALTER_TYPE               CREATE_TRIGGER            GRANT             TYPES    \n\
ALTER_USER               CREATE_TYPE               INSERT            UPDATE   \n\
APPLY                    CREATE_USER               INSERT_JSON       USE      \n\
ASCII                    DATE                      INT               UUID     \n\
BATCH                    DELETE                    JSON            \n\
BEGIN                    DROP_AGGREGATE            KEYWORDS        \n\
BLOB                     DROP_COLUMNFAMILY         LIST_PERMISSIONS\n\
BOOLEAN                  DROP_FUNCTION             LIST_ROLES      \n\
COUNTER                  DROP_INDEX                LIST_USERS      \n\
CREATE_AGGREGATE         DROP_KEYSPACE             PERMISSIONS     \n\
CREATE_COLUMNFAMILY      DROP_MATERIALIZED_VIEW    REVOKE          \n\
CREATE_FUNCTION          DROP_ROLE                 SELECT          \n\
CREATE_INDEX             DROP_TABLE                SELECT_JSON     \n\
\n\
";

#[test]
fn the_list_of_topics_is_that_of_cqlsh() {
    let mut out = String::new();
    for help::Section { heading, topics } in help::sections() {
        section(heading, &topics, &mut out);
    }
    assert_eq!(out, HELP);
}
