# The keyspaces and tables of the runbook's scripts, listed once and read by both (the published page lists them twice, and
# leaves out every table of three of its five keyspaces).
keyspaces=(syndeia_cloud_auth syndeia_cloud_devops syndeia_cloud_graph syndeia_cloud_graph_config syndeia_cloud_store)
tables=(syndeia_cloud_store.snapshots \
syndeia_cloud_store.metadata \
syndeia_cloud_store.messages \
syndeia_cloud_store.repositories \
syndeia_cloud_store.repositories_by_uri \
syndeia_cloud_store.containers \
syndeia_cloud_store.artifacts \
syndeia_cloud_store.relations \
syndeia_cloud_store.relations_by_source_key \
syndeia_cloud_store.relations_by_target_key \
syndeia_cloud_auth.users \
syndeia_cloud_auth.users_by_external_id \
syndeia_cloud_auth.users_by_external_key \
syndeia_cloud_auth.passwords \
syndeia_cloud_auth.auto_key \
syndeia_cloud_devops.pipelines \
syndeia_cloud_devops.runs \
syndeia_cloud_graph.vertices \
syndeia_cloud_graph.edge_counts \
syndeia_cloud_graph_config.config)
