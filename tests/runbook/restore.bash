#!/usr/bin/env bash
# The runbook's restore script, repaired like the backup script; and
#   - src_filename is set, and the message names the file that is read.
# `AND WITH NULL=` stands as published: Apache cqlsh refuses it, and with it every import.
cassandra_jg_host=${1:-localhost}
version=${version:-3.4}
syndeia_admin_pw=${syndeia_admin_pw:-myPw}
source "$(dirname "$0")/tables.bash"

src_filename="SC_backups/syndeia-cloud-${version}_concatenated_schema_backup.cql"
echo "$(date) - Restore schema for ${keyspaces[*]}..."
cqlsh -u syndeia_admin -p ${syndeia_admin_pw} -e "SOURCE '${src_filename}';" "${cassandra_jg_host}"
if [[ $? -ne 0 ]]; then
    echo "$(date) x Error, could not import concatenated schema ${src_filename}"
    exit 1
else
    echo "$(date) - Successfully imported concatenated schema ${src_filename}"
fi
echo "$(date) - Import data for tables..."
for table in "${tables[@]}"; do
    # Read MD5 hash for NULL values during each table export
    md5hash=$(cat SC_backups/${table}_md5hash_for_NULL.txt)
    src_filename="SC_backups/syndeia-cloud-${version}_backup_${table}.csv"
    echo "$(date)  - Import data for ${table} from ${src_filename}..."
    CQL_to_restore_table="COPY ${table} FROM '${src_filename}' WITH HEADER = TRUE AND WITH NULL='${md5hash}'; "
    cqlsh -u syndeia_admin -p ${syndeia_admin_pw} -e "${CQL_to_restore_table}" "${cassandra_jg_host}"
    if [[ $? -ne 0 ]]; then
        echo "$(date) x Error, could not import table ${table}"
        exit 2
    else
        echo "$(date) - Successfully imported table ${table}"
    fi
done
echo "$(date) - Done!"
