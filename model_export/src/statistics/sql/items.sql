-- Every item that was seen, numbered by popularity: events weighted by kind and age, in units of
-- 2^-20, so that sums are exact and do not depend on the order of rows.
-- {events}: the table of events. {weight}: what one counts.
CREATE OR REPLACE TABLE items AS
WITH latest AS (SELECT max(time) AS time FROM {events}),
sums AS (
  SELECT item AS id,
         count(*) AS events,
         CAST(sum({weight}) AS BIGINT) AS popularity
  FROM {events} AS events, latest
  WHERE kind <> 4
  GROUP BY item)
SELECT CAST(row_number() OVER (ORDER BY popularity DESC, events DESC, id) - 1 AS INTEGER) AS item, id, events, popularity
FROM sums;
