#!/usr/bin/env bash
# The runbook's backup script with what it needs to run at all, and nothing more. Repaired, against the published page:
#   - the schema's redirection is not overridden by a second one to /dev/null, which left every file empty;
#   - the saved schemas are concatenated file by file, into a file and not into /dev/null;
#   - `for … do;`, the missing `fi`, `else`, `done` and `)`;
#   - dst_filename, cassandra_jg_host and version, which were never set;
#   - the message names all keyspaces, not the first;
#   - all tables of all five keyspaces are listed (tables.bash);
#   - no sudo: an operator's own account is enough.
cassandra_jg_host=${1:-localhost}
version=${version:-3.4}
syndeia_admin_pw=${syndeia_admin_pw:-myPw}
source "$(dirname "$0")/tables.bash"

if [[ ! -d SC_backups ]]; then
    mkdir SC_backups
fi
echo "$(date) - Dump schema for ${keyspaces[*]}..."
all_keyspace_filenames=()
for keyspace in "${keyspaces[@]}"; do
    dst_filename="SC_backups/${keyspace}_schema_backup.cql"
    all_keyspace_filenames+=("${dst_filename}")
    echo "$(date)   - Dump schema for ${keyspace}..."
    cqlsh -u syndeia_admin -p ${syndeia_admin_pw} -e "DESCRIBE KEYSPACE ${keyspace};" "${cassandra_jg_host}" > ${dst_filename}
    if [[ $? -ne 0 ]]; then
        echo "$(date) x Error, could not export schema ${keyspace}"
        exit 1
    else
        echo "$(date) - Successfully exported schema ${keyspace}"
    fi
done
cat "${all_keyspace_filenames[@]}" > SC_backups/syndeia-cloud-${version}_concatenated_schema_backup.cql

echo "$(date) - Export data for tables..."
for table in "${tables[@]}"; do
    # Generate MD5 hash for NULL values during each table export
    md5hash=$(date -Iseconds | md5sum | cut -f1 -d' ')
    echo "${md5hash}" > SC_backups/${table}_md5hash_for_NULL.txt
    dst_filename="SC_backups/syndeia-cloud-${version}_backup_${table}.csv"
    echo "$(date)  - Export data for ${table} to ${dst_filename} using md5hash=${md5hash} for NULL..."
    CQL_to_backup_table="COPY ${table} TO '${dst_filename}' WITH HEADER = TRUE AND NULL='${md5hash}'; "
    cqlsh -u syndeia_admin -p ${syndeia_admin_pw} -e "${CQL_to_backup_table}" "${cassandra_jg_host}" > /dev/null
    if [[ $? -ne 0 ]]; then
        echo "$(date) x Error, could not export table ${table}"
        exit 2
    else
        echo "$(date) - Successfully exported table ${table}"
    fi
done
