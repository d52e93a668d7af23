-- Weights of ordered pairs of items within sessions whose first click is one of items {from} to {to}, in
-- units of 2^-20 (integers: additive over sessions and days without rounding, in any order).
--   transitions.past    both before a cut, each decayed by its distance from the cut (SLIT: S^T S)
--   transitions.future  the first before a cut, the second after it (SLIT: S^T T)
--   joint.together      sessions with both items (SLIS: X^T X)
-- {gaps}: rows (gap, past, future) of what a pair `gap` clicks apart counts, summed over the cuts
-- between them. {decay}: past weight of a click over that of the next one. {window}: largest gap.
-- marks: the bits of the shoppers behind a row.
INSERT INTO transitions
WITH gaps(gap, past, future) AS (VALUES {gaps})
SELECT a.item, b.item,
       sum(CAST(round(1048576 * a.weight * gaps.past * (1 - pow({decay}, 2 * (a.length - 1 - b.position))) / (1 - {decay} * {decay})) AS BIGINT)),
       sum(CAST(round(1048576 * a.weight * gaps.future) AS BIGINT)),
       bit_or(a.mark)
FROM clicks a CROSS JOIN gaps JOIN clicks b ON b.session = a.session AND b.position = a.position + gaps.gap
WHERE a.item BETWEEN {from} AND {to}
GROUP BY a.item, b.item;

INSERT INTO joint
SELECT a.item, b.item, sum(CAST(round(1048576 * a.weight) AS BIGINT)), bit_or(a.mark)
FROM firsts a CROSS JOIN range(1, {window} + 1) r(step) JOIN firsts b ON b.session = a.session AND b.place = a.place + r.step
WHERE a.item BETWEEN {from} AND {to}
GROUP BY a.item, b.item;
