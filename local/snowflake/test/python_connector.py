"""What the Python connector must get from the local Snowflake; run by dbt.test.ts with the server's port."""

import datetime
import os
import sys
from decimal import Decimal

os.environ["SNOWFLAKE_DISABLE_PLATFORM_DETECTION"] = "true"
import snowflake.connector as connector


def connect(**more):
    place = {"host": "127.0.0.1", "port": int(sys.argv[1]), "protocol": "http", "database": "SEVDESK", "schema": "RAW"}
    return connector.connect(account="local", user="local", password="local", **place, **more)


def expect(found, wanted):
    if found != wanted:
        raise SystemExit(f"found {found!r}, wanted {wanted!r}")


instant = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
row = (Decimal("1.5"), "it's", instant, datetime.date(2026, 1, 2), True, 1.5)
with connect() as session, session.cursor() as cursor:
    cursor.execute("CREATE OR REPLACE TABLE PY (A NUMBER(38,9), B VARCHAR, C TIMESTAMP_TZ, D DATE, E BOOLEAN, F FLOAT)")
    cursor.executemany("INSERT INTO PY VALUES (%s, %s, %s, %s, %s, %s)", [row, (None,) * 6])
    expect(cursor.rowcount, 2)
    expect(cursor.execute("SELECT * FROM PY ORDER BY A").fetchall(), [row, (None,) * 6])
    expect([column.scale for column in cursor.description][:1], [9])
    cursor.execute("MERGE INTO PY USING (SELECT 1.5 A) s ON PY.A = s.A WHEN MATCHED THEN UPDATE SET B = 'merged'")
    expect(cursor.rowcount, 1)
    try:
        cursor.execute("SELECT * FROM NOPE")
    except connector.errors.ProgrammingError as error:
        expect((error.errno, error.sqlstate), (2003, "42S02"))
    query_id = cursor.execute_async("SELECT 7")["queryId"]
    cursor.get_results_from_sfqid(query_id)
    expect(cursor.fetchall(), [(7,)])

connector.paramstyle = "qmark"
with connect() as session, session.cursor() as cursor:
    cursor.executemany("INSERT INTO PY (A, B) VALUES (?, ?)", [(2, "x"), (3, None)])
    expect(cursor.execute("SELECT COUNT(*), MAX(A) FROM PY WHERE A > ?", (1.6,)).fetchone(), (2, Decimal(3)))
print("as expected")
