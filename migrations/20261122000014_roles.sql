-- migrate:up

-- What an account may do beside its own things. `operator` is written along until no release reads it.
alter table users add column role text not null default 'climber'
    constraint users_role_check check (role in ('climber', 'coach', 'admin'));
update users set role = 'admin' where operator;
create index users_admin_idx on users (id) where role = 'admin';

-- migrate:down

drop index users_admin_idx;
alter table users drop column role;
