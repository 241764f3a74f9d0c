-- How many of a trigger wait for their admission: brokers keep further messages while there are many.
create index workflow_executions_held on workflow_executions (project_id, workflow_id, trigger_id)
  where held and status = 'pending';
