-- The part of {events} that rests on at least {least} distinct shoppers, as the view {name}. A session without
-- a user is a shopper of its own.
--   items      with fewer shoppers are left out.
--   kinds      that fewer shoppers did to an item become views.
--   countries  in which fewer shoppers met an item are not known.
CREATE OR REPLACE TABLE {name}_shoppers AS
WITH named AS (SELECT session, max(user_key) AS user_key FROM {events} GROUP BY session)
SELECT session, CASE WHEN user_key IS NULL THEN session ELSE min(session) OVER (PARTITION BY user_key) END AS shopper
FROM named;

CREATE OR REPLACE TABLE {name}_items AS
SELECT item FROM (SELECT DISTINCT item, shopper FROM {events} JOIN {name}_shoppers USING (session) WHERE kind <> 4)
GROUP BY item HAVING count(*) >= {least};

CREATE OR REPLACE TABLE {name}_kinds AS
SELECT item, kind FROM (SELECT DISTINCT item, kind, shopper FROM {events} JOIN {name}_shoppers USING (session) WHERE kind <> 4)
GROUP BY item, kind HAVING count(*) >= {least};

CREATE OR REPLACE TABLE {name}_countries AS
SELECT item, country
FROM (SELECT DISTINCT item, country, shopper FROM {events} JOIN {name}_shoppers USING (session) WHERE kind <> 4 AND country IS NOT NULL)
GROUP BY item, country HAVING count(*) >= {least};

CREATE OR REPLACE VIEW {name} AS
SELECT events.session, shoppers.shopper, events.position, events.item, coalesce(kinds.kind, 0)::UTINYINT AS kind,
       events.time, countries.country
FROM {events} AS events
JOIN {name}_shoppers AS shoppers ON shoppers.session = events.session
JOIN {name}_items AS items ON items.item = events.item
LEFT JOIN {name}_kinds AS kinds ON kinds.item = events.item AND kinds.kind = events.kind
LEFT JOIN {name}_countries AS countries ON countries.item = events.item AND countries.country = events.country
WHERE events.kind <> 4;
