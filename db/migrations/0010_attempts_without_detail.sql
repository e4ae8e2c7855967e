-- Nobody ever wrote it: why an attempt failed is in Temporal's history, and how it ended in `fate`.
alter table notification.attempts drop column if exists detail;
