-- What `transitions` and `joint` say of the pairs of items {from} to {to} with any other: past and together
-- both ways, future one way, and for an item with itself its own weight. {decay}: as for the pairs.
-- shoppers: at least so many distinct ones are behind a pair (at most 64 are told apart).
-- {least}: an order that fewer shoppers had does not show: future is then 0 where the other order has enough of
-- them, else the mean of both orders.
WITH single AS (
  SELECT item, sum(CAST(round(1048576 * weight) AS BIGINT)) AS together FROM firsts
  WHERE item BETWEEN {from} AND {to} GROUP BY item),
alone AS (
  SELECT item, sum(CAST(round(1048576 * weight * (1 - pow({decay}, 2 * (length - 1 - position))) / (1 - {decay} * {decay})) AS BIGINT)) AS past
  FROM clicks WHERE item BETWEEN {from} AND {to} GROUP BY item),
parts(a, b, together, past, future, back, marks, after, before) AS (
  SELECT a, b, 0, past, future, 0, marks, marks, 0::UBIGINT FROM transitions WHERE a BETWEEN {from} AND {to}
  UNION ALL SELECT b, a, 0, past, 0, future, marks, 0::UBIGINT, marks FROM transitions WHERE b BETWEEN {from} AND {to}
  UNION ALL SELECT a, b, together, 0, 0, 0, marks, 0::UBIGINT, 0::UBIGINT FROM joint WHERE a BETWEEN {from} AND {to}
  UNION ALL SELECT b, a, together, 0, 0, 0, marks, 0::UBIGINT, 0::UBIGINT FROM joint WHERE b BETWEEN {from} AND {to}
  UNION ALL SELECT item, item, together, 0, 0, 0, 18446744073709551615::UBIGINT, 0::UBIGINT, 0::UBIGINT FROM single
  UNION ALL SELECT item, item, 0, past, 0, 0, 18446744073709551615::UBIGINT, 0::UBIGINT, 0::UBIGINT FROM alone),
sums AS (
  SELECT a, b, CAST(sum(together) AS BIGINT) AS together, CAST(sum(past) AS BIGINT) AS past,
         CAST(sum(future) AS BIGINT) AS future, CAST(sum(back) AS BIGINT) AS back,
         bit_count(bit_or(marks)) AS shoppers, bit_count(bit_or(after)) AS after, bit_count(bit_or(before)) AS before
  FROM parts GROUP BY a, b)
SELECT a, b, together, past,
       CASE WHEN after >= {least} THEN future WHEN before >= {least} THEN 0 ELSE (future + back) // 2 END AS future,
       CAST(shoppers AS INTEGER) AS shoppers
FROM sums ORDER BY a, b;
