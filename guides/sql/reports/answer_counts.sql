-- People by the value of the latest answer each gave to one item, as JSON text.
SELECT value, COUNT(*) AS people
FROM (
    SELECT CAST(props -> 'value' AS TEXT) AS value, ROW_NUMBER() OVER (PARTITION BY person_id ORDER BY occurred_at DESC, id DESC) AS place
    FROM event
    WHERE environment_id = :environment AND guide_id = :guide AND name = :name AND day >= :since AND day <= :until AND item = :item
) latest
WHERE place = 1 AND LENGTH(value) <= :longest
GROUP BY value
