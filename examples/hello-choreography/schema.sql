-- For each service a login, its rows (one per parcel) and its inbox. The journal comes from core/postgres/journal.sql.
create role courier_service login;
create schema courier;
create table courier.parcels (parcel_id uuid primary key, row jsonb not null);
create table courier.inbox (key text primary key, parcel_id uuid not null, run_id text not null, outcome text not null);
grant usage on schema courier to courier_service;
grant select, insert, update on courier.parcels, courier.inbox to courier_service;

create role locker_service login;
create schema locker;
create table locker.parcels (like courier.parcels including all);
create table locker.inbox (like courier.inbox including all);
grant usage on schema locker to locker_service;
grant select, insert, update on locker.parcels, locker.inbox to locker_service;
