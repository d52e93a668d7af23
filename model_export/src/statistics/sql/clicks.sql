-- The events of each session with item numbers, without removals from the cart.
-- weight: what the session counts, by its age. firsts: each item of a session once.
-- mark: one of 64 bits, chosen by the shopper, so that the bits of a set of sessions never count too many shoppers.
-- {shopper}: the column with a number for the shopper.
CREATE OR REPLACE TABLE clicks AS
WITH latest AS (SELECT max(time) AS time FROM {events}),
kept AS (
  SELECT session, {shopper} AS shopper, items.item AS item, kind,
         CAST(row_number() OVER w - 1 AS INTEGER) AS position,
         CAST(count(*) OVER (PARTITION BY session) AS INTEGER) AS length,
         max(time) OVER (PARTITION BY session) AS ended
  FROM {events} AS events JOIN items ON events.item = items.id
  WHERE kind <> 4
  WINDOW w AS (PARTITION BY session ORDER BY events.position))
SELECT session, shopper, position, item, kind, length, pow(0.5, (latest.time - ended) / {half_life}) AS weight,
       CAST(1 AS UBIGINT) << CAST((CAST(shopper AS BIGINT) * 2654435761 % 4294967296) >> 26 AS UBIGINT) AS mark
FROM kept, latest
WHERE length <= {longest};

CREATE OR REPLACE TABLE firsts AS
WITH first AS (SELECT session, item, min(position) AS position, any_value(weight) AS weight, any_value(mark) AS mark FROM clicks GROUP BY session, item)
SELECT session, item, weight, mark, CAST(row_number() OVER (PARTITION BY session ORDER BY position) AS INTEGER) AS place
FROM first;
