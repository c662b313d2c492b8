SELECT max(xact) FROM dataset_revisions WHERE dataset = :dataset AND xact <= :xact
