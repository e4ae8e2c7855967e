-- What will never be an event may be dismissed, so that it asks for nobody's attention any more.
alter table journal.operator_actions
  drop constraint operator_actions_action_check,
  drop constraint a_redrive_has_an_entry,
  drop constraint outcomes,
  add constraint actions check (action in ('REDRIVE', 'DISMISSAL', 'NOTIFICATION_RETRY')),
  add constraint an_action_on_an_entry_names_it check (
    (action <> 'NOTIFICATION_RETRY') = (quarantine_id is not null)
    and (action <> 'NOTIFICATION_RETRY') = (seen is not null)),
  add constraint outcomes check (outcome in (
    'DELIVERED', 'STILL_INVALID', 'NOT_WAITING', 'NOT_DELIVERED', 'DISMISSED', 'NOT_PARKED', 'NO_ANSWER'));
