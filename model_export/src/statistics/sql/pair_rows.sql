-- What `transitions` and `joint` say of the pairs of items {from} to {to} with any other: past and together
-- both ways, future one way, and for an item with itself its own weight. {decay}: as for the pairs.
WITH single AS (
  SELECT item, sum(CAST(round(1048576 * weight) AS BIGINT)) AS together FROM firsts
  WHERE item BETWEEN {from} AND {to} GROUP BY item),
alone AS (
  SELECT item, sum(CAST(round(1048576 * weight * (1 - pow({decay}, 2 * (length - 1 - position))) / (1 - {decay} * {decay})) AS BIGINT)) AS past
  FROM clicks WHERE item BETWEEN {from} AND {to} GROUP BY item),
parts(a, b, together, past, future) AS (
  SELECT a, b, 0, past, future FROM transitions WHERE a BETWEEN {from} AND {to}
  UNION ALL SELECT b, a, 0, past, 0 FROM transitions WHERE b BETWEEN {from} AND {to}
  UNION ALL SELECT a, b, together, 0, 0 FROM joint WHERE a BETWEEN {from} AND {to}
  UNION ALL SELECT b, a, together, 0, 0 FROM joint WHERE b BETWEEN {from} AND {to}
  UNION ALL SELECT item, item, together, 0, 0 FROM single
  UNION ALL SELECT item, item, 0, past, 0 FROM alone)
SELECT a, b, CAST(sum(together) AS BIGINT) AS together, CAST(sum(past) AS BIGINT) AS past, CAST(sum(future) AS BIGINT) AS future
FROM parts GROUP BY a, b ORDER BY a, b;
