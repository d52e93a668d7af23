-- Weights of ordered pairs of items within sessions, in units of 2^-20 (integers: additive over
-- sessions and days without rounding, in any order).
--   together  sessions with both items (SLIS: X^T X)
--   past      both before a cut, each decayed by its distance from the cut (SLIT: S^T S)
--   future    the first before a cut, the second after it (SLIT: S^T T)
-- {gaps}: rows (gap, past, future) of what a pair `gap` clicks apart counts, summed over the cuts
-- between them. {decay}: past weight of a click over that of the next one. {window}: largest gap.
CREATE OR REPLACE TABLE pairs AS
WITH gaps(gap, past, future) AS (VALUES {gaps}),
transitions AS (
  SELECT a.item AS a, b.item AS b,
         sum(CAST(round(1048576 * a.weight * gaps.past * (1 - pow({decay}, 2 * (a.length - 1 - b.position))) / (1 - {decay} * {decay})) AS BIGINT)) AS past,
         sum(CAST(round(1048576 * a.weight * gaps.future) AS BIGINT)) AS future
  FROM clicks a CROSS JOIN gaps JOIN clicks b ON b.session = a.session AND b.position = a.position + gaps.gap
  GROUP BY a.item, b.item),
joint AS (
  SELECT a.item AS a, b.item AS b, sum(CAST(round(1048576 * a.weight) AS BIGINT)) AS together
  FROM firsts a CROSS JOIN range(1, {window} + 1) r(step) JOIN firsts b ON b.session = a.session AND b.place = a.place + r.step
  GROUP BY a.item, b.item),
single AS (
  SELECT item, sum(CAST(round(1048576 * weight) AS BIGINT)) AS together FROM firsts GROUP BY item),
alone AS (
  SELECT item, sum(CAST(round(1048576 * weight * (1 - pow({decay}, 2 * (length - 1 - position))) / (1 - {decay} * {decay})) AS BIGINT)) AS past
  FROM clicks GROUP BY item),
parts(a, b, together, past, future) AS (
  SELECT a, b, 0, past, future FROM transitions
  UNION ALL SELECT b, a, 0, past, 0 FROM transitions
  UNION ALL SELECT a, b, together, 0, 0 FROM joint
  UNION ALL SELECT b, a, together, 0, 0 FROM joint
  UNION ALL SELECT item, item, together, 0, 0 FROM single
  UNION ALL SELECT item, item, 0, past, 0 FROM alone)
SELECT a, b, CAST(sum(together) AS BIGINT) AS together, CAST(sum(past) AS BIGINT) AS past, CAST(sum(future) AS BIGINT) AS future
FROM parts GROUP BY a, b;
