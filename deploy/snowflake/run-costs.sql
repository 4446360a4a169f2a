-- What each run of target-snowflake-ts cost, beside what it loaded: a row per run of the last 30 days, the latest first.
--
-- Every session of the target carries the run's id in its QUERY_TAG, and the ledger has the same id in RUN_ID. Snowflake shows costs later
-- than the run ends: up to 45 minutes in QUERY_HISTORY, up to eight hours in QUERY_ATTRIBUTION_HISTORY. Until then CREDITS_COMPUTE is null.
--
-- CREDITS_COMPUTE is what running the statements cost. Statements of about 100 milliseconds or less and the time in which the warehouse
-- idles before it suspends are not in it; WAREHOUSE_METERING_HISTORY has those, for the warehouse as a whole. CREDITS_CLOUD_SERVICES is
-- billed only as far as it exceeds a tenth of the account's daily compute.
--
-- Needs a role that has been granted the database role SNOWFLAKE.GOVERNANCE_VIEWER, which QUERY_HISTORY asks for, and may read the ledger.
-- Replace SEVDESK.RAW by your own database and schema. A run with a `query_tag` of your own has no costs here: its tag does not name the run.

with loads as (
    select
        "RUN_ID" as run_id,
        min("STARTED_AT") as started_at,
        max("COMMITTED_AT") as committed_at,
        count(distinct "CUT") as cuts,
        sum("ROWS_READ") as rows_read,
        sum("BYTES") as bytes
    from SEVDESK.RAW."_SDC_LOAD_LEDGER"
    where "STARTED_AT" >= dateadd(day, -30, current_timestamp())
    group by "RUN_ID"
),

compute as (
    select
        try_parse_json(query_tag):run::varchar as run_id,
        sum(credits_attributed_compute) as credits_compute,
        sum(credits_used_query_acceleration) as credits_acceleration
    from SNOWFLAKE.ACCOUNT_USAGE.QUERY_ATTRIBUTION_HISTORY
    where start_time >= dateadd(day, -31, current_timestamp())
        and try_parse_json(query_tag):app::varchar = 'target-snowflake-ts'
    group by try_parse_json(query_tag):run::varchar
),

statements as (
    select
        try_parse_json(query_tag):run::varchar as run_id,
        count(*) as statement_count,
        sum(total_elapsed_time) / 1000 as statement_seconds,
        sum(credits_used_cloud_services) as credits_cloud_services
    from SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY
    where start_time >= dateadd(day, -31, current_timestamp())
        and try_parse_json(query_tag):app::varchar = 'target-snowflake-ts'
    group by try_parse_json(query_tag):run::varchar
)

select
    loads.run_id,
    loads.started_at,
    loads.committed_at,
    loads.cuts,
    loads.rows_read,
    loads.bytes,
    statements.statement_count,
    statements.statement_seconds,
    compute.credits_compute,
    compute.credits_acceleration,
    statements.credits_cloud_services
from loads
left join compute on compute.run_id = loads.run_id
left join statements on statements.run_id = loads.run_id
order by loads.started_at desc;
