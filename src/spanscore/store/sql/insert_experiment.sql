INSERT INTO experiments (
    id, project_id, name, description, metadata, tags, scorers, errors, created_ns, is_public, repo_info, commit_id,
    dataset_id, dataset_version, baseline_id, partial, is_unfinished
)
VALUES (
    :id, :project_id, :name, :description, :metadata, :tags, :scorers, :errors, :created_ns, :is_public, :repo_info,
    :commit_id, :dataset_id, :dataset_version, :baseline_id, :partial, :is_unfinished
)
