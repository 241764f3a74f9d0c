-- Name of the key that saved a version, also through a browser that it signed in; null: nobody has noted it.
alter table workflow_versions add column saved_by text;
