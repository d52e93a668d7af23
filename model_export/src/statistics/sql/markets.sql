-- Items by country, weighted as for their popularity, in units of 2^-20.
-- {events}: the table of events. {weight}: what one counts.
-- {fewest}, {most}: countries with fewer events are left out; so are all but the largest.
WITH latest AS (SELECT max(time) AS time FROM {events}),
known AS (SELECT * FROM {events} WHERE country IS NOT NULL AND strlen(country) <= {longest} AND kind <> 4),
large AS (
  SELECT country FROM known GROUP BY country HAVING count(*) >= {fewest}
  ORDER BY count(*) DESC, country LIMIT {most})
SELECT country, items.item,
       CAST(sum({weight}) AS BIGINT) AS popularity
FROM known AS events JOIN items ON events.item = items.id, latest
WHERE country IN (SELECT country FROM large)
GROUP BY country, items.item ORDER BY country, items.item;
